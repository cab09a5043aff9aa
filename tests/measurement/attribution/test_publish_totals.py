"""What is spent and what may be spent reaches those who decide: all of it, once more than needed rather than never."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from attise.kernel.clock import to_ms
from attise.kernel.database import connect
from attise.kernel.errors import Outage
from attise.ledger import actions as ledger
from attise.measurement.attribution.actions import publish_totals
from attise.measurement.attribution.models import Head, Totals
from attise.records import totals_rows
from attise.records.totals import EnvelopeTotals, TotalsHead
from attise.records.totals_rows import TotalsGap, read_totals
from tests.ledger.payers import EURO, an_envelope, an_event, charge, fund
from tests.races import at_once
from tests.statements import Statements

VERBS = {"SELECT", "INSERT", "UPDATE", "DELETE"}
pytestmark = pytest.mark.django_db(transaction=True)


def publish(means) -> None:
    while publish_totals(means, counted_to_ms=means.clock.wire_ms()):
        pass


@pytest.fixture
def reader():
    made = connect(settings.HOUSE, may_write=False)
    yield made
    made.close()


def known(after: int = 0) -> dict[int, EnvelopeTotals]:
    totals, is_all = read_totals(Statements(), after)
    assert is_all
    return {row.envelope_id: row for row in totals.envelopes}


def head() -> TotalsHead:
    return read_totals(Statements(), 0)[0].head


def test_a_limit_a_charge_and_a_closing_are_told_each_with_a_later_version(means):
    fund(means, 100 * EURO)
    day = an_envelope(means, "campaign:1", 50 * EURO)
    publish(means)
    first = head()
    assert first.version == 1
    row = known()[day]
    assert (row.kind, row.limit_micros, row.spent_micros, row.closed_at_ms) == ("day", 50 * EURO, 0, None)
    assert row.begins_at_ms <= means.clock.world_ms() < row.ends_at_ms
    balance = next(one for one in known().values() if one.kind == "balance")
    assert (balance.limit_micros, balance.begins_at_ms, balance.ends_at_ms) == (100 * EURO, 0, None)

    charge(means, an_event(means, (day,), 7 * EURO))
    publish(means)
    after = known(first.version)
    assert {key: one.spent_micros for key, one in after.items()} == {
        day: 7 * EURO,
        balance.envelope_id: 7 * EURO,
    }, "a charge touches the payer's balance too"

    with transaction.atomic():
        ledger.set_limit(means, key="campaign:1", limit_micros=3 * EURO)
        ledger.close_envelope(means, key="campaign:1")
    publish(means)
    row = known(head().version - 1)[day]
    assert row.limit_micros == 7 * EURO, "a limit is never below what is spent"
    assert row.closed_at_ms == means.clock.wire_ms()
    with transaction.atomic():
        ledger.reopen_envelope(means, key="campaign:1")
    publish(means)
    assert known(head().version - 1)[day].closed_at_ms is None


def test_a_look_that_finds_nothing_says_when_it_looked_and_nothing_else(means, clock):
    an_envelope(means, "campaign:1", EURO)
    publish(means)
    before = head()
    clock.advance(seconds=5)
    publish(means)
    assert head() == TotalsHead(before.version, before.published_at_ms + 5_000, before.counted_to_ms + 5_000)
    assert known(before.version) == {}


def test_what_is_undone_is_not_told_and_nothing_touched_is_forgotten(means):
    with pytest.raises(KeyError), transaction.atomic():
        an_envelope(means, "campaign:1", EURO)
        raise KeyError
    publish(means)
    assert known() == {}
    envelope = an_envelope(means, "campaign:2", EURO)
    with pytest.raises(KeyError), transaction.atomic():
        publish(means)
        raise KeyError
    assert known() == {}
    publish(means)
    told = [row.envelope_id for row in known().values() if row.kind == "day"]
    assert told == [envelope], "the list of what was touched came back with the rest"


def test_a_new_day_begins_by_the_clock_alone_in_the_envelopes_own_zone(means, clock):
    fund(means, 100 * EURO)
    zones = ("Europe/Paris", "America/New_York", "Asia/Kolkata")
    envelopes = [an_envelope(means, f"of {zone}", 20 * EURO, zone=zone) for zone in zones]
    for envelope in envelopes:
        charge(means, an_event(means, (envelope,), EURO))
    week = an_envelope(means, "a week", 100 * EURO, kind="week")
    charge(means, an_event(means, (week,), EURO))
    publish(means)
    rows = known()
    for envelope in envelopes:
        assert rows[envelope].ends_at_ms - rows[envelope].begins_at_ms == 86_400_000
    assert rows[week].ends_at_ms - rows[week].begins_at_ms == 7 * 86_400_000
    first = min(rows[envelope].ends_at_ms for envelope in envelopes)
    clock.advance(seconds=(first - clock.world_ms()) / 1000 - 0.001)
    publish(means)
    assert known(head().version) == {}
    clock.advance(seconds=0.001)
    publish(means)
    begun = known(1)
    assert [one.begins_at_ms for one in begun.values()] == [first] * len(begun)
    assert all(one.spent_micros == 0 and one.limit_micros == 20 * EURO for one in begun.values())
    clock.advance(days=8)
    publish(means)
    rows = known()
    assert {rows[one].spent_micros for one in [*envelopes, week]} == {0}
    assert all(row.ends_at_ms is None or row.ends_at_ms > clock.world_ms() for row in rows.values())


def test_a_changed_zone_stretches_a_day_to_its_new_midnight(means):
    envelope = an_envelope(means, "campaign:1", EURO, zone="Europe/Paris")
    with transaction.atomic():
        ledger.set_timezone(means, payer="advertiser:1", timezone="America/New_York")
    publish(means)
    row = known()[envelope]
    day = dt.datetime.fromtimestamp(row.begins_at_ms / 1000, tz=dt.UTC).astimezone(dt.timezone(dt.timedelta(hours=2)))
    assert day.hour == 0
    new_midnight = dt.datetime.combine(day.date() + dt.timedelta(days=1), dt.time(4), tzinfo=dt.UTC)
    assert row.ends_at_ms == to_ms(new_midnight), "midnight in New York, six hours after that of Paris"


def test_many_are_told_in_parts_and_read_in_parts(means, monkeypatch):
    monkeypatch.setitem(publish_totals.__globals__, "AT_ONCE", 5)
    monkeypatch.setattr(totals_rows, "MOST_AT_ONCE", 7)
    made = {an_envelope(means, f"campaign:{number}", EURO) for number in range(23)}
    publish(means)
    assert Head.objects.get().version == 5
    after, seen, readings = 0, [], 0
    is_all = False
    while not is_all:
        totals, is_all = read_totals(Statements(), after)
        seen += [row.envelope_id for row in totals.envelopes if row.kind == "day"]
        assert totals.head.version > after
        after = totals.head.version
        readings += 1
    assert sorted(seen) == sorted(made)
    assert readings > 1
    assert after == Head.objects.get().version


def test_a_database_put_back_is_a_gap_and_a_later_kind_an_outage(means):
    an_envelope(means, "campaign:1", EURO)
    publish(means)
    with pytest.raises(TotalsGap):
        read_totals(Statements(), 9)
    Totals.objects.update(kind="moon")
    with pytest.raises(Outage):
        read_totals(Statements(), 0)
    Totals.objects.update(kind="envelope", body=b"\xc1")
    with pytest.raises(Outage):
        read_totals(Statements(), 0)


def test_publishing_takes_as_many_statements_whatever_it_tells(means):
    def statements() -> int:
        with CaptureQueriesContext(connection) as caught:
            publish_totals(means, counted_to_ms=0)
        return len([query for query in caught.captured_queries if query["sql"].split()[0] in VERBS])

    an_envelope(means, "campaign:1", EURO)
    few = statements()
    for number in range(150):
        an_envelope(means, f"adgroup:{number}", EURO)
    assert statements() == few <= 9
    assert statements() == 6, "the lock, what was touched, changed and moved, what is over, and that somebody looked"


def test_race_publishers_and_charges_leave_the_last_word_to_the_newest_reading(means):
    """Whatever runs beside whatever, once all is quiet and published, the rows say what the ledger holds."""
    fund(means, 1_000 * EURO)
    envelope = an_envelope(means, "campaign:1", 900 * EURO)

    def spend() -> None:
        for _ in range(5):
            charge(means, an_event(means, (envelope,), EURO))

    def tell() -> None:
        for _ in range(8):
            publish_totals(means, counted_to_ms=0)

    at_once([spend, tell, spend, tell])
    publish(means)
    assert known()[envelope].spent_micros == 10 * EURO
