"""Attise: a creator's living post becomes an ad, with the creator's grant.

Floors, from the ground up: ``kernel`` (shared words), ``records`` (what crosses floors), ``ledger``, then
``management`` (what people declare), ``serving`` (what is decided while a viewer waits) and ``measurement`` (what
happened) side by side, then ``proving``, then ``doors``. Start reading at ``docs/tour.md``.
"""

__version__ = "0.1.0"
