"""The case of retrieval finds no difference, and would."""

import pytest

from attise.proving.science import retrieval


@pytest.mark.long
def test_no_search_differs_from_the_plain_rules():
    row = retrieval.run([3], quick=True)
    assert row.ok
    assert row.checks["wrong_viewers"] == 0
    assert row.checks["pairs"] == 30_000
    assert row.checks["found"] > 300


def test_rules_that_differ_in_one_part_are_told(monkeypatch):
    plain = retrieval.matches
    monkeypatch.setattr(retrieval, "matches", lambda ad, viewer, now_ms: plain(ad, viewer, now_ms)[1:])
    assert not retrieval.run([3], quick=True).ok
