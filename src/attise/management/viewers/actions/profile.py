"""A viewer's profile follows from what they did: derived in batches, in the order of the log, each batch a transaction.

Whoever reads the log brings the acts and says what follows from them (``fold``: pure, of another floor); here is
decided whose acts may say anything, and the place in the log moves with the rows. Killed anywhere, a batch is whole or
not there; done twice, it says the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from attise.kernel.means import Means
from attise.management.outbox.actions import unit, verb
from attise.management.outbox.actions.unit import Unit
from attise.management.viewers.models import Profile, ProfilePlace, Viewer
from attise.management.viewers.owned import owned_by
from attise.management.viewers.profiling import may_be_profiled, purge
from attise.management.viewers.views import record_text
from attise.records.change import ChangeKind
from attise.records.profile import Derived

ActT = TypeVar("ActT")
Place = tuple[int, int]
"""A position of the log, and how many of the entries that follow it were looked at too."""


@dataclass(frozen=True, slots=True)
class Held:
    """What is known of a viewer when their profile is derived."""

    birth_date: dt.date | None
    from_ms: int
    """World time: what was done up to it says nothing of them."""
    removed: frozenset[int]
    """Interests that they want nobody to derive."""
    evidence: bytes

    def may_say(self, at_ms: int) -> bool:
        """Tell whether what they did at a moment (world time) may say anything of them."""
        return at_ms > self.from_ms and may_be_profiled(consent=True, birth_date=self.birth_date, at_ms=at_ms)


Fold = Callable[[Held, Sequence[ActT]], Derived]


@verb
def derive_profiles(
    means: Means, fold: Fold[ActT], acts: Mapping[str, Sequence[ActT]], *, after: Place, upto: Place
) -> bool:
    """Take in what viewers did, by pseudonym, between two places of the log; tells whether it was ours to do.

    It is not where another process has been there first. Cost: four statements, and two more for each viewer whose
    interests or behaviours changed; of whoever may not be profiled nothing is read and nothing is written.
    """
    with unit(means) as work:
        place = ProfilePlace.objects.select_for_update(no_key=True).get(id=1)
        if (place.position, place.entries) != after:
            return False
        _derive(work, fold, _profiled(means, pseudonym__in=list(acts)), acts)
        place.position, place.entries = upto
        place.save(force_update=True)
    return True


@verb
def renew_profiles(means: Means, fold: Fold[Any], *, limit: int) -> int:
    """Look again at up to ``limit`` profiles of which a part has ended by itself; returns how many there were."""
    with unit(means) as work:
        over = Profile.objects.filter(next_at_ms__lte=means.clock.world_ms()).order_by("next_at_ms")
        ids = list(over.values_list("viewer_id", flat=True)[:limit])
        if ids:
            _derive(work, fold, _profiled(means, id__in=ids), {})
    return len(ids)


def _profiled(means: Means, **which: Any) -> list[Viewer]:
    """Return the viewers of these who may be profiled at this moment, locked in the order of their ids."""
    rows = Viewer.objects.select_for_update(no_key=True).filter(profiling_consent=True, **which).order_by("id")
    now_ms = means.clock.world_ms()
    return [row for row in rows if may_be_profiled(consent=True, birth_date=row.birth_date, at_ms=now_ms)]


def _derive(work: Unit, fold: Fold[ActT], rows: Collection[Viewer], acts: Mapping[str, Sequence[ActT]]) -> None:
    known = dict(Profile.objects.filter(viewer_id__in=[row.id for row in rows]).values_list("viewer_id", "evidence"))
    written: list[Profile] = []
    for row in rows:
        held = Held(
            row.birth_date,
            max(row.consented_at_ms or 0, row.profile_from_ms),
            frozenset(int(one) for one in row.interests_removed),
            bytes(known.get(row.id, b"")),
        )
        derived = fold(held, acts.get(row.pseudonym, ()))
        if derived.evidence:
            written.append(Profile(viewer_id=row.id, evidence=derived.evidence, next_at_ms=derived.next_at_ms))
        elif row.id in known:
            purge(row)
        _tell(work, row, derived)
    Profile.objects.bulk_create(
        written, update_conflicts=True, unique_fields=["viewer"], update_fields=["evidence", "next_at_ms"]
    )


def _tell(work: Unit, row: Viewer, derived: Derived) -> None:
    """Have the record say what was derived, where it says something else."""
    # Of an interest whose first evidence is over, the beginning that was told stays.
    before: dict[str, int] = row.interests_derived
    row.interests_derived = {
        str(one): min(since_ms, before.get(str(one), since_ms)) for one, since_ms in derived.interests
    }
    row.behaviours = [[one.category_id, one.action, one.day] for one in derived.behaviours]
    record = record_text(row, owns=owned_by(row.person_id))
    if row.interests_derived == before and record == row.record:
        return
    is_news = record != row.record
    row.record = record
    row.save(update_fields=["interests_derived", "behaviours", "record"])
    if is_news:
        work.change(ChangeKind.VIEWER_CHANGED, row.id)
