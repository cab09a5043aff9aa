"""The index as a library: what it finds is what it has nothing against."""

import random

import pytest

from attise.records.drops import Drop
from attise.records.feed import ViewerContext
from attise.records.targeting import Targeting
from attise.serving.targeting.plain import AdIndex, FoundAd, TargetedAd
from tests.snapshot_records import NOON_MS
from tests.targeting import AUDIENCES, CREATORS, HOUR_MS, a_targeting, a_viewer, some

ANYBODY = ViewerContext("")


def an_ad(rng, ad_id):
    return TargetedAd(
        ad_id=ad_id,
        bound=rng.random(),
        targeting=a_targeting(rng),
        creator_id=rng.choice((0, *CREATORS)),
        countries=some(rng, ("FR", "BE"), none=0.8),
        starts_at_ms=NOON_MS - rng.choice((HOUR_MS, -1)),
        ends_at_ms=rng.choice((None, NOON_MS + 1, NOON_MS)),
        dayparting=rng.choice((b"", rng.randbytes(42))),
        timezone=rng.choice(("UTC", "Europe/Paris")),
        objective=rng.choice(("TRAFFIC", "LEAD_GENERATION")),
        category_gate=rng.choice(("none", "adult_only")),
        special_industries=rng.choice(((), (), ("CREDIT",))),
    )


def test_what_is_found_is_what_nothing_is_against_best_first():
    rng = random.Random(5)
    ads = [an_ad(rng, ad_id) for ad_id in rng.sample(range(1, 10_000), 300)]
    index = AdIndex(ads)
    assert len(index) == 300
    found_some = 0
    for _ in range(40):
        viewer = a_viewer(rng)
        allowed = [ad for ad in ads if not index.why_not(ad.ad_id, viewer, now_ms=NOON_MS)]
        wanted = [ad.ad_id for ad in sorted(allowed, key=lambda ad: -ad.bound)]
        assert [ad.ad_id for ad in index.best(viewer, 300, now_ms=NOON_MS)] == wanted
        assert [ad.ad_id for ad in index.best(viewer, 4, now_ms=NOON_MS)] == wanted[:4]
        found_some += bool(wanted)
    assert found_some > 20


def test_a_stopped_ad_is_found_no_more_and_says_why():
    index = AdIndex([TargetedAd(ad_id=1, bound=2.0), TargetedAd(ad_id=2, bound=1.0)])
    assert index.best(ANYBODY, 5, now_ms=0) == [FoundAd(1, 2.0), FoundAd(2, 1.0)]
    index.stop(1)
    assert index.best(ANYBODY, 5, now_ms=0) == [FoundAd(2, 1.0)]
    assert index.why_not(1, ANYBODY, now_ms=0) == [Drop.NOT_LIVE]
    with pytest.raises(KeyError):
        index.stop(3)


def test_an_index_of_nothing_finds_nothing_and_an_ad_is_given_once():
    assert AdIndex([]).best(ANYBODY, 1, now_ms=0) == []
    twice = [TargetedAd(ad_id=1, bound=1.0), TargetedAd(ad_id=1, bound=2.0)]
    with pytest.raises(ValueError, match="given once"):
        AdIndex(twice)
    with pytest.raises(ValueError, match="finite bound"):
        AdIndex([TargetedAd(ad_id=1, bound=float("nan"))])
    assert AdIndex([TargetedAd(ad_id=7, bound=1.0, targeting=Targeting(audiences=AUDIENCES))]).why_not(
        7, ANYBODY, now_ms=0
    ) == [Drop.PROFILING, Drop.AUDIENCE]
