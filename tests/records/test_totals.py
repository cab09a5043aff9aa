"""Totals cross floors as arrays that only ever grow at their end."""

import msgspec
import pytest

from attise.records.totals import EnvelopeTotals, GroupTotals, PostCounts, PostTotals, Totals, TotalsHead

HEAD = TotalsHead(version=7, published_at_ms=1_790_000_000_500, counted_to_ms=1_790_000_000_000)
WHOLE = Totals(
    HEAD,
    (
        EnvelopeTotals(
            31, "day", 1_789_948_800_000, 1_790_035_200_000, 50_000_000, 12_345, None, ((3, 12_000), (4, 345))
        ),
    ),
    (GroupTotals(30, 1_789_948_800_000, 12_345, 900, 12, 300, 1, 400),),
    (PostTotals(50, PostCounts(1_000, 900, 500, 300, 40, 5, 4, 3, 2, 1, 9_000_000), PostCounts(impressions=10)),),
)


def test_totals_come_back_as_they_were_sent():
    raw = msgspec.msgpack.encode(WHOLE)
    assert msgspec.msgpack.decode(raw, type=Totals) == WHOLE


@pytest.mark.parametrize(
    ("sort", "recorded", "expected"),
    [
        (EnvelopeTotals, [31, "total", 0, None, None, 5], EnvelopeTotals(31, "total", 0, None, None, 5)),
        (PostTotals, [50], PostTotals(50)),
        (GroupTotals, [30, 0], GroupTotals(30, 0)),
        (Totals, [[7, 1_790_000_000_500, 1_790_000_000_000]], Totals(HEAD)),
    ],
    ids=["envelope", "post", "group", "totals"],
)
def test_what_an_older_release_wrote_is_read(sort, recorded, expected):
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(recorded), type=sort) == expected


def test_engagements_are_everything_a_person_gives_a_post():
    assert PostCounts(likes=1, comments=2, shares=3, saves=4, follows=5, views=100, negatives=9).engagements == 15
