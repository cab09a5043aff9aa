"""Campaigns, ad groups and ads: one table for each level, one page for each of them, one catalogue of what they say.

``levels`` says what the three levels are called and where they are; ``filters`` reads an address, ``rows`` makes what a
table shows, ``said`` has the words, ``table`` and ``detail`` are the pages, ``acts`` what is done on them, ``export``
the same rows as a file.
"""
