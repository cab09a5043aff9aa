"""Pre-flight: what a creator may look at again before a post becomes an ad. Advice, never a gate.

Owns no rows. ``look_over`` (``looking``) takes a video file and its caption, has the file watched in a limited child
process (``posts.media``), hears what is said by a program that the operator may name (``speech``), and gives a
``Report``: ten checks, each with its verdict, figure, bound, place in the video and one tip. Five of them are the signs
of a post that works as a Spark Ad: hook, story in the first person, natural setting, rhythm, call to comment.

Only a file that is no video at all is refused.
"""
