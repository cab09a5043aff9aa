"""What an advertiser keeps for its ads: videos, images, identities that are only a name and a picture, sets of buttons.

Owns ``library_video``, ``library_image``, ``library_identity`` and ``library_portfolio``. The files themselves are
``posts.media`` rows, taken in by that room's ``actions.intake``. Every read and act takes the advertiser's id: rows of
another do not exist.

A file name is unique to its advertiser: a second ``clip.mp4`` becomes ``clip_20261122043320123.mp4``, after world time.
An identity that is deleted stays as a tombstone, for the ads that were shown under its name. A portfolio is a set of
buttons that an ad may choose from; it is never changed or deleted, since ads name it.

Doors: ``actions`` (upload, identity, portfolio), ``queries``. Announces ``identity_stopped``; the rest reaches
decisions with an ad.
"""
