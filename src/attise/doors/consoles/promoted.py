"""What ads left of a post as pages show it: its course before, while and after they showed it, and one without them."""

from __future__ import annotations

from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from attise.doors.site import charts, formats
from attise.doors.site.charts import Chart, Line
from attise.doors.site.promoted import promotion_of
from attise.kernel.clock import to_datetime
from attise.kernel.limits import DAY_MS
from attise.management.posts.views import PostView
from attise.measurement.reports.promoted import MORE_MOST, Course, Gain


class Part(NamedTuple):
    """One part of the course."""

    name: str
    organic: int
    paid: int
    without: int | None
    gain: str
    """Empty: not known, as the next."""
    ends: str


def of(post: PostView, *, now_ms: int, zone: str, advertiser_id: int | None = None) -> dict[str, Any]:
    """Return what ``parts/promoted.html`` shows; of an advertiser, by the ads of theirs alone."""
    found = promotion_of(post, now_ms=now_ms, advertiser_id=advertiser_id)
    if found is None:
        return {"promoted": None}
    language = formats.language_of(get_language())
    parts = [(_("While ads showed it"), found.during)]
    if found.after is not None:
        parts += [(_("Since then"), found.after), (_("Both together"), found.in_all)]
    return {
        "promoted": found,
        "promoted_chart": _chart(found, zone, language),
        "promoted_is_drawn": any(found.organic) or any(found.paid),
        "promoted_parts": [_part(name, one, language) for name, one in parts],
        "promoted_said": _said(found, language),
    }


def _part(name: str, one: Gain, language: str) -> Part:
    if one.gain is None or one.low is None or one.high is None or one.without is None:
        return Part(name, one.organic, one.paid, None, "", "")
    gain, low, high = (formats.signed(round(end), language) for end in (one.gain, one.low, one.high))
    ends = _("%(low)s to %(high)s") % {"low": low, "high": high}
    return Part(name, one.organic, one.paid, round(one.without), gain, ends)


def _said(found: Course, language: str) -> str:
    """Return what may be said of what ads brought, in a sentence."""
    if found.more_views:
        return _("It had too few views before its ads for anything to be told of what it would have come to.")
    if found.more_others:
        return ngettext(
            "Not enough data yet: about %(count)s more post is needed that could be promoted and is not.",
            "Not enough data yet: about %(count)s more posts are needed that could be promoted and are not.",
            found.more_others,
        ) % {"count": formats.integer(found.more_others, language)}
    if found.is_unlike:
        return _(
            "It is too unlike the posts that could be promoted and are not: what it would have come to cannot be told."
        )
    told = found.in_all
    if told.differs:
        return (
            _("In the feed it had more views than without ads: what ads brought goes on.")
            if (told.gain or 0) > 0
            else _("In the feed it had fewer views than without ads.")
        )
    if told.more_posts >= MORE_MOST:
        return _("In the feed it went on as posts without ads do.")
    return ngettext(
        "Not told from nothing: posts differ that much. About %(count)s more promoted post like this one would tell.",
        "Not told from nothing: posts differ that much. About %(count)s more promoted posts like this one would tell.",
        told.more_posts,
    ) % {"count": formats.integer(told.more_posts, language)}


def _chart(found: Course, zone: str, language: str) -> Chart:
    moments = [to_datetime(at_ms).astimezone(ZoneInfo(zone)) for at_ms in found.steps]
    is_fine = found.span.step_ms < DAY_MS
    names = [
        (
            formats.day_and_clock(one, language) if is_fine else formats.day(one.date(), language),
            formats.day_short(one.date(), language),
        )
        for one in moments
    ]
    lines = [
        Line(_("organic"), "slate", found.organic),
        Line(pgettext("counter", "paid"), "ember", found.paid),
    ]
    if found.is_enough:
        lines.append(Line(pgettext("views", "expected"), "slate dashed", found.without))
    begins, ends = (
        formats.day_and_clock(to_datetime(at_ms).astimezone(ZoneInfo(zone)), language)
        for at_ms in (found.span.from_ms, found.span.to_ms)
    )
    sentence = (
        _("Views. Ads showed it from %(begin)s to %(end)s.")
        if found.span.is_over
        else _("Views. Ads have shown it since %(begin)s.")
    )
    if found.is_enough:
        sentence = f"{sentence} {_('Dashed: what was to be expected without them.')}"
    return charts.chart(
        "promoted",
        _("Before, during and after ads"),
        sentence % {"begin": begins, "end": ends},
        steps=names,
        steps_name=_("From") if is_fine else _("Day"),
        lines=lines,
        say=lambda value: formats.integer(value, language),
        say_mark=lambda value: formats.compact(value, language),
    )
