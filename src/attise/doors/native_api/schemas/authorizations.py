"""Shapes of grants: a post by code, an account to a Business Center, an account to its own advertiser."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, WithJsonSchema

from attise.doors.native_api.schemas.common import (
    Country,
    Currency,
    Given,
    GivenId,
    Micros,
    Told,
    ToldId,
    ToldMoment,
    told_id,
)
from attise.doors.native_api.schemas.posts import PostAnswer, tell_moment
from attise.kernel.clock import rfc3339
from attise.kernel.limits import CODES_AT_ONCE, GRANT_DAYS, MAX_ADVERTISERS_PER_GRANT
from attise.management.authorizations.rules import OBJECTIVES, PERMISSIONS
from attise.management.authorizations.views import AuthorizationView, HistoryView
from attise.records.terms import PPM, Terms

CODE_CHARACTERS = 512
Days = Annotated[int, WithJsonSchema({"type": "integer", "enum": list(GRANT_DAYS)})]
"""Which days are taken is the room's to say, in its own words."""
Permission = Annotated[str, WithJsonSchema({"type": "string", "enum": list(PERMISSIONS)})]
Objective = Annotated[str, WithJsonSchema({"type": "string", "enum": list(OBJECTIVES)})]
CodeText = Annotated[str, Field(max_length=CODE_CHARACTERS, description="A Spark code, as the creator copied it.")]


class GivenTerms(Given):
    """What the creator allows, and for what; left out: not limited, not paid."""

    spend_cap_micros: Micros | None = None
    currency: Currency | None = None
    countries: Annotated[list[Country], Field(max_length=250, description="Where ads may be shown.")] = []
    refused_objectives: Annotated[list[Objective], Field(max_length=20)] = []
    refused_categories: Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=50)] = []
    share_ppm: Annotated[int, Field(ge=0, le=PPM, description="The creator's share of each charge, in millionths.")] = 0
    fee_micros: Annotated[Micros, Field(description="A fixed fee, once per advertiser. Not with a share.")] = 0
    approve_each_ad: bool = False
    max_advertisers: Annotated[int, Field(ge=1, le=MAX_ADVERTISERS_PER_GRANT)] = 1


class GrantDraft(Given):
    """A post to authorize."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"days": 30, "terms": {"countries": ["FR"], "share_ppm": 100_000}}]}
    )
    days: Days
    terms: GivenTerms | None = None
    make_public: Annotated[bool, Field(description="The creator's word that a private post be made public.")] = False


class Extension(Given):
    """How much longer a grant lives."""

    days: Days


class Revocation(Given):
    """When a grant ends."""

    when: Annotated[
        Literal["now", "campaigns_end"], Field(description="`now`: no decision two seconds after the answer.")
    ]


class TermsChange(Given):
    """New terms, in place of all that were."""

    terms: GivenTerms


class ToldTerms(Told):
    """Terms in force; null or empty is not limited."""

    spend_cap_micros: int | None
    currency: str | None
    countries: list[str]
    refused_objectives: list[str]
    refused_categories: list[str]
    share_ppm: int
    fee_micros: int
    approve_each_ad: bool
    max_advertisers: int


class Holder(Told):
    """An advertiser that holds a grant."""

    advertiser_id: ToldId
    name: str
    bound_at: ToldMoment


class AuthorizationAnswer(Told):
    """A grant as it stands, without its code."""

    authorization_id: ToldId
    kind: Literal["post", "account", "own"]
    creator_id: ToldId
    post_id: ToldId | None
    bc_id: ToldId | None
    advertiser_id: ToldId | None
    permissions: list[str]
    state: Literal["issued", "bound", "expired", "revoked"]
    code_mask: str | None
    days: int | None
    starts_at: ToldMoment
    ends_at: ToldMoment | None
    revoke_at: ToldMoment | None
    terms: ToldTerms
    terms_version: int
    holders: list[Holder]
    created_at: ToldMoment
    modified_at: ToldMoment


class IssuedAnswer(AuthorizationAnswer):
    """A grant just made, with its code, which is never shown again."""

    code: str


class HistoryAnswer(Told):
    """One thing that happened to a grant. Each entry's hash covers the one before."""

    number: int
    at: ToldMoment
    verb: str
    actor: str
    origin: str | None
    details: dict[str, Any]
    hash: str


class Codes(Given):
    """Codes to apply for one advertiser."""

    codes: Annotated[list[CodeText], Field(min_length=1, max_length=CODES_AT_ONCE)]


class OneCode(Given):
    """A code to look at."""

    code: CodeText


class AccountLink(Given):
    """An account to link to its own advertiser."""

    creator_id: GivenId


class Assignment(Given):
    """The advertiser that may use an account."""

    advertiser_id: GivenId


class AccountAnswer(Told):
    """A creator's account that is open to a Business Center, and the advertisers that may use it."""

    creator_id: ToldId
    handle: str
    display_name: str
    advertiser_ids: list[ToldId]
    authorization: AuthorizationAnswer


class BoundAnswer(Told):
    """A post in an advertiser's library by a code; the code itself is not told here."""

    post: PostAnswer
    authorization: AuthorizationAnswer
    identity_id: str
    bound_at: ToldMoment


class PreviewAnswer(Told):
    """What a good code shows before it is applied."""

    post: PostAnswer
    authorization: AuthorizationAnswer
    identity_id: Annotated[str | None, Field(description="null until this advertiser has applied the code.")]


class IdentityAnswer(Told):
    """An account as author of an advertiser's ads."""

    identity_id: str
    identity_type: Literal["AUTH_CODE", "TT_USER", "BC_AUTH_TT"]
    creator_id: ToldId
    handle: str
    display_name: str
    bc_id: ToldId | None
    can_use_posts: bool
    can_publish: bool
    ads_only: bool
    is_available: bool


def terms_of(given: GivenTerms | None) -> Terms:
    """Return the terms that the room takes."""
    if given is None:
        return Terms()
    return Terms(**{name: tuple(value) if isinstance(value, list) else value for name, value in given})


def authorization_facts(view: AuthorizationView) -> dict[str, Any]:
    """Return the fields of a grant as callers see it."""
    return {
        "authorization_id": str(view.id),
        "kind": view.kind,
        "creator_id": str(view.creator_id),
        "post_id": told_id(view.post_id),
        "bc_id": told_id(view.business_center_id),
        "advertiser_id": told_id(view.advertiser_id),
        "permissions": list(view.permissions),
        "state": view.state.value,
        "code_mask": view.code_mask or None,
        "days": view.days,
        "starts_at": rfc3339(view.starts_at_ms),
        "ends_at": tell_moment(view.ends_at_ms),
        "revoke_at": tell_moment(view.revoke_at_ms),
        "terms": ToldTerms(
            spend_cap_micros=view.terms.spend_cap_micros,
            currency=view.terms.currency,
            countries=list(view.terms.countries),
            refused_objectives=list(view.terms.refused_objectives),
            refused_categories=list(view.terms.refused_categories),
            share_ppm=view.terms.share_ppm,
            fee_micros=view.terms.fee_micros,
            approve_each_ad=view.terms.approve_each_ad,
            max_advertisers=view.terms.max_advertisers,
        ),
        "terms_version": view.terms_version,
        "holders": [
            Holder(
                advertiser_id=str(holder.advertiser_id),
                name=holder.advertiser_name,
                bound_at=rfc3339(holder.bound_at_ms),
            )
            for holder in view.holders
        ],
        "created_at": rfc3339(view.created_at_ms),
        "modified_at": rfc3339(view.modified_at_ms),
    }


def tell_authorization(view: AuthorizationView) -> AuthorizationAnswer:
    """Return a grant as callers see it."""
    return AuthorizationAnswer(**authorization_facts(view))


def tell_history(view: HistoryView) -> HistoryAnswer:
    """Return an entry of a history as callers see it; times in its details are written as all times are."""
    return HistoryAnswer(
        number=view.number,
        at=rfc3339(view.at_ms),
        verb=view.verb,
        actor=view.actor,
        origin=view.origin or None,
        details={re.sub(r"_ms$", "", name): _detail(name, value) for name, value in view.body.items()},
        hash=view.hash,
    )


def _detail(name: str, value: Any) -> Any:
    return rfc3339(value) if name.endswith("_ms") and isinstance(value, int) else value
