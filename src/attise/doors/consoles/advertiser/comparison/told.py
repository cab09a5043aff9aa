"""What a split test came to, in words: a sentence first, then each measure with its ends and its verdict."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from attise.doors.site import charts, formats
from attise.doors.site.split_results import SplitResult
from attise.kernel.money import MICROS
from attise.management.campaigns.views import SplitSide, SplitView
from attise.measurement.lift.comparing import MORE_MOST
from attise.measurement.lift.kept import Plan
from attise.measurement.lift.splitting import SUMS, Compared, Lacking, Line
from attise.measurement.lift.study import Verdict
from attise.records.terms import PPM

MEASURES: Final[dict[str, Promise]] = {
    "completion_rate": gettext_lazy("Watched to the end"),
    "cost_per_cart": gettext_lazy("Cost per add to cart"),
    "follow_rate": gettext_lazy("New followers per 1,000 impressions"),
    "comment_rate": gettext_lazy("Comments per 1,000 impressions"),
    "click_rate": gettext_lazy("Click-through rate"),
    "conversion_rate": gettext_lazy("Conversions of clicks"),
}
COUNTED: Final[dict[str, Promise]] = {
    "viewers": gettext_lazy("Viewers of the test"),
    "viewers_reached": gettext_lazy("Viewers reached"),
    "impressions": gettext_lazy("Impressions"),
    "completions": gettext_lazy("Completed views"),
    "clicks": gettext_lazy("Clicks"),
    "follows": gettext_lazy("New followers"),
    "comments": gettext_lazy("Comments"),
    "carts": gettext_lazy("Adds to cart"),
    "conversions": gettext_lazy("Conversions"),
    "charged": gettext_lazy("Spent in it"),
}
VERDICTS: Final[dict[str, Promise]] = {
    "more": gettext_lazy("the first has more"),
    "less": gettext_lazy("the first has less"),
    "not_told": gettext_lazy("cannot be told yet"),
    "too_little": gettext_lazy("not enough data yet"),
    "broken": gettext_lazy("not to be believed"),
}
TITLES: Final[dict[str, Promise]] = {
    "measure": gettext_lazy("Measure"),
    "first": gettext_lazy("First side"),
    "second": gettext_lazy("Second side"),
    "difference": gettext_lazy("Difference"),
    "difference_low": gettext_lazy("Difference at least"),
    "difference_high": gettext_lazy("Difference at most"),
    "relative": gettext_lazy("Difference as a part"),
    "relative_low": gettext_lazy("As a part at least"),
    "relative_high": gettext_lazy("As a part at most"),
    "verdict": gettext_lazy("Verdict"),
    "lacking": gettext_lazy("Still lacking"),
    "lacking_of": gettext_lazy("Lacking of"),
    "lacking_days": gettext_lazy("About days more"),
    "currency": gettext_lazy("Currency"),
}
STATES: Final[dict[str, tuple[str, Promise]]] = {
    "draft": ("draft", pgettext_lazy("split test", "Draft")),
    "running": ("active", pgettext_lazy("split test", "Running")),
    "over": ("ended", pgettext_lazy("split test", "Over")),
}
"""The look of a state, and its word."""
DIFFERING: Final[dict[str, Promise]] = {
    "targeting": gettext_lazy("Targeting"),
    "budget_micros": gettext_lazy("Budget"),
    "budget_mode": gettext_lazy("Budget"),
    "bid_micros": gettext_lazy("Bid"),
    "bid_type": gettext_lazy("Bid type"),
    "conversion_bid_micros": gettext_lazy("Target cost of a result"),
    "optimization_goal": gettext_lazy("Goal"),
    "billing_event": gettext_lazy("Goal"),
    "objective_type": gettext_lazy("Objective"),
    "pacing": gettext_lazy("Pacing"),
    "ends_at_ms": gettext_lazy("Ends"),
    "dayparting": gettext_lazy("Hours"),
    "frequency": gettext_lazy("Impressions per viewer"),
    "frequency_days": gettext_lazy("Impressions per viewer"),
    "holdout_ppm": gettext_lazy("Holdout"),
    "special_industries": gettext_lazy("Special categories"),
    "budget_optimize_on": gettext_lazy("Budget"),
    "brand_safety_type": gettext_lazy("What the ads stand beside"),
    "comment_disabled": gettext_lazy("Comments"),
    "share_disabled": gettext_lazy("Shares"),
}
PLANNED: Final[dict[str, Promise]] = {
    "completions": gettext_lazy("Watched to the end"),
    "follows": gettext_lazy("New followers"),
    "comments": gettext_lazy("Comments"),
}
MONEY: Final = "cost_per_cart"
OF_A_THOUSAND: Final = frozenset({"follow_rate", "comment_rate"})
_DIGITS: Final = 2


class Row(NamedTuple):
    """One measure."""

    name: Promise
    first: str
    second: str
    difference: str
    ends: str
    span: charts.Span | None
    said: str
    """The interval for whoever does not see it."""
    status: str
    verdict: str
    lacking: str
    claim: str
    """What others say of it; empty: nothing is cited."""


class Counted(NamedTuple):
    """One sum of both sides."""

    name: Promise
    first: str
    second: str


def side_name(side: SplitSide) -> str:
    """Return what a side is called: its format where it has one alone, else its name."""
    if side.kinds == ("spark",):
        return "Spark"
    return _("Standard") if side.kinds == ("standard",) else side.name


def names_of(split: SplitView) -> tuple[str, str]:
    """Return what both sides are called; by their own names where both have one format."""
    first, second = (side_name(one) for one in split.sides)
    return (first, second) if first != second else (split.sides[0].name, split.sides[1].name)


def is_of_formats(split: SplitView) -> bool:
    """Tell whether a Spark side is compared with a standard one."""
    return {one.kinds for one in split.sides} == {("spark",), ("standard",)}


def differing(split: SplitView) -> str:
    """Return what the sides differ in beside the ads, in words, each once."""
    return ", ".join(dict.fromkeys(str(DIFFERING.get(one, one)) for one in split.differing))


def sentence(split: SplitView, found: Compared, language: str) -> str:
    """Return what is said first."""
    first, second = names_of(split)
    line = next(one for one in found.lines if one.measure.name == MONEY)
    if not found.balance.is_right:
        return _("The sides are not as large as chance makes them: nothing here is to be believed.")
    if line.lacking is not None:
        return lacking_of(line.lacking, language)
    said = {
        "first": first,
        "second": second,
        "one": _value(line, line.first.ratio, split.currency, language),
        "other": _value(line, line.second.ratio, split.currency, language),
        "difference": _difference(line, language),
    }
    if line.verdict in {Verdict.MORE, Verdict.LESS}:
        return _("With %(first)s an add to cart costs %(one)s, with %(second)s %(other)s: %(difference)s.") % said
    return (
        _("With %(first)s an add to cart costs %(one)s, with %(second)s %(other)s. Which is less cannot be told yet.")
        % said
    )


def standing(split: SplitView, found: Compared, language: str) -> str:
    """Return where a test stands, in a line: its first measure with a verdict, else what it lacks most."""
    if not found.balance.is_right:
        return sentence(split, found, language)
    line = next((one for one in found.lines if one.verdict in {Verdict.MORE, Verdict.LESS}), None)
    line = line or next((one for one in found.lines if one.lacking is None), found.lines[0])
    if line.lacking is not None:
        return lacking_of(line.lacking, language)
    part = line.relative
    said = {
        "measure": MEASURES[line.measure.name],
        "difference": _difference(line, language) if part is None else _part(part.part, language),
        "low": formats.NO_DATA if part is None else _part(part.low, language),
        "high": formats.NO_DATA if part is None else _part(part.high, language),
        "first": names_of(split)[0],
    }
    if line.verdict in {Verdict.MORE, Verdict.LESS}:
        return _("%(measure)s: %(difference)s with %(first)s, between %(low)s and %(high)s.") % said
    return _("%(measure)s: %(difference)s with %(first)s, between %(low)s and %(high)s; it may be nothing.") % said


def lacking_of(lacking: Lacking, language: str) -> str:
    """Return how much more it takes, in words."""
    what = {
        "impressions": _("Not enough data yet: about %(more)s more impressions on one side"),
        "carts": _("Not enough data yet: about %(more)s more adds to cart on one side"),
        "conversions": _("Not enough data yet: about %(more)s more conversions on one side"),
    }[lacking.counted] % {"more": formats.integer(lacking.more, language)}
    if lacking.days is None:
        return _("%(what)s.") % {"what": what}
    said = {"what": what, "days": formats.integer(lacking.days, language)}
    return ngettext("%(what)s, about %(days)s day.", "%(what)s, about %(days)s days.", lacking.days) % said


def rows(split: SplitView, found: Compared, language: str) -> list[Row]:
    """Return each measure; intervals stand on one scale of parts of the second side, twice as far from none as half."""
    parts = [one.relative for one in found.lines]
    tones = [_tone(one) for one in found.lines]
    shown = [tuple(map(math.log1p, (one.low, one.part, one.high))) for one in parts if one is not None]
    told = [tone for one, tone in zip(parts, tones, strict=True) if one is not None]
    spans = iter(charts.spans(shown, told=told))
    claims = _claims() if is_of_formats(split) else {}
    return [
        _row(line, None if part is None else next(spans), claims.get(line.measure.name, ""), split, language)
        for line, part in zip(found.lines, parts, strict=True)
    ]


def counted(split: SplitView, found: Compared, language: str) -> list[Counted]:
    """Return what both sides came to."""
    sums = {"viewers": found.viewers, "viewers_reached": found.seen, **found.sums}
    told = []
    for name in ("viewers", "viewers_reached", *SUMS):
        first, second = (
            formats.money(one, split.currency, language) if name == "charged_micros" else formats.integer(one, language)
            for one in sums[name]
        )
        told.append(Counted(COUNTED[name.removesuffix("_micros")], first, second))
    return told


def plans(found: SplitResult, language: str) -> list[tuple[Promise, str]]:
    """Return what the test could tell, signal by signal."""
    return [(PLANNED[one.signal], _points(one.effect, language)) for one in found.plans if math.isfinite(one.effect)]


def planned_of(plan: Plan, language: str) -> str:
    """Return of how many viewers plans speak."""
    return formats.integer(plan.viewers, language)


def _row(line: Line, span: charts.Span | None, claim: str, split: SplitView, language: str) -> Row:
    part = line.relative
    ends = (
        ""
        if part is None
        else _("%(low)s to %(high)s") % {"low": _part(part.low, language), "high": _part(part.high, language)}
    )
    difference = _difference(line, language)
    first, second = names_of(split)
    is_first = (line.verdict is Verdict.MORE) != line.measure.less_is_better
    verdict = {
        **dict.fromkeys(
            (Verdict.MORE, Verdict.LESS), _("%(side)s does better") % {"side": first if is_first else second}
        ),
        Verdict.NOT_TOLD: _("Not significant yet"),
        Verdict.TOO_LITTLE: _("Not enough data yet"),
        Verdict.BROKEN: _("Not to be believed"),
    }[line.verdict]
    return Row(
        MEASURES[line.measure.name],
        _value(line, line.first.ratio, split.currency, language),
        _value(line, line.second.ratio, split.currency, language),
        difference,
        ends,
        span,
        _("%(difference)s, between %(ends)s") % {"difference": difference, "ends": ends},
        {Verdict.MORE: "effect_more", Verdict.LESS: "effect_more"}.get(line.verdict, f"effect_{line.verdict}"),
        verdict,
        _more(line, language),
        claim,
    )


def _tone(line: Line) -> str:
    if line.verdict not in {Verdict.MORE, Verdict.LESS}:
        return ""
    return "more" if (line.verdict is Verdict.MORE) != line.measure.less_is_better else "less"


def _more(line: Line, language: str) -> str:
    """Return how much more would tell, in words; empty: it is told, or nothing would."""
    if line.lacking is not None:
        return lacking_of(line.lacking, language).partition(": ")[2]
    more = line.difference.more_viewers
    if line.verdict in {Verdict.NOT_TOLD, Verdict.TOO_LITTLE} and 0 < more < MORE_MOST:
        return _("about %(more)s more viewers of each side") % {"more": formats.integer(more, language)}
    return ""


def _value(line: Line, ratio: float, currency: str, language: str) -> str:
    share = line.first if ratio is line.first.ratio else line.second
    return said_of(line.measure.name, round(ratio * MICROS) if share.units else None, currency, language)


def said_of(name: str, micros: int | None, currency: str, language: str, *, is_short: bool = False) -> str:
    """Return the millionths of a measure in words; ``is_short``: as it stands beside a line of a chart."""
    if micros is None:
        return formats.NO_DATA
    if name == MONEY:
        return formats.money(micros, currency, language, short=is_short)
    if name in OF_A_THOUSAND:
        return formats.decimal(micros * 1_000, PPM, language, places=_DIGITS)
    return formats.percent(micros, PPM, language, **({"places": 0} if is_short and not micros % 10_000 else {}))


def _difference(line: Line, language: str) -> str:
    """Return the difference: of rates in points, of costs and counts in percent."""
    if line.measure.name == MONEY or line.measure.name in OF_A_THOUSAND:
        return formats.NO_DATA if line.relative is None else _part(line.relative.part, language)
    return formats.change_points((round(line.difference.difference * PPM), PPM), (0, PPM), language)


def _part(part: float, language: str) -> str:
    return formats.change_percent(round((1 + part) * PPM), PPM, language)


def _points(ratio: float, language: str) -> str:
    return formats.change_points((round(ratio * PPM), PPM), (0, PPM), language).lstrip("+")


def _claims() -> dict[str, str]:
    """Return what others say of Spark beside the same video as a standard ad: cited, and never measured here."""
    return {
        "completion_rate": _("“35 to 60% more complete views”"),
        "cost_per_cart": _("“€0.87 against €1.90”"),
        "follow_rate": _("“+31% against +4% followers in four weeks”"),
        "comment_rate": _("“questions and direct feedback on the product, against little interaction”"),
    }
