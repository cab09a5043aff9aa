"""Shapes of Business Centers and advertisers."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from attise.doors.native_api.schemas.common import (
    Country,
    Currency,
    Given,
    GivenId,
    Language,
    Told,
    ToldId,
    ToldMoment,
)
from attise.kernel.clock import rfc3339
from attise.kernel.limits import COMPANY_CHARACTERS, NAME_CHARACTERS
from attise.management.accounts.views import AdvertiserView, BusinessCenterView

Name = Annotated[str, Field(max_length=4 * NAME_CHARACTERS)]
Company = Annotated[str, Field(max_length=4 * COMPANY_CHARACTERS, description="The legal name.")]
Timezone = Annotated[str, Field(max_length=64, description="A name of the IANA database.", examples=["Europe/Paris"])]


class BusinessCenterDraft(Given):
    """A Business Center to make."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Maison Verte",
                    "company": "Maison Verte SAS",
                    "country": "FR",
                    "currency": "EUR",
                    "timezone": "Europe/Paris",
                }
            ]
        }
    )
    name: Name
    company: Company
    country: Country
    currency: Currency
    timezone: Timezone


class BusinessCenterAnswer(Told):
    """A Business Center."""

    bc_id: ToldId
    name: str
    company: str
    country: str
    currency: str
    timezone: str
    created_at: ToldMoment


class AdvertiserDraft(Given):
    """An advertiser to make. ``payer_name`` is who pays the ads, the company unless said otherwise."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "bc_id": "7507931062747136000",
                    "name": "Maison Verte France",
                    "company": "Maison Verte SAS",
                    "country": "FR",
                    "currency": "EUR",
                    "timezone": "Europe/Paris",
                }
            ]
        }
    )
    bc_id: GivenId
    name: Name
    company: Company
    country: Country
    currency: Currency
    timezone: Timezone
    payer_name: Company | None = None
    category: Annotated[str, Field(max_length=40, description="A slug of the table of categories.")] | None = None
    language: Language | None = None
    industry: Annotated[str, Field(max_length=160)] | None = None
    external_key: Annotated[str, Field(max_length=480, description="Your own name for it; unique.")] | None = None


class AdvertiserAnswer(Told):
    """An advertiser."""

    advertiser_id: ToldId
    bc_id: ToldId
    name: str
    company: str
    payer_name: str
    country: str
    currency: str
    timezone: str
    language: str | None
    category: str
    industry: str | None
    external_key: str | None
    status: str
    created_at: ToldMoment


def tell_business_center(view: BusinessCenterView) -> BusinessCenterAnswer:
    """Return a Business Center as callers see it."""
    return BusinessCenterAnswer(
        bc_id=str(view.id),
        name=view.name,
        company=view.company,
        country=view.country,
        currency=view.currency,
        timezone=view.timezone,
        created_at=rfc3339(view.created_at_ms),
    )


def tell_advertiser(view: AdvertiserView) -> AdvertiserAnswer:
    """Return an advertiser as callers see it."""
    return AdvertiserAnswer(
        advertiser_id=str(view.id),
        bc_id=str(view.business_center_id),
        name=view.name,
        company=view.company,
        payer_name=view.payer_name,
        country=view.country,
        currency=view.currency,
        timezone=view.timezone,
        language=view.language or None,
        category=view.category,
        industry=view.industry or None,
        external_key=view.external_key,
        status=view.status,
        created_at=rfc3339(view.created_at_ms),
    )
