"""A viewer says what they are interested in, and what not: that wins over everything that is derived."""

from __future__ import annotations

from collections.abc import Iterable

from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.gather import Gather
from attise.kernel.means import Means
from attise.management.outbox.actions import unit, verb
from attise.management.viewers.models import Profile, Viewer
from attise.management.viewers.owned import owned_by
from attise.management.viewers.profiling import begin_anew, below, choose
from attise.management.viewers.views import ViewerView, record_text, viewer_view
from attise.records.change import ChangeKind
from attise.records.lookups import behaviours
from attise.records.viewer_facts import clean_interests


@verb
def change_interests(
    means: Means,
    *,
    viewer_id: int,
    chosen: Iterable[str] | None = None,
    add: Iterable[str] = (),
    remove: Iterable[str] = (),
    allow: Iterable[str] = (),
) -> ViewerView:
    """Change a viewer's interests; slugs or ids.

    Args: chosen: all that they choose, in place of those before; add: chosen beside them; remove: neither chosen nor
    derived from now on, with all that belongs to them; allow: may be derived again. What is both added and removed in
    one call is chosen. Raises: ``not_found``, ``interest_unknown``, ``too_many_entries``, together.
    """
    gather = Gather()
    wanted = None if chosen is None else gather.take(_named, chosen, "interests")
    added = gather.take(_named, add, "add")
    removed = gather.take(_named, remove, "remove")
    allowed = gather.take(_named, allow, "allow")
    gather.tell()
    now_ms = means.clock.world_ms()
    with unit(means) as work:
        row = _locked(viewer_id)
        out = {one for named in removed for one in below(named)}
        kept = [one for one in (row.interests if wanted is None else wanted) if one not in out]
        kept = list(dict.fromkeys([*kept, *added]))
        row.interests_removed = {
            **{one: since for one, since in row.interests_removed.items() if one not in allowed},
            **{one: row.interests_removed.get(one, now_ms) for one in removed},
        }
        choose(row, kept, now_ms=now_ms)
        row.interests_derived = {one: since for one, since in row.interests_derived.items() if one not in out}
        row.behaviours = [one for one in row.behaviours if not _is_about(one[0], out)]
        _keep(row)
        # What else changes by that (an interest that rested on a removed one, one that may come back) is due at once.
        Profile.objects.filter(viewer_id=row.id).update(next_at_ms=now_ms)
        work.change(ChangeKind.VIEWER_CHANGED, row.id)
    return viewer_view(row)


@verb
def forget_interests(means: Means, *, viewer_id: int) -> ViewerView:
    """Forget what a viewer chose and what was derived of them; only what they do from now on says anything again.

    What they removed stays removed. Raises: ``not_found``.
    """
    with unit(means) as work:
        row = _locked(viewer_id)
        choose(row, (), now_ms=means.clock.world_ms())
        begin_anew(row, now_ms=means.clock.world_ms())
        _keep(row)
        work.change(ChangeKind.VIEWER_CHANGED, row.id)
    return viewer_view(row)


def _locked(viewer_id: int) -> Viewer:
    row = Viewer.objects.select_for_update(no_key=True).filter(id=viewer_id).first()
    if row is None:
        raise Refusal(NOT_FOUND, field="viewer_id")
    return row


def _keep(row: Viewer) -> None:
    row.record = record_text(row, owns=owned_by(row.person_id))
    row.save(force_update=True)


def _named(values: Iterable[str], field: str) -> list[str]:
    """Return the ids of interests, or refuse what is none of them at its own field."""
    try:
        return clean_interests(values)
    except Refusal as refusal:
        raise refusal.at(field) from None


def _is_about(category_id: int, interests: set[str]) -> bool:
    row = behaviours.TABLE.by_id.get(category_id)
    return row is not None and str(row.about_id) in interests
