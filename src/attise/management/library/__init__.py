"""What an advertiser uploaded: videos and images for ads, and identities that are only a name and a picture.

Owns ``library_video``, ``library_image`` and ``library_identity``. The files themselves are ``posts.media`` rows.
Every read and act takes the advertiser's id.
"""
