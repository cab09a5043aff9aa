"""The figures of an advertiser's first page as it draws them: tiles, one chart, the two formats, the posts."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from attise.doors.consoles import periods, pictures, steps
from attise.doors.consoles.advertiser import measures
from attise.doors.consoles.advertiser.measures import MEASURES, Measure
from attise.doors.consoles.visit import AdvertiserVisit
from attise.doors.site import charts, formats
from attise.doors.site.charts import Chart, Line, Tile
from attise.management.posts import queries as posts
from attise.measurement.attribution.figures import Figures
from attise.measurement.attribution.overview import Overview, get_overview
from attise.measurement.counters.spans import span_of


def read(visit: AdvertiserVisit, period: str) -> Overview:
    """Return what the advertiser's ads came to in a period. Cost: as the room's."""
    span = span_of(visit.advertiser.timezone, visit.means.clock.world_ms(), periods.PERIODS[period].days)
    return get_overview(visit.advertiser.id, currency=visit.advertiser.currency, span=span)


def drawn(visit: AdvertiserVisit, told: Overview, period: str) -> dict[str, Any]:
    """Return what the page shows of it; the address names the measure that is drawn."""
    measure = measures.read(visit.request.GET.get(measures.PARAM, ""))
    return {
        "overview": told,
        "tiles": [_tile(told, one, period, word == measure, word) for word, one in MEASURES.items()],
        "chart": _chart(visit, told, MEASURES[measure]),
        "formats_told": _formats(told),
        "posts_told": _posts(visit, told),
        "done": _done(told.spark),
        "currency": visit.advertiser.currency,
        "periods": [
            (_address(word, measure), periods.PERIODS[word].label, word == period) for word in periods.COMPARED
        ],
        "has_delivered": bool(told.now.impressions),
        "timezone": visit.advertiser.timezone.replace("_", " "),
    }


def _language() -> str:
    return formats.language_of(get_language())


def _address(period: str, measure: str) -> str:
    return f"{reverse('ads_home')}?{urlencode({periods.PARAM: period, measures.PARAM: measure})}"


def _tile(told: Overview, one: Measure, period: str, is_current: bool, word: str) -> Tile:
    currency, language = told.now.currency, _language()
    return Tile(
        label=str(one.name),
        value=one.say(one.value(told.now), currency, language),
        change=one.change(told.now, told.before, language),
        spark=charts.sparkline([one.value(step) for step in told.steps]),
        url=_address(period, word),
        is_current=is_current,
    )


def _chart(visit: AdvertiserVisit, told: Overview, one: Measure) -> Chart:
    currency, language, span = told.now.currency, _language(), told.span
    names = steps.names(span, visit.advertiser.timezone, language)

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
    return _("%(value)s over the period; the most on %(when)s, with %(most)s.") % {
        "value": one.say(one.value(told.now), currency, language),
        "when": names[place][0],
        "most": one.say(most, currency, language),
    }


def _formats(told: Overview) -> list[dict[str, Any]]:
    """Return the two formats beside each other; none where only one was shown."""
    language, currency = _language(), told.now.currency
    if not (told.spark.impressions and told.standard.impressions):
        return []
    return [
        {
            "name": str(one.name),
            "spark": one.say(one.value(told.spark), currency, language),
            "standard": one.say(one.value(told.standard), currency, language),
        }
        for one in MEASURES.values()
    ]


def _posts(visit: AdvertiserVisit, told: Overview) -> list[dict[str, Any]]:
    seen = posts.find_posts(post_id for post_id, _figures in told.posts)
    return [
        {
            "post": seen[post_id],
            "title": pictures.first_line(seen[post_id]),
            "cover_url": pictures.cover_of(visit.means, seen[post_id]),
            "figures": figures,
        }
        for post_id, figures in told.posts
        if post_id in seen
    ]


def _done(spark: Figures) -> list[tuple[str, int]]:
    """Return what viewers did on Spark Ads: it stays on the original posts."""
    return [
        (_("Likes"), spark.likes),
        (_("Comments"), spark.comments),
        (_("Shares"), spark.shares),
        (_("Saves"), spark.saves),
        (_("Follows"), spark.follows),
    ]
