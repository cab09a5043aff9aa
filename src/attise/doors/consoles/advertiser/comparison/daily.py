"""A split test day by day: the chart of one measure, both sides with their intervals, and the columns of its file."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

from attise.doors.consoles.advertiser.comparison import told
from attise.doors.site import charts, formats
from attise.doors.site.charts import Chart, Line
from attise.doors.site.split_results import day_of
from attise.kernel.money import MICROS
from attise.management.campaigns.views import SplitView
from attise.measurement.lift.splitting import Day, Rate
from attise.records.lookups import currencies
from attise.records.terms import PPM

PARAM: Final = "mesure"
BY_DAY: Final = "jour"
WORDS: Final = {
    "vues-completes": "completion_rate",
    "cout-par-panier": "cost_per_cart",
    "abonnes": "follow_rate",
    "commentaires": "comment_rate",
    "taux-de-clic": "click_rate",
    "conversions": "conversion_rate",
}
"""Measures by the word of the address; the first is drawn where none is named."""


def read(word: str) -> str:
    """Return the word of a measure, the usual one where it is none."""
    return word if word in WORDS else next(iter(WORDS))


def choices() -> list[tuple[str, str]]:
    """Return the words of the measures and what they are called."""
    return [(word, str(told.MEASURES[name])) for word, name in WORDS.items()]


def title(key: str) -> str:
    """Return what a column of the file by days is called."""
    name, _bar, end = key.rpartition("_")
    if name in told.MEASURES and end in {"low", "high"}:
        said = {"low": _("%(measure)s, at least"), "high": _("%(measure)s, at most")}[end]
        return said % {"measure": told.MEASURES[name]}
    known = {**told.COUNTED, **told.MEASURES, "day": _("Day"), "side": _("Side"), "currency": _("Currency")}
    return str(known[key])


def chart(split: SplitView, days: list[Day], word: str, language: str) -> Chart:
    """Return the course of a measure: a line for each side, and the interval of each of its days."""
    name = WORDS[word]
    first, second = told.names_of(split)
    dates = [day_of(one.day) for one in days]
    sides = [[one.rates[name][side] for one in days] for side in (0, 1)]
    tones = ("ember", "slate dashed")

    def say(value: int | None) -> str:
        return told.said_of(name, value, split.currency, language)

    return charts.chart(
        "jours",
        str(told.MEASURES[name]),
        _sentence(first, second, sides),
        steps=[(formats.day(one, language), formats.day_short(one, language)) for one in dates],
        steps_name=_("Day"),
        lines=[
            Line(label, tone, [None if one is None else _micros(one.ratio) for one in rates], _ends(rates))
            for label, tone, rates in zip((first, second), tones, sides, strict=True)
        ],
        say=say,
        say_mark=lambda value: told.said_of(name, value, split.currency, language, is_short=True),
        finest=_finest(name, split.currency),
    )


def _micros(value: float) -> int:
    return round(value * MICROS)


def _ends(rates: list[Rate | None]) -> list[tuple[int, int] | None]:
    return [
        None if one is None or one.low is None or one.high is None else (_micros(one.low), _micros(one.high))
        for one in rates
    ]


def _finest(name: str, currency: str) -> int:
    if name == told.MONEY:
        return int(MICROS // 10 ** currencies.get(currency).exponent)
    return PPM // 100_000 if name in told.OF_A_THOUSAND else PPM // 1_000


def _sentence(first: str, second: str, sides: list[list[Rate | None]]) -> str:
    """Return on how many days either side stood above the other, of those on which both can be told."""
    both = [(one.ratio, other.ratio) for one, other in zip(*sides, strict=True) if one and other]
    if not both:
        return _("On no day is there something of both sides to put beside each other.")
    return _(
        "%(first)s stands above on %(above)s of %(days)s days, %(second)s on %(beneath)s. Shaded is where the truth of "
        "a day lies 95 times of 100; where nothing is shaded, too few did it."
    ) % {
        "first": first,
        "second": second,
        "above": sum(one > other for one, other in both),
        "beneath": sum(one < other for one, other in both),
        "days": len(both),
    }
