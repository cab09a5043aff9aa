"""A key is held, answered, given back or left to its lease: the cases that the room names, one by one."""

from __future__ import annotations

import pytest
from django.db import transaction

from attise.kernel.errors import Refusal
from attise.kernel.limits import ANSWER_TIMEOUT_S, IDEMPOTENCY_LIFE_MS
from attise.management.idempotency.actions import Hold, Kept, Scope, give_back, keep_answer, sweep, take_key
from attise.management.idempotency.actions.hold import LEASE_MS
from attise.management.idempotency.models import Key
from tests.races import at_once
from tests.refusals import refusals_of

pytestmark = pytest.mark.django_db
SCOPE = Scope("host:1", "POST", "/v1/creators")
BODY, OTHER_BODY = "a" * 64, "b" * 64


def take(means, body=BODY, *, key="k", scope=SCOPE):
    return take_key(means, scope=scope, key=key, body_hash=body)


def keep(means, hold, answer=b'{"made":1}', status=201):
    with transaction.atomic():
        keep_answer(means, hold, status=status, answer=answer)


def test_a_new_key_is_held(means):
    assert isinstance(take(means), Hold)


def test_an_answered_key_answers_again_word_for_word(means):
    keep(means, take(means), b'{"said": "\xc3\xa9"}', 201)
    assert take(means) == Kept(201, b'{"said": "\xc3\xa9"}')


def test_another_body_is_refused_while_running_and_once_answered(means):
    hold = take(means)
    assert refusals_of(take, means, OTHER_BODY) == [("Idempotency-Key", "idempotency_key_reused")]
    keep(means, hold)
    assert refusals_of(take, means, OTHER_BODY) == [("Idempotency-Key", "idempotency_key_reused")]


def test_the_same_request_still_running_is_asked_to_wait(means):
    take(means)
    with pytest.raises(Refusal) as refused:
        take(means)
    assert refused.value.code == "idempotency_key_running"
    assert 1 <= refused.value.params["retry_after_s"] <= 5


def test_a_refused_request_leaves_the_key_free(means):
    give_back(take(means))
    assert not Key.objects.exists()
    assert isinstance(take(means, OTHER_BODY), Hold)


def test_a_lease_outlives_any_answer_and_then_ends_by_itself(means, clock):
    take(means)
    clock.advance(seconds=ANSWER_TIMEOUT_S)
    assert refusals_of(take, means) == [("Idempotency-Key", "idempotency_key_running")]
    clock.advance(seconds=LEASE_MS / 1000 - ANSWER_TIMEOUT_S)
    assert isinstance(take(means, OTHER_BODY), Hold), "nothing was made: the next request may ask for something else"


def test_a_late_holder_cannot_keep_its_answer_over_a_newer_ones(means, clock):
    late = take(means)
    clock.advance(seconds=LEASE_MS / 1000)
    newer = take(means)
    assert refusals_of(keep, means, late, b"late") == [("Idempotency-Key", "idempotency_hold_lost")]
    keep(means, newer, b"newer")
    assert refusals_of(keep, means, late, b"late") == [("Idempotency-Key", "idempotency_hold_lost")]
    give_back(late)
    assert take(means) == Kept(201, b"newer")


def test_a_late_holder_that_nobody_overtook_keeps_its_answer(means, clock):
    hold = take(means)
    clock.advance(seconds=LEASE_MS / 1000 + 60)
    keep(means, hold)
    assert isinstance(take(means), Kept)


def test_an_answer_is_undone_with_the_work_it_tells_of(means):
    hold = take(means)
    with pytest.raises(RuntimeError), transaction.atomic():
        keep_answer(means, hold, status=201, answer=b"x")
        raise RuntimeError
    assert refusals_of(take, means) == [("Idempotency-Key", "idempotency_key_running")]


def test_a_key_is_another_key_elsewhere(means):
    keep(means, take(means))
    for scope in (
        Scope("host:2", "POST", "/v1/creators"),
        Scope("host:1", "PATCH", "/v1/creators"),
        Scope("host:1", "POST", "/v1/viewers"),
        Scope("host:1P", "OST", "/v1/creators"),  # the parts do not run together
    ):
        assert isinstance(take(means, scope=scope), Hold)


def test_a_day_later_the_key_is_new_and_old_ones_are_swept(means, clock):
    keep(means, take(means, key="old"))
    clock.advance(seconds=IDEMPOTENCY_LIFE_MS / 1000 - 1)
    keep(means, take(means, key="young"))
    assert isinstance(take(means, key="old"), Kept)
    assert sweep(means) == 0
    clock.advance(seconds=1)
    assert sweep(means) == 1
    assert isinstance(take(means, OTHER_BODY, key="old"), Hold)
    assert isinstance(take(means, key="young"), Kept)


def test_an_unswept_old_key_is_new_all_the_same(means, clock):
    keep(means, take(means))
    clock.advance(seconds=IDEMPOTENCY_LIFE_MS / 1000)
    assert isinstance(take(means, OTHER_BODY), Hold)


def test_what_is_stored_says_nothing_to_whoever_reads_the_table(means):
    keep(means, take(means, key="visible-key"), b'{"code":"a-code-shown-once"}')
    row = Key.objects.get()
    told = f"{row.scope_hash}{row.body_hash}{row.holder}".encode() + bytes(row.answer)
    assert b"shown-once" not in told
    assert b"visible-key" not in told


def test_an_answer_moved_to_another_row_does_not_open(means):
    keep(means, take(means, key="one"), b"one")
    keep(means, take(means, key="two"), b"two")
    one, two = Key.objects.order_by("id")
    Key.objects.filter(id=two.id).update(answer=bytes(one.answer))
    with pytest.raises(AssertionError, match="does not open"):
        take(means, key="two")


@pytest.mark.django_db(transaction=True)
def test_of_a_hundred_copies_one_holds_the_key(means):
    answers = at_once([lambda: take(means)] * 100)
    holds = [answer for answer in answers if isinstance(answer, Hold)]
    assert len(holds) == 1
    assert answers.count("idempotency_key_running") == 99


@pytest.mark.django_db(transaction=True)
def test_of_many_who_find_a_lease_over_one_takes_it(means, clock):
    take(means)
    clock.advance(seconds=LEASE_MS / 1000)
    answers = at_once([lambda: take(means)] * 20)
    assert sum(isinstance(answer, Hold) for answer in answers) == 1
    assert answers.count("idempotency_key_running") == 19


@pytest.mark.django_db(transaction=True)
def test_keys_given_back_and_taken_by_many_leave_one_answer(means):
    def persist() -> bytes:
        while True:
            try:
                taken = take(means)
            except Refusal:
                continue
            if isinstance(taken, Kept):
                return taken.answer
            if means.chance.uniform() < 0.5:
                give_back(taken)
                continue
            keep(means, taken, taken.mark.encode())
            return taken.mark.encode()

    answers = at_once([persist] * 8)
    assert len(set(answers)) == 1
    assert Key.objects.count() == 1
