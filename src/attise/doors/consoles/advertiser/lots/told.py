"""What came of a draw, in words: a sentence first, then its parts, its course and its posts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from attise.doors.consoles import pictures
from attise.doors.consoles.visit import AdvertiserVisit
from attise.doors.site import charts, formats
from attise.doors.site.charts import Chart, Line
from attise.doors.site.lots import LotResult, LotsTogether
from attise.kernel.clock import to_datetime
from attise.kernel.limits import DAY_MS
from attise.management.campaigns.views import LotView
from attise.measurement.reports.drawn import DrawnCourse, Effect, Part
from attise.records.terms import PPM

STATES: Final[dict[str, tuple[str, Promise]]] = {
    "announced": ("draft", pgettext_lazy("draw", "Not drawn yet")),
    "running": ("active", pgettext_lazy("draw", "Running")),
    "over": ("ended", pgettext_lazy("draw", "Over")),
}
"""The look of a state, and its word."""
TITLES: Final[dict[str, Promise]] = {
    "post_id": gettext_lazy("Post"),
    "creator": gettext_lazy("Creator"),
    "drawn": gettext_lazy("Draw"),
    "views_day_before": gettext_lazy("Views of the day before"),
    "organic_views_since": gettext_lazy("Organic views since"),
    "paid_views_since": gettext_lazy("Paid views since"),
    "drawn_at": gettext_lazy("Drawn at"),
    "counted_until": gettext_lazy("Counted until"),
    "seed": gettext_lazy("Seed"),
    "commitment": gettext_lazy("Told before the draw"),
}
WORDS: Final[dict[str, Promise]] = {
    "promoted": pgettext_lazy("draw", "boosted"),
    "left_out": pgettext_lazy("draw", "left out"),
}


class Row(NamedTuple):
    """A part of the course; empty texts: not known."""

    name: str
    organic: int
    paid: int
    without: int
    brought: str
    ends: str


def what(lot: LotView) -> str:
    """Return what is drawn, of what, and what the others are for."""
    return ngettext(
        "%(promoted)s of your %(posts)s posts is boosted, drawn by lot; the others are the comparison.",
        "%(promoted)s of your %(posts)s posts are boosted, drawn by lot; the others are the comparison.",
        lot.wish.promoted,
    ) % {"promoted": lot.wish.promoted, "posts": len(lot.posts)}


def of(visit: AdvertiserVisit, lot: LotView, found: LotResult, language: str) -> dict[str, Any]:
    """Return what the page of a draw shows of its result."""
    course = found.course
    parts = [(_("While ads showed them"), course.during), (_("Since then"), course.after)]
    if course.after is not None:
        parts.append((_("Both together"), course.in_all))
    return {
        "course": course,
        "chart": _chart(course, visit.advertiser.timezone, language) if course.is_enough else None,
        "parts": [_row(name, part, language) for name, part in parts if part is not None],
        "sentence": sentence(course.in_all, language),
        "posts": [_post(visit, lot, one) for one in found.posts],
        "caveats": _caveats(found),
    }


def sentence(part: Part | None, language: str) -> str:
    """Return what may be said of what ads brought."""
    if part is None:
        return _("Too early to say: the first figures come six hours after the draw.")
    return of_effect(part.effect, language)


def of_effect(effect: Effect, language: str) -> str:
    """Return an effect in a sentence: by how much, between what, and how sure that is."""
    if effect.low is None or effect.high is None:
        return _("So few posts cannot tell by themselves: chance alone may bring any difference that they show.")
    said = {
        "part": percent(effect.part, language),
        "low": percent(effect.low, language),
        "high": percent(effect.high, language),
    }
    if effect.differs:
        return _("In the feed, views of boosted posts: %(part)s, between %(low)s and %(high)s.") % said
    return _("Not told from nothing, so much do posts differ: %(part)s, between %(low)s and %(high)s.") % said


def together(found: LotsTogether | None, language: str) -> dict[str, Any] | None:
    """Return what several draws say together; None: nothing yet."""
    if found is None:
        return None
    return {"found": found, "sentence": of_effect(found.effect, language)}


def percent(part: float, language: str) -> str:
    """Return a part as a percentage with its sign."""
    return formats.change_percent(round((1 + part) * PPM), PPM, language)


def recount(lot: LotView) -> str:
    """Return the commands by which anybody draws it again: first what was told before, then the posts it chose."""
    ids = sorted(one.post_id for one in lot.posts)
    return "\n".join(
        (
            f"SEED={lot.seed}",
            f"POSTS={','.join(map(str, ids))}",
            f"printf '%s:{lot.wish.promoted}:%s' $SEED $POSTS | sha256sum",
            "for POST in $(echo $POSTS | tr ',' ' ')",
            "do echo \"$(printf '%s:%s' $SEED $POST | sha256sum | cut -d' ' -f1) $POST\"",
            f"done | sort | head -n {lot.wish.promoted}",
        )
    )


def _row(name: str, part: Part, language: str) -> Row:
    gain = formats.signed(round(part.gain), language)
    if part.low is None or part.high is None:
        return Row(name, part.organic, part.paid, round(part.without), gain, "")
    low, high = (formats.signed(round(end), language) for end in (part.low, part.high))
    return Row(
        name, part.organic, part.paid, round(part.without), gain, _("%(low)s to %(high)s") % {"low": low, "high": high}
    )


def _post(visit: AdvertiserVisit, lot: LotView, one: Any) -> dict[str, Any]:
    ad_id = next(told.ad_id for told in lot.posts if told.post_id == one.post_id)
    return {
        "one": one,
        "ad_id": ad_id,
        "title": "" if one.post is None else pictures.first_line(one.post),
        "cover_url": "" if one.post is None else pictures.cover_of(visit.means, one.post),
        "is_gone": one.post is None or one.post.state != "live",
    }


def _caveats(found: LotResult) -> list[str]:
    """Return what whoever reads the figures should know of the posts."""
    course = found.course
    said: list[str] = []
    missing = course.promoted - course.shown
    if course.is_enough and missing:
        said.append(
            ngettext(
                "%(count)s boosted post was not shown by an ad yet; it stays among the boosted ones.",
                "%(count)s boosted posts were not shown by an ad yet; they stay among the boosted ones.",
                missing,
            )
            % {"count": missing}
        )
    if course.left_shown:
        said.append(
            ngettext(
                "%(count)s post that was left out has been shown by an ad since; it stays among those left out.",
                "%(count)s posts that were left out have been shown by ads since; they stay among those left out.",
                course.left_shown,
            )
            % {"count": course.left_shown}
        )
    if found.gone:
        said.append(
            ngettext(
                "%(count)s post cannot be seen any more; it is counted for what it had.",
                "%(count)s posts cannot be seen any more; they are counted for what they had.",
                found.gone,
            )
            % {"count": found.gone}
        )
    return said


def _chart(course: DrawnCourse, zone: str, language: str) -> Chart:
    moments = [to_datetime(at_ms).astimezone(ZoneInfo(zone)) for at_ms in course.steps]
    is_fine = course.step_ms < DAY_MS
    names = [
        (
            formats.day_and_clock(one, language) if is_fine else formats.day(one.date(), language),
            formats.day_short(one.date(), language),
        )
        for one in moments
    ]
    begins = formats.day_and_clock(to_datetime(course.from_ms).astimezone(ZoneInfo(zone)), language)
    return charts.chart(
        "lot",
        _("Before, during and after ads"),
        _("Views of a boosted post, on average. Drawn on %(begin)s. Dashed: what was to be expected without ads.")
        % {"begin": begins},
        steps=names,
        steps_name=_("From") if is_fine else _("Day"),
        lines=[
            Line(_("organic"), "slate", _whole(course.organic)),
            Line(pgettext("counter", "paid"), "ember", _whole(course.paid)),
            Line(pgettext("views", "expected"), "slate dashed", _whole(course.without)),
        ],
        say=lambda value: formats.integer(value, language),
        say_mark=lambda value: formats.compact(value, language),
    )


def _whole(values: Sequence[float | None]) -> list[int | None]:
    return [None if one is None else round(one) for one in values]
