"""Reads of people."""

from __future__ import annotations

from attise.kernel.errors import NOT_FOUND, Refusal
from attise.management.accounts.facts import normal_email
from attise.management.accounts.models import Person
from attise.management.accounts.views import PersonView, person_view


def find_person(person_id: int) -> PersonView | None:
    """Return a person, or None."""
    row = Person.objects.filter(id=person_id).first()
    return None if row is None else person_view(row)


def get_person(person_id: int) -> PersonView:
    """Return a person. Raises: ``not_found``."""
    found = find_person(person_id)
    if found is None:
        raise Refusal(NOT_FOUND, field="person_id")
    return found


def find_person_by_email(email: str) -> PersonView | None:
    """Return the person of an e-mail address, whatever its case, or None."""
    normal = normal_email(email)
    row = None if normal is None else Person.objects.filter(email=normal).first()
    return None if row is None else person_view(row)


def find_first_operator() -> PersonView | None:
    """Return the operator who was there first, or None before the first start."""
    row = Person.objects.filter(is_operator=True, is_active=True).order_by("id").first()
    return None if row is None else person_view(row)
