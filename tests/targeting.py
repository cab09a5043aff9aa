"""Ads and viewers drawn from small vocabularies, so that they meet often.

Every attribute is named, missing, and strange.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from attise.records.feed import ViewerContext, WatchedBehaviour
from attise.records.snapshot.shapes import DAYPARTING_BYTES, SnapshotAd
from attise.records.snapshot.tables import Tables
from attise.records.targeting import Behaviour, Targeting
from attise.records.terms import Terms
from attise.serving.targeting.build import build_segment
from attise.serving.targeting.segment import Segment
from tests.snapshot_records import (
    NOON_MS,
    a_creative_record,
    a_grant_record,
    a_group_record,
    a_post_record,
    a_standard_ad_record,
    an_ad_record,
)

HOUR_MS = 3_600_000
FRANCE, PARIS_REGION, GUADELOUPE, BELGIUM, SENEGAL = 3_017_382, 3_012_874, 3_579_143, 2_802_361, 2_245_662
PLACES = (FRANCE, PARIS_REGION, GUADELOUPE, BELGIUM, SENEGAL, 1)
"""The last is of no place."""
WHERE = (("FR", ""), ("FR", "FR-IDF"), ("FR", "FR-971"), ("GP", ""), ("BE", ""), ("SN", ""), ("", ""), ("XX", ""))
WHERE = (*WHERE, ("", "FR-IDF"), ("BE", "FR-IDF"), ("XX", "FR-IDF"))
AGE_GROUPS = ("AGE_13_17", "AGE_18_24", "AGE_25_34", "AGE_35_44", "AGE_45_54", "AGE_55_100")
INTERESTS = (1001, 100101, 100102, 1009, 7)
FAMILY = 1012
SCENES = ("VIDEO_RELATED", "CREATOR_RELATED")
DEEDS = (2001, 200101, 200102, 200106)
ACTIONS = ("LIKED", "WATCHED_TO_END", "FOLLOWING")
AUDIENCES = (900, 901, 902)
CREATORS = (5, 6, 7)
ZONES = ("Europe/Paris", "America/Guadeloupe", "Asia/Kathmandu", "", "Nowhere/At_All")
ALWAYS = bytes([255]) * DAYPARTING_BYTES


def some(rng: random.Random, values: Sequence, *, none: float = 0.6, most: int = 3) -> tuple:
    """Return nothing, with a chance of ``none``, or a few of the values."""
    return () if rng.random() < none else tuple(rng.sample(values, rng.randint(1, min(most, len(values)))))


def a_behaviour(rng: random.Random) -> Behaviour:
    return Behaviour(
        rng.choice(SCENES), some(rng, DEEDS, none=0.05), some(rng, ACTIONS, none=0.5), rng.choice((0, 7, 15))
    )


def a_targeting(rng: random.Random) -> Targeting:
    is_profiled = rng.random() < 0.4
    return Targeting(
        locations=some(rng, PLACES, none=0.2),
        languages=some(rng, ("fr", "en", "nl", "xx"), none=0.7),
        age_groups=rng.choice((some(rng, AGE_GROUPS, most=6), AGE_GROUPS[1:])),
        gender=rng.choice(("GENDER_UNLIMITED",) * 4 + ("GENDER_FEMALE", "GENDER_MALE", "GENDER_ODD")),
        operating_systems=some(rng, ("ANDROID", "IOS"), none=0.8),
        device_price_least=rng.choice((None, None, None, None, 0, 300)),
        device_price_most=rng.choice((None, None, None, None, 300, 600)),
        interests=some(rng, (*INTERESTS, FAMILY), none=0.6) if is_profiled else (),
        behaviours=tuple(a_behaviour(rng) for _ in range(rng.choice((0, 0, 0, 1, 2)))) if is_profiled else (),
        audiences=some(rng, AUDIENCES, none=0.8) if is_profiled else (),
        excluded_audiences=some(rng, AUDIENCES, none=0.6) if is_profiled else (),
        followers=rng.choice(("any",) * 6 + ("only", "excluded")),
    )


def a_group(rng: random.Random, adgroup_id: int, now_ms: int = NOON_MS):
    return a_group_record(
        adgroup_id,
        campaign_id=adgroup_id // 2 + 1,
        advertiser_id=adgroup_id // 4 + 1,
        timezone=rng.choice(ZONES),
        category=rng.choice(("beauty_care", "alcohol", "other")),
        category_gate=rng.choice(("none",) * 8 + ("review", "adult_only", "banned", "strange")),
        objective=rng.choice(("TRAFFIC", "REACH", "LEAD_GENERATION")),
        special_industries=rng.choice(((),) * 5 + (("HOUSING",),)),
        starts_at_ms=now_ms + rng.choice((-HOUR_MS, -HOUR_MS, -HOUR_MS, 0, 1)),
        ends_at_ms=rng.choice((None, None, None, now_ms, now_ms + 1, now_ms + HOUR_MS)),
        dayparting=rng.choice((b"", b"", ALWAYS, rng.randbytes(DAYPARTING_BYTES))),
        targeting=a_targeting(rng),
    )


def an_ad(rng: random.Random, ad_id: int, group, now_ms: int = NOON_MS) -> SnapshotAd:
    if rng.random() < 0.2:
        return a_standard_ad_record(ad_id, group=group)
    creator_id = rng.choice(CREATORS)
    terms = Terms(
        countries=some(rng, ("FR", "BE", "GP"), none=0.7),
        refused_objectives=some(rng, ("REACH", "TRAFFIC"), none=0.9),
        refused_categories=some(rng, ("alcohol", "other"), none=0.9),
        share_ppm=rng.choice((0, 100_000)),
    )
    grant = a_grant_record(
        70 + ad_id % 50,
        starts_at_ms=now_ms + rng.choice((-HOUR_MS,) * 8 + (0, 1)),
        ends_at_ms=now_ms + rng.choice((HOUR_MS,) * 8 + (0, 1)),
        terms=terms,
    )
    return an_ad_record(
        ad_id,
        creative=a_creative_record(ad_id, identity_key=ad_id % 9),
        group=group,
        grant=grant,
        post=a_post_record(1_000 + creator_id, creator_id=creator_id),
    )


def some_ads(rng: random.Random, count: int, *, first_id: int = 1, now_ms: int = NOON_MS) -> list[SnapshotAd]:
    """Return ads by rising id; three share a group."""
    groups = [a_group(rng, first_id + number, now_ms) for number in range(count // 3 + 1)]
    return [an_ad(rng, first_id + number, groups[number // 3], now_ms) for number in range(count)]


def a_viewer(rng: random.Random) -> ViewerContext:
    country, region = rng.choice(WHERE[:1] * 3 + WHERE)
    age = rng.choice((None, 0, 12, 13, 17, 18, 24, 25, 34, 35, 54, 55, 99, 120))
    may_profile = rng.random() < 0.6 and age is not None and age >= 18
    watched = tuple(
        WatchedBehaviour(
            rng.choice(SCENES), rng.choice((*DEEDS, 3)), rng.choice(ACTIONS), rng.choice((0, 7, 8, 15, 90))
        )
        for _ in range(rng.choice((0, 0, 1, 3)))
    )
    return ViewerContext(
        pseudonym="someone",
        age=age,
        gender=rng.choice(("", "female", "male", "other")),
        country=country,
        region=region,
        language=rng.choice(("", "fr", "fr", "en", "xx")),
        os=rng.choice(("", "android", "ios", "linux")),
        device_price=rng.choice((None, 0, 299, 300, 600, 601)),
        interests=tuple(map(str, some(rng, (*INTERESTS, FAMILY), none=0.3))) if may_profile else (),
        behaviours=watched if may_profile else (),
        audiences=some(rng, AUDIENCES, none=0.4) if may_profile else (),
        follows=tuple(sorted(some(rng, CREATORS, none=0.3))),
        may_profile=may_profile,
    )


def a_segment(ads: Sequence[SnapshotAd], bound: NDArray[np.float32], **about) -> Segment:
    """Return an index of ads, whose bounds are in the order of the ads."""
    tables = Tables()
    for ad in ads:
        if not tables.has_group(ad.group.adgroup_id):
            tables.add_group(ad.group, 0)
        if ad.post is not None and not tables.has_post(ad.post.post_id):
            tables.add_post(ad.post, 0)
        tables.add_ad(ad, 0)
    return build_segment(tables.arrays(), tables.words.all(), bound, **about)


def with_id(ad: SnapshotAd, ad_id: int) -> SnapshotAd:
    return msgspec.structs.replace(ad, creative=msgspec.structs.replace(ad.creative, ad_id=ad_id))
