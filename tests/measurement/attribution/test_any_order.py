"""Any order, any batching, any retries: the same counters, the same outcomes, the same books."""

import random
from contextlib import contextmanager

import pytest
from django.db import transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from attise.ledger.models import Account, EnvelopePeriod
from attise.measurement.attribution.actions import Settler
from attise.measurement.attribution.models import AdHour, GroupQuarter, Outcome, Spending
from attise.measurement.attribution.whose import BY_TOKENS
from attise.measurement.counters.models import Followed, Hour, State, Subject, Watched
from attise.measurement.counters.signals import AT, SIGNALS
from attise.measurement.ingest.log import Entry, EntryKind
from attise.records.event import STATES, TYPES, encode_event
from tests.measurement.attribution.happened import (
    SPARK_AD,
    STANDARD_AD,
    ad_claims,
    claims,
    event,
    open_budget,
)
from tests.measurement.attribution.listed_log import ListedLog

PERMUTATIONS = 4
pytestmark = pytest.mark.django_db

drawn = st.fixed_dictionaries(
    {
        "decisions": st.lists(
            st.tuples(
                st.sampled_from(["organic", "OCPM", "CPC", "CPV", "standard"]),
                st.sampled_from(["ann", "bob", ""]),
            ),
            min_size=1,
            max_size=4,
        ),
        "events": st.lists(
            st.tuples(
                st.integers(0, 4),  # of which decision; the last: of none
                st.sampled_from(sorted(TYPES)),
                st.integers(0, 40),  # how long after
                st.sampled_from([-1, 500, 6_000, 30_000]),
                st.sampled_from(["", "", "", "declared_bot"]),
            ),
            min_size=1,
            max_size=18,
        ),
        "seed": st.integers(0, 2**32),
    }
)

OF_OUTCOMES = [field.name for field in Outcome._meta.concrete_fields if field.name != "position"]


def happen(means, envelopes, told):
    """Make the events of one example."""
    billing = {"OCPM": {}, "CPC": {"billing_event": "CPC"}, "CPV": {"billing_event": "CPV", "view_goal_ms": 6_000}}
    tokens = []
    for kind, viewer in told["decisions"]:
        if kind == "organic":
            tokens.append(claims(means, viewer=viewer))
        elif kind == "standard":
            tokens.append(claims(means, ad_claims(envelopes, ad_id=STANDARD_AD), viewer=viewer))
        else:
            tokens.append(claims(means, ad_claims(envelopes, ad_id=SPARK_AD, **billing[kind]), viewer=viewer))
    found = []
    for number, (which, type_, after, watch_ms, doubt) in enumerate(told["events"]):
        of = tokens[which] if which < len(tokens) else None
        if of is None and type_ == "click":
            continue
        # Clicks lie further apart than one may count; the rest may fall anywhere.
        after_s = 40 * number if type_ == "click" else after * 0.7
        said = {"event_id": f"e{number}", "watch_ms": watch_ms, "doubt": doubt}
        if type_ in STATES and number % 2:
            said["at_ms"] = means.clock.world_ms() + after * 400_000  # through several hours
        found.append(event(means, type_, of, after_s=after_s, **said))
    return found


def settle(means, events, chance: random.Random, *, is_plain: bool) -> None:
    log, sent = ListedLog(), list(events)
    if not is_plain:
        chance.shuffle(sent)
        sent += chance.choices(sent, k=len(sent))  # somebody sends again
        chance.shuffle(sent)
    settler = Settler(log, whose=BY_TOKENS, results_of=lambda _: {})
    while sent:
        size = len(sent) if is_plain else chance.randint(1, len(sent))
        log.append([Entry(EntryKind.EVENT, 0, encode_event(one)) for one in sent[:size]], at_ms=1)
        del sent[:size]
        if is_plain or not sent or chance.random() < 0.7:
            while not settler.settle(means).is_end:
                pass
            if not is_plain and chance.random() < 0.5:
                settler = Settler(log, whose=BY_TOKENS, results_of=lambda _: {})


def everything() -> dict[str, object]:
    """All that may be told of what was settled."""
    zero = dict.fromkeys(SIGNALS, 0)
    return {
        "subjects": sorted(Subject.objects.values_list("subject_id", "is_paid", "kind", "creator_id", *SIGNALS)),
        # An hour whose counts came and went again is as if it had never been.
        "hours": sorted(Hour.objects.exclude(**zero).values_list("subject_id", "hour_ms", "is_paid", *SIGNALS)),
        "states": sorted(State.objects.values_list("person", "kind", "object_id", "is_on", "body")),
        "watched": sorted(Watched.objects.values_list("decision_id", "watch_ms")),
        "outcomes": sorted(Outcome.objects.values_list(*OF_OUTCOMES)),
        "ads": sorted(AdHour.objects.exclude(**zero, spent_micros=0, charged=0).values_list()),
        "quarters": sorted(GroupQuarter.objects.exclude(impressions=0, clicks=0, views_6s=0).values_list()),
        "spending": sorted(Spending.objects.values_list()),
        "accounts": sorted(Account.objects.values_list("key", "balance_micros")),
        "periods": sorted(EnvelopePeriod.objects.values_list("envelope_id", "period", "spent_micros")),
        "follows": sorted({(one.person, one.creator_id): one.is_on for one in Followed.objects.order_by("id")}.items()),
    }


@contextmanager
def undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def envelopes(means):
    return open_budget(means)


@pytest.mark.parametrize("examples", [30, pytest.param(130, marks=pytest.mark.long)])
def test_any_order_any_batching_any_retries_come_to_the_same(means, envelopes, examples):
    seen = []

    # Each example is several settlements: shrinking takes minutes.
    @settings(max_examples=examples, phases=[Phase.generate])
    @given(drawn)
    def check(told):
        events = happen(means, envelopes, told)
        chance = random.Random(told["seed"])
        with undone():
            settle(means, events, chance, is_plain=True)
            plain = everything()
        check_sums(plain)
        for _ in range(PERMUTATIONS):
            with undone():
                settle(means, events, chance, is_plain=False)
                found = everything()
            assert found == plain
            seen.append(1)

    check()
    assert len(seen) == examples * PERMUTATIONS


def check_sums(found) -> None:
    """What is counted by the hour is what is counted in all, and nobody likes less than not at all."""
    in_all: dict[tuple[int, bool], list[int]] = {}
    for subject_id, _, is_paid, *counts in found["hours"]:
        row = in_all.setdefault((subject_id, is_paid), [0] * len(SIGNALS))
        in_all[subject_id, is_paid] = [one + more for one, more in zip(row, counts, strict=True)]
    for subject_id, is_paid, _, _, *counts in found["subjects"]:
        assert in_all.get((subject_id, is_paid), [0] * len(SIGNALS)) == list(counts)
        assert min(counts) >= 0
        assert counts[AT["views"]] <= max(counts[AT["impressions"]], 18)
