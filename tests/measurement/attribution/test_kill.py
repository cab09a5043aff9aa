"""kill -9 at any statement while events are settled: none lost, none twice, and the books add up."""

import random

import pytest
from django.db.models import Sum

from attise.ledger import queries as books
from attise.ledger.models import Charge
from attise.ledger.verify import verify_ledger
from attise.measurement.attribution.models import AdHour, Outcome, Position
from attise.measurement.counters import queries as counters
from tests.killing import kill_beside
from tests.measurement.attribution.happened import (
    POST,
    Happened,
    ad_claims,
    claims,
    event,
    open_budget,
)

PRICE = 12_345


def settle_killed(means, tmp_path, *, rounds: int, decisions: int, steps: int) -> None:
    envelopes = open_budget(means)
    happened = Happened(means, tmp_path)
    chance = random.Random(rounds)
    sent = []
    for number in range(decisions):
        of = claims(means, ad_claims(envelopes) if number % 3 == 0 else None, viewer=f"p{number}")
        means.clock.advance(seconds=0.01)
        sent += [event(means, "impression", of), event(means, "view_2s", of, after_s=3), event(means, "like", of)]
    # Half of it is acknowledged twice, because it is sent twice.
    told = [*chance.sample(sent, len(sent)), *chance.sample(sent, len(sent) // 2)]
    for begin in range(0, len(told), 500):
        happened.append(told[begin : begin + 500])
    seen = kill_beside(
        __file__,
        log=str(tmp_path),
        rounds=rounds,
        steps=steps,
        seed=rounds,
        before_ms=means.clock.wire_ms() + 1,  # all of it is old: only settling holds it
    )
    assert seen["wrong"] == []
    assert seen["kills"] >= rounds * 0.8
    assert rounds / 5 <= seen["moved"] < rounds, "kills between two batches, and in the middle of them"
    paid = (decisions + 2) // 3
    counted = counters.counts_of(POST)
    for signal in ("impressions", "views", "views_2s", "likes"):
        assert (counted.of(signal).total, counted.of(signal).paid) == (decisions, paid), signal
    assert Position.objects.get().events == len(sent) + len(sent) // 2
    assert Charge.objects.count() == Outcome.objects.filter(outcome="charged").count() == paid
    spent = books.find_envelope("campaign:1", at_ms=means.clock.world_ms()).spent_micros
    assert spent == AdHour.objects.aggregate(Sum("spent_micros"))["spent_micros__sum"] == paid * PRICE
    assert verify_ledger().difference is None
    assert happened.log.oldest() is None, "all was let go of, and nothing before it was counted"
    assert {sum(one.by_kind.values()) for one in books.list_totals()} == {0}
    happened.close()


@pytest.mark.django_db(transaction=True)
def test_a_kill_at_any_moment_loses_nothing_and_counts_nothing_twice(means, tmp_path):
    settle_killed(means, tmp_path, rounds=20, decisions=1_800, steps=80)


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_two_hundred_kills(means, tmp_path):
    settle_killed(means, tmp_path, rounds=200, decisions=15_000, steps=80)
