"""An ad or an advertiser is hidden from a viewer, by an act or by their choice; and shown again."""

from __future__ import annotations

from collections.abc import Callable

from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.means import Means
from attise.management.accounts.queries import get_advertiser
from attise.management.outbox.actions import unit, verb
from attise.management.viewers.hiding import Entry, with_hidden, without_brand
from attise.management.viewers.models import Viewer
from attise.management.viewers.owned import owned_by
from attise.management.viewers.queries import get_viewer
from attise.management.viewers.views import ViewerView, entries_of, record_text, viewer_view
from attise.records.change import ChangeKind


def note_hidden(means: Means, *, pseudonym: str, advertiser_id: int, ad_id: int, at_ms: int) -> None:
    """Write down that a viewer hid an ad, or with 0 everything of an advertiser; ``at_ms`` is world time.

    Nothing where the viewer was erased. Asked twice, it does no harm.
    """
    _change(means, lambda rows: with_hidden(rows, Entry(advertiser_id, ad_id, at_ms)), pseudonym=pseudonym)


def hide_brand(means: Means, *, viewer_id: int, advertiser_id: int) -> ViewerView:
    """Show a viewer no ad of an advertiser any more. Raises: ``not_found``."""
    _check(viewer_id, advertiser_id)
    entry = Entry(advertiser_id, 0, means.clock.world_ms())
    return _found(_change(means, lambda rows: with_hidden(rows, entry), id=viewer_id))


def show_brand(means: Means, *, viewer_id: int, advertiser_id: int) -> ViewerView:
    """Let ads of an advertiser be shown to a viewer again, those that were hidden one by one too.

    Raises: ``not_found``.
    """
    _check(viewer_id, advertiser_id)
    return _found(_change(means, lambda rows: without_brand(rows, advertiser_id), id=viewer_id))


def _check(viewer_id: int, advertiser_id: int) -> None:
    """See that both are there, the viewer first."""
    get_viewer(viewer_id)
    get_advertiser(advertiser_id)


@verb
def _change(means: Means, change: Callable[[list[Entry]], list[Entry]], **which: object) -> ViewerView | None:
    with unit(means) as work:
        row = Viewer.objects.select_for_update(no_key=True).filter(**which).first()
        if row is None:
            return None
        before = entries_of(row)
        after = change(before)
        if after != before:
            row.hidden = [list(one) for one in after]
            row.record = record_text(row, owns=owned_by(row.person_id))
            row.save(update_fields=["hidden", "record"])
            work.change(ChangeKind.VIEWER_CHANGED, row.id)
    return viewer_view(row)


def _found(view: ViewerView | None) -> ViewerView:
    if view is None:
        raise Refusal(NOT_FOUND, field="viewer_id")
    return view
