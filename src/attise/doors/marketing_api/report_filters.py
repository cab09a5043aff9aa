"""Filters of reports: which objects and countries are meant. Their values are JSON within a string."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Annotated, Any, Final

from attise.doors.marketing_api.endpoint import Params
from attise.doors.marketing_api.wire import errors
from attise.doors.marketing_api.wire.kinds import Length
from attise.doors.marketing_api.wire.shapes import IdShape
from attise.kernel import strict_json
from attise.kernel.errors import Refusal
from attise.kernel.means import Means
from attise.management.campaigns import queries
from attise.management.campaigns.status import ALL, DELETED, NOT_DELETED, PRIMARY
from attise.measurement.reports.asking.asked import Asked
from attise.measurement.reports.asking.dimensions import LEVELS

VALUES_MOST: Final = 1_000
VALUE_CHARACTERS: Final = 64
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_ID: Final = IdShape()


class ReportFilter(Params, kw_only=True):
    """One filter; all of them hold together."""

    field_name: Annotated[str, Length(1, 60)]
    filter_type: Annotated[str, Length(1, 30)]
    filter_value: Annotated[str, Length(1, 65_536)]


def narrowed(means: Means, asked: Asked, filters: list[ReportFilter]) -> Asked:
    """Return a report with its filters; without one by status, what is deleted at its level is left out.

    Raises: ``dialect_report_filter``, ``dialect_value``, naming the filter. Cost: up to three queries, and a
    listing where a status is asked for that no column tells.
    """
    named = {one.field_name for one in filters}
    for place, one in enumerate(filters):
        at = f"filtering[{place}]"
        if one.filter_type != "IN" or one.field_name not in _FILTERS:
            name, kind = one.field_name, one.filter_type
            choices = ", ".join(_FILTERS)
            raise Refusal(errors.REPORT_FILTER, field=f"{at}.field_name", name=name, kind=kind, choices=choices)
        asked = _FILTERS[one.field_name](means, asked, _values(one, at), f"{at}.filter_value")
    own = LEVELS[asked.level]
    default = _STATUS_OF.get(own)
    if default is not None and default not in named:
        asked = _left_out(asked, own, queries.list_deleted(own, advertiser_ids=asked.advertiser_ids))
    return asked


def _values(one: ReportFilter, at: str) -> list[str]:
    refusal = Refusal(errors.VALUE, field=f"{at}.filter_value", rule=errors.RULE_VALUES)
    try:
        found = strict_json.parse(one.filter_value)
    except strict_json.NotStrictJson:
        raise refusal from None
    values = found if isinstance(found, list) else [found]
    texts = [str(value) if isinstance(value, int) and not isinstance(value, bool) else value for value in values]
    if not all(isinstance(text, str) and len(text) <= VALUE_CHARACTERS for text in texts):
        raise refusal
    if not 1 <= len(texts) <= VALUES_MOST:
        raise Refusal(errors.VALUE_ITEMS, field=f"{at}.filter_value", least=1, most=VALUES_MOST, got=len(texts))
    return texts


Narrow = Callable[[Means, Asked, list[str], str], Asked]


def _by_ids(column: str) -> Narrow:
    def narrow(_means: Means, asked: Asked, values: list[str], at: str) -> Asked:
        return _kept(asked, column, frozenset(_ID.from_text(value, at) for value in values))

    return narrow


def _by_status(column: str) -> Narrow:
    def narrow(means: Means, asked: Asked, values: list[str], at: str) -> Asked:
        _known(values, PRIMARY, at)
        wanted = set(values)
        if ALL in wanted or {NOT_DELETED, DELETED} <= wanted:
            return asked
        mine = asked.advertiser_ids
        deleted = queries.list_deleted(column, advertiser_ids=mine)
        if NOT_DELETED in wanted:
            return _left_out(asked, column, deleted)
        meant = deleted if DELETED in wanted else frozenset[int]()
        for status in sorted(wanted - {DELETED}):
            meant |= queries.list_by_status(means, column, status, advertiser_ids=mine)
        return _kept(asked, column, meant)

    return narrow


def _by_objective(_means: Means, asked: Asked, values: list[str], _at: str) -> Asked:
    found = queries.list_by_objective(values, advertiser_ids=asked.advertiser_ids)
    return _kept(asked, "campaign_id", found)


def _by_country(_means: Means, asked: Asked, values: list[str], at: str) -> Asked:
    if not all(_COUNTRY.fullmatch(value) for value in values):
        raise Refusal(errors.VALUE, field=at, rule=errors.RULE_COUNTRY)
    kept = frozenset(values)
    return replace(asked, countries=kept if asked.countries is None else asked.countries & kept)


def _by_sort(known: Mapping[str, bool]) -> Narrow:
    """Return a filter by what campaigns here are all alike in: it keeps all or none."""

    def narrow(_means: Means, asked: Asked, values: list[str], at: str) -> Asked:
        _known(values, tuple(known), at)
        return asked if any(known[value] for value in values) else _kept(asked, "campaign_id", frozenset())

    return narrow


_STATUS_OF: Final = {"campaign_id": "campaign_status", "adgroup_id": "adgroup_status", "ad_id": "ad_status"}
_FILTERS: Final[dict[str, Narrow]] = {
    "campaign_ids": _by_ids("campaign_id"),
    "adgroup_ids": _by_ids("adgroup_id"),
    "ad_ids": _by_ids("ad_id"),
    "campaign_status": _by_status("campaign_id"),
    "adgroup_status": _by_status("adgroup_id"),
    "ad_status": _by_status("ad_id"),
    "objective_type": _by_objective,
    "country_code": _by_country,
    "buying_type": _by_sort({"AUCTION": True, "RESERVATION_RF": False, "RESERVATION_TOP_VIEW": False}),
    "campaign_automation_type": _by_sort({"MANUAL": True, "SMART_PLUS": False, "UPGRADED_SMART_PLUS": False}),
}


def _kept(asked: Asked, column: str, ids: frozenset[int]) -> Asked:
    held = asked.among.get(column)
    return replace(asked, among={**asked.among, column: ids if held is None else held & ids})


def _left_out(asked: Asked, column: str, ids: frozenset[int]) -> Asked:
    held = asked.without.get(column, frozenset())
    return replace(asked, without={**asked.without, column: held | ids})


def _known(values: list[str], choices: tuple[Any, ...], at: str) -> None:
    if any(value not in choices for value in values):
        raise Refusal(errors.VALUE_CHOICE, field=at, choices=", ".join(choices))
