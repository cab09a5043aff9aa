"""Reads of people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.paging import NumberedPage
from attise.kernel.text import is_storable
from attise.management.accounts.facts import normal_email
from attise.management.accounts.models import Creator, Link, Member, Person
from attise.management.accounts.views import (
    MembershipView,
    PersonRow,
    PersonView,
    last_link_view,
    person_view,
    roles_view,
)

AT_ONCE = 500
"""People read at once by a walk over all of them."""


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


def find_people(ids: Iterable[int]) -> list[PersonView]:
    """Return those of the ids that are people."""
    wanted = set(ids)
    return [person_view(row) for row in Person.objects.filter(id__in=wanted)] if wanted else []


def find_first_operator() -> PersonView | None:
    """Return the operator who was there first, or None before the first start."""
    row = Person.objects.filter(is_operator=True, is_active=True).order_by("id").first()
    return None if row is None else person_view(row)


def list_people(*, keyword: str = "", console: str = "", page: int = 1, page_size: int = 50) -> NumberedPage[PersonRow]:
    """Return people, newest first.

    ``keyword`` is part of a name, an e-mail address or a handle, whatever its case; ``console`` keeps those who may
    open ``creator``, ``advertiser`` or ``operator``. Cost: five queries.
    """
    rows = _matching(keyword, console)
    first = (page - 1) * page_size
    return NumberedPage(_in_full(rows.order_by("-id")[first : first + page_size]), page, page_size, rows.count())


def all_people(*, keyword: str = "", console: str = "") -> Iterator[PersonRow]:
    """Yield everyone whom ``list_people`` lists, in its order. Cost: four queries for each 500."""
    rows = _matching(keyword, console).order_by("-id")
    found = _in_full(rows[:AT_ONCE])
    while found:
        yield from found
        found = _in_full(rows.filter(id__lt=found[-1].person.id)[:AT_ONCE])


def _matching(keyword: str, console: str) -> QuerySet[Person]:
    rows = Person.objects.all()
    creators = Creator.objects.filter(person_id=OuterRef("id"), state=Creator.State.ACTIVE)
    members = Member.objects.filter(person_id=OuterRef("id"), removed_at_ms__isnull=True)
    if console == "creator":
        rows = rows.filter(Exists(creators))
    elif console == "advertiser":
        rows = rows.filter(Exists(members), is_active=True)
    elif console == "operator":
        rows = rows.filter(is_operator=True)
    if not is_storable(keyword):
        return rows.none()
    if keyword:
        handles = creators.filter(handle__icontains=keyword.removeprefix("@"))
        rows = rows.filter(Q(email__icontains=keyword) | Q(display_name__icontains=keyword) | Exists(handles))
    return rows


def _in_full(rows: QuerySet[Person]) -> list[PersonRow]:
    """Return people with what they hold; one query for each sort of thing, however many they are."""
    people = [person_view(row) for row in rows]
    ids = [person.id for person in people]
    handles = dict(
        Creator.objects.filter(person_id__in=ids, state=Creator.State.ACTIVE).values_list("person_id", "handle")
    )
    memberships: dict[int, list[MembershipView]] = {}
    members = Member.objects.filter(person_id__in=ids, removed_at_ms__isnull=True, person__is_active=True)
    for row in members.select_related("business_center").order_by("id"):
        told = MembershipView(row.business_center_id, row.business_center.name, roles_view(row))
        memberships.setdefault(row.person_id, []).append(told)
    newest = Link.objects.filter(person_id__in=ids).values("person").annotate(newest=Max("id")).values("newest")
    links = {row.person_id: last_link_view(row) for row in Link.objects.filter(id__in=newest)}
    return [
        PersonRow(person, handles.get(person.id, ""), tuple(memberships.get(person.id, ())), links.get(person.id))
        for person in people
    ]
