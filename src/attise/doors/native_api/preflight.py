"""Pre-flight of a post: what its creator may look at again before it becomes an ad."""

from __future__ import annotations

from typing import Any

from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.schemas.common import PathId
from attise.doors.native_api.schemas.posts import Words
from attise.doors.native_api.schemas.preflight import Looked, PreflightAnswer, PreflightCheck
from attise.doors.site.tongues import in_both
from attise.management.posts import queries
from attise.management.posts.preflight.report import Check
from attise.management.posts.preflight.tips import TIPS
from attise.management.posts.views import PreflightView

group = Group("Posts")


@group.get("/v1/posts/{post_id}/preflight", gives=PreflightAnswer)
def get_preflight(call: Call, post_id: PathId) -> PreflightAnswer:  # noqa: ARG001 - every endpoint takes its call
    """Get what a post's creator may look at again before the post becomes an ad.

    The video is looked over once, some seconds after it was published; words are those of the caption as it is now, and
    of what is said, where the operator has named a program that hears it. Nothing here stands against anything.
    """
    post = queries.get_post(post_id)
    return PreflightAnswer(post_id=str(post.id), **_look_of(queries.find_preflight(post)))


def tell_look(found: PreflightView) -> Looked:
    """Return where a look stands as callers see it."""
    return Looked(**_look_of(found))


def _look_of(found: PreflightView) -> dict[str, Any]:
    report = found.report
    return {
        "state": found.state,
        "reason": found.reason or None,
        "ready": None if report is None else report.ready,
        "checks": [] if report is None else [_tell_check(check) for check in report.checks],
        "duration_ms": None if report is None else report.duration_ms,
        "watched_ms": None if report is None else report.watched_ms,
        "cuts": [] if report is None else list(report.cuts_ms),
        "speech": None if report is None else report.speech,
    }


def _tell_check(check: Check) -> PreflightCheck:
    """Return a check as callers see it."""
    words = in_both(lambda tongue: tongue.gettext(TIPS[check.tip]))
    return PreflightCheck(
        name=check.name,
        verdict=check.verdict,
        value=check.value,
        threshold=list(check.threshold) if isinstance(check.threshold, tuple) else check.threshold,
        unit=check.unit,
        at_ms=None if check.at_s is None else round(check.at_s * 1_000),
        evidence=check.evidence,
        tip=words["en"],
        words=Words(**words),
    )
