"""Which touch a conversion is credited to, and what is the same: pure."""

from __future__ import annotations

import msgspec
import pytest

from attise.kernel.limits import DAY_MS, MINUTE_MS
from attise.measurement.conversions.rules import (
    TouchKind,
    Windows,
    completes,
    credit_of,
    is_same,
    touch_of,
)
from attise.records.conversion import Source
from attise.records.windows import WINDOW_DAYS
from tests.measurement.conversions.builders import NOW_MS, conversion, touch
from tests.records.claims import CLAIMS


def credited(*touches, at_ms=NOW_MS, **more):
    found = credit_of(touches, at_ms=at_ms, **more)
    return None if found is None else (found.touched.decision_id, found.kind.value)


def test_the_last_touch_is_credited():
    assert credited(touch(1, clicked=3), touch(2, clicked=1), touch(3, clicked=2)) == (2, "click")
    assert credited(touch(1, seen=0.5), touch(2, seen=0.2)) == (2, "view")


def test_a_click_comes_before_any_view_and_an_engaged_one_before_an_impression():
    assert credited(touch(1, clicked=6), touch(2, seen=0.1, engaged=0.1)) == (1, "click")
    assert credited(touch(1, engaged=0.9), touch(2, seen=0.1)) == (1, "engaged")
    assert credited(touch(1, seen=0.3, engaged=0.2, clicked=0.1)) == (1, "click")


def test_of_two_at_one_time_the_later_decision_s():
    assert (
        credited(touch(1, clicked=1), touch(2, clicked=1))
        == (2, "click")
        == credited(touch(2, clicked=1), touch(1, clicked=1))
    )


@pytest.mark.parametrize("days", sorted(set(WINDOW_DAYS.values())))
@pytest.mark.parametrize("kind", list(TouchKind))
def test_a_window_ends_to_the_millisecond(days, kind):
    name = {TouchKind.CLICK: "clicked", TouchKind.ENGAGED_VIEW: "engaged", TouchKind.VIEW: "seen"}[kind]
    windows = Windows(*(days if one is kind else 0 for one in TouchKind))
    one = touch(1, **{name: 0}, windows=windows)
    inside, outside = NOW_MS + days * DAY_MS - 1, NOW_MS + days * DAY_MS
    assert credited(one, at_ms=inside) == ((1, kind.value) if days else None)
    assert credited(one, at_ms=outside) is None
    assert credited(one, at_ms=NOW_MS) == ((1, kind.value) if days else None)
    assert credited(one, at_ms=NOW_MS - 1) is None


def test_other_windows_may_be_asked_of_the_same_touches():
    touches = [touch(1, clicked=10), touch(2, seen=3)]
    assert credited(*touches) is None
    assert credited(*touches, windows=Windows(14, 0, 0)) == (1, "click")
    assert credited(*touches, windows=Windows(7, 0, 7)) == (2, "view")


def test_the_click_whose_id_the_page_bore_came_before_it_whatever_the_clocks_say():
    late = touch(1, clicked=-3 * MINUTE_MS / DAY_MS)
    assert credited(late) is None
    assert credited(late, click_decision_id=2) is None
    assert credited(late, click_decision_id=1) == (1, "click")
    assert credited(touch(1, clicked=-6 * MINUTE_MS / DAY_MS), click_decision_id=1) is None
    assert credited(late, click_decision_id=1, windows=Windows(0, 0, 0)) is None


def test_a_name_counts_once_within_two_days_and_is_completed_within_five_minutes():
    assert is_same(NOW_MS, NOW_MS + 2 * DAY_MS - 1)
    assert is_same(NOW_MS, NOW_MS - 2 * DAY_MS + 1)
    assert not is_same(NOW_MS, NOW_MS + 2 * DAY_MS)
    server = conversion(1, source=Source.SERVER)
    assert completes(NOW_MS + 5 * MINUTE_MS, "browser", server)
    assert not completes(NOW_MS + 5 * MINUTE_MS + 1, "browser", server)
    assert not completes(NOW_MS, "server", server)


def test_counted_events_of_a_decision_are_one_touch():
    times = {"impression": NOW_MS, "click": NOW_MS + 9, "complete": NOW_MS + 7, "view_6s": NOW_MS + 6, "like": NOW_MS}
    one = touch_of(CLAIMS, times)
    assert (one.decision_id, one.ad_id, one.person) == (CLAIMS.decision_id, CLAIMS.ad.ad_id, CLAIMS.viewer)
    assert one.times() == (
        (TouchKind.CLICK, NOW_MS + 9),
        (TouchKind.ENGAGED_VIEW, NOW_MS + 6),
        (TouchKind.VIEW, CLAIMS.decided_at_ms),
    )


def test_what_nobody_could_be_met_by_touches_nobody():
    organic = msgspec.structs.replace(CLAIMS, kind=0, ad=None)
    nobody = msgspec.structs.replace(CLAIMS, viewer="")
    assert touch_of(organic, {"impression": 1}) is None
    assert touch_of(CLAIMS, {"like": 1}) is None
    assert touch_of(CLAIMS, {}) is None
    assert touch_of(nobody, {"impression": 1, "view_6s": 1}) is None
    assert touch_of(nobody, {"impression": 1, "click": 2}).clicked_at_ms == 2
