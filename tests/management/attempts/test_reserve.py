"""An attempt takes its place before it is made, gives it back when it turns out well, and is told how long to wait."""

import pytest

from attise.kernel.errors import Refusal
from attise.management.attempts.actions import (
    Guard,
    Limit,
    forgive,
    give_back,
    record_failure,
    refuse_if_too_many,
    reserve,
    sweep,
)
from attise.management.attempts.models import Attempt
from tests.losing import losing
from tests.races import at_once
from tests.refusals import refusals_of

WAIT = [(None, "too_many_requests")]
FEW = Guard("door", "ines", (Limit(3, minutes=5),))
TWO_WINDOWS = Guard("door", "paul", (Limit(3, minutes=5), Limit(6, minutes=60)))


@pytest.mark.django_db
def test_places_run_out_and_come_back_with_time(means, clock):
    for _ in range(3):
        reserve(means, [FEW])
    assert refusals_of(reserve, means, [FEW]) == WAIT
    clock.advance(seconds=300)
    assert reserve(means, [FEW])


@pytest.mark.django_db
def test_a_refused_attempt_takes_no_place(means, clock):
    for _ in range(3):
        reserve(means, [FEW])
    for _ in range(5):
        assert refusals_of(reserve, means, [FEW]) == WAIT
    assert Attempt.objects.get().count == 3


@pytest.mark.django_db
def test_a_place_given_back_is_free_even_after_the_minute_has_turned(means, clock):
    for _ in range(5):
        place = reserve(means, [FEW])
        clock.advance(seconds=61)
        give_back(means, place)
    assert sum(Attempt.objects.values_list("count", flat=True)) == 0


@pytest.mark.django_db
def test_one_subject_s_limit_refuses_the_whole_attempt(means):
    other = Guard("door", "zoe", FEW.limits)
    for _ in range(3):
        reserve(means, [FEW])
    assert refusals_of(reserve, means, [other, FEW]) == WAIT
    assert Attempt.objects.count() == 1
    for _ in range(3):
        reserve(means, [other])


@pytest.mark.django_db
def test_the_longest_wait_is_the_one_told(means, clock):
    for _ in range(2):
        for _ in range(3):
            record_failure(means, [TWO_WINDOWS])
        with pytest.raises(Refusal) as told:
            refuse_if_too_many(means, [TWO_WINDOWS])
        clock.advance(seconds=301)
    assert told.value.params["retry_after_s"] > 3_000


@pytest.mark.django_db
def test_success_forgives_and_old_rows_are_swept(means, clock):
    for _ in range(3):
        reserve(means, [FEW])
    forgive(means, FEW)
    reserve(means, [FEW])
    clock.advance(days=1, seconds=60)
    assert sweep(means) == 1


@pytest.mark.django_db
def test_nobody_is_named_in_what_is_kept(means):
    reserve(means, [FEW])
    assert "ines" not in str(list(Attempt.objects.values()))


@pytest.mark.django_db(transaction=True)
def test_race_of_twenty_for_three_places(means):
    answers = at_once([lambda: reserve(means, [FEW])] * 20)
    assert answers.count("too_many_requests") == 17
    assert Attempt.objects.get().count == 3


@pytest.mark.django_db(transaction=True)
def test_an_attempt_that_loses_to_another_transaction_counts_once_and_comes_back_once(means, clock):
    with losing(clock, 2, table="attempts_attempt"):
        place = reserve(means, [FEW, TWO_WINDOWS])
    assert sorted(Attempt.objects.values_list("count", flat=True)) == [1, 1]
    with losing(clock, 2, table="attempts_attempt") as lost:
        give_back(means, place)
    assert len(lost.pauses) == 2
    assert sorted(Attempt.objects.values_list("count", flat=True)) == [0, 0]
