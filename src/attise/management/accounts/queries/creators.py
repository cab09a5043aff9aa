"""Reads of creators. One that is gone is still found: what it published is history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from difflib import get_close_matches
from typing import Final, NamedTuple

from django.db.models import Case, Q, When

from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.paging import Page
from attise.management.accounts.models import Creator
from attise.management.accounts.views import CreatorView, creator_view

HANDLES_COMPARED: Final = 5_000
"""Handles, the newest, among which one that is spelled nearly so is looked for."""


def find_creator(creator_id: int) -> CreatorView | None:
    """Return a creator, or None."""
    row = Creator.objects.filter(id=creator_id).first()
    return None if row is None else creator_view(row)


def get_creator(creator_id: int) -> CreatorView:
    """Return a creator. Raises: ``not_found``."""
    found = find_creator(creator_id)
    if found is None:
        raise Refusal(NOT_FOUND, field="creator_id")
    return found


def find_creator_by_handle(handle: str) -> CreatorView | None:
    """Return the creator of a handle, with or without its ``@``, or None."""
    text = handle.removeprefix("@").lower()
    row = Creator.objects.filter(handle=text).first() if text.isascii() and text.isprintable() else None
    return None if row is None else creator_view(row)


def find_creator_of_person(person_id: int) -> CreatorView | None:
    """Return the creator account that a person may act for, or None."""
    row = Creator.objects.filter(person_id=person_id).first()
    return None if row is None else creator_view(row)


def list_creators(*, after: int | None = None, limit: int = 50) -> Page[CreatorView]:
    """Return creators, newest first."""
    rows = Creator.objects.order_by("-id")
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = list(rows[: limit + 1])
    items = [creator_view(row) for row in found[:limit]]
    return Page(items, items[-1].id if len(found) > limit else None)


def search_creators(text: str, *, limit: int) -> list[CreatorView]:
    """Return the creators who exist for others and whose handle or name holds a text, whose handle is it first."""
    words = text.removeprefix("@")
    rows = Creator.objects.filter(state=Creator.State.ACTIVE)
    rows = rows.filter(Q(handle__icontains=words) | Q(display_name__icontains=words))
    first = Case(When(handle__iexact=words, then=0), When(handle__istartswith=words, then=1), default=2)
    return [creator_view(row) for row in rows.order_by(first, "handle")[:limit]]


def nearest_handle(text: str) -> str | None:
    """Return the handle that is spelled most like a text, of the newest ``HANDLES_COMPARED``; None: none is near."""
    handles = Creator.objects.filter(state=Creator.State.ACTIVE).order_by("-id").values_list("handle", flat=True)
    near = get_close_matches(text.removeprefix("@").lower(), list(handles[:HANDLES_COMPARED]), n=1)
    return near[0] if near else None


class Author(NamedTuple):
    """What is shown of a creator beside what they published, and what law asks of it: for lists of many."""

    id: int
    handle: str
    display_name: str
    country: str
    language: str
    birth_date: dt.date | None
    legal_answers: dict[str, bool]
    state: str

    @property
    def is_active(self) -> bool:
        """Whether the account exists for others."""
        return self.state == Creator.State.ACTIVE


def find_authors(ids: Collection[int]) -> dict[int, Author]:
    """Return the creators of these ids, by id, those who are gone too. Cost: one query, none for no ids."""
    if not ids:
        return {}
    rows = Creator.objects.filter(id__in=ids).values_list(*Author._fields)
    return {values[0]: Author._make(values) for values in rows}


def categories_of_creators(ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Return what the creators of these ids say they publish about, by id. Cost: one query, none for no ids."""
    if not ids:
        return {}
    rows = Creator.objects.filter(id__in=ids).values_list("id", "categories")
    return {creator_id: tuple(slugs) for creator_id, slugs in rows}


def known_creators(ids: Iterable[int]) -> set[int]:
    """Return those of the ids that are creators, those who are gone too. Cost: one query."""
    return set(Creator.objects.filter(id__in=set(ids)).values_list("id", flat=True))


def existing_creators(ids: Iterable[int]) -> set[int]:
    """Return those of the ids that are creators whose account is active."""
    rows = Creator.objects.filter(id__in=list(ids), state=Creator.State.ACTIVE)
    return set(rows.values_list("id", flat=True))
