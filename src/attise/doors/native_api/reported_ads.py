"""Ads that people report, of original posts and of copies: what waits for a look, and what is decided of it."""

from __future__ import annotations

from attise.doors.native_api.cursors import read_cursor
from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.listing import listing
from attise.doors.native_api.schemas.common import DEFAULT_LIMIT, Cursor, Limit, Listing, PathId
from attise.doors.native_api.schemas.reported_ads import (
    AdReportAnswer,
    AdReportDraft,
    AdRulingAnswer,
    AdRulingDraft,
    ReportedAdAnswer,
    tell_ad_ruling,
    tell_reported_ad,
)
from attise.doors.site.ad_reports import report_by_token
from attise.management.review import actions, queries

group = Group("Reviews")


@group.post("/v1/ad-reports", gives=AdReportAnswer, status=201, refuses=(404,))
def report_ad(call: Call, body: AdReportDraft) -> AdReportAnswer:
    """Report an ad as who was shown it, with what is wrong; a person decides whether it stays.

    Whoever reports an ad is shown none of its advertiser any more. An event of the type `report` is kept too, as a
    report that says nothing more.
    """
    ad_id = report_by_token(call.means, call.house, token=body.token, reason=body.reason)
    return AdReportAnswer(ad_id=str(ad_id), reason=body.reason)


@group.get("/v1/review/reported-ads", gives=Listing[ReportedAdAnswer])
def list_reported_ads(
    call: Call, cursor: Cursor | None = None, limit: Limit = DEFAULT_LIMIT
) -> Listing[ReportedAdAnswer]:
    """List the ads that people reported since anybody decided on them, the most new reports first."""
    page = queries.page_reported_ads(call.means, after=read_cursor(call, cursor), limit=limit)
    return listing(call, Listing[ReportedAdAnswer], page, tell_reported_ad)


@group.post("/v1/review/reported-ads/{ad_id}/decide", gives=AdRulingAnswer, refuses=(409,))
def decide_on_ad(call: Call, ad_id: PathId, body: AdRulingDraft) -> AdRulingAnswer:
    """Keep a reported ad, take its approval back (`limited`), or remove it for good; its advertiser reads why.

    An ad that does not go on stops within two seconds of the answer. It waits again with its next report.
    """
    ruling = actions.rule_on_ad(
        call.means,
        call.actor,
        house=call.house,
        ad_id=ad_id,
        reports=body.reports,
        verdict=body.verdict,
        rule=body.rule or "",
        note=body.note,
    )
    return tell_ad_ruling(ruling)
