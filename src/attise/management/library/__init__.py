"""What an advertiser uploaded: videos and images for ads, and identities that are only a name and a picture.

Owns ``library_video``, ``library_image`` and ``library_identity``. The files themselves are ``posts.media`` rows, taken
in by that room's ``actions.intake``. Every read and act takes the advertiser's id: another's rows do not exist.

A file name is unique to its advertiser: a second ``clip.mp4`` becomes ``clip_20261122043320123.mp4``, after world time.
An identity that is deleted stays as a tombstone, for the ads that were shown under its name.

Doors: ``actions`` (upload, identity), ``queries``. Announces nothing: what is here reaches decisions with an ad.
"""
