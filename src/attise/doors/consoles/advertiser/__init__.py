"""The advertiser's console: authorized posts, linked accounts, members, access keys."""
