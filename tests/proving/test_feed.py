"""The viewers that the benchmark of whole answers writes by plain SQL are rows as their room writes them."""

from __future__ import annotations

import pytest

from attise.management.viewers import queries
from attise.proving.feed import VIEWERS, _declare_viewers


@pytest.mark.django_db
def test_its_viewers_are_read_like_any_other(means):
    ids = _declare_viewers(means)
    assert len(set(ids)) == VIEWERS
    assert queries.get_viewer(ids[0]).id == queries.get_record(ids[0]).viewer_id == ids[0]
