"""What a campaign changed of purchases: of those known before, with what they bought before taken out."""

from __future__ import annotations

import numpy as np

from attise.measurement.conversions.known import Customer
from attise.measurement.lift.covariates import adjust
from attise.measurement.lift.customers import customers_of
from attise.measurement.lift.queries import PersonView
from attise.measurement.lift.study import Verdict, study

WON_MS = 1_000_000


def person(number: int, *, is_held: bool) -> PersonView:
    return PersonView(f"v{number:04}", is_held, WON_MS)


def world(rng: np.random.Generator, *, many: int = 4_000, lift: float = 0.0):
    """Half of the viewers are known; who bought before buys more often again, and an ad adds ``lift`` to that."""
    people, known = [], {}
    for number in range(many):
        one = person(number, is_held=bool(rng.random() < 0.3))
        people.append(one)
        if number % 2:
            continue
        before = rng.random() < 0.4
        after = rng.random() < (0.5 if before else 0.05) + (0.0 if one.is_held else lift)
        done = [(WON_MS - 10, WON_MS - 5)] * before + [(WON_MS - 10, WON_MS + 5)] * after
        known[one.person] = Customer(WON_MS - 10, tuple(done))
    return people, known, np.ones(many)


def test_who_was_known_before_is_compared_and_nobody_else():
    people, known, spent = world(np.random.default_rng(1), lift=0.1)
    found = customers_of(people, known, spent, held_part=0.3)
    assert found.known_part == 0.5
    assert found.did.shown.viewers + found.did.held.viewers == 2_000
    assert found.did.verdict is Verdict.MORE
    assert found.did.effect.low < 0.1 < found.did.effect.high
    assert found.did.adjusted is not None
    assert found.did.adjusted.is_used
    assert found.did.adjusted.explained > 0.15


def test_a_name_that_was_learned_after_the_ad_won_counts_in_neither_arm():
    """The ad makes people click, and a click makes a page know them: counted, it would seem to have sold."""
    people = [person(number, is_held=number % 2 == 0) for number in range(400)]
    known = {one.person: Customer(WON_MS - 10, ()) for one in people}
    for one in people:
        if not one.is_held:
            known[one.person] = Customer(WON_MS - 10, ((WON_MS + 3, WON_MS + 5),))
    late = {one.person: Customer(WON_MS, ((WON_MS, WON_MS + 5),)) for one in people if not one.is_held}
    found = customers_of(people, known, np.ones(400), held_part=0.5)
    assert (found.did.shown.events, found.did.held.events) == (0, 0)
    nobody = customers_of(people, late, np.ones(400), held_part=0.5)
    assert (nobody.known_part, nobody.did.verdict) == (0.0, Verdict.TOO_LITTLE)
    assert customers_of([], {}, np.zeros(0), held_part=0.5).known_part == 0.0


def test_alike_arms_differ_five_times_of_a_hundred_with_what_was_before_taken_out():
    rng, differs, narrower = np.random.default_rng(7), [], []
    for _ in range(1_000):
        is_held = rng.random(600) < 0.3
        before = rng.gamma(0.8, 2.0, 600)
        after = rng.poisson(before) + 0.0
        narrowed, plain = (study(after, is_held, before=known) for known in (before, None))
        differs.append(narrowed.effect.differs)
        narrower.append((narrowed.effect.high - narrowed.effect.low) / (plain.effect.high - plain.effect.low))
    assert 0.036 <= np.mean(differs) <= 0.064
    assert np.mean(narrower) < 0.75


def test_what_explains_nothing_is_left_alone_and_told_so():
    rng = np.random.default_rng(8)
    outcomes, noise = rng.normal(size=2_000), rng.normal(size=2_000)
    found = adjust((outcomes[:1_000], noise[:1_000]), (outcomes[1_000:], noise[1_000:]))
    assert not found.is_used
    assert found.explained < 0.01
    assert np.array_equal(found.first, outcomes[:1_000])
