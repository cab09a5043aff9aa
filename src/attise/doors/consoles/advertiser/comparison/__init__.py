"""Comparison: split tests of an advertiser, what they came to, and how one is made (page A7)."""
