"""What is unknown of a viewer passes exclusions and fails inclusions; what the law keeps from somebody stays away.

Each line is judged by the plain rules and by an index, which must say the same.
"""

import datetime as dt
import random
from collections import Counter

import msgspec
import numpy as np
import pytest

from attise.records.drops import Drop
from attise.records.feed import ViewerContext, WatchedBehaviour
from attise.records.lookups import regions
from attise.records.targeting import Behaviour, Targeting
from attise.records.terms import Terms
from attise.serving.targeting.matching import matches
from attise.serving.targeting.query import compile_query
from attise.serving.targeting.retrieve import retrieve
from tests.snapshot_records import NOON_MS, a_grant_record, a_group_record, an_ad_record
from tests.targeting import FRANCE, GUADELOUPE, PARIS_REGION, SENEGAL, a_segment, a_viewer, some_ads

NOBODY = ViewerContext("")
ADULT = ViewerContext("known", age=30, country="FR", language="fr", may_profile=True)
MINOR = ViewerContext("young", age=15, country="SN", language="fr")
LIKED_BEAUTY = WatchedBehaviour("VIDEO_RELATED", 200101, "LIKED", 7)


def an_ad_for(aim=None, *, grant=None, **group):
    group = a_group_record(targeting=aim or Targeting(), **group)
    return an_ad_record(group=group, grant=grant or a_grant_record(terms=Terms()))


def reasons(ad, viewer, now_ms=NOON_MS):
    """Return the reasons against an ad, which the index must agree with."""
    found = matches(ad, viewer, now_ms)
    segment = a_segment([ad], np.ones(1, dtype=np.float32))
    answer = retrieve([segment], [compile_query(segment, viewer, now_ms)], 1)
    assert [Drop(number) for number in np.flatnonzero(answer.dropped).tolist()] == found[:1]
    return found


def having(viewer, **facts):
    return msgspec.structs.replace(viewer, **facts)


NAMED = {
    Drop.LOCATION: (Targeting(locations=(FRANCE,)), {"country": "FR"}, {"country": "BE"}),
    Drop.LANGUAGE: (Targeting(languages=("fr",)), {"language": "fr"}, {"language": "en"}),
    Drop.AGE: (Targeting(age_groups=("AGE_25_34",)), {"age": 30}, {"age": 40}),
    Drop.GENDER: (Targeting(gender="GENDER_FEMALE"), {"gender": "female"}, {"gender": "other"}),
    Drop.OPERATING_SYSTEM: (Targeting(operating_systems=("IOS",)), {"os": "ios"}, {"os": "linux"}),
    Drop.DEVICE_PRICE: (
        Targeting(device_price_least=300, device_price_most=600),
        {"device_price": 300},
        {"device_price": 601},
    ),
}


@pytest.mark.parametrize("drop", NAMED, ids=lambda drop: drop.name)
def test_what_an_ad_names_and_nobody_knows_of_a_viewer_keeps_it_away(drop):
    aim, right, wrong = NAMED[drop]
    assert reasons(an_ad_for(aim), NOBODY) == [drop]
    assert reasons(an_ad_for(aim), having(NOBODY, **wrong)) == [drop]
    assert reasons(an_ad_for(aim), having(NOBODY, **right)) == []


def test_an_ad_that_names_nothing_is_for_everybody_of_whom_nothing_is_known():
    assert reasons(an_ad_for(), NOBODY) == []
    assert reasons(an_ad_for(), MINOR) == []
    assert reasons(an_ad_for(), having(NOBODY, country="XX", region="??", language="zz", os="beos")) == []


@pytest.mark.parametrize(
    ("aim", "facts", "without"),
    [
        (Targeting(interests=(1001,)), {"interests": ("1001",)}, Drop.INTERESTS),
        (
            Targeting(behaviours=(Behaviour("VIDEO_RELATED", (2001,)),)),
            {"behaviours": (LIKED_BEAUTY,)},
            Drop.BEHAVIOURS,
        ),
        (Targeting(audiences=(900,)), {"audiences": (900,)}, Drop.AUDIENCE),
    ],
    ids=["interests", "behaviours", "audiences"],
)
def test_a_profiled_ad_needs_an_adult_of_known_age_with_consent(aim, facts, without):
    ad = an_ad_for(aim)
    assert reasons(ad, having(ADULT, **facts)) == []
    assert reasons(ad, ADULT) == [without]
    for viewer in ({"age": None}, {"age": 17, "country": "SN"}, {"may_profile": False}):
        # Whoever made the context and whatever they put in it: what may not be used is not looked at.
        assert Drop.PROFILING in reasons(ad, having(ADULT, **facts, **viewer))
        assert without in reasons(ad, having(ADULT, **facts, **viewer))


def test_an_ad_that_only_leaves_an_audience_out_is_profiled_too():
    ad = an_ad_for(Targeting(excluded_audiences=(901,)))
    assert reasons(ad, ADULT) == []
    assert reasons(ad, having(ADULT, audiences=(900,))) == []
    assert reasons(ad, having(ADULT, audiences=(900, 901))) == [Drop.EXCLUDED_AUDIENCE]
    assert reasons(ad, NOBODY) == [Drop.PROFILING]


def test_nobody_follows_the_creator_of_an_ad_that_has_none():
    standard = msgspec.structs.replace(an_ad_for(Targeting(followers="only")), post=None, grant=None)
    assert reasons(standard, having(NOBODY, follows=(0, 5))) == [Drop.FOLLOWERS]
    for_others = msgspec.structs.replace(an_ad_for(Targeting(followers="excluded")), post=None, grant=None)
    assert reasons(for_others, having(NOBODY, follows=(0, 5))) == []


def test_followers_unknown_are_not_followers():
    assert reasons(an_ad_for(Targeting(followers="only")), NOBODY) == [Drop.FOLLOWERS]
    assert reasons(an_ad_for(Targeting(followers="excluded")), NOBODY) == []
    assert reasons(an_ad_for(Targeting(followers="only")), having(NOBODY, follows=(5,))) == []
    assert reasons(an_ad_for(Targeting(followers="excluded")), having(NOBODY, follows=(4, 5, 6))) == [Drop.FOLLOWERS]


@pytest.mark.parametrize(
    ("age", "group"),
    [
        (None, ""), (0, ""), (12, ""), (18, "AGE_18_24"), (24, "AGE_18_24"), (25, "AGE_25_34"), (34, "AGE_25_34"),
        (35, "AGE_35_44"), (44, "AGE_35_44"), (45, "AGE_45_54"), (54, "AGE_45_54"), (55, "AGE_55_100"),
        (130, "AGE_55_100"),
    ],
)  # fmt: skip
def test_age_groups_begin_and_end_where_they_say(age, group):
    viewer = having(ADULT, age=age)
    for name in ("AGE_18_24", "AGE_25_34", "AGE_35_44", "AGE_45_54", "AGE_55_100"):
        assert (reasons(an_ad_for(Targeting(age_groups=(name,))), viewer) == []) == (name == group)


def test_ads_that_name_minors_reach_them_where_the_table_of_places_lets_them_and_nowhere_else():
    aim = Targeting(age_groups=("AGE_13_17", "AGE_18_24"))
    assert reasons(an_ad_for(aim), MINOR) == []
    assert reasons(an_ad_for(aim), having(MINOR, age=12)) == [Drop.AGE]
    for place in ({"country": "FR"}, {"country": "FR", "region": "FR-IDF"}, {"country": "GP"}, {"country": ""}):
        assert reasons(an_ad_for(aim), having(MINOR, **place)) == [Drop.AGE]
        assert reasons(an_ad_for(aim), having(MINOR, age=18, **place)) == []


def test_minors_are_not_reached_by_what_asks_for_contacts_or_profiles_them_or_is_for_adults():
    minors = Targeting(age_groups=("AGE_13_17",))
    assert reasons(an_ad_for(minors, objective="LEAD_GENERATION"), MINOR) == [Drop.AGE]
    assert reasons(an_ad_for(objective="LEAD_GENERATION"), MINOR) == [Drop.AGE]
    assert reasons(an_ad_for(objective="LEAD_GENERATION"), NOBODY) == []
    profiled = msgspec.structs.replace(minors, excluded_audiences=(901,))
    assert reasons(an_ad_for(profiled), MINOR) == [Drop.AGE, Drop.PROFILING]
    assert reasons(an_ad_for(minors, category_gate="adult_only"), MINOR) == [Drop.CATEGORY_GATE]


@pytest.mark.parametrize(
    ("gate", "open_to"),
    [("none", "everybody"), ("review", "everybody"), ("adult_only", "adults"), ("banned", "nobody"), ("new", "nobody")],
)
def test_a_gated_category_is_open_to_whom_its_gate_says(gate, open_to):
    ad = an_ad_for(category_gate=gate)
    assert (reasons(ad, ADULT) == []) == (open_to != "nobody")
    assert (reasons(ad, NOBODY) == []) == (open_to == "everybody")
    assert (reasons(ad, MINOR) == []) == (open_to == "everybody")


@pytest.mark.parametrize(
    ("where", "places"),
    [
        ({"country": "FR"}, {FRANCE}),
        ({"country": "FR", "region": "FR-IDF"}, {FRANCE, PARIS_REGION}),
        ({"region": "FR-IDF"}, {FRANCE, PARIS_REGION}),
        ({"country": "GP"}, {FRANCE, GUADELOUPE}),
        ({"country": "FR", "region": "FR-971"}, {FRANCE, GUADELOUPE}),
        ({"country": "SN", "region": "FR-IDF"}, {SENEGAL}),
        ({"country": "XX", "region": "FR-IDF"}, set()),
        ({}, set()),
    ],
)
def test_a_country_covers_its_regions_and_a_region_elsewhere_is_not_believed(where, places):
    viewer = having(NOBODY, **where)
    for place in (FRANCE, PARIS_REGION, GUADELOUPE, SENEGAL):
        assert (reasons(an_ad_for(Targeting(locations=(place,))), viewer) == []) == (place in places)


def test_a_level_of_interests_and_behaviours_covers_what_is_below_it_and_not_what_is_above():
    broad, fine = an_ad_for(Targeting(interests=(1001,))), an_ad_for(Targeting(interests=(100101,)))
    assert reasons(broad, having(ADULT, interests=("100101",))) == []
    assert reasons(fine, having(ADULT, interests=("1001",))) == [Drop.INTERESTS]
    wide = an_ad_for(Targeting(behaviours=(Behaviour("VIDEO_RELATED", (2001,)),)))
    assert reasons(wide, having(ADULT, behaviours=(LIKED_BEAUTY,))) == []
    above = msgspec.structs.replace(LIKED_BEAUTY, category_id=2001)
    narrow = an_ad_for(Targeting(behaviours=(Behaviour("VIDEO_RELATED", (200101,)),)))
    assert reasons(narrow, having(ADULT, behaviours=(above,))) == [Drop.BEHAVIOURS]


@pytest.mark.parametrize(
    ("asked", "is_met"),
    [
        (Behaviour("VIDEO_RELATED", (200101,), ("LIKED",), 7), True),
        (Behaviour("VIDEO_RELATED", (200101,), (), 0), True),
        (Behaviour("VIDEO_RELATED", (200101,), ("SHARED", "LIKED"), 15), True),
        (Behaviour("VIDEO_RELATED", (200101,), ("SHARED",), 15), False),
        (Behaviour("VIDEO_RELATED", (200102,), ("LIKED",), 15), False),
        (Behaviour("CREATOR_RELATED", (200101,), ("LIKED",), 15), False),
        (Behaviour("VIDEO_RELATED", (), (), 15), False),
        (Behaviour("VIDEO_RELATED", (200101,), ("LIKED",), 6), False),
    ],
)
def test_a_behaviour_is_a_scene_a_category_an_action_and_a_period(asked, is_met):
    viewer = having(ADULT, behaviours=(LIKED_BEAUTY,))
    assert (reasons(an_ad_for(Targeting(behaviours=(asked,))), viewer) == []) == is_met


def test_ten_thousand_interests_audiences_and_behaviours_of_a_viewer_are_taken():
    many = tuple(str(number) for number in range(100_000, 110_000))
    viewer = having(
        ADULT,
        interests=(*many, "", "-1", "x", "9" * 5_000, "٣"),
        audiences=tuple(range(10_000)),
        behaviours=(LIKED_BEAUTY, WatchedBehaviour("?", 10**12, "?", -5), WatchedBehaviour("?", -1, "", 10**9)),
    )
    assert reasons(an_ad_for(Targeting(interests=(1001,), audiences=(9_999,))), viewer) == []
    assert reasons(an_ad_for(Targeting(interests=(1099,))), viewer) == [Drop.INTERESTS]


@pytest.mark.parametrize("price", [-1, 0, 2**40])
def test_a_strange_price_of_a_device_is_a_price(price):
    viewer = having(NOBODY, device_price=price)
    assert (reasons(an_ad_for(Targeting(device_price_least=50)), viewer) == []) == (price > 50)
    assert (reasons(an_ad_for(Targeting(device_price_most=50)), viewer) == []) == (price <= 50)


ALIKE = {
    Drop.AGE: Targeting(age_groups=("AGE_25_34",)),
    Drop.GENDER: Targeting(gender="GENDER_FEMALE"),
    Drop.DEVICE_PRICE: Targeting(device_price_least=300),
    Drop.LOCATION: Targeting(locations=(PARIS_REGION,)),
    Drop.INTERESTS: Targeting(interests=(1001, 101201)),
    Drop.BEHAVIOURS: Targeting(behaviours=(Behaviour("VIDEO_RELATED", (200101, 200106)),)),
}


@pytest.mark.parametrize("drop", ALIKE, ids=lambda drop: drop.name)
def test_an_ad_for_homes_jobs_or_loans_that_leaves_somebody_out_reaches_nobody(drop):
    viewer = having(
        ADULT,
        gender="female",
        device_price=400,
        region="FR-IDF",
        interests=("1001", "101201"),
        behaviours=(LIKED_BEAUTY, msgspec.structs.replace(LIKED_BEAUTY, category_id=200106)),
    )
    assert reasons(an_ad_for(ALIKE[drop]), viewer) == []
    assert reasons(an_ad_for(ALIKE[drop], special_industries=("CREDIT",)), viewer) == [drop]


def test_an_ad_for_homes_jobs_or_loans_is_for_all_known_adults():
    for ages in ((), ("AGE_18_24", "AGE_25_34", "AGE_35_44", "AGE_45_54", "AGE_55_100")):
        ad = an_ad_for(Targeting(locations=(FRANCE,), age_groups=ages), special_industries=("HOUSING",))
        assert reasons(ad, ADULT) == []
        assert reasons(ad, having(ADULT, age=None)) == [Drop.AGE]
        assert reasons(ad, having(ADULT, age=17)) == [Drop.AGE]


def test_the_terms_of_a_grant_hold_at_every_decision():
    def under(**terms):
        return an_ad_for(grant=a_grant_record(terms=Terms(**terms)), objective="TRAFFIC", category="beauty_care")

    assert reasons(under(countries=("FR", "BE")), ADULT) == []
    assert reasons(under(countries=("BE",)), ADULT) == [Drop.GRANT_COUNTRY]
    assert reasons(under(countries=("FR",)), NOBODY) == [Drop.GRANT_COUNTRY]
    assert reasons(under(countries=("FR",)), having(NOBODY, country="GP")) == []
    assert reasons(under(countries=("GP",)), having(NOBODY, country="FR", region="FR-IDF")) == [Drop.GRANT_COUNTRY]
    assert reasons(under(refused_objectives=("REACH",)), ADULT) == []
    assert reasons(under(refused_objectives=("REACH", "TRAFFIC")), ADULT) == [Drop.GRANT_OBJECTIVE]
    assert reasons(under(refused_categories=("beauty_care",)), ADULT) == [Drop.GRANT_CATEGORY]


def test_a_schedule_and_a_grant_hold_from_their_beginning_to_the_moment_before_their_end():
    ad = an_ad_for(
        grant=a_grant_record(starts_at_ms=NOON_MS - 10, ends_at_ms=NOON_MS + 100, terms=Terms()),
        starts_at_ms=NOON_MS,
        ends_at_ms=NOON_MS + 50,
    )
    assert reasons(ad, NOBODY, NOON_MS - 11) == [Drop.SCHEDULE, Drop.GRANT_WINDOW]
    assert reasons(ad, NOBODY, NOON_MS - 1) == [Drop.SCHEDULE]
    assert reasons(ad, NOBODY, NOON_MS) == []
    assert reasons(ad, NOBODY, NOON_MS + 49) == []
    assert reasons(ad, NOBODY, NOON_MS + 50) == [Drop.SCHEDULE]
    assert reasons(ad, NOBODY, NOON_MS + 100) == [Drop.SCHEDULE, Drop.GRANT_WINDOW]


def half_hours(*open_slots):
    bits = bytearray(42)
    for slot in open_slots:
        bits[slot >> 3] |= 128 >> (slot & 7)
    return bytes(bits)


@pytest.mark.parametrize(
    ("zone", "slot"),
    [("UTC", 14 * 2), ("", 14 * 2), ("Europe/Paris", 16 * 2), ("Asia/Kathmandu", 19 * 2 + 1), ("Pacific/Auckland", 52)],
)
def test_half_hours_are_those_of_the_advertisers_zone(zone, slot):
    monday = dt.datetime(2026, 9, 21, 14, tzinfo=dt.UTC)
    monday_14h_utc_ms = int(monday.timestamp() * 1_000)
    ad = an_ad_for(
        starts_at_ms=0,
        timezone=zone,
        dayparting=half_hours(slot),
        grant=a_grant_record(starts_at_ms=0, terms=Terms()),
    )
    assert reasons(ad, NOBODY, monday_14h_utc_ms) == []
    assert reasons(ad, NOBODY, monday_14h_utc_ms + 30 * 60_000 - 1) == (
        [] if zone != "Asia/Kathmandu" else [Drop.DAYPART]
    )
    assert reasons(ad, NOBODY, monday_14h_utc_ms + 30 * 60_000) == [Drop.DAYPART]


def test_a_zone_that_nobody_knows_is_never_the_right_hour():
    assert reasons(an_ad_for(timezone="Atlantis/Capital", dayparting=half_hours(*range(335))), NOBODY) == [Drop.DAYPART]
    assert reasons(an_ad_for(timezone="Atlantis/Capital", dayparting=bytes([255] * 42)), NOBODY) == []
    assert reasons(an_ad_for(timezone="Atlantis/Capital"), NOBODY) == []


def test_no_search_ever_finds_what_the_law_keeps_from_a_viewer():
    rng = random.Random(21)
    ads = some_ads(rng, 3_000)
    by_id = {ad.ad_id: ad for ad in ads}
    segment = a_segment(ads, np.array([rng.random() for _ in ads], dtype=np.float32))
    found = Counter()
    for _ in range(300):
        viewer = a_viewer(rng)
        answer = retrieve([segment], [compile_query(segment, viewer, NOON_MS)], 3_000)
        for ad_id in answer.ads([segment])["ad_id"].tolist():
            group = by_id[ad_id].group
            aim = group.targeting
            assert viewer.may_profile or not aim.is_profiled
            assert viewer.is_adult or group.category_gate in {"none", "review"}
            assert group.category_gate != "banned"
            if viewer.is_minor:
                assert group.objective != "LEAD_GENERATION"
                assert not aim.age_groups or regions.find(viewer.country).support_below_18
            if group.special_industries:
                assert viewer.is_adult
                assert aim.gender == "GENDER_UNLIMITED"
                assert {row.level for row in map(regions.by_id, aim.locations) if row} <= {"country"}
            found["minor" if viewer.is_minor else "adult" if viewer.is_adult else "unknown"] += 1
            found["special"] += bool(group.special_industries)
            found["profiled"] += aim.is_profiled
    assert min(found[kind] for kind in ("minor", "adult", "unknown", "special", "profiled")) > 20


@pytest.mark.parametrize("now_ms", [-(10**15), -62_135_596_800_000, -1, 0, 253_402_300_799_999, 2**62])
def test_a_clock_that_is_far_off_finds_what_has_no_times_and_nothing_else(now_ms):
    grant = a_grant_record(starts_at_ms=-(2**62), ends_at_ms=None, terms=Terms())
    always = an_ad_for(grant=grant, starts_at_ms=-(2**62))
    always = msgspec.structs.replace(always, post=None)
    too_early = [Drop.GRANT_WINDOW] if now_ms < 0 else []  # no grant begins before 1970
    assert reasons(always, NOBODY, now_ms) == too_early
    assert reasons(an_ad_for(starts_at_ms=NOON_MS, ends_at_ms=NOON_MS + 1), NOBODY, now_ms) != []
    never = msgspec.structs.replace(always, group=msgspec.structs.replace(always.group, dayparting=half_hours()))
    assert reasons(never, NOBODY, now_ms) == [*too_early, Drop.DAYPART]
