"""A recount from the log finds nothing where nothing was touched, and the first thing that was."""

import pytest
from django.db.models import F

from attise.measurement.attribution.models import AdHour, Outcome, Position
from attise.measurement.attribution.recount import recount
from attise.measurement.counters.models import Hour, State, Subject
from tests.measurement.attribution.happened import (
    POST,
    event,
    lived,
    open_budget,
)

pytestmark = pytest.mark.django_db(transaction=True)


def found(happened) -> str | None:
    return recount(happened.log, whose=happened.whose).difference


def test_nothing_is_found_where_nothing_was_touched(means, happened):
    assert found(happened) is None
    lived(means, happened)
    verdict = recount(happened.log, whose=happened.whose)
    assert (verdict.difference, verdict.events, verdict.is_whole) == (None, 400, True)
    assert Outcome.objects.filter(outcome="free").exists()
    assert Position.objects.get().doubted > 0


def test_what_is_not_settled_yet_is_no_difference(means, happened):
    happened.append([event(means, "share", person=f"p{n}") for n in range(450)])
    happened.settler.settle(means)
    assert (Position.objects.get().events, found(happened)) == (200, None)


@pytest.mark.parametrize(
    ("touch", "named"),
    [
        (
            lambda: Subject.objects.filter(subject_id=POST, is_paid=False).update(likes=F("likes") + 1),
            "likes of all of",
        ),
        (lambda: Hour.objects.filter(subject_id=POST).update(views=F("views") + 1), "views of post"),
        (lambda: Subject.objects.filter(subject_id=711).delete(), "all of 711"),
        (lambda: State.objects.filter(pk__in=[State.objects.first().pk]).delete(), "state"),
        (lambda: AdHour.objects.update(spent_micros=F("spent_micros") - 1), "money of ad"),
        (lambda: Outcome.objects.update(counted=0), "outcome of decision"),
        (lambda: Position.objects.update(position=F("position") + 9), "the log ends at"),
    ],
)
def test_the_first_thing_that_was_touched_is_named(means, happened, touch, named):
    lived(means, happened)
    touch()
    assert named in found(happened)


def test_a_charge_without_its_event_is_found(means, happened):
    from tests.ledger.payers import an_event, charge

    envelopes = open_budget(means)
    charge(means, an_event(means, envelopes, 5, key="event:00ff"))
    assert found(happened) == "charge event:00ff: None by the log, 5 by the house"


def test_where_the_log_was_let_go_of_sums_are_compared(means, happened):
    lived(means, happened)
    happened.log.prune(before_ms=1 << 62, upto=3)
    verdict = recount(happened.log, whose=happened.whose)
    assert (verdict.difference, verdict.is_whole) == (None, False)
    Subject.objects.filter(subject_id=POST).update(likes=F("likes") + 1)
    assert "likes of all of" in found(happened)
