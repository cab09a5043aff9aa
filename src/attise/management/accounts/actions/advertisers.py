"""An account that pays is made, or changes its facts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypedDict, Unpack

from django.db import IntegrityError, transaction

from attise.kernel.actor import Actor
from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.gather import Gather, clean_facts
from attise.kernel.limits import COMPANY_CHARACTERS, DAY_MS, NAME_CHARACTERS
from attise.kernel.means import Means
from attise.kernel.text import clean_text
from attise.ledger import actions as ledger
from attise.management.accounts.errors import CURRENCY_FIXED, EXTERNAL_KEY_TAKEN, TIMEZONE_CHANGED_LATELY
from attise.management.accounts.facts import clean_email, clean_phone, clean_web_address
from attise.management.accounts.models import Advertiser, BusinessCenter, TokenAdvertiser
from attise.management.accounts.payer import payer_of
from attise.management.accounts.views import AdvertiserView, advertiser_view
from attise.management.outbox.actions import unit, verb
from attise.records.change import ChangeKind
from attise.records.declared import (
    clean_category,
    clean_country,
    clean_currency,
    clean_language,
    clean_timezone,
)

TIMEZONE_DAYS = 30
DEFAULT_CATEGORY = "other"
INDUSTRY_CHARACTERS = 40
STREET_CHARACTERS = 200
EXTERNAL_KEY_CHARACTERS = 120


class AdvertiserContacts(TypedDict, total=False):
    """Whom to reach; each may be empty."""

    contact_name: str
    contact_email: str
    contact_phone: str
    address: str
    promotion_link: str
    ads_only_mode: bool


class AdvertiserFacts(AdvertiserContacts, total=False):
    """What can be changed of an advertiser; absent keys stay as they are."""

    name: str
    company: str
    payer_name: str
    timezone: str
    country: str
    language: str
    category: str
    industry: str


@verb
def create_advertiser(
    means: Means,
    actor: Actor,
    *,
    business_center_id: int,
    name: str,
    currency: str,
    timezone: str,
    company: str,
    country: str,
    payer_name: str = "",
    category: str = "",
    language: str = "",
    industry: str = "",
    external_key: str | None = None,
    **contacts: Unpack[AdvertiserContacts],
) -> AdvertiserView:
    """Make an advertiser in a Business Center.

    Nothing legal is left unsaid: the payer is the company unless another is named, the category is ``other`` unless
    one is. An access token that makes an advertiser may act for it from then on.
    Raises: ``not_found``, ``external_key_taken``, and the rules of the facts, together.
    """
    gather = Gather()
    facts: dict[str, Any] = gather.take(
        clean_facts,
        {
            "name": name,
            "company": company,
            "payer_name": payer_name or company,
            "timezone": timezone,
            "country": country,
            "language": language,
            "category": category or DEFAULT_CATEGORY,
            "industry": industry,
            **contacts,
        },
        _CLEANERS,
    )
    currency = gather.take(clean_currency, currency)
    if external_key is not None:
        external_key = gather.take(clean_text, external_key, field="external_key", limit=EXTERNAL_KEY_CHARACTERS)
    gather.tell()
    with unit(means):
        if not BusinessCenter.objects.filter(id=business_center_id).exists():
            raise Refusal(NOT_FOUND, field="business_center_id")
        now = means.clock.world_ms()
        try:
            with transaction.atomic():
                row = Advertiser.objects.create(
                    id=means.ids.next(),
                    business_center_id=business_center_id,
                    currency=currency,
                    external_key=external_key,
                    created_at_ms=now,
                    modified_at_ms=now,
                    **facts,
                )
        except IntegrityError:
            raise Refusal(EXTERNAL_KEY_TAKEN, field="external_key") from None
        if actor.kind == "token":
            TokenAdvertiser.objects.create(token_id=actor.id, advertiser=row)
    return advertiser_view(row)


@verb
def update_advertiser(
    means: Means,
    actor: Actor,  # noqa: ARG001 - every verb of somebody takes who it is
    *,
    advertiser_id: int,
    **facts: Unpack[AdvertiserFacts],
) -> AdvertiserView:
    """Change an advertiser's facts.

    The time zone changes at most once in 30 days of world time, and rules budgets from its next midnight on, so that no
    day of budget is gained.
    Raises: ``not_found``, ``currency_fixed``, ``timezone_changed_lately``, and the rules of the facts, together.
    """
    cleaned = clean_facts(facts, _CLEANERS)
    with unit(means) as work:
        row = Advertiser.objects.select_for_update(no_key=True).filter(id=advertiser_id).first()
        if row is None:
            raise Refusal(NOT_FOUND, field="advertiser_id")
        now = means.clock.world_ms()
        if cleaned.get("timezone", row.timezone) != row.timezone:
            changed = row.timezone_changed_at_ms
            if changed is not None and now < changed + TIMEZONE_DAYS * DAY_MS:
                raise Refusal(TIMEZONE_CHANGED_LATELY, field="timezone", days=TIMEZONE_DAYS)
            row.timezone_changed_at_ms = now
        for key, value in cleaned.items():
            setattr(row, key, value)
        row.modified_at_ms = now
        row.save()
        if row.timezone_changed_at_ms == now:
            ledger.set_timezone(means, payer=payer_of(row.id), timezone=row.timezone)
        work.change(ChangeKind.ADVERTISER_CHANGED, row.id)
    return advertiser_view(row)


def hold_advertiser(*, advertiser_id: int) -> None:
    """Lock an advertiser until the end of the open unit, before anything that hangs on it.

    Why: whoever counts what an advertiser has, to make one more, counts after those who came before.
    Raises: ``not_found``. Cost: one query.
    """
    held = Advertiser.objects.select_for_update(no_key=True).filter(id=advertiser_id).values_list("id", flat=True)
    if held.first() is None:
        raise Refusal(NOT_FOUND, field="advertiser_id")


def _text(field: str, limit: int, *, empty: bool = False) -> Callable[[str], str]:
    return partial(clean_text, field=field, limit=limit, empty=empty)


def _no_currency(_: str) -> str:
    raise Refusal(CURRENCY_FIXED, field="currency")


_CLEANERS: dict[str, Callable[[Any], Any]] = {
    "name": _text("name", NAME_CHARACTERS),
    "company": _text("company", COMPANY_CHARACTERS),
    "payer_name": _text("payer_name", COMPANY_CHARACTERS),
    "currency": _no_currency,
    "timezone": clean_timezone,
    "country": clean_country,
    "language": partial(clean_language, empty=True),
    "category": clean_category,
    "industry": _text("industry", INDUSTRY_CHARACTERS, empty=True),
    "contact_name": _text("contact_name", NAME_CHARACTERS, empty=True),
    "contact_email": partial(clean_email, field="contact_email", empty=True),
    "contact_phone": partial(clean_phone, field="contact_phone"),
    "address": _text("address", STREET_CHARACTERS, empty=True),
    "promotion_link": partial(clean_web_address, field="promotion_link"),
    "ads_only_mode": bool,
}
