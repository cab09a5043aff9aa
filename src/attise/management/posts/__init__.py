"""Organic videos: what a creator published, its file, who may see it, and whether its words may still change.

Owns ``posts_media`` (one stored file each, or the pictures of a carousel), ``posts_post``, ``posts_comment`` (what
people say under a post), ``posts_preflight`` (what a video shows, for advice to its creator: ``posts.preflight``),
``posts_unpublished`` (videos that are looked over before they are published), ``posts_upload`` (videos that come piece
by piece), and what lies in the media folder. Files are probed and remuxed in a limited child process (``posts.media``),
stored under an unguessable key (``store``), and reached only through signed links (``links``). A host may keep its own
files: one is fetched once, through ``egress``, to be looked at. A row is never without its file; files without a row
are swept.

Doors: ``actions`` (receive, hold back, publish, edit, delete, moderate, comment, lock, encode, look over, sweep),
``queries``, ``links``.
Announces ``post_changed`` and ``post_stopped`` (deleted, moderated, or no longer public while not ads-only); tells
authors ``post_moderated``, ``post_ready`` and ``post_not_encoded``.
"""
