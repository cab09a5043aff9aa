"""What ads leave: an advertiser's promoted posts together, before, while and after its ads showed them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from attise.doors.consoles import frame, pictures
from attise.doors.consoles.advertiser.lots import told as draws
from attise.doors.consoles.gate import for_member
from attise.doors.consoles.visit import AdvertiserVisit
from attise.doors.site import charts, formats
from attise.doors.site.charts import Chart, Line
from attise.doors.site.lots import TOGETHER_MOST, together_of
from attise.doors.site.promoted_posts import PartTogether, PromotedPost, PromotedTogether, is_awaited, promoted_posts
from attise.doors.site.sheets import answers
from attise.doors.site.sheets import forms as files
from attise.doors.site.sheets.promoted import promoted_sheet
from attise.kernel.clock import to_datetime
from attise.management.accounts.rules import Permission
from attise.management.campaigns.queries import page_lots
from attise.measurement.reports.promoted import LEAST_TOGETHER, MORE_MOST, Together
from attise.measurement.reports.promoted_days import Day

TITLES: Final[dict[str, Promise]] = {
    "post_id": gettext_lazy("Post"),
    "creator": gettext_lazy("Creator"),
    "ads_began": gettext_lazy("Ads began"),
    "ads_last": gettext_lazy("Ads last showed it"),
    "is_over": gettext_lazy("Status"),
    "organic_before": gettext_lazy("Organic views before"),
    "organic_during": gettext_lazy("Organic views during"),
    "paid_during": gettext_lazy("Paid views during"),
    "organic_after": gettext_lazy("Organic views after"),
    "paid_after": gettext_lazy("Paid views after"),
    "without_ads": gettext_lazy("Organic views without ads"),
    "brought": gettext_lazy("Brought by ads"),
    "brought_low": gettext_lazy("Brought at least"),
    "brought_high": gettext_lazy("Brought at most"),
    "compared_posts": gettext_lazy("Posts it is compared with"),
}
WORDS: Final[dict[str, Promise]] = {
    "over": pgettext_lazy("ads", "over"),
    "running": pgettext_lazy("ads", "running"),
}
LEAST_DRAWN: Final = 2
"""Fewer days are no course."""


class Row(NamedTuple):
    """A part of the course; empty texts: not known."""

    name: str
    part: PartTogether
    brought: str
    ends: str


@for_member(Permission.READ, "GET")
def what_ads_leave(visit: AdvertiserVisit) -> HttpResponse:
    """Show the newest promoted posts, together and one by one."""
    now_ms, language = visit.means.clock.world_ms(), formats.language_of(get_language())
    owner = visit.advertiser.id
    found = promoted_posts(owner)
    drawn = page_lots(visit.means, advertiser_id=owner, limit=TOGETHER_MOST, is_drawn=True)
    context = {
        "found": found,
        "is_awaited": is_awaited(found, owner),
        "sentence": _sentence(found, language),
        "chart": _chart(found.days, language) if len(found.days) >= LEAST_DRAWN else None,
        "parts": _parts(found, language),
        "rows": [_row(visit, one, language) for one in found.posts],
        "draws": draws.together(together_of(drawn.items, now_ms=now_ms), language),
        "can_export": visit.can(Permission.EXPORT),
        "form_of_file": "fr" if language == formats.FRENCH else "intl",
    }
    return frame.page(visit, "advertiser/promoted_posts.html", "library", context)


@for_member(Permission.EXPORT, "GET")
def export(visit: AdvertiserVisit) -> HttpResponseBase:
    """Answer those posts as a file, in the form that ``?format`` names."""
    found = promoted_posts(visit.advertiser.id)
    sheet = promoted_sheet(found.posts, titles=lambda key: str(TITLES[key]), words=lambda key: str(WORDS[key]))
    day = to_datetime(found.as_of_ms or visit.means.clock.world_ms()).date()
    return answers.answer(sheet, files.read(visit.request.GET.get("format", "")), days=(day, day))


def _sentence(found: PromotedTogether, language: str) -> str:
    """Return what may be said of what ads brought all of them."""
    effect = found.in_all.effect
    if effect is None:
        known = sum(one.course.is_enough for one in found.posts)
        missing = LEAST_TOGETHER - known
        return ngettext(
            "Not enough data yet: about %(count)s more promoted post is needed of which enough is known.",
            "Not enough data yet: about %(count)s more promoted posts are needed of which enough is known.",
            missing,
        ) % {"count": formats.integer(missing, language)}
    part, low, high = (draws.percent(one, language) for one in (effect.part, effect.low, effect.high))
    said = {"part": part, "low": low, "high": high}
    if effect.differs:
        return _("In the feed, views of promoted posts: %(part)s, between %(low)s and %(high)s.") % said
    if effect.more_posts >= MORE_MOST:
        return _("In the feed they went on as posts without ads do.")
    return ngettext(
        "Not told from nothing (%(part)s, from %(low)s to %(high)s). About %(count)s more promoted post would tell.",
        "Not told from nothing (%(part)s, from %(low)s to %(high)s). About %(count)s more promoted posts would tell.",
        effect.more_posts,
    ) % {**said, "count": formats.integer(effect.more_posts, language)}


def _parts(found: PromotedTogether, language: str) -> list[Row]:
    parts = [(_("While ads showed them"), found.during)]
    if found.after.organic or found.after.paid:
        parts += [(_("Since then"), found.after), (_("Both together"), found.in_all)]
    return [Row(name, one, *_brought(one.effect, language)) for name, one in parts]


def _brought(effect: Together | None, language: str) -> tuple[str, str]:
    if effect is None:
        return "", ""
    low, high = draws.percent(effect.low, language), draws.percent(effect.high, language)
    return draws.percent(effect.part, language), _("%(low)s to %(high)s") % {"low": low, "high": high}


def _row(visit: AdvertiserVisit, one: PromotedPost, language: str) -> dict[str, Any]:
    span, told = one.course.span, one.course.in_all
    zone = ZoneInfo(visit.advertiser.timezone)
    edges = (span.from_ms, max(span.to_ms - 1, span.from_ms))
    first, last = (to_datetime(at_ms).astimezone(zone).date() for at_ms in edges)
    gain, ends = "", ""
    if told.gain is not None and told.low is not None and told.high is not None:
        gain = formats.signed(round(told.gain), language)
        low, high = (formats.signed(round(end), language) for end in (told.low, told.high))
        ends = _("%(low)s to %(high)s") % {"low": low, "high": high}
    return {
        "post": one.post,
        "title": pictures.first_line(one.post),
        "cover_url": pictures.cover_of(visit.means, one.post),
        "course": one.course,
        "span": formats.day_range(first, last, language)
        if span.is_over
        else _("since %(day)s") % {"day": formats.day(first, language)},
        "gain": gain,
        "ends": ends,
    }


def _chart(days: Sequence[Day], language: str) -> Chart:
    names = [
        _("Day %(number)s of ads") % {"number": one.number + 1}
        if one.number >= 0
        else ngettext("%(count)s day before", "%(count)s days before", -one.number) % {"count": -one.number}
        for one in days
    ]
    short = [formats.signed(one.number + 1 if one.number >= 0 else one.number, language) for one in days]
    lines = [
        Line(_("organic"), "slate", [round(one.organic) for one in days]),
        Line(pgettext("counter", "paid"), "ember", [round(one.paid) for one in days]),
    ]
    sentence = _("Views of a post a day, on average, counted from where its ads begin.")
    if any(one.without is not None for one in days):
        expected = [None if one.without is None else round(one.without) for one in days]
        lines.append(Line(pgettext("views", "expected"), "slate dashed", expected))
        sentence = f"{sentence} {_('Dashed: what was to be expected without them.')}"
    return charts.chart(
        "promoted",
        _("Before, during and after ads"),
        sentence,
        steps=list(zip(names, short, strict=True)),
        steps_name=_("Day"),
        lines=lines,
        say=lambda value: formats.integer(value, language),
        say_mark=lambda value: formats.compact(value, language),
    )
