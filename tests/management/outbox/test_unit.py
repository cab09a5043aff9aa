"""A unit of work numbers its changes last, and tells nothing that was undone."""

import pytest

from attise.management.outbox import queries
from attise.management.outbox.actions import unit
from attise.management.outbox.models import Change, Notice
from attise.records.change import ChangeKind

pytestmark = pytest.mark.django_db


def test_changes_of_one_unit_get_consecutive_numbers(means):
    with unit(means) as work:
        work.change(ChangeKind.POST_STOPPED, 1, reason="deleted")
        work.change(ChangeKind.GRANT_STOPPED, 2)
    with unit(means) as work:
        work.change(ChangeKind.POST_CHANGED, 3)
    rows = list(Change.objects.order_by("version").values_list("version", "kind", "object_id", "body"))
    assert rows == [
        (1, "post_stopped", 1, '{"reason":"deleted"}'),
        (2, "grant_stopped", 2, "{}"),
        (3, "post_changed", 3, "{}"),
    ]
    assert queries.get_version() == 3


def test_a_refused_unit_tells_nothing(means):
    with pytest.raises(RuntimeError), unit(means) as work:
        work.change(ChangeKind.POST_STOPPED, 1)
        work.notice("creator", 5, "code_redeemed", 1)
        raise RuntimeError
    assert queries.get_version() == 0
    assert not Change.objects.exists()
    assert not Notice.objects.exists()


def test_a_refused_inner_unit_leaves_the_outer_one_whole(means):
    with unit(means) as outer:
        outer.change(ChangeKind.POST_CHANGED, 1)
        with pytest.raises(RuntimeError), unit(means) as inner:
            inner.change(ChangeKind.POST_STOPPED, 2)
            raise RuntimeError
        with unit(means) as inner:
            inner.change(ChangeKind.POST_CHANGED, 3)
    assert list(Change.objects.order_by("version").values_list("object_id", flat=True)) == [1, 3]


def test_a_notice_that_is_once_is_once(means):
    for _ in range(2):
        with unit(means) as work:
            work.notice("creator", 5, "authorization_ending", 1, once="ending/1/7")
    page = queries.list_notices("creator", 5)
    assert [notice.kind for notice in page.items] == ["authorization_ending"]
