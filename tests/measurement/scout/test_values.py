"""Numbers and times as people and machines write them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attise.measurement.scout.reading.rows import BadRow, printable
from attise.measurement.scout.reading.values import count_of, is_day_first, moment_of, seconds_of

AT = 1_763_640_000_000  # 2025-11-20T12:00:00Z


@pytest.mark.parametrize(
    ("text", "count"),
    [
        *(("1234", 1234), ("1 234", 1234), ("1\u202f234\u00a0567", 1_234_567), ("1,234", 1234), ("1.234", 1234)),
        *(("1.234.567", 1_234_567), ("1,234,567", 1_234_567), ("1.234,5", 1234), ("1,234.5", 1234), ("12,0", 12)),
        *(
            ("12,5k", 12_500),
            ("12.5 K", 12_500),
            ("3,4 M", 3_400_000),
            ("1.234k", 1234),
            ("2 Md", 2e9),
            ("1'234", 1234),
        ),
        *(("+7", 7), ("-0", 0), (7, 7), (7.6, 8), ("512 vues", 512)),
    ],
)
def test_counts(text, count):
    assert count_of(text) == count


@pytest.mark.parametrize("nothing", [None, "", " ", "-", "–", "N/A", "NaN", "null", True, math.nan])
def test_no_count_is_told(nothing):
    assert math.isnan(count_of(nothing))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        *(("-3", "negative"), (-3, "negative"), (10**30, "too_many"), ("1" + "0" * 30, "too_many")),
        *((math.inf, "too_many"), (10**400, "too_many"), ("9" * 5_000, "too_many"), ("12,5 pommes", "bad_views")),
        *(("1,2.3,4", "bad_views"), ("0x10", "bad_views"), ("١٢", "bad_views"), ("=1+1", "bad_views")),
    ],
)
def test_counts_that_are_none(text, reason):
    with pytest.raises(BadRow) as bad:
        count_of(text)
    assert bad.value.reason == reason


@pytest.mark.parametrize(
    "text",
    [
        *(1_763_640_000, 1_763_640_000_000, "1763640000", 1_763_640_000.0, "1763640000.0", 1_763_640_000_000_000),
        *("2025-11-20T12:00:00Z", "2025-11-20T13:00:00+01:00", "2025-11-20 12:00", "2025-11-20 13:00 +0100"),
        *("2025-11-20 12:00:00 UTC", "20/11/2025 12:00", "20/11/2025 à 12h00", "20.11.2025 12:00", "20-11-25 12:00"),
        *("20 nov. 2025 à 12 h", "20 novembre 2025 12:00", "Nov 20, 2025 12:00 PM", "November 20, 2025, 12:00 p.m."),
        *("2025/11/20 12:00", "Thu, 20 Nov 2025 12:00:00 +0000", "20251120T120000Z"),
    ],
)
def test_times(text):
    assert moment_of(text) == AT


def test_a_time_without_a_zone_is_of_the_one_that_is_told():
    assert moment_of("20/11/2025 13:00", zone="Europe/Paris") == AT
    assert moment_of("2025-11-20T12:00:00Z", zone="Europe/Paris") == AT


def test_which_number_is_the_day_is_told_by_the_others():
    assert is_day_first(["03/04/2025", "20/04/2025"]) is True
    assert is_day_first(["03/04/2025", "04/20/2025 2:05 PM"]) is False
    assert is_day_first(["03/04/2025", "2025-04-20"]) is None
    assert moment_of("11/20/2025 12:00 PM", day_first=False) == AT


@pytest.mark.parametrize(
    "text", ["hier", "32/11/2025", "2025-13-40", 0, 5, -1, 10**40, math.inf, "99/99/9999", "9" * 60]
)
def test_times_that_are_none(text):
    with pytest.raises(BadRow):
        moment_of(text)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("15", 15), ("15,5", 15.5), ("0:41", 41), ("1:02:03", 3723), ("PT1M5S", 65), ("12 s", 12), (9, 9), ("x", None)],
)
def test_durations(text, seconds):
    assert seconds_of(text) == seconds


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=60), st.text("0123456789,./-: TZ+hà", max_size=40), st.floats(), st.integers()))
def test_whatever_stands_there_is_read_or_told(value):
    for read in (count_of, moment_of):
        try:
            found = read(value)
        except BadRow as bad:
            told = bad.detail
        else:
            told = ""
            assert found is None or math.isnan(found) or found >= 0
        assert printable(told) == told
    seconds_of(value)
