"""Who visits a page, from where, and for whom they act.

Step 1 of every page. Before: Django has read the session. After: a view is given a visit, never a bare request, so that
none can forget to ask who is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from django.http import HttpRequest

from attise.doors.consoles.address import address_of, network_of
from attise.doors.site.means import means
from attise.kernel.actor import Actor
from attise.kernel.ids import parse_id
from attise.kernel.means import Means
from attise.management.accounts import queries as accounts
from attise.management.accounts.rules import Permission, Roles, can
from attise.management.accounts.views import (
    AdvertiserView,
    CreatorView,
    MembershipView,
    PersonView,
    person_view,
)

CHOSEN_ADVERTISER = "advertiser"
"""Where the session keeps the advertiser that was looked at last."""
ADVERTISER_PARAM = "compte"
"""Names the advertiser in addresses and in every form, so that two tabs never act for one another."""


@dataclass(frozen=True)
class Visit:
    """A signed-in person at a page."""

    request: HttpRequest
    person: PersonView

    @cached_property
    def means(self) -> Means:
        """The means of this process."""
        return means()

    @cached_property
    def address(self) -> str:
        """The browser's whole address, for limits."""
        return address_of(self.request)

    @cached_property
    def actor(self) -> Actor:
        """The person, as histories name them."""
        return Actor("person", self.person.id, network_of(self.address))

    @cached_property
    def creator(self) -> CreatorView | None:
        """Their creator account, if they have one that is open."""
        found = accounts.find_creator_of_person(self.person.id)
        return found if found is not None and found.is_active else None

    @cached_property
    def memberships(self) -> list[MembershipView]:
        """The Business Centers they are a member of."""
        return accounts.memberships_of(self.person.id)

    @cached_property
    def advertisers(self) -> list[AdvertiserView]:
        """Every advertiser of these Business Centers."""
        return [
            advertiser
            for membership in self.memberships
            for advertiser in accounts.list_advertisers_of_business_center(membership.business_center_id)
        ]

    @cached_property
    def read_advertisers(self) -> list[AdvertiserView]:
        """Those of them whose campaigns, posts and notices they may read."""
        read = {one.business_center_id for one in self.memberships if can(one.roles, Permission.READ)}
        return [one for one in self.advertisers if one.business_center_id in read]


@dataclass(frozen=True)
class CreatorVisit(Visit):
    """A creator in their own console."""

    account: CreatorView


@dataclass(frozen=True)
class AdvertiserVisit(Visit):
    """A member of a Business Center, acting for one of its advertisers."""

    advertiser: AdvertiserView
    membership: MembershipView

    @property
    def roles(self) -> Roles:
        """What they are in the Business Center of the advertiser."""
        return self.membership.roles

    @property
    def center_id(self) -> int:
        """The Business Center of the advertiser."""
        return self.membership.business_center_id

    def can(self, permission: Permission) -> bool:
        """Tell whether their role has a right."""
        return can(self.roles, permission)


AnyVisit = TypeVar("AnyVisit", bound=Visit)
_LOOKED_UP = ("means", "address", "actor", "creator", "memberships", "advertisers")


def visit_of(request: HttpRequest) -> Visit | None:
    """Return the visit of whoever is signed in, or None."""
    if not request.user.is_authenticated or not request.user.is_active:
        return None
    return Visit(request, person_view(request.user))


def advertiser_visit(visit: Visit) -> AdvertiserVisit | None:
    """Return the visit for the advertiser that is meant, or None when the person may see none.

    Meant is the one that the form or the address names, else the one looked at last, else the first. One that is named
    and is not theirs is nobody's: LookupError.
    """
    request = visit.request
    named = request.POST.get(ADVERTISER_PARAM) or request.GET.get(ADVERTISER_PARAM)
    mine = {advertiser.id: advertiser for advertiser in visit.advertisers}
    chosen: AdvertiserView | None = None
    if named is not None:
        chosen = mine.get(parse_id(named) or 0)
        if chosen is None:
            raise LookupError(named)
        request.session[CHOSEN_ADVERTISER] = str(chosen.id)
    else:
        kept = parse_id(str(request.session.get(CHOSEN_ADVERTISER, ""))) or 0
        chosen = mine.get(kept) or next(iter(mine.values()), None)
    if chosen is None:
        return None
    membership = next(one for one in visit.memberships if one.business_center_id == chosen.business_center_id)
    return knowing(visit, AdvertiserVisit(request, visit.person, chosen, membership))


def knowing(visit: Visit, narrower: AnyVisit) -> AnyVisit:
    """Return a narrower visit that knows what the first one has already looked up."""
    narrower.__dict__.update({name: value for name, value in visit.__dict__.items() if name in _LOOKED_UP})
    return narrower
