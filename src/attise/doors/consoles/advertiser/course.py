"""What ads came to as pages draw it: a tile for each measure, and the chart of one of them, Spark beside standard."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from attise.doors.consoles import steps
from attise.doors.consoles.advertiser.measures import MEASURES, Measure
from attise.doors.site import charts, formats
from attise.doors.site.charts import Chart, Line, Tile
from attise.measurement.attribution.figures import Figures
from attise.measurement.attribution.overview import Overview


def tiles(told: Overview, measure: str, address: Callable[[str], str]) -> list[Tile]:
    """Return a tile for each measure, each a link that draws it; ``address`` gives the link by the measure's word."""
    currency, language = told.now.currency, _language()
    return [
        Tile(
            label=str(one.name),
            value=one.say(one.value(told.now), currency, language),
            change=one.change(told.now, told.before, language),
            spark=charts.sparkline([one.value(step) for step in told.steps]),
            url=address(word),
            is_current=word == measure,
        )
        for word, one in MEASURES.items()
    ]


def plain_tiles(figures: Figures) -> list[Tile]:
    """Return the same of a period that has no days before it: figures alone."""
    language = _language()
    said = [(one, one.say(one.value(figures), figures.currency, language)) for one in MEASURES.values()]
    return [Tile(label=str(one.name), value=value, note=_("since the beginning")) for one, value in said]


def chart(told: Overview, measure: str, zone: str) -> Chart:
    """Return the chart of a measure: a line for each format that was shown."""
    one, currency, language, span = MEASURES[measure], told.now.currency, _language(), told.span
    names = steps.names(span, zone, language)

    def course(figures: list[Figures]) -> list[int | None]:
        return steps.with_coming([one.value(step) for step in figures], span)

    spark = Line("Spark", "ember", course(told.spark_steps))
    standard = Line(_("Standard"), "slate dashed", course(told.standard_steps))
    shown = [line for line, of in ((spark, told.spark), (standard, told.standard)) if of.impressions or of.spent_micros]
    return charts.chart(
        "course",
        str(one.name),
        _sentence(told, one, names, language),
        steps=names,
        steps_name=_("Hour") if span.is_by_hour else _("Day"),
        lines=shown or [spark],
        say=lambda value: one.say(value, currency, language),
        say_mark=lambda value: one.say_mark(value, currency, language),
        finest=one.finest(currency),
    )


def _sentence(told: Overview, one: Measure, names: list[tuple[str, str]], language: str) -> str:
    """Return what the chart shows: how the formats compare where a result of both has a cost, else the highest step."""
    currency = told.now.currency
    spark, standard = one.value(told.spark), one.value(told.standard)
    if one.kind == "money" and one.whole is not None and spark is not None and standard:
        return _("A result costs %(spark)s with Spark Ads and %(standard)s with standard ads: %(change)s.") % {
            "spark": one.say(spark, currency, language),
            "standard": one.say(standard, currency, language),
            "change": formats.change_percent(spark, standard, language),
        }
    values = [(one.value(step) or 0, place) for place, step in enumerate(told.steps)]
    most, place = max(values, key=lambda pair: (pair[0], -pair[1]))
    if not most:
        return _("Nothing was counted in this period.")
    return _("%(value)s over the period; the highest: %(when)s, with %(most)s.") % {
        "value": one.say(one.value(told.now), currency, language),
        "when": names[place][0],
        "most": one.say(most, currency, language),
    }


def _language() -> str:
    return formats.language_of(get_language())
