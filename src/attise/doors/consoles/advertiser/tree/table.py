"""The table of one level: campaigns, ad groups or ads of an advertiser, fifty a page, its state in its address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language

from attise.doors.consoles import csv_file, frame, paging, periods, words
from attise.doors.consoles.advertiser.least_budget import least_text
from attise.doors.consoles.advertiser.tree import breakdown
from attise.doors.consoles.advertiser.tree import filters as asked
from attise.doors.consoles.advertiser.tree import rows as shown
from attise.doors.consoles.advertiser.tree.budget import Edit
from attise.doors.consoles.advertiser.tree.filters import Filters
from attise.doors.consoles.advertiser.tree.levels import WORDS, Level
from attise.doors.consoles.advertiser.tree.rows import Row
from attise.doors.consoles.gate import for_member
from attise.doors.consoles.visit import AdvertiserVisit
from attise.kernel.ids import parse_id
from attise.kernel.paging import NumberedPage
from attise.management.accounts.rules import Permission
from attise.management.billing import queries as billing
from attise.management.campaigns import queries
from attise.management.campaigns.queries.beneath import Beneath, beneath_adgroups, beneath_campaigns
from attise.management.campaigns.status import StatusWish
from attise.measurement.attribution.figures import Figures, list_figures, together

PAGE = paging.PAGE
TOTALLED = 5_000
"""Rows that are added up beneath a table."""


@for_member(Permission.READ, "GET")
def table(visit: AdvertiserVisit, level: Level) -> HttpResponse:
    """List what an advertiser has of one level."""
    filters = asked.read(visit.request.GET, level)
    return show(visit, filters)


def show(
    visit: AdvertiserVisit,
    filters: Filters,
    *,
    notice: dict[str, Any] | None = None,
    edit: Edit | None = None,
    status: int = 200,
) -> HttpResponse:
    """Return the page of a table; ``edit`` is the budget that is being changed in it, ``notice`` what to say above."""
    level = filters.level
    found = find(visit, filters)
    if edit is None:
        edit = _edit_asked(visit, found.items)
    names = names_above(visit, filters)
    campaign, adgroup = names
    query = filters.query
    whole = totals(visit, filters, found)
    if filters.breakdown:
        parts = breakdown.on_page(visit, level, [row.id for row in found.items], filters.breakdown, filters.period)
        items = [replace(row, parts=parts.get(row.id)) for row in found.items]
        found = NumberedPage(items, found.page, found.page_size, found.total)
    context = {
        "level": level,
        "words": WORDS[level],
        "tabs": _tabs(filters),
        "filters": filters,
        "query": query,
        "retour": query,
        "here": reverse(WORDS[level].list_name) + query,
        "chips": asked.chips(filters, campaign=campaign, adgroup=adgroup),
        "statuses": [(key, label, key == filters.status) for key, (_status, label) in asked.STATUSES.items()],
        "objectives": [(key, words.OBJECTIVES[one], key == filters.objective) for key, one in asked.OBJECTIVES.items()],
        "periods": [(key, one.label, key == filters.period) for key, one in periods.PERIODS.items()],
        "period": periods.PERIODS[filters.period].label,
        "rows": found.items,
        "total": found.total,
        "totals": whole,
        "totals_changes": shown.changes_of(whole, totals_before(visit, filters, found)) if whole else None,
        "breakdowns": breakdown.choices(filters.breakdown),
        "can_compare": filters.period in periods.COMPARED,
        "whole_to_ms": breakdown.whole_to_ms() if filters.breakdown else 0,
        "pager": paging.pager(found, filters.asked, at=reverse(WORDS[level].list_name)),
        "notice": notice,
        "edit": edit,
        "can_edit": visit.can(Permission.EDIT_CAMPAIGNS),
        "picks": visit.can(Permission.EDIT_CAMPAIGNS),
        "reserved": words.reserved_for(Permission.EDIT_CAMPAIGNS),
        "formats": csv_file.options(get_language() or "", is_table=True),
        "dialog": visit.request.GET.get("dialog", ""),
        "timezone": visit.advertiser.timezone.replace("_", " "),
        "balance": billing.balance_of_advertiser(visit.means, advertiser_id=visit.advertiser.id)
        if visit.can(Permission.READ_BILLING)
        else None,
        "origin": visit.request.build_absolute_uri("/").rstrip("/"),
        "least_budget": least_text(visit.advertiser.currency),
    }
    return frame.page(visit, "advertiser/tree/table.html", "campaigns", context, status=status)


# ---- what is asked


def find(visit: AdvertiserVisit, filters: Filters, *, page_size: int = PAGE) -> NumberedPage[Row]:
    """Return a page of rows. Cost: about 13 queries, 16 where they are compared with the days before."""
    page = _views(visit, filters, page_size)
    beneath: dict[int, Beneath] = {}
    ids = [view.id for view in page.items]
    if filters.level is Level.CAMPAIGN:
        beneath = beneath_campaigns(visit.means, advertiser_id=visit.advertiser.id, campaign_ids=ids)
    elif filters.level is Level.ADGROUP:
        beneath = beneath_adgroups(visit.means, advertiser_id=visit.advertiser.id, adgroup_ids=ids)
    items = shown.of_views(visit, filters.level, page.items, beneath)
    items = shown.with_figures(visit, filters.level, items, filters.period, is_compared=filters.is_compared)
    return NumberedPage(items, page.page, page.page_size, page.total)


def find_one(visit: AdvertiserVisit, level: Level, object_id: int) -> Row:
    """Return the row of one object. Raises: Http404 for what is not the advertiser's."""
    mine = {"advertiser_id": visit.advertiser.id}
    if level is Level.CAMPAIGN:
        campaign = queries.get_campaign(visit.means, **mine, campaign_id=object_id)
        beneath = beneath_campaigns(visit.means, **mine, campaign_ids=[object_id])
        return shown.of_campaign(visit, campaign, beneath.get(object_id, shown.NOTHING))
    if level is Level.ADGROUP:
        adgroup = queries.get_adgroup(visit.means, **mine, adgroup_id=object_id)
        beneath = beneath_adgroups(visit.means, **mine, adgroup_ids=[object_id])
        return shown.of_adgroup(visit, adgroup, beneath.get(object_id, shown.NOTHING))
    return shown.of_ad(visit, queries.get_ad(visit.means, **mine, ad_id=object_id))


def _views(visit: AdvertiserVisit, filters: Filters, page_size: int) -> NumberedPage[Any]:
    read, wish = _LISTS[filters.level], _wish(filters)
    return read(visit.means, advertiser_id=visit.advertiser.id, wish=wish, page=filters.page, page_size=page_size)


def _wish(filters: Filters) -> Any:
    """Return what the filters ask of their level's list."""
    wanted = asked.STATUSES[filters.status][0] if filters.status else None
    where: dict[str, Any] = {
        "name": filters.name,
        "objective_type": asked.OBJECTIVES.get(filters.objective),
        "status": StatusWish(primary=wanted),
    }
    if filters.level is Level.CAMPAIGN:
        return queries.CampaignWish(**where)
    where["campaign_ids"] = None if filters.campaign_id is None else [filters.campaign_id]
    if filters.level is Level.ADGROUP:
        return queries.AdGroupWish(**where)
    return queries.AdWish(adgroup_ids=None if filters.adgroup_id is None else [filters.adgroup_id], **where)


def totals(visit: AdvertiserVisit, filters: Filters, found: NumberedPage[Row]) -> Figures | None:
    """Return what all rows that the filters keep came to, on whichever page they are; None: they are too many.

    Cost: none where they are on one page, else four queries.
    """
    currency = visit.advertiser.currency
    if found.total > TOTALLED or not found.items:
        return None
    if found.total == len(found.items):
        return together(currency, (row.figures for row in found.items))
    advertiser_id = visit.advertiser.id
    ids = _IDS[filters.level](visit.means, advertiser_id=advertiser_id, wish=_wish(filters), most=TOTALLED)
    from_ms, to_ms = periods.bounds(visit.advertiser.timezone, visit.means.clock.world_ms(), filters.period)
    told = list_figures(advertiser_id, level=filters.level.value, ids=ids, from_ms=from_ms, to_ms=to_ms)
    return together(currency, told.values())


def totals_before(visit: AdvertiserVisit, filters: Filters, found: NumberedPage[Row]) -> Figures | None:
    """Return what the same rows came to in the days before; None where that is not asked. Cost: as ``totals``."""
    before = periods.bounds_before(visit.advertiser.timezone, visit.means.clock.world_ms(), filters.period)
    if not filters.is_compared or before is None or found.total > TOTALLED:
        return None
    currency = visit.advertiser.currency
    if found.total == len(found.items):
        return together(currency, (row.before for row in found.items if row.before is not None))
    advertiser_id = visit.advertiser.id
    ids = _IDS[filters.level](visit.means, advertiser_id=advertiser_id, wish=_wish(filters), most=TOTALLED)
    told = list_figures(advertiser_id, level=filters.level.value, ids=ids, from_ms=before[0], to_ms=before[1])
    return together(currency, told.values())


_LISTS: Final[dict[Level, Callable[..., NumberedPage[Any]]]] = {
    Level.CAMPAIGN: queries.list_campaigns,
    Level.ADGROUP: queries.list_adgroups,
    Level.AD: queries.list_ads,
}
_IDS: Final[dict[Level, Callable[..., list[int]]]] = {
    Level.CAMPAIGN: queries.list_ids_of_campaigns,
    Level.ADGROUP: queries.list_ids_of_adgroups,
    Level.AD: queries.list_ids_of_ads,
}


def names_above(visit: AdvertiserVisit, filters: Filters) -> tuple[str, str]:
    """Return the names of the campaign and the ad group that the filters name. Raises: Http404 for another's."""
    campaign, adgroup = "", ""
    if filters.campaign_id is not None:
        one = queries.find_campaign(visit.means, advertiser_id=visit.advertiser.id, campaign_id=filters.campaign_id)
        if one is None:
            raise Http404
        campaign = one.name
    if filters.adgroup_id is not None:
        group = queries.find_adgroup(visit.means, advertiser_id=visit.advertiser.id, adgroup_id=filters.adgroup_id)
        if group is None:
            raise Http404
        adgroup = group.name
    return campaign, adgroup


# ---- what stands around the rows


@dataclass(frozen=True, slots=True)
class Tab:
    """A level to go to, with the filters that it knows too."""

    label: str
    url: str
    is_current: bool


def _tabs(filters: Filters) -> list[Tab]:
    """Return the three levels; what is above goes along downwards."""
    found = []
    for level, said in WORDS.items():
        kept = Filters(
            level,
            name="",
            status=filters.status,
            period=filters.period,
            breakdown=filters.breakdown,
            is_compared=filters.is_compared,
            objective=filters.objective,
            campaign_id=filters.campaign_id if level is not Level.CAMPAIGN else None,
            adgroup_id=filters.adgroup_id if level is Level.AD else None,
        )
        found.append(Tab(str(said.many), reverse(said.list_name) + kept.query, level is filters.level))
    return found


def _edit_asked(visit: AdvertiserVisit, rows: list[Row]) -> Edit | None:
    """Return the budget that an address asks to change: ``?budget=ID``, for browsers without scripts."""
    object_id = parse_id(visit.request.GET.get("budget", ""))
    row = next((one for one in rows if one.id == object_id), None)
    if row is None or row.budget is None or not row.budget.can_edit:
        return None
    return Edit.of(row)
