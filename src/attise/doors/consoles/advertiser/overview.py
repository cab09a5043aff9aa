"""The figures of an advertiser's first page as it draws them: tiles, one chart, the two formats, the posts."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from attise.doors.consoles import periods, pictures
from attise.doors.consoles.advertiser import course, measures
from attise.doors.consoles.advertiser.measures import MEASURES
from attise.doors.consoles.visit import AdvertiserVisit
from attise.doors.site import formats
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
        "tiles": course.tiles(told, measure, lambda word: _address(period, word)),
        "chart": course.chart(told, measure, visit.advertiser.timezone),
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
