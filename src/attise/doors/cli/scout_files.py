"""A ranking as a program reads it: JSON of a stated shape, and CSV for spreadsheets."""

from __future__ import annotations

import csv
import io
import json
from typing import Any, Final

from attise.doors.cli.speaking import tongue_of
from attise.kernel.clock import rfc3339
from attise.kernel.tongue import LANGUAGES, Tongue
from attise.measurement.scout import words
from attise.measurement.scout.ranking import Ranking, Scored
from attise.measurement.scout.reading import rows
from attise.measurement.scout.reading.gathered import Read

BEGINS_A_FORMULA: Final = frozenset("=+-@\t\r\n＝＋－＠")
CSV_COLUMNS: Final = (
    *("post", "title", "creator", "score", "score_low", "score_high", "verdict", "boost_from", "boost_until"),
    *("age_hours", "views", "growth_48h", "growth_48h_low", "growth_48h_high", "organic_per_paid"),
    *("reason_1", "reason_2", "reason_3"),
)


def json_of(ranking: Ranking, read: Read, zone: str) -> str:
    """Return the ranking as JSON: ``{mode, posts, skipped}`` and more; times RFC 3339 UTC, growth a share of views."""
    told = {
        "mode": ranking.mode,
        "now": _time(ranking.now_ms) if ranking.posts else None,
        "posts": [_post(one, zone) for one in ranking.posts],
        "skipped": [
            {"file": one.file, "line": one.line, "reason": one.reason, "detail": one.detail, **_said(one)}
            for one in read.skipped
        ],
        "skipped_more": read.skipped_more,
        "timed_by_file": read.timed_by_file,
        "learnt_from": ranking.learnt_from,
    }
    return json.dumps(told, ensure_ascii=False)


def csv_of(ranking: Ranking, tongue: Tongue, zone: str) -> str:
    """Return the ranking as CSV, apart by ``;`` with decimal commas in French; no cell is ever taken for a formula."""
    french = tongue.language == "fr"
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";" if french else ",", lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for one in ranking.posts:
        reasons = [words.sentence(reason, tongue, zone) for reason in one.reasons]
        cells = (
            *(one.post, one.title, one.creator, one.score, *one.interval, one.verdict),
            *(_time(one.from_ms), _time(one.until_ms), one.age_h, int(one.views)),
            *(one.growth[1], one.growth[0], one.growth[2], one.organic_per_paid[1]),
            *([*reasons, "", "", ""])[:3],
        )
        writer.writerow([_cell(cell, comma=french) for cell in cells])
    return target.getvalue()


def _post(one: Scored, zone: str) -> dict[str, Any]:
    return {
        "post": one.post,
        "score": one.score,
        "interval": list(one.interval),
        "verdict": one.verdict,
        "until": _time(one.until_ms),
        "reasons": [
            {
                "code": reason.code,
                "effect": reason.effect,
                "figures": reason.figures,
                **{one: words.sentence(reason, tongue_of(one), zone) for one in LANGUAGES},
            }
            for reason in one.reasons
        ],
        "from": _time(one.from_ms),
        "no_growth_at": _time(one.no_growth_at_ms),
        "title": one.title,
        "creator": one.creator,
        "category": one.category,
        "age_hours": one.age_h,
        "views": int(one.views),
        "seen_at": _time(one.seen_at_ms),
        "growth_48h": dict(zip(("low", "middle", "high"), one.growth, strict=True)),
        "still_growing": one.grows,
        "organic_per_paid": dict(zip(("low", "middle", "high"), one.organic_per_paid, strict=True)),
        "signals": one.signals,
    }


def _said(skipped: rows.Skipped) -> dict[str, str]:
    return {one: tongue_of(one).gettext(rows.REASONS[skipped.reason]) for one in LANGUAGES}


def _time(at_ms: int | None) -> str | None:
    if at_ms is None:
        return None
    return rfc3339(at_ms // 1_000 * 1_000)


def _cell(value: Any, *, comma: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, int | float):
        return str(value).replace(".", ",") if comma else str(value)
    text = str(value)
    return f"'{text}" if text.lstrip()[:1] in BEGINS_A_FORMULA and text.strip() else text
