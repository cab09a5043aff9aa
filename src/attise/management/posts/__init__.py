"""Organic videos: what a creator published, its file, who may see it, and whether its words may still change.

Owns ``posts_media`` (one stored file each) and ``posts_post``. Files are probed and remuxed in a limited child process
(``posts.media``), stored under an unguessable key in the data folder, and reached only through signed links.

Doors: ``actions`` (publish, edit, delete, lock, encode), ``queries``. Announces ``post_changed`` and ``post_stopped``
(deleted, moderated, or no longer public while not ads-only).
"""
