"""Events are charged: wholly or not at all, once, to the day of their decision."""

import datetime as dt

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from attise.kernel.clock import FakeClock, to_ms
from attise.kernel.errors import Refusal
from attise.kernel.limits import HOUR_MS
from attise.ledger import actions, queries
from attise.ledger.verify import verify_ledger
from tests.ledger.payers import EURO, PAYER, REVENUE, an_envelope, an_event, charge, envelope, fund

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(to_ms(dt.datetime(2026, 11, 26, 9, tzinfo=dt.UTC)))


def balance() -> int:
    return queries.balance_of(PAYER, "EUR")


def test_a_charge_moves_the_money_and_is_counted_in_every_envelope(means):
    fund(means, 100 * EURO)
    day, total = an_envelope(means, "campaign:1", 50 * EURO), an_envelope(means, "grant:1", 20 * EURO, kind="grant")
    legs = (("creator:7", 1_500), (REVENUE, 7_200), ("house:fee", 0))
    event = an_event(means, (day, total), 8_700, legs=legs)
    answer = charge(means, event)
    assert (answer.outcome, answer.charged_micros, answer.is_repeated) == ("charged", 8_700, False)
    assert balance() == 100 * EURO - 8_700
    assert queries.balance_of("creator:7", "EUR") == 1_500
    assert queries.find_account("house:fee", "EUR") is None, "nobody who gets nothing"
    assert (envelope(means, "campaign:1").spent_micros, envelope(means, "grant:1").spent_micros) == (8_700, 8_700)
    assert envelope(means, PAYER).room_micros == balance()
    kept = queries.find_charge(event.key)
    assert (kept.outcome, kept.legs) == ("charged", (("creator:7", 1_500), (REVENUE, 7_200)))
    assert {period for _, period in kept.places} == {"2026-11-26", ""}
    assert verify_ledger().difference is None


def test_a_charge_that_does_not_fit_one_envelope_is_free_and_never_partial(means):
    fund(means, 100 * EURO)
    wide, narrow = an_envelope(means, "campaign:1", 50 * EURO), an_envelope(means, "adgroup:1", 10_000)
    assert charge(means, an_event(means, (wide, narrow), 9_999)).outcome == "charged"
    answer = charge(means, an_event(means, (wide, narrow), 2))
    assert (answer.outcome, answer.reason, answer.charged_micros) == ("free", "overdelivery", 0)
    assert charge(means, an_event(means, (wide, narrow), 1)).outcome == "charged", "to the last micro"
    assert envelope(means, "campaign:1").spent_micros == 10_000
    assert balance() == 100 * EURO - 10_000


def test_the_balance_may_be_the_first_thing_that_a_book_brings(means):
    """As an ad's token has it: every envelope that bounds it, the balance among them, before anybody asks for it."""
    fund(means, 5_000)
    day = an_envelope(means, "campaign:1", None)
    named = tuple(sorted((day, envelope(means, PAYER).envelope.id)))
    assert charge(means, an_event(means, named, 4_000)).outcome == "charged"
    assert charge(means, an_event(means, named, 1_001)).reason == "overdelivery"
    assert balance() == 1_000


def test_the_balance_bounds_a_charge_whether_it_is_named_or_not(means):
    fund(means, 5_000)
    day = an_envelope(means, "campaign:1", None)
    assert charge(means, an_event(means, (day,), 5_001)).reason == "overdelivery"
    assert charge(means, an_event(means, (day,), 5_000)).outcome == "charged"
    assert charge(means, an_event(means, (day,), 1)).reason == "overdelivery"
    assert balance() == 0


def test_a_charge_of_zero_is_charged_and_moves_nothing(means):
    fund(means, 1)
    day = an_envelope(means, "campaign:1", 0)
    event = an_event(means, (day,), 0, legs=())
    assert charge(means, event).outcome == "charged"
    assert balance() == 1
    assert queries.find_charge(event.key).legs == ()


def test_spend_belongs_to_the_local_day_of_the_decision_not_of_the_receipt(means, clock):
    fund(means, 100 * EURO)
    day = an_envelope(means, "campaign:1", 10 * EURO)
    decided = to_ms(dt.datetime(2026, 11, 26, 22, 59, 59, tzinfo=dt.UTC))  # a second before midnight in Paris
    clock.advance(days=1)
    assert charge(means, an_event(means, (day,), 9 * EURO, decided_at_ms=decided)).outcome == "charged"
    assert charge(means, an_event(means, (day,), 9 * EURO, decided_at_ms=decided + 1_000)).outcome == "charged"
    assert charge(means, an_event(means, (day,), 2 * EURO, decided_at_ms=decided)).reason == "overdelivery"
    spent = {one.period: one.spent_micros for one in queries.list_periods(day)}
    assert spent == {"2026-11-26": 9 * EURO, "2026-11-27": 9 * EURO}


def test_the_same_key_answers_what_was_answered_before(means):
    fund(means, 10_000)
    day = an_envelope(means, "campaign:1", 6_000)
    paid = an_event(means, (day,), 6_000)
    free = an_event(means, (day,), 1)
    first = charge(means, paid, free)
    with transaction.atomic():
        actions.set_limit(means, key="campaign:1", limit_micros=9_000)
    later = [an_event(means, one.envelopes, one.amount_micros, key=one.key) for one in (paid, free)]
    again = charge(means, *later)
    assert [(one.outcome, one.reason, one.charged_micros) for one in again] == [
        ("charged", "", 6_000),
        ("free", "overdelivery", 0),
    ]
    assert [one.is_repeated for one in first + again] == [False, False, True, True]
    assert balance() == 4_000


def test_a_key_used_for_another_charge_records_nothing(means):
    fund(means, 10_000)
    day, other = an_envelope(means, "campaign:1", None), an_envelope(means, "campaign:2", None)
    event = an_event(means, (day,), 100)
    charge(means, event)
    same = {"key": event.key, "decided_at_ms": event.decided_at_ms}
    for differing in (
        an_event(means, (day,), 101, **same),
        an_event(means, (day, other), 100, **same),
        an_event(means, (day,), 100, **same, legs=(("creator:7", 100),)),
        an_event(means, (day,), 100, **{**same, "decided_at_ms": event.decided_at_ms - 1}),
    ):
        assert charge(means, differing).outcome == "conflict"
        with pytest.raises(Refusal) as refused, transaction.atomic():
            actions.charge(means, differing, currency="EUR")
        assert refused.value.code == "charge_key_reused"
    assert balance() == 9_900


def test_the_same_event_twice_in_one_batch_is_charged_once(means):
    fund(means, 10_000)
    day = an_envelope(means, "campaign:1", None)
    event = an_event(means, (day,), 100)
    answers = charge(means, event, event, event)
    assert [one.is_repeated for one in answers] == [False, True, True]
    assert balance() == 9_900


def test_a_closed_envelope_takes_what_was_received_up_to_a_minute_later(means, clock):
    fund(means, 10_000)
    day = an_envelope(means, "campaign:1", None)
    event = an_event(means, (day,), 100)
    with transaction.atomic():
        closed_at = actions.close_envelope(means, key="campaign:1").closed_at_ms
    clock.advance(seconds=5)
    with transaction.atomic():
        assert actions.close_envelope(means, key="campaign:1").closed_at_ms == closed_at, "closed since then"
    late = an_event(means, (day,), 100, received_at_ms=closed_at + 60_001)
    assert charge(means, late).reason == "envelope_closed"
    assert charge(means, an_event(means, (day,), 0, legs=(), received_at_ms=closed_at + 60_001)).outcome == "free"
    assert charge(means, an_event(means, (day,), 100, received_at_ms=closed_at + 60_000)).outcome == "charged"
    with transaction.atomic():
        actions.reopen_envelope(means, key="campaign:1")
    assert charge(means, event).outcome == "charged"
    assert charge(means, late).reason == "envelope_closed", "what was answered stands"


def test_closing_runs_on_wire_time_and_days_on_world_time(means, clock):
    fund(means, 10_000)
    day = an_envelope(means, "campaign:1", None)
    clock.offset_ms = 48 * HOUR_MS
    with transaction.atomic():
        actions.close_envelope(means, key="campaign:1")
    assert charge(means, an_event(means, (day,), 100)).outcome == "charged"
    assert queries.list_periods(day)[0].period == "2026-11-28"


def test_an_envelope_that_is_not_there_makes_an_event_free(means):
    fund(means, 10_000)
    day = an_envelope(means, "campaign:1", None)
    answer = charge(means, an_event(means, (day, 42), 100))
    assert (answer.outcome, answer.reason) == ("free", "envelope_unknown")
    assert charge(means, an_event(means, (42,), 100)).reason == "envelope_unknown"
    assert verify_ledger().difference is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount_micros": -1, "legs": ((REVENUE, -1),)},
        {"legs": ((REVENUE, 99),)},
        {"legs": ((REVENUE, 101), ("creator:7", -1))},
        {"legs": ((PAYER, 100),)},
        {"envelopes": ()},
        {"amount_micros": 10**16, "legs": ((REVENUE, 10**16),)},
    ],
)
def test_what_no_caller_may_ask_is_a_bug_and_leaves_nothing(means, wrong):
    fund(means, 10_000)
    day = an_envelope(means, "campaign:1", None)
    values = {"envelopes": (day,), "amount_micros": 100, **wrong}
    with pytest.raises(AssertionError), transaction.atomic():
        actions.charge(means, an_event(means, **values), currency="EUR")
    assert balance() == 10_000
    assert verify_ledger().charges == 0


def test_an_event_cannot_be_paid_by_two(means):
    fund(means, 10_000)
    fund(means, 10_000, payer="advertiser:2")
    mine = an_envelope(means, "campaign:1", None)
    theirs = an_envelope(means, "campaign:2", None, payer="advertiser:2")
    with pytest.raises(AssertionError, match="payers"), transaction.atomic():
        actions.charge(means, an_event(means, (mine, theirs), 100), currency="EUR")


def test_a_batch_takes_as_many_statements_whatever_it_holds(means):
    payers = [f"advertiser:{n}" for n in range(10)]
    for payer in payers:
        fund(means, 100 * EURO, payer=payer)
    bounds = [
        (an_envelope(means, f"c:{n}", None, payer=payer), an_envelope(means, f"g:{n}", EURO, payer=payer, kind="week"))
        for n, payer in enumerate(payers)
    ]

    def statements(events: int) -> int:
        asked = [
            an_event(means, bounds[n % 10], 100, legs=((f"creator:{n}", 40), (REVENUE, 60))) for n in range(events)
        ]
        with CaptureQueriesContext(connection) as seen:
            assert all(one.outcome == "charged" for one in charge(means, *asked))
        return len(seen)

    statements(400)  # opens the accounts of those who are paid
    few, many = statements(10), statements(400)
    assert few == many <= 18
    assert verify_ledger().difference is None
