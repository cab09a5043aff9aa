"""Segments made of a few records."""

from __future__ import annotations

from functools import cache

from attise.doors.edge.serving.making import piece_of
from attise.serving.prediction.model import cold_model
from attise.serving.targeting.segment import Segment
from tests.doors.edge.serving.town import an_ad


@cache
def a_segment() -> Segment:
    """One ad, of a group whose envelope is 7001."""
    return piece_of([(1, an_ad(1))], cold_model()).segment
