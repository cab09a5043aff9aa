"""What an advertiser's overview measures: of each measure its name, its sums, how it is written, and which way is good.

A ratio is taken of sums, never of ratios, so that the whole of a period agrees with its days.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from attise.doors.site import charts, formats
from attise.doors.site.charts import Change
from attise.kernel.money import MICROS
from attise.measurement.attribution.figures import Figures
from attise.records.lookups import currencies

PPM: Final = 1_000_000
"""Ratios are drawn in millionths."""
_WHOLE_PERCENT: Final = PPM // 100


class Measure(NamedTuple):
    """One measure. ``kind`` is ``money``, ``count`` or ``rate``; money by a whole is what one of it cost."""

    name: Promise
    kind: str
    part: Callable[[Figures], int]
    whole: Callable[[Figures], int] | None = None
    good: int = 1
    """1: more is better; -1: less is; 0: neither."""

    def value(self, figures: Figures) -> int | None:
        """Return the measure as a whole number: a count, micros, millionths; None: a ratio over nothing."""
        part = self.part(figures)
        if self.whole is None:
            return part
        whole, unit = self.whole(figures), PPM if self.kind == "rate" else 1
        return None if not whole else (part * unit + whole // 2) // whole

    def say(self, value: int | None, currency: str, language: str) -> str:
        """Return a value in words."""
        if self.kind == "money":
            return formats.money(value, currency, language)
        if self.kind == "rate":
            return formats.percent(value, PPM, language)
        return formats.integer(value, language)

    def say_mark(self, value: int, currency: str, language: str) -> str:
        """Return a value as it stands beside a line of a chart: without decimals that are zero."""
        if self.kind == "money":
            return formats.money(value, currency, language, short=True)
        if self.kind == "rate":
            return formats.percent(value, PPM, language, places=0)
        return formats.compact(value, language)

    def finest(self, currency: str) -> int:
        """Return the least difference between two lines of a chart."""
        if self.kind == "money":
            return int(MICROS // 10 ** currencies.get(currency).exponent)
        return _WHOLE_PERCENT if self.kind == "rate" else 1

    def change(self, now: Figures, before: Figures, language: str) -> Change | None:
        """Return how far it is from what it was: in percent, a rate in points; None: nothing to compare with."""
        value, was = self.value(now), self.value(before)
        if self.kind == "rate":
            assert self.whole is not None
            ratios = (self.part(now), self.whole(now)), (self.part(before), self.whole(before))
            text = formats.change_points(*ratios, language)
        else:
            text = formats.change_percent(value, was, language)
        return charts.change(value, was, text.lstrip(f"+{formats.MINUS}"), good=self.good)


MEASURES: Final[dict[str, Measure]] = {
    "depense": Measure(_("Spend"), "money", lambda one: one.spent_micros, good=0),
    "impressions": Measure(_("Impressions"), "count", lambda one: one.impressions),
    "vues-completes": Measure(_("Completed views"), "rate", lambda one: one.completions, lambda one: one.impressions),
    "resultats": Measure(_("Results"), "count", lambda one: one.results),
    "cout-par-resultat": Measure(
        _("Cost per result"), "money", lambda one: one.spent_micros, lambda one: one.results, good=-1
    ),
}
"""By the word of the address."""
PARAM: Final = "mesure"
DEFAULT: Final = "depense"


def read(word: str) -> str:
    """Return the word of a measure, the usual one where it is none."""
    return word if word in MEASURES else DEFAULT
