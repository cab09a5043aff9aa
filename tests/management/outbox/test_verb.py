"""A verb whose transaction loses to another is done again, a few times, and what it does is done once."""

from __future__ import annotations

import threading

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from attise.kernel.conflicts import is_conflict
from attise.kernel.limits import VERB_AGAIN_S, VERB_RETRIES
from attise.kernel.means import Means
from attise.management.outbox import queries
from attise.management.outbox.actions import unit, verb
from attise.management.outbox.actions.verb import PAUSE_S
from attise.management.outbox.models import Change, Notice, Version
from attise.records.change import ChangeKind
from tests.builders import a_creator, a_post
from tests.losing import FOR_EVER, losing
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
TABLE = "outbox_change"


def a_deed():
    """Return a verb that tells ``begun`` each time it begins."""
    begun = []

    @verb
    def deed(means: Means, object_id: int = 1, then=None) -> int:
        begun.append(object_id)
        with unit(means) as work:
            work.change(ChangeKind.POST_CHANGED, object_id)
            work.notice("creator", 5, "post_ready", object_id)
            if then is not None:
                then()
        return object_id

    deed.begun = begun
    return deed


@pytest.fixture
def deed():
    return a_deed()


def done() -> tuple[list[tuple[int, int]], int]:
    """Return every change as its number and object, and how many notices there are."""
    return list(Change.objects.order_by("version").values_list("version", "object_id")), Notice.objects.count()


@pytest.mark.parametrize("sqlstate", ["40001", "40P01"])
def test_what_loses_is_done_again_and_once(means, clock, deed, sqlstate):
    with losing(clock, 2, table=TABLE, sqlstate=sqlstate) as lost:
        assert deed(means, object_id=7) == 7
    assert done() == ([(1, 7)], 1)
    assert len(lost.pauses) == 2
    assert all(0 <= pause < PAUSE_S * 2**number for number, pause in enumerate(lost.pauses))


def test_what_loses_too_often_is_given_up_with_nothing_done(means, clock, deed):
    with losing(clock, FOR_EVER, table=TABLE) as lost, pytest.raises(OperationalError) as raised:
        deed(means)
    assert is_conflict(raised.value)
    assert (len(lost.pauses), done()) == (VERB_RETRIES, ([], 0))
    assert deed(means) == 1
    assert done() == ([(1, 1)], 1)


def test_no_try_is_begun_after_its_time(means, clock, deed):
    with losing(clock, FOR_EVER, table=TABLE) as lost:
        heard = clock.pause

        def slowly(seconds: float) -> None:
            heard(seconds)
            clock.advance(seconds=VERB_AGAIN_S / 2)

        clock.pause = slowly
        with pytest.raises(OperationalError):
            deed(means)
    assert len(lost.pauses) == 2


def test_another_failure_is_not_tried_again(means, deed):
    def fail():
        raise IntegrityError("told once")

    with pytest.raises(IntegrityError):
        deed(means, then=fail)
    assert (deed.begun, done()) == ([1], ([], 0))


def test_what_was_committed_is_not_done_again_when_a_hook_fails(means, clock, deed):
    """Not even by a conflict, which a hook that opens a transaction of its own may meet."""
    with losing(clock, FOR_EVER, table=TABLE), pytest.raises(OperationalError) as raised:
        deed(means)

    def hook():
        raise raised.value

    deed.begun.clear()
    with pytest.raises(OperationalError):
        deed(means, then=lambda: transaction.on_commit(hook))
    assert deed.begun == [1]
    assert done() == ([(1, 1)], 1)


def test_a_verb_within_another_is_done_again_with_the_whole_of_it(means, clock, deed):
    begun = []

    @verb
    def outer(means: Means) -> None:
        begun.append(None)
        with unit(means) as work:
            work.change(ChangeKind.POST_CHANGED, 1)
            deed(means, object_id=2)

    with losing(clock, 1, table=TABLE):
        outer(means)
    assert len(begun) == 2
    assert done() == ([(1, 1), (2, 2)], 1)


def test_a_verb_that_called_another_before_its_own_unit_is_not_done_twice(means, deed):
    first = a_deed()

    @verb
    def outer(means: Means) -> None:
        first(means, object_id=1)
        raise OperationalError("lost") from ConflictError()

    with pytest.raises(OperationalError):
        outer(means)
    assert first.begun == [1]
    assert done() == ([(1, 1)], 1)


class ConflictError(Exception):
    """What a driver of PostgreSQL raises, as far as anyone looks."""

    sqlstate = "40001"


def test_tries_do_not_multiply_where_verbs_call_verbs(means, clock):
    begun = []

    @verb
    def inner(means: Means) -> None:
        begun.append(None)
        raise OperationalError("lost") from ConflictError()

    @verb
    def outer(means: Means) -> None:
        inner(means)

    with pytest.raises(OperationalError):
        outer(means)
    assert len(begun) == VERB_RETRIES + 1


def test_a_verb_is_given_nothing_that_can_be_read_once_only(means):
    @verb
    def act(means: Means, values) -> list[int]:
        return list(values)

    assert act(means, [1, 2]) == [1, 2]
    with pytest.raises(AssertionError, match="once only"):
        act(means, iter([1, 2]))


def test_other_troubles_of_a_database_are_no_conflicts():
    assert not is_conflict(OperationalError("database is locked"))  # words prove nothing
    cut = OperationalError("the connection was cut")
    cut.__cause__ = type("Cut", (Exception,), {"sqlstate": "08006"})()
    assert not is_conflict(cut)
    full = OperationalError("disk full")
    full.__cause__ = type("Full", (Exception,), {"sqlite_errorcode": 13})()
    assert not is_conflict(full)


def test_two_that_wait_for_each_other_in_a_circle_are_both_done_once(means, clock):
    """On PostgreSQL each holds what the other wants, and the server undoes one; on SQLite one waits its turn."""
    creator = a_creator(means)
    posts = [a_post(means, creator).id for _ in range(2)]
    met, one_is_done = threading.Barrier(2), threading.Event()
    begun = []
    clock.pause = lambda _seconds: one_is_done.wait(20)

    @verb
    def both(means: Means, order: list[int]) -> None:
        begun.append(order)
        with unit(means) as work:
            for number, post_id in enumerate(order):
                _add_a_word(post_id)
                if number == 0 and connection.vendor == "postgresql" and len(begun) <= 2:
                    met.wait(20)
            work.change(ChangeKind.POST_CHANGED, order[0])

    def do(order: list[int]) -> None:
        both(means, order)
        one_is_done.set()

    at_once([lambda: do(posts), lambda: do(posts[::-1])])
    assert _words(posts) == [2, 2]
    assert sorted(Change.objects.values_list("object_id", flat=True)) == sorted(posts)
    assert queries.get_version() == 2
    assert len(begun) == (3 if connection.vendor == "postgresql" else 2)


def _add_a_word(post_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE posts_post SET sound = sound || 'x' WHERE id = %s", [post_id])


def _words(post_ids: list[int]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, length(sound) FROM posts_post")
        lengths = dict(cursor.fetchall())
    return [lengths[post_id] for post_id in post_ids]


def test_the_version_row_is_free_after_a_loss(means, clock, deed):
    with losing(clock, FOR_EVER, table=TABLE), pytest.raises(OperationalError):
        deed(means)
    assert Version.objects.get().n == 0
    with transaction.atomic():
        Version.objects.filter(id=1).select_for_update(nowait=connection.vendor == "postgresql").get()
