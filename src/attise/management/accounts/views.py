"""What this room tells others: plain, frozen values, and how they are read off its rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from attise.management.accounts.models import (
    AccessToken,
    Advertiser,
    App,
    BusinessCenter,
    Creator,
    CreatorToken,
    HostKey,
    Link,
    Look,
    Member,
    Person,
    Sanction,
)
from attise.management.accounts.rules import Permission, Roles, can


@dataclass(frozen=True, slots=True)
class PersonView:
    """Someone who signs in."""

    id: int
    email: str
    display_name: str
    language: str
    is_operator: bool
    is_active: bool
    has_password: bool
    created_at_ms: int


@dataclass(frozen=True, slots=True)
class BusinessCenterView:
    """The organisation above advertisers."""

    id: int
    name: str
    company: str
    country: str
    currency: str
    timezone: str
    created_at_ms: int


@dataclass(frozen=True, slots=True)
class AdvertiserView:
    """The account that pays; contacts are whole here, doors mask them."""

    id: int
    business_center_id: int
    name: str
    company: str
    payer_name: str
    currency: str
    timezone: str
    country: str
    language: str
    category: str
    industry: str
    contact_name: str
    contact_email: str
    contact_phone: str
    address: str
    promotion_link: str
    ads_only_mode: bool
    status: str
    external_key: str | None
    created_at_ms: int
    modified_at_ms: int


@dataclass(frozen=True, slots=True)
class MemberView:
    """A person in a Business Center."""

    id: int
    business_center_id: int
    person_id: int
    email: str
    display_name: str
    roles: Roles
    created_at_ms: int


@dataclass(frozen=True, slots=True)
class MembershipView:
    """A Business Center as one of its members sees it."""

    business_center_id: int
    business_center_name: str
    roles: Roles


@dataclass(frozen=True, slots=True)
class LastLinkView:
    """The last link that was made for a person, on wire time; never its secret."""

    purpose: str
    """``sign_in`` or ``reset``."""
    made_at_ms: int
    expires_at_ms: int
    used_at_ms: int | None


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person in the operator's list: what they may open, and the last link they were given."""

    person: PersonView
    handle: str
    """Of their creator account, empty when they have none that is open."""
    memberships: tuple[MembershipView, ...]
    last_link: LastLinkView | None

    @property
    def consoles(self) -> tuple[str, ...]:
        """The consoles they may open: ``viewer``, ``creator``, ``advertiser``, ``operator``."""
        held = {"creator": self.handle, "advertiser": self.memberships, "operator": self.person.is_operator}
        return ("viewer", *(name for name, is_held in held.items() if is_held))


@dataclass(frozen=True, slots=True)
class InvitationView:
    """An invitation that waits for its answer; never its link."""

    id: int
    business_center_id: int
    email: str
    roles: Roles
    invited_by: int
    """A person's id; 0 when the host or a command invited."""
    expires_at_ms: int
    created_at_ms: int


@dataclass(frozen=True, slots=True)
class CreatorView:
    """Who publishes."""

    id: int
    person_id: int | None
    handle: str
    display_name: str
    bio: str
    country: str
    language: str
    categories: tuple[str, ...]
    birth_date: dt.date | None
    is_business: bool
    legal_answers: dict[str, Any]
    state: str
    """``active``, ``suspended`` or ``gone``."""
    created_at_ms: int

    @property
    def is_active(self) -> bool:
        """Whether the account exists for others."""
        return self.state == "active"


@dataclass(frozen=True, slots=True)
class SanctionView:
    """What an operator did to an account, and why."""

    id: int
    subject: str
    subject_id: int
    verb: str
    """``suspended`` or ``restored``."""
    reason: str
    is_strike: bool
    actor: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account as lists of what may be suspended tell it."""

    subject: str
    id: int
    name: str
    """A handle with its @, a name."""
    detail: str
    state: str
    """``active``, ``suspended`` or ``gone``."""
    created_at_ms: int
    strikes: int


@dataclass(frozen=True, slots=True)
class LookView:
    """A look of an operator at a login's consoles. ``ended_at_ms``: None while it lasts."""

    id: int
    operator_id: int
    person_id: int
    name: str
    """Of the person."""
    reason: str
    at_ms: int
    until_wire_ms: int
    ended_at_ms: int | None


def look_view(row: Look) -> LookView:
    """Return a row as others are given it."""
    return LookView(
        row.id, row.operator_id, row.person_id, row.person.display_name, row.reason, row.at_ms, row.until_wire_ms,
        row.ended_at_ms,
    )  # fmt: skip


def sanction_view(row: Sanction) -> SanctionView:
    """Return a row as others are given it."""
    return SanctionView(row.id, row.subject, row.subject_id, row.verb, row.reason, row.is_strike, row.actor, row.at_ms)


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link that was not followed yet, for the page that asks whether to follow it."""

    purpose: str
    person_id: int | None
    console: str
    invitation: dict[str, Any] | None
    expires_at_ms: int


@dataclass(frozen=True, slots=True)
class FollowedLink:
    """A link that has just been followed; it will not be a second time."""

    purpose: str
    person_id: int | None
    console: str
    invitation: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class AppView:
    """A developer app; never its secret."""

    id: int
    name: str
    redirect_uris: tuple[str, ...]
    owner_id: int | None
    created_at_ms: int


@dataclass(frozen=True, slots=True)
class TokenView:
    """An access token as lists show it; never its text."""

    id: int
    app_id: int
    person_id: int | None
    name: str
    advertiser_ids: tuple[int, ...]
    scopes: tuple[int, ...]
    created_at_ms: int
    revoked_at_ms: int | None


@dataclass(frozen=True, slots=True)
class TokenGrant:
    """What a live access token may do at this moment.

    ``advertiser_ids`` leaves out those whose Business Center the granter has left. ``roles`` are the granter's, by
    Business Center, as they are now; the operator's own tokens act as an administrator.
    """

    token_id: int
    app_id: int
    person_id: int | None
    scopes: frozenset[int]
    advertiser_ids: tuple[int, ...]
    business_center_ids: tuple[int, ...]
    roles: dict[int, Roles] = field(default_factory=dict)
    """By Business Center."""
    business_center_of: dict[int, int] = field(default_factory=dict)
    """By advertiser."""

    def can_on_advertiser(self, advertiser_id: int, permission: Permission) -> bool:
        """Tell whether the token reaches the advertiser with this right."""
        return can(self.roles.get(self.business_center_of.get(advertiser_id, 0)), permission)

    def can_on_business_center(self, business_center_id: int, permission: Permission) -> bool:
        """Tell whether the token reaches the Business Center with this right."""
        return can(self.roles.get(business_center_id), permission)


@dataclass(frozen=True, slots=True)
class CreatorGrant:
    """What an app's token may do for a creator, and until when (wire time)."""

    token_id: int
    app_id: int
    creator_id: int
    scopes: tuple[str, ...]
    expires_at_ms: int
    refresh_expires_at_ms: int


@dataclass(frozen=True, slots=True)
class HostKeyView:
    """A key of the host; never its text."""

    id: int
    name: str
    created_at_ms: int
    revoked_at_ms: int | None


@dataclass(frozen=True, slots=True)
class FirstStart:
    """What the first start made, with the four sign-in links by console; the secrets are shown once."""

    person_id: int
    business_center_id: int
    advertiser_id: int
    creator_id: int
    links: dict[str, str]
    """``viewer``, ``creator``, ``advertiser``, ``operator`` → the secret of a link."""


def person_view(row: Person) -> PersonView:
    """Read a person off their row."""
    return PersonView(
        row.id,
        row.email,
        row.display_name,
        row.language,
        row.is_operator,
        row.is_active,
        row.has_usable_password(),
        row.created_at_ms,
    )


def business_center_view(row: BusinessCenter) -> BusinessCenterView:
    """Read a Business Center off its row."""
    return BusinessCenterView(row.id, row.name, row.company, row.country, row.currency, row.timezone, row.created_at_ms)


def advertiser_view(row: Advertiser) -> AdvertiserView:
    """Read an advertiser off its row."""
    return AdvertiserView(
        id=row.id,
        business_center_id=row.business_center_id,
        name=row.name,
        company=row.company,
        payer_name=row.payer_name,
        currency=row.currency,
        timezone=row.timezone,
        country=row.country,
        language=row.language,
        category=row.category,
        industry=row.industry,
        contact_name=row.contact_name,
        contact_email=row.contact_email,
        contact_phone=row.contact_phone,
        address=row.address,
        promotion_link=row.promotion_link,
        ads_only_mode=row.ads_only_mode,
        status=row.status,
        external_key=row.external_key,
        created_at_ms=row.created_at_ms,
        modified_at_ms=row.modified_at_ms,
    )


def roles_view(row: Member) -> Roles:
    """Read a member's roles off their row."""
    return Roles(row.role, row.advertiser_role, row.finance_role)


def member_view(row: Member) -> MemberView:
    """Read a member off their row, which must have its person at hand."""
    return MemberView(
        row.id,
        row.business_center_id,
        row.person_id,
        row.person.email,
        row.person.display_name,
        roles_view(row),
        row.created_at_ms,
    )


def creator_view(row: Creator) -> CreatorView:
    """Read a creator off their row."""
    return CreatorView(
        id=row.id,
        person_id=row.person_id,
        handle=row.handle,
        display_name=row.display_name,
        bio=row.bio,
        country=row.country,
        language=row.language,
        categories=tuple(row.categories),
        birth_date=row.birth_date,
        is_business=row.is_business,
        legal_answers=dict(row.legal_answers),
        state=row.state,
        created_at_ms=row.created_at_ms,
    )


def last_link_view(row: Link) -> LastLinkView:
    """Read the last link of a person off its row."""
    return LastLinkView(row.purpose, row.created_at_ms, row.expires_at_ms, row.used_at_ms)


def link_view(row: Link) -> LinkView:
    """Read a link off its row."""
    return LinkView(row.purpose, row.person_id, row.console, row.invitation, row.expires_at_ms)


def invitation_view(row: Link) -> InvitationView:
    """Read an invitation off the row of its link."""
    said = row.invitation or {}
    return InvitationView(
        row.id,
        said["business_center_id"],
        said["email"],
        Roles(said["role"], said["advertiser_role"], said["finance_role"]),
        said["invited_by"],
        row.expires_at_ms,
        row.created_at_ms,
    )


def app_view(row: App) -> AppView:
    """Read an app off its row."""
    return AppView(row.id, row.name, tuple(row.redirect_uris), row.owner_id, row.created_at_ms)


def token_view(row: AccessToken, advertiser_ids: tuple[int, ...]) -> TokenView:
    """Read a token off its row."""
    return TokenView(
        row.id,
        row.app_id,
        row.person_id,
        row.name,
        advertiser_ids,
        tuple(row.scopes),
        row.created_at_ms,
        row.revoked_at_ms,
    )


def creator_grant_view(row: CreatorToken) -> CreatorGrant:
    """Read a creator's grant to an app off its row."""
    return CreatorGrant(
        row.id, row.app_id, row.creator_id, tuple(row.scopes), row.expires_at_ms, row.refresh_expires_at_ms
    )


def host_key_view(row: HostKey) -> HostKeyView:
    """Read a host key off its row."""
    return HostKeyView(row.id, row.name, row.created_at_ms, row.revoked_at_ms)
