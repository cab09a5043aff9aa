"""Somebody who publishes gets an account, changes it, or goes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, TypedDict, Unpack

from django.db import IntegrityError, transaction

from attise.kernel.actor import Actor
from attise.kernel.clock import to_datetime
from attise.kernel.errors import FIELD_INVALID, N_, NOT_FOUND, Refusal
from attise.kernel.gather import Gather, clean_facts
from attise.kernel.limits import BIO_CHARACTERS, CREATOR_CATEGORIES, HANDLE_CHARACTERS, NAME_CHARACTERS
from attise.kernel.means import Means
from attise.kernel.text import clean_handle, clean_text
from attise.management.accounts.errors import (
    CREATOR_GONE,
    CREATOR_HAS_PERSON,
    CREATOR_OF_PERSON_EXISTS,
    HANDLE_TAKEN,
    LIST_LENGTH,
)
from attise.management.accounts.models import Creator, Person
from attise.management.accounts.queries.sanctions import suspended_creator
from attise.management.accounts.views import CreatorView, creator_view
from attise.management.outbox.actions import unit, verb
from attise.records.change import ChangeKind
from attise.records.declared import clean_birth_date, clean_categories, clean_country, clean_language

LEGAL_ANSWERS = ("retouched", "ai_generated")


class CreatorFacts(TypedDict, total=False):
    """What can be changed of a creator; absent keys stay as they are."""

    display_name: str
    bio: str
    country: str
    language: str
    categories: Iterable[str]
    birth_date: dt.date | str | None
    is_business: bool
    legal_answers: dict[str, bool]


@verb
def create_creator(
    means: Means,
    actor: Actor,  # noqa: ARG001 - every verb of somebody takes who it is
    *,
    handle: str,
    display_name: str,
    country: str = "",
    language: str = "",
    categories: Iterable[str] = (),
    birth_date: dt.date | str | None = None,
    person_id: int | None = None,
    bio: str = "",
) -> CreatorView:
    """Make a creator account, of a person of this house or of one that the host knows.

    A handle is given once and for ever: that of a creator who is gone is not free, or others could pass for them.
    Raises: ``handle_taken``, ``creator_of_person_exists``, ``not_found``, and the rules of the facts, together.
    """
    gather = Gather()
    handle = gather.take(clean_handle, handle, field="handle", limit=HANDLE_CHARACTERS)
    facts = gather.take(
        _clean,
        means,
        {
            "display_name": display_name,
            "bio": bio,
            "country": country,
            "language": language,
            "categories": categories,
            "birth_date": birth_date,
        },
    )
    gather.tell()
    with unit(means) as work:
        if person_id is not None and not Person.objects.filter(id=person_id).exists():
            raise Refusal(NOT_FOUND, field="person_id")
        try:
            with transaction.atomic():
                row = Creator.objects.create(
                    id=means.ids.next(),
                    person_id=person_id,
                    handle=handle,
                    created_at_ms=means.clock.world_ms(),
                    **facts,
                )
        except IntegrityError:
            if Creator.objects.filter(handle=handle).exists():
                raise Refusal(HANDLE_TAKEN, field="handle") from None
            raise Refusal(CREATOR_OF_PERSON_EXISTS, field="person_id") from None
        work.change(ChangeKind.CREATOR_CHANGED, row.id)
    return creator_view(row)


@verb
def entrust_creator(means: Means, actor: Actor, *, creator_id: int, person_id: int) -> CreatorView:
    """Give a creator whom a host acted for a person of this house, who signs in as them from now on.

    Raises: ``not_found``, ``creator_gone``, ``creator_has_person``, ``creator_of_person_exists``.
    """
    with unit(means) as work:
        row = _locked_active(creator_id)
        if row.person_id is not None:
            raise Refusal(CREATOR_HAS_PERSON, field="creator_id")
        if not Person.objects.filter(id=person_id).exists():
            raise Refusal(NOT_FOUND, field="person_id")
        row.person_id = person_id
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError:
            raise Refusal(CREATOR_OF_PERSON_EXISTS, field="person_id") from None
        work.change(ChangeKind.CREATOR_CHANGED, row.id)
        work.notice("operator", 0, "creator_entrusted", person_id, by=str(actor), creator_id=str(row.id))
    return creator_view(row)


@verb
def update_creator(
    means: Means,
    actor: Actor,  # noqa: ARG001 - as above
    *,
    creator_id: int,
    **facts: Unpack[CreatorFacts],
) -> CreatorView:
    """Change a creator's facts. Raises: ``not_found``, ``creator_gone``, and the rules of the facts, together."""
    cleaned = _clean(means, facts)
    with unit(means) as work:
        row = _locked_active(creator_id)
        for key, value in cleaned.items():
            setattr(row, key, value)
        row.save()
        work.change(ChangeKind.CREATOR_CHANGED, row.id)
    return creator_view(row)


@verb
def retire_creator(means: Means, actor: Actor, *, creator_id: int) -> CreatorView:
    """Close a creator account for good; decisions stop using anything of theirs. Doing it twice does it once.

    Raises: ``not_found``.
    """
    with unit(means) as work:
        row = _locked(creator_id)
        if row.state != Creator.State.GONE:
            row.state = Creator.State.GONE
            row.save()
            work.change(ChangeKind.CREATOR_STOPPED, row.id)
            work.notice("creator", row.id, "creator_retired", row.id, by=str(actor))
    return creator_view(row)


def hold_creator(*, creator_id: int) -> CreatorView:
    """Lock a creator until the end of the open unit and return it as it stands.

    Whoever opens something of theirs holds them first: of two that come at once, the second sees what the first did.
    Raises: ``not_found``, ``creator_gone``.
    """
    return creator_view(_locked_active(creator_id))


def _locked_active(creator_id: int) -> Creator:
    row = _locked(creator_id)
    if row.state == Creator.State.GONE:
        raise Refusal(CREATOR_GONE, field="creator_id")
    if row.state == Creator.State.SUSPENDED:
        raise suspended_creator(creator_id)
    return row


def _locked(creator_id: int) -> Creator:
    row = Creator.objects.select_for_update(no_key=True).filter(id=creator_id).first()
    if row is None:
        raise Refusal(NOT_FOUND, field="creator_id")
    return row


def _clean(means: Means, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts that are there in their one spelling; refuse all that are wrong together."""
    today = to_datetime(means.clock.world_ms()).date()
    return clean_facts(
        facts,
        {
            "display_name": partial(clean_text, field="display_name", limit=NAME_CHARACTERS),
            "bio": partial(clean_text, field="bio", limit=BIO_CHARACTERS, lines=True, empty=True),
            "country": partial(clean_country, empty=True),
            "language": partial(clean_language, empty=True),
            "categories": _clean_categories,
            "birth_date": lambda value: None if value is None else clean_birth_date(value, today=today),
            "is_business": bool,
            "legal_answers": _clean_answers,
        },
    )


def _clean_categories(values: Iterable[str]) -> list[str]:
    listed = list(values)
    if len(listed) > CREATOR_CATEGORIES:
        raise Refusal(LIST_LENGTH, field="categories", got=len(listed), least=0, limit=CREATOR_CATEGORIES)
    return list(clean_categories(listed))


def _clean_answers(answers: dict[str, bool]) -> dict[str, bool]:
    if set(answers) - set(LEGAL_ANSWERS) or not all(isinstance(answer, bool) for answer in answers.values()):
        raise Refusal(FIELD_INVALID, field="legal_answers", rule=N_("retouched and ai_generated, each true or false"))
    return dict(answers)
