"""Reads of what operators did to accounts: suspensions, restorations, strikes."""

from __future__ import annotations

from collections.abc import Collection
from functools import reduce
from operator import or_
from typing import Any, Final

from django.db.models import Count, Q

from attise.kernel.errors import Refusal
from attise.kernel.paging import Page
from attise.kernel.text import is_storable
from attise.management.accounts.errors import CREATOR_SUSPENDED
from attise.management.accounts.models import Advertiser, Creator, Person, Sanction
from attise.management.accounts.rules import ADVERTISER, CREATOR, ENABLED, LOGIN
from attise.management.accounts.views import AccountView, SanctionView, sanction_view


def page_sanctions(
    *, subject: str | None = None, subject_id: int | None = None, after: int | None = None, limit: int = 50
) -> Page[SanctionView]:
    """Return what was done, newest first, after an id; what is None is not asked. Cost: one query."""
    asked = {"subject": subject, "subject_id": subject_id, "id__lt": after}
    rows = Sanction.objects.filter(**{name: value for name, value in asked.items() if value is not None})
    found = [sanction_view(row) for row in rows.order_by("-id")[: limit + 1]]
    return Page(found[:limit], found[limit - 1].id if len(found) > limit else None)


def find_suspension(subject: str, subject_id: int) -> SanctionView | None:
    """Return the suspension that stands against an account, or None. Cost: one query."""
    row = Sanction.objects.filter(subject=subject, subject_id=subject_id).order_by("-id").first()
    return sanction_view(row) if row is not None and row.verb == "suspended" else None


def count_strikes(subject: str, ids: Collection[int]) -> dict[int, int]:
    """Return how many strikes accounts have, by id; those that have none are left out. Cost: one query."""
    rows = Sanction.objects.filter(subject=subject, subject_id__in=list(ids), is_strike=True)
    return {row["subject_id"]: row["n"] for row in rows.values("subject_id").annotate(n=Count("id"))}


def check_not_suspended_creator(person_id: int) -> None:
    """Refuse a person whose creator account is suspended, with the reason. Raises: ``creator_suspended``."""
    row = Creator.objects.filter(person_id=person_id, state=Creator.State.SUSPENDED).first()
    if row is not None:
        raise suspended_creator(row.id)


def suspended_creator(creator_id: int) -> Refusal:
    """Return the refusal of a suspended creator, with the reason. Cost: one query."""
    found = find_suspension(CREATOR, creator_id)
    return Refusal(CREATOR_SUSPENDED, field="creator_id", why="" if found is None else found.reason)


def page_accounts(
    subject: str, *, keyword: str = "", ids: Collection[int] | None = None, after: int | None = None, limit: int = 50
) -> Page[AccountView]:
    """Return accounts of a sort, newest first, after an id; ``keyword``: part of a name, a handle, an address.

    Cost: two queries.
    """
    table, columns = _TABLES[subject]
    rows = table.objects.order_by("-id")
    if keyword:
        words = keyword.removeprefix("@")
        asked = (Q(**{f"{column}__icontains": words}) for column in columns)
        rows = rows.filter(reduce(or_, asked)) if is_storable(keyword) else rows.none()
    if ids is not None:
        rows = rows.filter(id__in=list(ids))
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = list(rows[: limit + 1])
    strikes = count_strikes(subject, [row.id for row in found])
    items = [_account(subject, row, strikes.get(row.id, 0)) for row in found[:limit]]
    return Page(items, items[-1].id if len(found) > limit else None)


def find_account(subject: str, subject_id: int) -> AccountView | None:
    """Return an account that may be suspended, or None. Cost: two queries."""
    return next(iter(page_accounts(subject, ids=[subject_id], limit=1).items), None)


_TABLES: Final[dict[str, tuple[Any, tuple[str, ...]]]] = {
    LOGIN: (Person, ("display_name", "email")),
    CREATOR: (Creator, ("handle", "display_name")),
    ADVERTISER: (Advertiser, ("name", "company")),
}


def _account(subject: str, row: Any, strikes: int) -> AccountView:
    if subject == LOGIN:
        name, detail, state = row.display_name, row.email, "active" if row.is_active else "suspended"
    elif subject == CREATOR:
        name, detail, state = f"@{row.handle}", row.display_name, row.state
    else:
        name, detail, state = row.name, row.company, "active" if row.status == ENABLED else "suspended"
    return AccountView(subject, row.id, name, detail, state, row.created_at_ms, strikes)
