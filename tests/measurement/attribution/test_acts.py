"""Counts by act come back from their bytes, however many a batch holds."""

import pytest

from attise.measurement.attribution.acts import ACTS, pack, unpack
from attise.measurement.attribution.models import Step


@pytest.mark.parametrize(
    "acts", [{}, {"impression": 1}, {"viewed": 2, "skip": 1_000}, dict.fromkeys(ACTS, 70_000)], ids=len
)
def test_counts_come_back(acts):
    assert unpack(pack(acts)) == acts
    assert len(pack(acts)) <= Step._meta.get_field("acts").max_length or max(acts.values()) > 0xFFFF


def test_a_view_costs_a_few_bytes():
    assert len(pack({"impression": 1, "play": 1})) < 8
