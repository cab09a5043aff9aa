"""Ad accounts: what an ad account is, and how its facts change."""

from __future__ import annotations

from typing import Annotated, Any

from attise.doors.marketing_api.endpoint import Advertiser, BusinessCenter, Call, Data, Params, endpoint
from attise.doors.marketing_api.masks import mask_email, mask_name, mask_phone
from attise.doors.marketing_api.once import once
from attise.doors.marketing_api.wire import errors, lists
from attise.doors.marketing_api.wire.kinds import Id, Items, NumberId
from attise.doors.marketing_api.wire.numbers import amount
from attise.kernel.errors import N_, Refusal
from attise.management.accounts import actions, queries
from attise.management.accounts.rules import Permission, Scope
from attise.management.accounts.views import AdvertiserView
from attise.management.billing import queries as billing

NO_ACCOUNT_BUDGETS = N_("an account has no budget of its own here: campaigns have")
UPDATED = {
    "advertiser_name": "name",
    "company": "company",
    "contact_name": "contact_name",
    "contact_email": "contact_email",
    "contact_number": "contact_phone",
    "address": "address",
    "promotion_link": "promotion_link",
}
"""What the dialect can change of an advertiser, by its own names."""


def row_of(view: AdvertiserView, balance_micros: int = 0) -> dict[str, Any]:
    """Return an ad account as the dialect tells it; contacts are masked."""
    phone = mask_phone(view.contact_phone)
    return {
        "advertiser_id": str(view.id),
        "name": view.name,
        "status": view.status,
        "role": "ROLE_ADVERTISER",
        "currency": view.currency,
        "timezone": view.timezone,
        "display_timezone": view.timezone,
        "country": view.country,
        "company": view.company,
        "industry": view.industry,
        "address": view.address,
        "language": view.language,
        "balance": amount(balance_micros, view.currency),
        "create_time": view.created_at_ms // 1000,
        "advertiser_account_type": "AUCTION",
        "contacter": mask_name(view.contact_name),
        "email": mask_email(view.contact_email),
        "telephone_number": phone,
        "cellphone_number": phone,
        "license_no": "",
        "license_url": None,
        "description": "",
        "rejection_reason": "",
        "owner_bc_id": str(view.business_center_id),
        "promotion_area": "",
        "ads_only_mode": view.ads_only_mode,
        "can_use_custom_identity": True,
    }


FIELDS = (
    *("advertiser_id", "name", "status", "role", "currency", "timezone", "display_timezone", "country", "company"),
    *("industry", "address", "language", "balance", "create_time", "advertiser_account_type", "contacter", "email"),
    *("telephone_number", "cellphone_number", "license_no", "license_url", "description", "rejection_reason"),
    *("owner_bc_id", "promotion_area", "ads_only_mode", "can_use_custom_identity"),
)


class _ReadAdvertisers(Params):
    advertiser_ids: Annotated[list[Id], Items(1, 100)]
    fields: list[str] | None = None


@endpoint("GET", "advertiser/info", needs=Advertiser(name="advertiser_ids"), scope=Scope.AD_ACCOUNT)
def read_advertisers(call: Call, params: _ReadAdvertisers) -> Data:
    """Tell the facts of ad accounts."""
    views = queries.list_advertisers(params.advertiser_ids)
    balances = billing.list_balances(call.means, views)
    rows = [row_of(view, balances[view.id].available_micros) for view in views]
    return {"list": lists.select(rows, known=FIELDS, fields=params.fields)}


class _UpdateAdvertiser(Params):
    advertiser_id: Id
    advertiser_name: str | None = None
    company: str | None = None
    contact_name: str | None = None
    contact_email: str | None = None
    contact_number: str | None = None
    address: str | None = None
    promotion_link: str | None = None
    bc_id: NumberId | None = None
    advertiser_budgets: list[_Anything] | None = None


class _Anything(Params):
    """An object whose fields are not read."""


@endpoint(
    "POST",
    "advertiser/update",
    needs=(Advertiser(Permission.EDIT_ADVERTISERS), BusinessCenter()),
    scope=Scope.AD_ACCOUNT,
    spelled={inside: outside for outside, inside in UPDATED.items()},
)
def update_advertiser(call: Call, params: _UpdateAdvertiser) -> Data:
    """Change an ad account's name, company and contacts."""
    if params.advertiser_budgets:
        raise Refusal(errors.NOT_TAKEN_HERE, field="advertiser_budgets", rule=NO_ACCOUNT_BUDGETS)
    given = {inside: getattr(params, outside) for outside, inside in UPDATED.items()}
    facts: Any = {name: value for name, value in given.items() if value is not None}
    if facts:
        actions.update_advertiser(call.means, call.actor, advertiser_id=params.advertiser_id, **facts)
    return {}


class _AdvertiserInfo(Params):
    name: str
    currency: str
    timezone: str
    type: str = "AUCTION"


class _CustomerInfo(Params):
    company: str
    industry: NumberId | None = None
    registered_area: str | None = None


class _ContactInfo(Params):
    name: str = ""
    email: str = ""
    number: str = ""


class _BillingInfo(Params):
    address: str = ""


class _QualificationInfo(Params):
    promotion_link: str = ""


class _CreateAdvertiser(Params):
    bc_id: Id
    advertiser_info: _AdvertiserInfo
    customer_info: _CustomerInfo
    contact_info: _ContactInfo = _ContactInfo()
    billing_info: _BillingInfo = _BillingInfo()
    qualification_info: _QualificationInfo = _QualificationInfo()
    request_id: Id | None = None


@endpoint(
    "POST",
    "bc/advertiser/create",
    needs=BusinessCenter(Permission.CREATE_ADVERTISERS),
    scope=Scope.AD_ACCOUNT,
    spelled={
        "name": "advertiser_info.name",
        "currency": "advertiser_info.currency",
        "timezone": "advertiser_info.timezone",
        "company": "customer_info.company",
        "industry": "customer_info.industry",
        "country": "customer_info.registered_area",
        "contact_name": "contact_info.name",
        "contact_email": "contact_info.email",
        "contact_phone": "contact_info.number",
        "address": "billing_info.address",
        "promotion_link": "qualification_info.promotion_link",
    },
)
def create_advertiser(call: Call, params: _CreateAdvertiser) -> Data:
    """Make an ad account in a Business Center; the token that made it may act for it from then on.

    With a ``request_id`` (ours here, as other creations have it), it is made once.
    """
    return once(call, f"app:{call.grant.app_id}", params.request_id, params, lambda: _create(call, params))


def _create(call: Call, params: _CreateAdvertiser) -> dict[str, Any]:
    center = queries.get_business_center(params.bc_id)
    industry = params.customer_info.industry
    made = actions.create_advertiser(
        call.means,
        call.actor,
        business_center_id=center.id,
        name=params.advertiser_info.name,
        currency=params.advertiser_info.currency,
        timezone=params.advertiser_info.timezone,
        company=params.customer_info.company,
        country=params.customer_info.registered_area or center.country,
        industry="" if industry is None else str(industry),
        contact_name=params.contact_info.name,
        contact_email=params.contact_info.email,
        contact_phone=params.contact_info.number,
        address=params.billing_info.address,
        promotion_link=params.qualification_info.promotion_link,
    )
    return {"advertiser_id": str(made.id)}
