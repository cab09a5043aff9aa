"""Look-up tables: every name that the other calls take, in French and English, in the order of the tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from pydantic import BaseModel

from attise.doors.native_api.cursors import read_page, write_page
from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.schemas.common import DEFAULT_LIMIT, Cursor, Limit, Listing
from attise.doors.native_api.schemas.lookups import (
    BehaviourRow,
    CallRow,
    CategoryRow,
    CurrencyRow,
    InterestRow,
    LanguageRow,
    RegionRow,
    tell_behaviour,
    tell_call,
    tell_category,
    tell_currency,
    tell_interest,
    tell_language,
    tell_region,
)
from attise.kernel.paging import NumberedPage
from attise.records.lookups import (
    behaviours,
    call_to_actions,
    categories,
    currencies,
    interests,
    languages,
    regions,
)

group = Group("Look-up tables")
Row = TypeVar("Row")
Shape = TypeVar("Shape", bound=BaseModel)


@group.get("/v1/lookups/regions", gives=Listing[RegionRow])
def list_regions(call: Call, cursor: Cursor | None = None, limit: Limit = DEFAULT_LIMIT) -> Listing[RegionRow]:
    """List the places that ads may be meant for: countries, then regions of some."""
    return _part(call, Listing[RegionRow], regions.all(), tell_region, cursor, limit)


@group.get("/v1/lookups/languages", gives=Listing[LanguageRow])
def list_languages(call: Call, cursor: Cursor | None = None, limit: Limit = DEFAULT_LIMIT) -> Listing[LanguageRow]:
    """List languages."""
    return _part(call, Listing[LanguageRow], languages.all(), tell_language, cursor, limit)


@group.get("/v1/lookups/interests", gives=Listing[InterestRow])
def list_interests(call: Call, cursor: Cursor | None = None, limit: Limit = DEFAULT_LIMIT) -> Listing[InterestRow]:
    """List interests, each before those under it."""
    return _part(call, Listing[InterestRow], interests.all(), tell_interest, cursor, limit)


@group.get("/v1/lookups/behaviours", gives=Listing[BehaviourRow])
def list_behaviours(call: Call, cursor: Cursor | None = None, limit: Limit = DEFAULT_LIMIT) -> Listing[BehaviourRow]:
    """List behaviours, each before those under it."""
    return _part(call, Listing[BehaviourRow], behaviours.all(), tell_behaviour, cursor, limit)


@group.get("/v1/lookups/categories", gives=Listing[CategoryRow])
def list_categories(call: Call, cursor: Cursor | None = None, limit: Limit = DEFAULT_LIMIT) -> Listing[CategoryRow]:
    """List the categories of posts and advertisers, with what may be advertised."""
    return _part(call, Listing[CategoryRow], categories.all(), tell_category, cursor, limit)


@group.get("/v1/lookups/currencies", gives=Listing[CurrencyRow])
def list_currencies(call: Call, cursor: Cursor | None = None, limit: Limit = DEFAULT_LIMIT) -> Listing[CurrencyRow]:
    """List the currencies that an advertiser may have."""
    return _part(call, Listing[CurrencyRow], currencies.all(), tell_currency, cursor, limit)


@group.get("/v1/lookups/call-to-actions", gives=Listing[CallRow])
def list_call_to_actions(call: Call, cursor: Cursor | None = None, limit: Limit = DEFAULT_LIMIT) -> Listing[CallRow]:
    """List the buttons that an ad may have."""
    return _part(call, Listing[CallRow], call_to_actions.all(), tell_call, cursor, limit)


def _part(
    call: Call,
    kind: type[Listing[Shape]],
    rows: Sequence[Row],
    tell: Callable[[Row], Shape],
    cursor: str | None,
    limit: int,
) -> Listing[Shape]:
    """Return one part of a table that is whole in memory."""
    number = read_page(call, cursor, limit)
    page = NumberedPage(list(rows[(number - 1) * limit : number * limit]), number, limit, len(rows))
    return kind(items=[tell(row) for row in page.items], next_cursor=write_page(call, page))
