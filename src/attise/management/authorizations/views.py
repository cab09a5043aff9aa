"""What this room tells others: plain, frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from attise.management.authorizations.rules import State
from attise.management.posts.views import PostView
from attise.records.terms import Terms


@dataclass(frozen=True, slots=True)
class AuthorizationView:
    """A grant at one moment; never its code."""

    id: int
    kind: str
    creator_id: int
    post_id: int | None
    business_center_id: int | None
    advertiser_id: int | None
    permissions: tuple[str, ...]
    state: State
    days: int | None
    starts_at_ms: int
    ends_at_ms: int | None
    revoke_at_ms: int | None
    terms: Terms
    terms_version: int
    code_mask: str
    created_at_ms: int
    modified_at_ms: int
    holders: tuple[HolderView, ...] = ()


@dataclass(frozen=True, slots=True)
class HolderView:
    """An advertiser that holds a grant."""

    advertiser_id: int
    advertiser_name: str
    bound_at_ms: int


@dataclass(frozen=True, slots=True)
class IdentityView:
    """An account as author of an advertiser's ads."""

    identity_id: str
    identity_type: str
    advertiser_id: int
    creator_id: int
    handle: str
    display_name: str
    business_center_id: int | None
    can_pull: bool
    can_push: bool
    ads_only: bool
    is_available: bool


@dataclass(frozen=True, slots=True)
class BoundPost:
    """A post in an advertiser's library by a code: the post, the grant, and the code for that advertiser alone."""

    post: PostView
    authorization: AuthorizationView
    code: str
    identity_id: str
    bound_at_ms: int


@dataclass(frozen=True, slots=True)
class Usable:
    """By which identity an advertiser may use a post now, and the grant of the post where it is by one."""

    identity_id: str
    identity_type: str
    authorization: AuthorizationView | None = None
    business_center_id: int | None = None
    """Of access to an account: the Business Center that has it."""


@dataclass(frozen=True, slots=True)
class IdentityPost:
    """A post that an identity may use; with its grant and code where it was applied by one."""

    post: PostView
    authorization: AuthorizationView | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class CodePreview:
    """What a good code shows before it is applied."""

    post: PostView
    authorization: AuthorizationView
    code: str
    identity_id: str | None
    """None until this advertiser has applied it."""


@dataclass(frozen=True, slots=True)
class AccessRequestView:
    """A question to a creator, at one moment: ``pending``, ``accepted``, ``refused`` or ``expired``."""

    id: int
    business_center_id: int
    business_center_name: str
    permissions: tuple[str, ...]
    state: str
    creator_id: int | None
    authorization_id: int | None
    expires_at_ms: int
    created_at_ms: int


@dataclass(frozen=True, slots=True)
class PostRequestView:
    """An advertiser's question for a post, at one moment: ``pending``, ``accepted``, ``refused`` or ``withdrawn``."""

    id: int
    advertiser_id: int
    advertiser_name: str
    creator_id: int
    post_id: int
    days: int
    state: str
    authorization_id: int | None
    answered_at_ms: int | None
    created_at_ms: int


@dataclass(frozen=True, slots=True)
class AccountView:
    """A creator's account open to a Business Center, with the advertisers it is assigned to."""

    authorization: AuthorizationView
    handle: str
    display_name: str
    advertiser_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class HistoryView:
    """One entry of a grant's history."""

    number: int
    at_ms: int
    verb: str
    actor: str
    origin: str
    body: dict[str, Any]
    hash: str
