"""One count of requests makes every zone's curve, goes on after a restart, and says how much is asked of late."""

import datetime as dt

import numpy as np
import pytest

from attise.kernel.clock import to_ms
from attise.serving.delivery.pacing.curve import SLICE_MS, day_of, typical
from attise.serving.delivery.pacing.traffic import DAYS, Traffic, decode_traffic

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


def at(text):
    return to_ms(dt.datetime.fromisoformat(text))


def lived(first_ms, days, rate_at):
    traffic = Traffic()
    for quarter in range(int(days * 96)):
        moment = first_ms + quarter * SLICE_MS
        traffic.seen(moment, rate_at(moment))
    return traffic


def test_a_zone_reads_its_own_clocks_out_of_one_count():
    monday = at("2026-06-01T00:00+00:00")
    traffic = lived(monday, 15, lambda moment: 10 if moment % DAY_MS // HOUR_MS == 20 else 1)
    now = monday + 15 * DAY_MS
    for zone, hour in (("UTC", 20), ("Europe/Paris", 22), ("Asia/Tokyo", 5), ("America/New_York", 16)):
        weights = traffic.curve_of(zone, now).of_weekday(2)
        assert np.argmax(weights) // 4 == hour, zone
        assert weights[hour * 4] == pytest.approx(10, rel=0.01)


def test_weekdays_differ_and_the_newest_counts_most():
    monday = at("2026-06-01T00:00+00:00")
    traffic = lived(monday, 28, lambda moment: 2 if (moment - monday) // DAY_MS % 7 < 5 else 8)
    curve = traffic.curve_of("UTC", monday + 28 * DAY_MS)
    assert curve.of_weekday(6)[0] > 2 * curve.of_weekday(2)[0]
    assert curve.days.tolist() == [4.0] * 7


def test_days_of_twenty_three_and_twenty_five_hours_are_read_whole():
    before = at("2026-10-20T00:00+02:00")
    traffic = lived(before, 10, lambda _: 6)
    curve = traffic.curve_of("Europe/Paris", before + 9 * DAY_MS)
    assert curve.weights[6].tolist() == [6.0] * 96
    spring = lived(at("2026-03-20T00:00+01:00"), 15, lambda _: 6)
    skipped = spring.curve_of("Europe/Paris", at("2026-03-31T12:00+02:00")).weights[6]
    assert skipped[12:].tolist() == [6.0] * 84


def test_a_process_that_has_seen_no_whole_day_believes_what_is_typical():
    now = at("2026-06-01T12:00+00:00")
    traffic = Traffic()
    assert traffic.curve_of("UTC", now).weights.tolist() == typical().weights.tolist()
    traffic.seen(now, 10**6)
    assert traffic.curve_of("UTC", now + HOUR_MS).weights.tolist() == typical().weights.tolist()
    quiet = lived(now, 3, lambda _: 0)
    assert quiet.curve_of("UTC", now + 3 * DAY_MS).days.sum() == 0


def test_what_is_asked_of_late_is_known_from_the_first_minutes_on():
    now = at("2026-06-01T12:00+00:00")
    traffic = Traffic()
    assert traffic.per_minute(now) == 0
    for second in range(300):
        traffic.seen(now + second * 1_000, 2)
    assert traffic.per_minute(now + 300_000) == pytest.approx(120)
    assert traffic.per_minute(now + 40 * 60_000) == 0


def test_a_restart_and_a_gap_and_a_clock_put_back_are_no_faults():
    start = at("2026-06-01T00:00+00:00")
    traffic = lived(start, 9, lambda _: 5)
    again = decode_traffic(traffic.encode())
    now = start + 9 * DAY_MS
    assert again.curve_of("UTC", now).weights.tolist() == traffic.curve_of("UTC", now).weights.tolist()
    again.seen(start - 400 * DAY_MS)
    again.seen(now + 100 * DAY_MS, 3)
    assert again.per_minute(now + 100 * DAY_MS + 60_000) >= 0
    assert again.curve_of("UTC", now + 101 * DAY_MS).weights.max() < 10**6
    assert decode_traffic(b"\xc0").per_minute(now) == 0
    assert decode_traffic(b"").per_minute(now) == 0
    assert DAYS > 36
    assert len(day_of(typical(), "UTC", now).traffic) == 96
