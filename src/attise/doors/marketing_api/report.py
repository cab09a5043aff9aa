"""Reports that are answered at once: what every report is asked by, and how its rows are told.

Figures are of the newest roll-ups; what is known of the objects beside them is of this moment. Beside the dialect's
own fields an answer says up to when it is whole (``data_until``, UTC) and from which roll-ups it is (``revision``):
two answers of one revision agree.
"""

from __future__ import annotations

from typing import Annotated, Literal

from django.conf import settings

from attise.doors.marketing_api.asked import PageNumber, PageSize
from attise.doors.marketing_api.endpoint import Advertiser, BusinessCenter, Call, Data, Params, endpoint
from attise.doors.marketing_api.report_filters import ReportFilter, narrowed
from attise.doors.marketing_api.wire import errors
from attise.doors.marketing_api.wire.kinds import Day, Id, Items, Length
from attise.doors.marketing_api.wire.lists import page_info
from attise.doors.marketing_api.wire.times import entity_time
from attise.doors.site.report_words import metrics_of, words_of
from attise.kernel.errors import Refusal
from attise.kernel.paging import NumberedPage
from attise.management.accounts.rules import Permission, Scope
from attise.measurement.reports.asking.answering import answer
from attise.measurement.reports.asking.asked import Asked, check

ReportType = Literal["BASIC", "AUDIENCE", "BC", "CATALOG", "PLAYABLE_MATERIAL", "TT_SHOP"]
Level = Literal["AUCTION_ADVERTISER", "AUCTION_CAMPAIGN", "AUCTION_ADGROUP", "AUCTION_AD"]
Named = Annotated[str, Length(0, 100)]
WITHOUT_LEVEL = ("BC", "PLAYABLE_MATERIAL", "TT_SHOP")
"""Types of reports that say by themselves what they are of."""
DEFAULT_METRICS = ("spend", "impressions")
MADE_FOR = (Advertiser(), Advertiser(name="advertiser_ids"), BusinessCenter())


class ReportParams(Params, kw_only=True):
    """What a report is asked by, at once or as a task."""

    report_type: ReportType
    advertiser_id: Id | None = None
    advertiser_ids: Annotated[list[Id], Items(1, 5, bare=True)] | None = None
    bc_id: Id | None = None
    service_type: Literal["AUCTION"] = "AUCTION"
    data_level: Level | None = None
    dimensions: Annotated[list[Named], Items(1, 20, bare=True)]
    metrics: Annotated[list[Named], Items(0, 400, bare=True)] | None = None
    start_date: Day | None = None
    end_date: Day | None = None
    query_lifetime: bool = False
    filtering: Annotated[list[ReportFilter], Items(0, 20)] | None = None
    order_field: Named = ""
    order_type: Literal["ASC", "DESC"] = "DESC"


class _ReadReport(ReportParams, kw_only=True):
    enable_total_metrics: bool = False
    multi_adv_report_in_utc_time: bool = False
    query_mode: Literal["REGULAR", "CHUNK"] = "REGULAR"
    page: PageNumber = 1
    page_size: PageSize = 10


@endpoint("GET", "report/integrated/get", needs=MADE_FOR, scope=Scope.REPORTING)
def read_report(call: Call, params: _ReadReport) -> Data:
    """Tell what ads came to, by object, time and audience: strings, and ``-`` for what is undefined."""
    asked = asked_by(
        call,
        params,
        in_utc=params.multi_adv_report_in_utc_time,
        with_totals=params.enable_total_metrics,
    )
    found = answer(settings.HOUSE, asked, page=params.page, page_size=params.page_size)
    words = words_of(asked, found.rows)
    data = {
        "list": [{"dimensions": row.dimensions, "metrics": metrics_of(asked, row, words)} for row in found.rows],
        "page_info": page_info(NumberedPage(found.rows, params.page, params.page_size, found.many)),
        "data_until": entity_time(found.complete_to_ms or None),
        "revision": found.generation,
    }
    if params.enable_total_metrics:
        data["total_metrics"] = {} if found.totals is None else metrics_of(asked, found.totals, words)
    return data


def asked_by(call: Call, params: ReportParams, *, in_utc: bool = False, with_totals: bool = False) -> Asked:
    """Return the report that is asked for. Raises: what it cannot be told by, naming the field or the pair."""
    is_of_center = params.report_type == "BC"
    level = "AUCTION_ADVERTISER" if params.report_type in WITHOUT_LEVEL else params.data_level
    advertisers = params.advertiser_ids or [one for one in (params.advertiser_id,) if one is not None]
    if is_of_center and params.bc_id is not None:
        advertisers = _readable_in(call, params.bc_id)
    missing = [
        *(["bc_id"] if is_of_center and params.bc_id is None else []),
        *([] if advertisers or is_of_center else ["advertiser_id"]),
        *([] if level is not None else ["data_level"]),
    ]
    if missing or level is None:
        raise Refusal(errors.MISSING, fields=", ".join(missing))
    asked = Asked(
        report_type=params.report_type,
        level=level,
        advertiser_ids=tuple(dict.fromkeys(advertisers)),
        dimensions=tuple(params.dimensions),
        metrics=tuple(dict.fromkeys(params.metrics or DEFAULT_METRICS)),
        first=params.start_date,
        last=params.end_date,
        is_lifetime=params.query_lifetime,
        in_utc=in_utc,
        order=params.order_field,
        is_rising=params.order_type == "ASC",
        with_totals=with_totals,
    )
    check(asked)
    return narrowed(call.means, asked, params.filtering or [])


def _readable_in(call: Call, bc_id: int) -> list[int]:
    """Return the advertisers of a Business Center that the token may read."""
    center_of = call.grant.business_center_of
    return [
        one
        for one in call.grant.advertiser_ids
        if center_of.get(one) == bc_id and call.grant.can_on_advertiser(one, Permission.READ)
    ]
