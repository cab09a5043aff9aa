"""Tallies add up in rows: in all and by the hour, organic and paid, by post and by creator."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from attise.measurement.counters import actions, queries
from attise.measurement.counters.folding import NEW, Act, Subject, with_act
from attise.measurement.counters.signals import OF_STATE, OF_TYPE, SIGNALS
from attise.measurement.counters.tally import Tally
from attise.records.event import STATES, TYPES
from attise.records.totals import PostCounts, PostTotals

HOUR = 3_600_000
POST, OTHER, PROFILE = Subject("post", 11, 5), Subject("post", 12, 5), Subject("profile", 5, 5)
pytestmark = pytest.mark.django_db


def write(tally: Tally, **what) -> None:
    with transaction.atomic():
        actions.count(tally, **{"states": {}, "watched": {}, "followed": (), **what})


def test_every_type_of_event_moves_one_counter():
    assert OF_TYPE.keys() | STATES.keys() == TYPES
    assert {*OF_TYPE.values(), *OF_STATE.values()} <= set(SIGNALS)
    assert set(PostCounts.__struct_fields__) <= set(SIGNALS), "what decisions learn of is counted"


def test_parts_hours_and_totals_add_up():
    for paid, at_ms, step in ((False, 10, 1), (False, HOUR + 1, 2), (True, HOUR + 2, 5), (True, 5, -1)):
        tally = Tally()
        tally.add(POST, "likes", at_ms, is_paid=paid, step=step)
        tally.add(POST, "watch_ms", at_ms, is_paid=paid, step=1_000)
        write(tally)
    counts = queries.counts_of(POST.id)
    assert (counts.of("likes").organic, counts.of("likes").paid, counts.of("likes").total) == (3, 4, 7)
    assert counts.of("watch_ms").total == 4_000
    assert counts.of("saves").total == 0
    hours = queries.list_hours(POST.id, from_ms=0, to_ms=2 * HOUR)
    assert [(one.hour_ms, one.counts.of("likes").organic, one.counts.of("likes").paid) for one in hours] == [
        (0, 1, -1),
        (HOUR, 2, 5),
    ]
    assert queries.list_hours(POST.id, from_ms=HOUR + 1, to_ms=2 * HOUR) == []
    (totals,) = queries.list_post_totals([POST.id, 99])
    assert totals == PostTotals(11, PostCounts(likes=3, watch_ms=2_000), PostCounts(likes=4, watch_ms=2_000))


def test_a_creator_has_what_all_of_theirs_have():
    tally = Tally()
    tally.add(POST, "follows", 0, is_paid=True)
    tally.add(OTHER, "follows", 0, is_paid=False, step=2)
    tally.add(PROFILE, "follows", 0, is_paid=False, step=4)
    tally.add(Subject("post", 13, 6), "follows", 0, is_paid=False, step=8)
    write(tally)
    follows = queries.counts_of_creator(5).of("follows")
    assert (follows.organic, follows.paid) == (6, 1)
    assert queries.counts_of_creator(7).of("follows").total == 0


def test_states_and_watching_are_found_again():
    key = ("ann", "like", 11)
    state, turns = with_act(NEW, Act(7, "e", True, False, "post", 11, 5))
    tally = Tally()
    tally.turn("like", turns[0])
    write(tally, states={key: state}, watched={900: 4_000}, followed=[("ann", 5, True), ("bob", 5, False)])
    assert actions.read_states([key, ("ann", "save", 11)]) == {key: state}
    assert actions.read_watched([900, 901]) == {900: 4_000}
    assert queries.list_on("ann", "like", [11, 12]) == {11}
    off, turns = with_act(state, Act(8, "f", False, False, "post", 11, 5))
    tally = Tally()
    tally.turn("like", turns[0])
    write(tally, states={key: off}, watched={900: 5_000})
    assert actions.read_watched([900]) == {900: 5_000}
    assert queries.list_on("ann", "like", [11]) == set()
    assert queries.counts_of(11).of("likes").total == 0
    listed = actions.list_followed(10)
    assert [(one.person, one.is_on) for one in listed] == [("ann", True), ("bob", False)]
    actions.forget_followed([listed[0].id])
    assert [one.person for one in actions.list_followed(10)] == ["bob"]


def test_what_was_watched_is_swept_by_the_age_of_its_decision():
    write(Tally(), watched={(1_000 << 22): 1, (2_000 << 22): 1, (3_000 << 22) + 5: 1})
    assert actions.sweep_watched(before_ms=3_000, limit=1) == 1
    assert actions.sweep_watched(before_ms=3_000, limit=10) == 1
    assert actions.sweep_watched(before_ms=3_000, limit=10) == 0
    assert actions.read_watched([(3_000 << 22) + 5]) == {(3_000 << 22) + 5: 1}


def test_a_batch_takes_as_many_statements_whatever_it_counts():
    def statements(many: int) -> int:
        tally, states = Tally(), {}
        for number in range(many):
            tally.add(Subject("post", 100 + number, 5), "likes", 0, is_paid=number % 2 == 0)
            key = (f"p{number}", "like", 100 + number)
            states[key], _ = with_act(NEW, Act(7, "e", True, False, "post", 11, 5))
        with CaptureQueriesContext(connection) as caught:
            write(tally, states=states, watched=dict.fromkeys(range(1, many), 5), followed=[("ann", 5, True)] * many)
        return len([one for one in caught.captured_queries if "INSERT" in one["sql"]])

    assert statements(150) == statements(3) <= 5
