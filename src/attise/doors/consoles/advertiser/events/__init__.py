"""The advertiser's page of pixels and events: the code to paste, what arrived and what became of it, a console to try.

Everything is asked of ``management.pixels`` and ``measurement.conversions``; a test event goes the way of a server's.
"""
