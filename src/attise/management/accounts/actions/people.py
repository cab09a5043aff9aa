"""Somebody gets an account, or changes what is said of them."""

from __future__ import annotations

from typing import TypedDict, Unpack

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.gather import Gather
from attise.kernel.limits import NAME_CHARACTERS
from attise.kernel.means import Means
from attise.kernel.text import clean_text
from attise.management.accounts.errors import EMAIL_TAKEN
from attise.management.accounts.facts import clean_email
from attise.management.accounts.models import Person
from attise.management.accounts.views import PersonView, person_view
from attise.management.outbox.actions import unit, verb
from attise.records.declared import clean_language


class PersonFacts(TypedDict, total=False):
    """What can be changed of a person; absent keys stay as they are."""

    email: str
    display_name: str
    language: str


@verb
def create_person(
    means: Means, *, email: str, display_name: str, language: str = "", is_operator: bool = False
) -> PersonView:
    """Make a person who cannot sign in yet: a link lets them choose a password.

    Raises: ``email_invalid``, ``email_taken``, ``language_unknown`` and the rules of texts, together.
    """
    gather = Gather()
    email = gather.take(clean_email, email)
    display_name = gather.take(clean_text, display_name, field="display_name", limit=NAME_CHARACTERS)
    language = gather.take(clean_language, language, empty=True)
    gather.tell()
    with unit(means):
        row = Person(
            id=means.ids.next(),
            email=email,
            display_name=display_name,
            language=language,
            is_operator=is_operator,
            password=make_password(None),
            created_at_ms=means.clock.world_ms(),
        )
        _save_once(row)
    return person_view(row)


@verb
def update_person(means: Means, *, person_id: int, **facts: Unpack[PersonFacts]) -> PersonView:
    """Change what is said of a person. Raises: ``not_found`` and the refusals of ``create_person``."""
    gather = Gather()
    if "email" in facts:
        facts["email"] = gather.take(clean_email, facts["email"])
    if "display_name" in facts:
        facts["display_name"] = gather.take(
            clean_text, facts["display_name"], field="display_name", limit=NAME_CHARACTERS
        )
    if "language" in facts:
        facts["language"] = gather.take(clean_language, facts["language"], empty=True)
    gather.tell()
    with unit(means):
        row = Person.objects.select_for_update(no_key=True).filter(id=person_id).first()
        if row is None:
            raise Refusal(NOT_FOUND, field="person_id")
        for name, value in facts.items():
            setattr(row, name, value)
        _save_once(row)
    return person_view(row)


def _save_once(row: Person) -> None:
    """Save a person whose e-mail nobody else has; the database decides between two that come at once."""
    try:
        with transaction.atomic():
            row.save(force_insert=row._state.adding)  # noqa: SLF001 - a documented attribute; spares an UPDATE
    except IntegrityError:
        raise Refusal(EMAIL_TAKEN, field="email") from None
