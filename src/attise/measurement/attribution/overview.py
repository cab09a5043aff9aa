"""What an advertiser's ads came to over some days, step by step, beside the days before: the first page's figures.

The same hours as ``figures`` sums up by object; so the sum of the steps, the table of campaigns over the same days and
the whole here are one number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet, Subquery, Sum

from attise.measurement.attribution.figures import Figures, list_figures, sums_of_events, sums_of_hours, together
from attise.measurement.attribution.models import Ad, AdEvent, AdHour
from attise.measurement.counters.spans import Span

POSTS: Final = 5
"""Posts that an overview names."""


@dataclass(frozen=True, slots=True)
class Overview:
    """What all ads of an advertiser came to. Every ``Figures`` is of the advertiser's one currency."""

    span: Span
    now: Figures
    before: Figures
    """Of the days before, as far as they are compared with."""
    spark: Figures
    standard: Figures
    """Of ``now``: the ads of original posts, and the others."""
    steps: list[Figures]
    """Of each step that has begun, in their order: they make up ``now``."""
    spark_steps: list[Figures]
    standard_steps: list[Figures]
    posts: list[tuple[int, Figures]]
    """The posts that most was spent on, with what their ads came to."""


def get_overview(advertiser_id: int, *, currency: str, span: Span) -> Overview:
    """Return what an advertiser's ads came to. Cost: six statements, over the hours of both spans."""
    begun = span.steps_begun
    spark, standard, before = _steps(currency, begun), _steps(currency, begun), Figures(currency)
    for row, add in _rows(advertiser_id, span):
        step = span.step_of(row["hour_ms"])
        if step is not None:
            add((spark if row["is_spark"] else standard)[step], row)
        elif span.is_before(row["hour_ms"]):
            add(before, row)
    steps = [together(currency, pair) for pair in zip(spark, standard, strict=True)]
    return Overview(
        span=span,
        now=together(currency, steps),
        before=before,
        spark=together(currency, spark),
        standard=together(currency, standard),
        steps=steps,
        spark_steps=spark,
        standard_steps=standard,
        posts=_posts(advertiser_id, span),
    )


def _steps(currency: str, many: int) -> list[Figures]:
    return [Figures(currency) for _ in range(many)]


def _rows(advertiser_id: int, span: Span) -> Iterator[tuple[dict[str, Any], Any]]:
    """Yield the sums of each hour and format, with how figures take them in."""
    hours = _hours(AdHour.objects.all(), advertiser_id, span)
    for row in hours.values("hour_ms", "is_spark").annotate(**sums_of_hours()).order_by():
        yield row, Figures.add_seen
    events = _hours(AdEvent.objects.all(), advertiser_id, span)
    for row in events.values("hour_ms", "is_spark", "kind").annotate(**sums_of_events()).order_by():
        yield row, Figures.add_kind


def _hours(rows: QuerySet[Any], advertiser_id: int, span: Span) -> QuerySet[Any]:
    """Keep the advertiser's hours of both spans, each with whether it is of the ad of an original post."""
    mine = Ad.objects.filter(advertiser_id=advertiser_id)
    kept = rows.filter(ad_id__in=mine.values("ad_id"), hour_ms__gte=span.before_from_ms, hour_ms__lt=span.to_ms)
    return kept.annotate(is_spark=Exists(mine.filter(ad_id=OuterRef("ad_id"), post_id__gt=0)))


def _posts(advertiser_id: int, span: Span) -> list[tuple[int, Figures]]:
    mine = Ad.objects.filter(advertiser_id=advertiser_id, post_id__gt=0)
    rows = AdHour.objects.filter(ad_id__in=mine.values("ad_id"), hour_ms__gte=span.from_ms, hour_ms__lt=span.to_ms)
    of_post = Subquery(Ad.objects.filter(ad_id=OuterRef("ad_id")).values("post_id")[:1])
    sums = rows.annotate(post_id=of_post).values("post_id").annotate(spent=Sum("spent_micros"))
    ids = list(sums.order_by("-spent", "post_id").values_list("post_id", flat=True)[:POSTS])
    told = list_figures(advertiser_id, level="post", ids=ids, from_ms=span.from_ms, to_ms=span.to_ms)
    return [(post_id, told[post_id]) for post_id in ids]
