"""Limits are set, closed and reopened; a new one rules at once, never below what is spent."""

import datetime as dt

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from attise.kernel.clock import FakeClock, to_ms
from attise.kernel.errors import Refusal
from attise.kernel.limits import HOUR_MS
from attise.ledger import actions, queries
from attise.ledger.verify import verify_ledger
from tests.ledger.payers import EURO, PAYER, an_envelope, an_event, charge, envelope, fund

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(to_ms(dt.datetime(2026, 11, 26, 9, tzinfo=dt.UTC)))


def set_limit(means, key, limit_micros):
    with transaction.atomic():
        return actions.set_limit(means, key=key, limit_micros=limit_micros)


def test_opening_again_finds_the_same_as_it_is(means):
    first = an_envelope(means, "campaign:1", 50 * EURO)
    assert an_envelope(means, "campaign:1", 70 * EURO) == first
    assert envelope(means, "campaign:1").limit_micros == 50 * EURO
    assert queries.find_envelope("campaign:2", at_ms=0) is None
    for said in ({"kind": "total"}, {"payer": "advertiser:2"}):
        with pytest.raises(Refusal) as refused:
            an_envelope(means, "campaign:1", 50 * EURO, **said)
        assert refused.value.code == "envelope_key_reused"
    with pytest.raises(Refusal) as refused:
        an_envelope(means, PAYER, None)
    assert refused.value.code == "envelope_key_reused"
    with pytest.raises(Refusal) as refused:
        an_envelope(means, "campaign:3", None, zone="Europe/Atlantis")
    assert refused.value.code == "timezone_unknown"


def test_a_new_limit_rules_the_day_at_once_and_the_days_to_come(means, clock):
    fund(means, 500 * EURO)
    day = an_envelope(means, "campaign:1", 50 * EURO)
    charge(means, an_event(means, (day,), 40 * EURO))
    assert set_limit(means, "campaign:1", 45 * EURO).limit_micros == 45 * EURO
    assert charge(means, an_event(means, (day,), 5 * EURO + 1)).reason == "overdelivery"
    assert charge(means, an_event(means, (day,), 5 * EURO)).outcome == "charged"
    clock.advance(days=1)
    assert envelope(means, "campaign:1").room_micros == 45 * EURO


def test_a_limit_below_what_is_spent_closes_the_day_and_holds_tomorrow(means, clock):
    fund(means, 500 * EURO)
    day = an_envelope(means, "campaign:1", 50 * EURO)
    charge(means, an_event(means, (day,), 40 * EURO))
    set_limit(means, "campaign:1", 30 * EURO)
    state = envelope(means, "campaign:1")
    assert (state.limit_micros, state.room_micros) == (40 * EURO, 0)
    assert charge(means, an_event(means, (day,), 1)).reason == "overdelivery"
    assert verify_ledger().difference is None
    clock.advance(days=1)
    assert envelope(means, "campaign:1").room_micros == 30 * EURO


def test_yesterday_keeps_the_limit_it_had(means, clock):
    fund(means, 500 * EURO)
    day = an_envelope(means, "campaign:1", 50 * EURO)
    late = an_event(means, (day,), 51 * EURO)
    within = an_event(means, (day,), 50 * EURO)
    clock.advance(days=1)
    set_limit(means, "campaign:1", 300 * EURO)
    assert charge(means, late).reason == "overdelivery", "decided yesterday, within yesterday's limit"
    assert charge(means, within).outcome == "charged"
    assert charge(means, an_event(means, (day,), 300 * EURO)).outcome == "charged"


def test_a_week_of_seven_days_is_one_limit_from_sunday_on(means, clock):
    fund(means, 500 * EURO)
    week = an_envelope(means, "campaign:1:week", 70 * EURO, kind="week")
    charge(means, an_event(means, (week,), 60 * EURO))
    clock.advance(days=2)  # Saturday
    assert charge(means, an_event(means, (week,), 11 * EURO)).reason == "overdelivery"
    clock.advance(days=1)  # Sunday
    assert charge(means, an_event(means, (week,), 70 * EURO)).outcome == "charged"
    assert [one.period for one in queries.list_periods(week)] == ["2026-W48", "2026-W49"]


@pytest.mark.parametrize("kind", ["total", "grant"])
def test_a_total_does_not_begin_anew(means, clock, kind):
    fund(means, 500 * EURO)
    total = an_envelope(means, "campaign:1", 50 * EURO, kind=kind)
    charge(means, an_event(means, (total,), 50 * EURO))
    clock.advance(days=400)
    assert charge(means, an_event(means, (total,), 1)).reason == "overdelivery"
    set_limit(means, "campaign:1", None)
    assert envelope(means, "campaign:1").room_micros is None
    assert charge(means, an_event(means, (total,), 50 * EURO)).outcome == "charged"
    set_limit(means, "campaign:1", 60 * EURO)
    assert envelope(means, "campaign:1").room_micros == 0, "a limit again: what was spent without one is its floor"


def test_a_long_day_has_one_budget_and_a_short_one_too(means, clock):
    clock.advance(seconds=(to_ms(dt.datetime(2027, 3, 27, 23, tzinfo=dt.UTC)) - clock.world_ms()) / 1000)
    fund(means, 10_000 * EURO)
    day = an_envelope(means, "campaign:1", 24 * EURO)
    hours = []
    for _ in range(24 * 2):
        hours.append(charge(means, an_event(means, (day,), EURO)).outcome)
        clock.advance(seconds=3600)
    # 28 March 2027 has 23 hours in Paris, and the 24 € of the next day begin one hour earlier.
    assert hours == ["charged"] * 23 + ["charged"] * 24 + ["charged"]
    assert [one.spent_micros // EURO for one in queries.list_periods(day)] == [23, 24, 1]


def test_a_change_of_zone_grants_no_budget_twice(means, clock):
    fund(means, 10_000 * EURO)
    day = an_envelope(means, "campaign:1", 10 * EURO)
    charge(means, an_event(means, (day,), 10 * EURO))
    with transaction.atomic():
        assert actions.set_timezone(means, payer=PAYER, timezone="America/Los_Angeles") == 1
    spent = 0
    for _ in range(48):
        clock.advance(seconds=3600)
        spent += charge(means, an_event(means, (day,), EURO)).charged_micros
    dates = {one.period: one.spent_micros for one in queries.list_periods(day)}
    assert max(dates.values()) == 10 * EURO
    assert spent == 12 * EURO, "the 26th was stretched; then comes the 27th, and the 28th is two events old over there"
    assert envelope(means, "campaign:1").envelope.timezone == "America/Los_Angeles"
    with pytest.raises(Refusal), transaction.atomic():
        actions.set_timezone(means, payer=PAYER, timezone="Mars/Olympus")


def test_many_envelopes_are_read_in_one_statement(means):
    for number in range(30):
        an_envelope(means, f"campaign:{number}", number * EURO, zone="Pacific/Auckland" if number % 2 else "Asia/Tokyo")
    fund(means, 100 * EURO)
    day = an_envelope(means, "campaign:7", None)
    charge(means, an_event(means, (day,), EURO))
    with CaptureQueriesContext(connection) as seen:
        states = queries.list_envelopes([f"campaign:{n}" for n in range(40)], at_ms=means.clock.world_ms())
    assert len(seen) == 1
    assert len(states) == 30
    assert states["campaign:7"].spent_micros == EURO
    by_id = queries.list_envelopes_by_id([day, 5], at_ms=means.clock.world_ms())
    assert by_id == {day: states["campaign:7"]}
    tomorrow = queries.list_envelopes_by_id([day], at_ms=means.clock.world_ms() + 24 * HOUR_MS)
    assert tomorrow[day].room_micros == 7 * EURO
    assert [one.envelope.kind for one in queries.list_envelopes_of(PAYER, at_ms=0)].count("balance") == 1


@pytest.mark.parametrize("act", [actions.close_envelope, actions.reopen_envelope])
def test_an_envelope_that_is_not_there_is_told(means, act):
    with pytest.raises(Refusal) as refused, transaction.atomic():
        act(means, key="campaign:1")
    assert refused.value.code == "not_found"
    with pytest.raises(Refusal):
        set_limit(means, "campaign:1", 1)


def test_what_no_caller_may_ask_is_a_bug(means):
    an_envelope(means, "campaign:1", None)
    for key, limit in (("campaign:1", -1), ("campaign:1", 10**16), (PAYER, 5)):
        with pytest.raises(AssertionError):
            set_limit(means, key, limit)
    for kind in ("balance", "month"):
        with pytest.raises(AssertionError):
            an_envelope(means, "campaign:2", 1, kind=kind)
