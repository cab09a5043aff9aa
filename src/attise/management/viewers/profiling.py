"""Whether a viewer may be profiled, and what becomes of a profile when not: the one place of it where rows are written.

Decisions ask again by themselves (``records.feed.context_of``); what is here keeps anything from being there to use.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Literal

from attise.management.viewers.models import Profile, Viewer
from attise.records.feed import ADULT_AGE, age_on
from attise.records.lookups import interests

WhyNot = Literal["no_consent", "age_unknown", "minor"]


def why_not_profiled(*, consent: bool, birth_date: dt.date | None, at_ms: int) -> WhyNot | None:
    """Tell why nothing may be derived of somebody at a moment (world time), or None: it may."""
    if not consent:
        return "no_consent"
    if birth_date is None:
        return "age_unknown"
    return None if age_on(birth_date.isoformat(), at_ms) >= ADULT_AGE else "minor"


def may_be_profiled(*, consent: bool, birth_date: dt.date | None, at_ms: int) -> bool:
    """Tell whether what somebody does at a moment (world time) may say anything of them: adults who consent."""
    return why_not_profiled(consent=consent, birth_date=birth_date, at_ms=at_ms) is None


def purge(row: Viewer) -> None:
    """Take away everything that was derived of a viewer; the row is the caller's to save. Cost: one statement."""
    row.interests_derived, row.behaviours = {}, []
    if not row._state.adding:  # noqa: SLF001 - a documented attribute: a viewer who is made now has no profile
        Profile.objects.filter(viewer_id=row.id).delete()


def begin_anew(row: Viewer, *, now_ms: int) -> None:
    """Let nothing that was done before this moment say anything of a viewer any more."""
    purge(row)
    row.profile_from_ms = now_ms


def choose(row: Viewer, chosen: Iterable[str], *, now_ms: int) -> None:
    """Have a viewer's chosen interests be these; one that was removed before is wanted again."""
    wanted, before = list(dict.fromkeys(chosen)), set(row.interests)
    # Of what was chosen before this was kept, nobody knows since when.
    known = {one: row.interests_since[one] for one in wanted if one in row.interests_since}
    row.interests_since = known | {one: now_ms for one in wanted if one not in before}
    row.interests = wanted
    row.interests_removed = {one: since for one, since in row.interests_removed.items() if one not in wanted}


def below(interest: str) -> set[str]:
    """Return an interest and all that belong to it, as decimal ids."""
    row = interests.find(interest)
    return set() if row is None else {row.wire_id, *(child.wire_id for child in interests.children(row.id))}
