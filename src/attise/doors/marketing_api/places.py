"""Places in the dialect: countries and their regions, listed, searched and told by id.

A place's id here is the one that ``location_ids`` takes. Zip codes and internet providers are no places of ours.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from attise.doors.marketing_api.endpoint import Advertiser, Call, Data, Params, endpoint
from attise.doors.marketing_api.lookups import Word, Words, said
from attise.doors.marketing_api.wire.kinds import Id, Items, Length
from attise.management.accounts.rules import Scope
from attise.records.lookups import regions
from attise.records.lookups.regions import Region

Levels = Literal["ALL", "TO_COUNTRY", "TO_PROVINCE", "TO_CITY", "TO_DISTRICT"]
Scene = Literal["GEO", "ISP"]
Search = Literal["FUZZY_SEARCH", "BATCH_REGION_SEARCH", "BATCH_ZIPCODE_SEARCH"]
Ids = Annotated[list[Id], Items(1, 1000)]
TagIds = Annotated[list[Word], Items(1, 1000)]
MOST_FOUND = 1_000
"""Places that one search finds."""


class _Regions(Params):
    advertiser_id: Id
    placements: Words
    objective_type: Word
    level_range: Levels = "ALL"
    language: Word = "en"


@endpoint("GET", "tool/region", needs=Advertiser(), scope=Scope.ADS)
def list_regions(call: Call, params: _Regions) -> Data:  # noqa: ARG001 - the same arguments for all
    """List the places that may be targeted: countries, and the regions of some; every objective has the same."""
    rows = [row for row in regions.all() if params.level_range != "TO_COUNTRY" or row.parent_id is None]
    listed = {row.id for row in rows}
    return {
        "region_info": [
            {
                "location_id": row.wire_id,
                "name": said(row, params.language),
                "parent_id": _parent(row),
                "region_code": row.iso,
                "country_code": row.country,
                "level": _level(row),
                "area_type": "ADMIN",
                "next_level_ids": [child.wire_id for child in regions.children(row.id) if child.id in listed],
                "support_below_18": row.support_below_18,
            }
            for row in rows
        ],
        "region_list": [row.wire_id for row in rows],
    }


class _OfAdvertiser(Params):
    advertiser_id: Id
    language: Word = "en"


@endpoint("GET", "search/region", needs=Advertiser(), scope=Scope.ADS)
def list_region_names(call: Call, params: _OfAdvertiser) -> Data:  # noqa: ARG001 - as above
    """List the same places in the shape of another endpoint."""
    return {
        "region_list": [
            {
                "region_id": row.wire_id,
                "region_name": said(row, params.language),
                "region_level": _level(row),
                "parent_id": _parent(row),
                "country_code": row.country,
                "area_type": "ADMIN",
                "support_below_18": row.support_below_18,
            }
            for row in regions.all()
        ]
    }


class _SearchTags(Params):
    advertiser_id: Id
    objective_type: Word
    placements: Words
    keywords: Annotated[list[Annotated[str, Length(0, 200)]], Items(1, 1000)]
    search_type: Search
    geo_types: Words = []
    region_codes: Annotated[list[Word], Items(0, 300)] = []
    language: Word = "en"


@endpoint("POST", "tool/targeting/search", needs=Advertiser(), scope=Scope.ADS)
def search_tags(call: Call, params: _SearchTags) -> Data:  # noqa: ARG001 - as above
    """Find places by words of their names in English or French; no word finds a zip code."""
    found: list[tuple[Region, str]] = []
    for keyword in dict.fromkeys(params.keywords):
        found += [(row, keyword) for row in _rows_of(keyword, params.search_type) if _is_wanted(row, params)]
    del found[MOST_FOUND:]
    tags = [{**_tag(row, params.language), "keyword": keyword} for row, keyword in found]
    return {"targeting_tag_list": tags, "parent_tags": _parents((row for row, _ in found), params.language)}


class _ReadTags(Params):
    advertiser_id: Id
    targeting_ids: TagIds
    scene: Scene = "GEO"
    language: Word = "en"


@endpoint("POST", "tool/targeting/info", needs=Advertiser(), scope=Scope.ADS)
def read_tags(call: Call, params: _ReadTags) -> Data:  # noqa: ARG001 - as above
    """Tell the places of these ids; others have no row."""
    asked = dict.fromkeys(params.targeting_ids) if params.scene == "GEO" else ()
    rows = [row for text in asked if (row := regions.find(text)) is not None and row.wire_id == text]
    return {
        "targeting_tag_list": [_tag(row, params.language) for row in rows],
        "parent_tags": _parents(rows, params.language),
    }


class _ListTags(Params):
    advertiser_id: Id
    location_ids: Ids
    scene: Scene
    language: Word = "en"


@endpoint("GET", "tool/targeting/list", needs=Advertiser(), scope=Scope.ADS)
def list_tags(call: Call, params: _ListTags) -> Data:  # noqa: ARG001 - as above
    """List the regions within some places; there are no internet providers."""
    asked = dict.fromkeys(params.location_ids) if params.scene == "GEO" else ()
    parents = [row for location in asked if (row := regions.by_id(location)) is not None]
    rows = [child for parent in parents for child in regions.children(parent.id)]
    return {
        "targeting_tag_list": [_listed_tag(row, params.language) for row in rows],
        "parent_tags": [_listed_tag(row, params.language) for row in parents if regions.children(row.id)],
    }


def _rows_of(keyword: str, search_type: Search) -> Iterable[Region]:
    if search_type == "FUZZY_SEARCH":
        return regions.search(keyword)
    row = regions.named(keyword) if search_type == "BATCH_REGION_SEARCH" else None
    return () if row is None else (row,)


def _is_wanted(row: Region, params: _SearchTags) -> bool:
    of_type = not params.geo_types or _level(row) in params.geo_types
    countries = {above.country for above in regions.chain(row.id)}
    return of_type and (not params.region_codes or not countries.isdisjoint(params.region_codes))


def _tag(row: Region, language: str) -> dict[str, Any]:
    return {
        "targeting_type": "GEO",
        "name": said(row, language),
        "status_info": {"status": "ENABLED", "reason": None},
        "geo": {
            "geo_id": row.wire_id,
            "geo_type": _level(row),
            "parent_id": _parent(row),
            "region_code": row.country,
            "description": None,
        },
        "isp": None,
    }


def _listed_tag(row: Region, language: str) -> dict[str, Any]:
    """Return a tag as the listing endpoint spells it."""
    geo = {
        "id": row.wire_id,
        "type": _level(row),
        "parent_id": _parent(row),
        "country_code": row.country,
        "description": None,
    }
    return {**_tag(row, language), "geo": geo}


def _parents(rows: Iterable[Region], language: str) -> list[dict[str, Any]]:
    above = {parent.id: parent for row in rows for parent in regions.chain(row.id)[1:]}
    return [_tag(row, language) for row in above.values()]


def _level(row: Region) -> str:
    return "COUNTRY" if row.parent_id is None else "PROVINCE"


def _parent(row: Region) -> str:
    return "0" if row.parent_id is None else str(row.parent_id)
