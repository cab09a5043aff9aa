"""What viewers see: the feed, the page of one post, why they see an ad, and the page that shows one's consoles.

The feed itself is decided at the edge and asked for by the page's script, with a ticket that this room mints
(``tickets``). What the script cannot know comes from here too: what is counted of each item, and what this viewer did
(``cards``). Without a script the feed is a list of posts (``feed``) whose buttons are forms (``acts``).
"""
