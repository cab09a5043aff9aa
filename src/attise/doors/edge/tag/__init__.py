"""The tag of advertisers' pages and what it tells: served here, received here, and kept in the event log.

A page loads the tag from this house and calls it; what it tells comes in by ``/attise/collect``, from any origin and
with no credential: a pixel's code is public, and grants nothing but to be counted. No Django.
"""
