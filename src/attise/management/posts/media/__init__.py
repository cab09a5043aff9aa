"""Files that people send: videos and pictures, judged by their bytes, made harmless, measured.

Owns no rows. ``inspect_video`` and ``inspect_image`` (``inspection``) take a hostile file and give back a clean one
with its figures, or a refusal; ``frames_of`` takes pictures from along a stored one; ``encode_video`` (``encoding``)
turns what no browser plays into what every one plays.
Nothing here trusts a file name, a media type or a header that someone sent. Whatever opens a hostile file does it in a
child process with limits (``limited``, ``lockdown``, ``child``), which holds one open file and no other door.
``make_clip`` (``clips``) draws the sample videos.
"""
