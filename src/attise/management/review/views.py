"""What others see of reviews: plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from attise.management.accounts.views import AdvertiserView
from attise.management.campaigns.views import AdView
from attise.management.posts.views import CommentView
from attise.management.review.models import AdRuling, CommentRuling, Decision, Ruling


@dataclass(frozen=True, slots=True)
class DecisionView:
    """One decision, with its statement of reasons. ``seen`` is what was judged, as it was."""

    id: int
    ad_id: int
    creative_version: int
    was: str
    verdict: str
    rule: str
    sentence: str
    note: str
    on_appeal: bool
    appeal_note: str
    seen: dict[str, Any]
    reviewer: str
    asked_at_ms: int | None
    at_ms: int


@dataclass(frozen=True, slots=True)
class WaitingView:
    """An ad that waits for a person: whose it is, how long it has waited, and what was decided of it before."""

    ad: AdView
    advertiser: AdvertiserView
    waited_ms: int
    before: DecisionView | None


@dataclass(frozen=True, slots=True)
class QueueView:
    """How long the queue is."""

    waiting: int
    longest_ms: int
    """How long the first has waited; 0 when nothing waits."""


@dataclass(frozen=True, slots=True)
class RulingView:
    """What was decided of a reported post: ``kept``, ``hidden`` or ``removed``, at how many reports, and why."""

    id: int
    post_id: int
    reports: int
    verdict: str
    note: str
    reviewer: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class CommentRulingView:
    """What was decided of a reported comment: ``kept`` or ``hidden``, at how many reports, and why."""

    id: int
    comment_id: int
    post_id: int
    reports: int
    verdict: str
    note: str
    reviewer: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class AdRulingView:
    """What was decided of a reported ad: ``kept``, ``limited`` or ``removed``, at how many reports, and why."""

    id: int
    ad_id: int
    reports: int
    verdict: str
    rule: str
    note: str
    reviewer: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class ReportedAd:
    """An ad with its reports by what they say is wrong, the most said first, and the last decision on it."""

    ad: AdView
    advertiser: AdvertiserView
    reasons: dict[str, int]
    ruling: AdRulingView | None

    @property
    def reports(self) -> int:
        """All of them."""
        return sum(self.reasons.values())

    @property
    def fresh(self) -> int:
        """Reports since the last decision."""
        return max(0, self.reports - (0 if self.ruling is None else self.ruling.reports))


@dataclass(frozen=True, slots=True)
class ReportedComment:
    """A comment with its reports and the last decision on it."""

    comment: CommentView
    reports: int
    ruling: CommentRulingView | None

    @property
    def fresh(self) -> int:
        """Reports since the last decision."""
        return max(0, self.reports - (0 if self.ruling is None else self.ruling.reports))


def view_ad_ruling(row: AdRuling) -> AdRulingView:
    """Return a row as others see it."""
    return AdRulingView(row.id, row.ad_id, row.reports, row.verdict, row.rule, row.note, row.reviewer, row.at_ms)


def view_comment_ruling(row: CommentRuling) -> CommentRulingView:
    """Return a row as others see it."""
    return CommentRulingView(
        row.id, row.comment_id, row.post_id, row.reports, row.verdict, row.note, row.reviewer, row.at_ms
    )


def view_ruling(row: Ruling) -> RulingView:
    """Return a row as others see it."""
    return RulingView(row.id, row.post_id, row.reports, row.verdict, row.note, row.reviewer, row.at_ms)


def view_decision(row: Decision) -> DecisionView:
    """Return a row as others see it."""
    return DecisionView(
        id=row.id,
        ad_id=row.ad_id,
        creative_version=row.creative_version,
        was=row.was,
        verdict=row.verdict,
        rule=row.rule,
        sentence=row.sentence,
        note=row.note,
        on_appeal=row.on_appeal,
        appeal_note=row.appeal_note,
        seen=dict(row.seen),
        reviewer=row.reviewer,
        asked_at_ms=row.asked_at_ms,
        at_ms=row.at_ms,
    )
