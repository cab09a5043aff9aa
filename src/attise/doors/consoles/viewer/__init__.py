"""The first page of the house, for whoever comes; and why an ad is seen (``why``), for whoever was shown it."""
