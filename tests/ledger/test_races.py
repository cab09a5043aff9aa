"""Many at once on one balance and its limits: real threads, real transactions, on SQLite and on PostgreSQL."""

import random

import pytest
from django.db import transaction

from attise.kernel.limits import VERB_RETRIES
from attise.ledger import actions, queries
from attise.ledger.verify import verify_ledger
from tests.ledger.payers import EURO, OPERATOR, OUTSIDE, PAYER, REVENUE, an_envelope, an_event, charge, envelope, fund
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_race_of_one_event_with_itself_is_charged_once(means):
    fund(means, EURO)
    event = an_event(means, (an_envelope(means, "campaign:1", EURO),), 100)
    answers = at_once([lambda: charge(means, event)] * 12)
    assert {(one.outcome, one.charged_micros) for one in answers} == {("charged", 100)}
    assert [one.is_repeated for one in answers].count(False) == 1
    assert queries.balance_of(PAYER, "EUR") == EURO - 100


def test_race_for_the_last_of_a_budget_never_passes_it(means):
    fund(means, EURO)
    day, week = an_envelope(means, "campaign:1", 1_000), an_envelope(means, "campaign:1:w", 1_500, kind="week")
    # Each names them in another order, as those do who know nothing of each other.
    events = [an_event(means, (day, week) if number % 2 else (week, day), 70) for number in range(30)]
    answers = at_once([lambda event=event: charge(means, event) for event in events])
    assert [one.outcome for one in answers].count("charged") == 1_000 // 70
    assert envelope(means, "campaign:1").spent_micros == 980
    assert verify_ledger().difference is None


def test_race_of_funding_once_and_refunding_more_than_there_is(means):
    fund(means, 100)

    def refund(number):
        with transaction.atomic():
            entries = {PAYER: -30, OUTSIDE: 30}
            return actions.move(
                means, OPERATOR, key=f"refund:{number}", currency="EUR", reason="refund", entries=entries
            )

    answers = at_once(
        [lambda number=number: refund(number) for number in range(10)] + [lambda: fund(means, 50, key="same")] * 10
    )
    assert len({one.id for one in answers[10:]}) == 1, "one funding"
    refunded = sum(one != "balance_too_low" for one in answers[:10])
    assert refunded in {3, 4, 5}
    assert queries.balance_of(PAYER, "EUR") == 150 - 30 * refunded
    assert verify_ledger().difference is None


def test_race_of_two_credits_for_one_charge(means):
    fund(means, EURO)
    event = an_event(means, (an_envelope(means, "campaign:1", None),), 100)
    charge(means, event)

    def credit(number):
        with transaction.atomic():
            return actions.reverse_charge(
                means, OPERATOR, charge_key=event.key, currency="EUR", key=f"c:{number}", reason="invalid_traffic"
            ).id

    answers = at_once([lambda number=number: credit(number) for number in range(8)])
    assert answers.count("already_reversed") == 7
    assert queries.balance_of(PAYER, "EUR") == EURO


def test_race_of_two_hundred_changes_of_a_budget_while_it_is_spent(means):
    """Raise, lower, pause and resume, each against all others: no charge passes the limit that ruled its moment."""
    fund(means, EURO)
    keys = [f"campaign:{number}" for number in range(4)]
    ids = tuple(an_envelope(means, key, 1_000) for key in keys)
    chance = random.Random(4)

    def change(number):
        for _ in range(20):
            key = keys[(number + 1) % 4] if number % 2 else chance.choice(keys)
            with transaction.atomic():
                actions.set_limit(means, key=key, limit_micros=chance.randrange(500, 2_000))
            with transaction.atomic():
                actions.close_envelope(means, key=key)
                actions.reopen_envelope(means, key=chance.choice(keys))

    def settle(number):
        answers = []
        for _ in range(10):
            mine = list(ids)
            random.Random(number).shuffle(mine)
            answers += charge(means, *[an_event(means, tuple(mine[:3]), 7) for _ in range(5)])
        return sum(one.charged_micros for one in answers)

    answers = at_once(
        [lambda number=number: change(number) for number in range(10)]
        + [lambda number=number: settle(number) for number in range(4)]
    )
    charged = sum(answers[10:])
    assert queries.balance_of(REVENUE, "EUR") == charged == EURO - queries.balance_of(PAYER, "EUR")
    assert all(envelope(means, key).spent_micros < 2_000 for key in keys)
    assert verify_ledger().difference is None


def test_race_of_recounting_and_settling_finds_no_difference(means):
    fund(means, EURO)
    day = an_envelope(means, "campaign:1", None)
    answers = at_once(
        [lambda: [charge(means, *[an_event(means, (day,), 3)] * 2) for _ in range(30)]] * 2
        + [lambda: [verify_ledger().difference for _ in range(10)]]
    )
    assert answers[2] == [None] * 10


def test_race_of_opening_the_same_account_and_envelope(means):
    assert VERB_RETRIES > 0
    ids = at_once([lambda: an_envelope(means, "campaign:1", EURO)] * 8)
    assert len(set(ids)) == 1
    assert len(queries.list_accounts([PAYER])) == 1
