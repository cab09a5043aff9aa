"""Look-up tables of the dialect: what may be targeted, zones and telephones. Names are in English or French.

What the house cannot target (carriers, models, versions of systems) has an empty list rather than none.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from attise.doors.marketing_api.endpoint import Advertiser, Call, Data, Params, endpoint
from attise.doors.marketing_api.wire.kinds import Id, Items, Length
from attise.kernel.clock import to_datetime
from attise.management.accounts.rules import Scope
from attise.management.campaigns.targeting_rules import is_behaviour_for_everybody_alike, is_for_everybody_alike
from attise.records.declared import timezones
from attise.records.lookups import behaviours, interests, languages, regions
from attise.records.lookups.behaviours import Behaviour
from attise.records.lookups.interests import Interest
from attise.records.lookups.names import Named, name

Word = Annotated[str, Length(0, 60)]
Words = Annotated[list[Word], Items(0, 20)]
Industry = Literal["HOUSING", "EMPLOYMENT", "CREDIT"]
Industries = Annotated[list[Industry], Items(0, 3)]
INDUSTRIES = ["HOUSING", "EMPLOYMENT", "CREDIT"]
OFFERED = ["PLACEMENT_TIKTOK"]


def said(row: Named, language: str) -> str:
    """Return a row's name: in French if that is asked for, else in English, as the dialect does with other tongues."""
    return name(row, "fr" if language == "fr" else "en")


class _OfAdvertiser(Params):
    advertiser_id: Id


@endpoint("GET", "tool/language", needs=Advertiser(), scope=Scope.ADS)
def list_languages(call: Call, params: _OfAdvertiser) -> Data:  # noqa: ARG001 - the same arguments for all
    """List the languages that may be targeted."""
    return {"languages": [{"code": row.code, "name": row.name_en} for row in languages.all()]}


class _Interests(Params):
    advertiser_id: Id
    version: Literal[1, 2] = 2
    placements: Words = []
    special_industries: Industries = []
    language: Word = "en"


@endpoint("GET", "tool/interest_category", needs=Advertiser(), scope=Scope.ADS)
def list_interests(call: Call, params: _Interests) -> Data:  # noqa: ARG001 - as above
    """List interests, parents first; with special industries, those by which their ads may choose people."""
    rows = [row for row in interests.all() if not params.special_industries or is_for_everybody_alike(row.id)]
    return {"interest_categories": [_interest_row(row, params.language) for row in rows]}


class _Actions(Params):
    advertiser_id: Id
    special_industries: Industries = []
    language: Word = "en"


@endpoint("GET", "tool/action_category", needs=Advertiser(), scope=Scope.ADS)
def list_behaviours(call: Call, params: _Actions) -> Data:  # noqa: ARG001 - as above
    """List behaviours, parents first; with special industries, those by which their ads may choose people."""
    rows = [
        row for row in behaviours.all() if not params.special_industries or is_behaviour_for_everybody_alike(row.id)
    ]
    return {"action_categories": [_behaviour_row(row, params.language) for row in rows]}


@endpoint("GET", "tool/timezone", needs=Advertiser(), scope=Scope.AD_ACCOUNT)
def list_timezones(call: Call, params: _OfAdvertiser) -> Data:  # noqa: ARG001 - as above
    """List the time zones that an advertiser may have, with what they are ahead of UTC now."""
    now = to_datetime(call.means.clock.world_ms())
    return {"timezones": [{"timezone": zone, "gmt_offset": _offset(zone, now)} for zone in sorted(timezones())]}


@endpoint("GET", "tool/phone_region_code", needs=Advertiser(), scope=Scope.ADS)
def list_calling_codes(call: Call, params: _OfAdvertiser) -> Data:  # noqa: ARG001 - as above
    """List the calling codes of the world's countries."""
    rows = [row for row in regions.countries() if row.calling_code]
    return {
        "phone_region_code_infos": [
            {
                "phone_region_code": row.iso,
                "phone_region_calling_code": f"+{row.calling_code}",
                "phone_region_name": row.name_en,
            }
            for row in rows
        ]
    }


class _Versions(Params):
    advertiser_id: Id
    os_type: Literal["ANDROID", "IOS", "IOS14_MINUS", "IOS14_PLUS"]


@endpoint("GET", "tool/os_version", needs=Advertiser(), scope=Scope.ADS)
def list_versions(call: Call, params: _Versions) -> Data:  # noqa: ARG001 - as above
    """List the versions of a system that may be targeted: none, since versions are not."""
    return {"os_versions": []}


@endpoint("GET", "tool/device_model", needs=Advertiser(), scope=Scope.ADS)
def list_models(call: Call, params: _OfAdvertiser) -> Data:  # noqa: ARG001 - as above
    """List the models of devices that may be targeted: none, since models are not."""
    return {"device_models": []}


@endpoint("GET", "tool/carrier", needs=Advertiser(), scope=Scope.ADS)
def list_carriers(call: Call, params: _OfAdvertiser) -> Data:  # noqa: ARG001 - as above
    """List the carriers that may be targeted, by country: none, since carriers are not."""
    return {"countries": []}


def _interest_row(row: Interest, language: str) -> dict[str, Any]:
    return {
        "interest_category_id": row.wire_id,
        "interest_category_name": said(row, language),
        "level": row.level,
        "sub_category_ids": [child.wire_id for child in interests.children(row.id)],
        "placements": OFFERED,
        "special_industries": INDUSTRIES if is_for_everybody_alike(row.id) else [],
    }


def _behaviour_row(row: Behaviour, language: str) -> dict[str, Any]:
    return {
        "action_category_id": row.wire_id,
        "name": said(row, language),
        "description": said(row if row.about_id is None else interests.get(row.about_id), language),
        "level": row.level,
        "action_scene": row.action_scene,
        "sub_category_ids": [child.wire_id for child in behaviours.children(row.id)],
        "special_industries": INDUSTRIES if is_behaviour_for_everybody_alike(row.id) else [],
    }


def _offset(zone: str, now: dt.datetime) -> str:
    """Return ``GMT+01:00``."""
    text = f"{now.astimezone(ZoneInfo(zone)):%z}"
    return f"GMT{text[:3]}:{text[3:5]}"
