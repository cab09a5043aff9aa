"""The three counts of a post as pages show them, and the file that they are counted again from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from django.http import StreamingHttpResponse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from attise.doors.consoles import csv_file
from attise.doors.site import charts, formats
from attise.doors.site.counted import COLUMNS, FactRow, SignalCounted, count_post, facts_of
from attise.kernel.clock import rfc3339, to_datetime

SIGNALS: Final[dict[str, Promise]] = {
    "views": gettext_lazy("Views"),
    "completions": gettext_lazy("Full views"),
    "likes": gettext_lazy("Likes"),
    "comments": gettext_lazy("Comments"),
    "shares": gettext_lazy("Shares"),
    "saves": gettext_lazy("Saves"),
    "follows": gettext_lazy("Follows"),
    "profile_visits": gettext_lazy("Profile visits"),
}
"""In the order in which a post is read."""


class Line(NamedTuple):
    """One signal."""

    name: Promise
    total: int
    organic: int
    paid: int
    earned: str
    """Empty: not known."""
    ends: str
    span: charts.Span | None
    said: str
    """The interval for whoever does not see it."""


def of(post_id: int, *, advertiser_id: int | None = None) -> dict[str, Any]:
    """Return what ``parts/three_counts.html`` shows; of an advertiser, with the ads of theirs alone."""
    found = count_post(post_id, advertiser_id=advertiser_id)
    counted = {one.signal: one for one in found.signals}
    language = formats.language_of(get_language())
    known = [one for one in found.signals if one.earned is not None]
    drawn = charts.spans(
        [(one.earned.low, one.earned.count, one.earned.high) for one in known if one.earned is not None],
        told=["more" if one.earned is not None and one.earned.low > 0 else "" for one in known],
    )
    spans = {one.signal: span for one, span in zip(known, drawn, strict=True)}
    lines = [_line(counted[name], label, spans.get(name), language) for name, label in SIGNALS.items()]
    return {
        "three_lines": lines,
        "three_is_empty": not known and not any(line.total for line in lines),
        "three_campaigns": found.campaigns,
        "three_is_known": bool(known),
    }


def _line(one: SignalCounted, label: Promise, span: charts.Span | None, language: str) -> Line:
    earned, ends, said = "", "", ""
    if one.earned is not None:
        earned, low, high = (
            formats.signed(round(end), language) for end in (one.earned.count, one.earned.low, one.earned.high)
        )
        ends = _("%(low)s to %(high)s") % {"low": low, "high": high}
        said = _("%(difference)s, between %(low)s and %(high)s") % {"difference": earned, "low": low, "high": high}
    return Line(label, one.organic + one.paid, one.organic, one.paid, earned, ends, span, said)


def export(post_id: int, *, form: str, day: dt.date, advertiser_id: int | None = None) -> StreamingHttpResponse:
    """Answer all that the counts of a post are counted from, as CSV; names of columns are the same in any language."""
    rows = facts_of(post_id, advertiser_id=advertiser_id)
    return csv_file.answer(f"post-{post_id}", COLUMNS, _cells(rows), form=form, day=day)


def day_of(now_ms: int) -> dt.date:
    """Return the day that a file is named by (UTC)."""
    return to_datetime(now_ms).date()


def _cells(rows: Iterator[FactRow]) -> Iterator[Sequence[str]]:
    for row in rows:
        hour = "" if row.hour_ms is None else rfc3339(row.hour_ms)
        known = ("" if one is None else str(one) for one in (row.campaign_id, row.holdout_ppm, row.viewers))
        yield [row.row, row.part, hour, *known, *map(str, row.counts)]
