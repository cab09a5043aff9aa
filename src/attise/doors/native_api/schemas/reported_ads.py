"""Shapes of ads that people reported, and of what is decided of them."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from attise.doors.native_api.schemas.ads import AdAnswer, tell_ad
from attise.doors.native_api.schemas.campaigns import Word, one_of
from attise.doors.native_api.schemas.common import Given, Told, ToldId, ToldMoment
from attise.doors.native_api.schemas.reviews import Note, Rule
from attise.kernel.clock import rfc3339
from attise.management.review.rules import AD_RULINGS, SAID_REASONS
from attise.management.review.views import AdRulingView, ReportedAd


class AdReportDraft(Given):
    """What somebody says is wrong with an ad that they were shown."""

    token: Annotated[str, Field(max_length=4_096, description="The item token of the ad, as the feed gave it.")]
    reason: Annotated[Word, one_of(SAID_REASONS)]


class AdReportAnswer(Told):
    """That an ad was reported: once of a person, however often they say so."""

    ad_id: ToldId
    reason: str


class AdRulingDraft(Given):
    """What a reviewer decides of a reported ad."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"reports": 4, "verdict": "limited", "rule": "misleading_claim", "note": "No cream can."}]
        }
    )
    reports: Annotated[int, Field(ge=0, le=2**53 - 1, description="How many it had as it was seen.")]
    verdict: Annotated[Word, one_of(AD_RULINGS)]
    rule: Annotated[Rule | None, Field(description="Needed unless it is kept. `other` needs a note.")] = None
    note: Note = ""


class AdRulingAnswer(Told):
    """A decision of a person on a reported ad; kept as it was given."""

    ruling_id: ToldId
    ad_id: ToldId
    reports: int
    verdict: str
    rule: str | None
    note: str | None
    reviewer: Annotated[str, Field(description="Who decided: `host:ID` or `person:ID`.")]
    decided_at: ToldMoment


class ReportedAdAnswer(Told):
    """An ad that people reported since anybody decided on it."""

    ad: AdAnswer
    reports: int
    reasons: Annotated[dict[str, int], Field(description="How many say what; `unsaid`: reports that came as events.")]
    fresh: Annotated[int, Field(description="Since the last decision.")]
    last: AdRulingAnswer | None


def tell_ad_ruling(view: AdRulingView) -> AdRulingAnswer:
    """Return a decision as callers see it."""
    return AdRulingAnswer(
        ruling_id=str(view.id),
        ad_id=str(view.ad_id),
        reports=view.reports,
        verdict=view.verdict,
        rule=view.rule or None,
        note=view.note or None,
        reviewer=view.reviewer,
        decided_at=rfc3339(view.at_ms),
    )


def tell_reported_ad(one: ReportedAd) -> ReportedAdAnswer:
    """Return a reported ad as callers see it."""
    return ReportedAdAnswer(
        ad=tell_ad(one.ad),
        reports=one.reports,
        reasons=one.reasons,
        fresh=one.fresh,
        last=None if one.ruling is None else tell_ad_ruling(one.ruling),
    )
