"""A decision is logged whole, read again whole, and keeps of the viewer only what targeting tells apart."""

import msgspec
import pytest

from attise.records.decision import (
    HEADS,
    CoarseViewer,
    Contender,
    Decision,
    Ghost,
    Moment,
    NoAd,
    Versions,
    age_group_of,
    coarse,
    decode_decision,
    encode_decision,
    viewer_again,
)
from attise.records.drops import LAST_OF_TARGETING, ORDER, REASONS, TARGETING_REASONS, Drop, name_of
from attise.records.feed import ViewerContext

VIEWER = ViewerContext(
    pseudonym="p1", age=29, country="FR", language="fr", interests=("1",), follows=(7, 9), may_profile=True
)
WINNER = Contender(
    1, 2, 3, 4, 5, 6, "EUR", "CPC", "CLICK", 400_000, (0.01,) * len(HEADS), 0.5, 2e6, -1e4, 2e6, False, 1, 60_000
)
DECISION = Decision(
    10,
    11,
    "feed",
    "s",
    1_790_000_000_000,
    1_790_000_000_001,
    12,
    coarse(VIEWER),
    Moment(3, -1, -1),
    Versions(1, 2, 3, 4, 5, 6),
    WINNER,
    None,
    None,
    None,
    1e6,
    0.0,
    0.0,
    (Ghost(1, 2, 3, 4, 9.0),),
    False,
    1.0,
    1000,
    80,
    1600,
    64,
    ((int(Drop.LOCATION), 3), (int(Drop.OUTBID), 63)),
)


def test_a_decision_is_read_as_it_was_logged():
    assert decode_decision(encode_decision(DECISION)) == DECISION


def test_a_decision_that_has_grown_at_its_end_is_read_by_what_is_known_of_it():
    grown = msgspec.msgpack.encode([*msgspec.msgpack.decode(encode_decision(DECISION)), "of a later release"])
    assert decode_decision(grown) == DECISION


def test_a_slot_without_an_ad_says_why():
    none = msgspec.structs.replace(DECISION, winner=None, no_ad=NoAd.AFTER_HIDE)
    assert not decode_decision(encode_decision(none)).is_ad
    assert decode_decision(encode_decision(none)).no_ad is NoAd.AFTER_HIDE


def test_drops_are_told_by_name():
    assert DECISION.dropped_by_name == {"location": 3, "outbid": 63}


@pytest.mark.parametrize(
    ("age", "group"),
    [
        (None, ""),
        (0, ""),
        (12, ""),
        (13, "AGE_13_17"),
        (17, "AGE_13_17"),
        (18, "AGE_18_24"),
        (54, "AGE_45_54"),
        (101, "AGE_55_100"),
    ],
)
def test_a_log_knows_the_group_of_an_age_and_not_the_age(age, group):
    assert age_group_of(age) == group
    kept = coarse(msgspec.structs.replace(VIEWER, age=age))
    assert kept.age_group == group
    again = viewer_again(kept)
    assert (again.is_adult, again.is_minor) == (age is not None and age >= 18, age is not None and age < 18)
    assert age_group_of(again.age) == group


def test_a_log_does_not_say_whom_a_viewer_follows():
    assert "follows" not in CoarseViewer.__struct_fields__
    assert viewer_again(coarse(VIEWER), follows=(7,)).follows == (7,)


def test_reasons_are_numbered_once_targeting_first():
    assert sorted(ORDER) == list(Drop)
    assert ORDER.index(Drop.TOTALS_STALE) + 1 == ORDER.index(Drop.BUDGET_CAMPAIGN)
    assert len({name_of(drop) for drop in ORDER}) == len(ORDER)
    assert TARGETING_REASONS == LAST_OF_TARGETING + 1
    assert max(ORDER) < REASONS
    assert [drop for drop in ORDER if drop <= LAST_OF_TARGETING] == list(range(TARGETING_REASONS))
