"""What an advertiser's ads came to over some days, step by step, beside the days before: the first page's figures.

The same hours as ``figures`` sums up by object; so the sum of the steps, the table of campaigns over the same days and
the whole here are one number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from attise.measurement.attribution.figures import BY, Figures, sums_of_events, sums_of_hours, together
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

    @property
    def has_begun(self) -> bool:
        """Whether an ad was shown, in these days or in those before."""
        return bool(self.now.impressions or self.before.impressions)


def get_overview(
    advertiser_id: int, *, currency: str, span: Span, level: str | None = None, object_id: int = 0
) -> Overview:
    """Return what an advertiser's ads came to, or those beneath one campaign, ad group or ad (``figures.BY``).

    Cost: five statements, over the hours of both spans; two where no Spark Ad was shown.
    """
    mine = Ad.objects.filter(advertiser_id=advertiser_id)
    if level is not None:
        mine = mine.filter(**{BY[level]: object_id})
    begun = span.steps_begun
    spark, standard, before = _steps(currency, begun), _steps(currency, begun), Figures(currency)
    for row, add in _rows(mine, span):
        step = span.step_of(row["hour_ms"])
        if step is not None:
            add((spark if row["is_spark"] else standard)[step], row, row["goal"])
        elif span.is_before(row["hour_ms"]):
            add(before, row, row["goal"])
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
        posts=_posts(mine, currency, span) if any(one.impressions or one.spent_micros for one in spark) else [],
    )


def _steps(currency: str, many: int) -> list[Figures]:
    return [Figures(currency) for _ in range(many)]


def _rows(mine: QuerySet[Ad], span: Span) -> Iterator[tuple[dict[str, Any], Any]]:
    """Yield the sums of each hour, format and goal, with how figures take them in."""
    hours = _hours(AdHour.objects.all(), mine, span)
    for row in hours.values("hour_ms", "is_spark", "goal").annotate(**sums_of_hours()).order_by():
        yield row, Figures.add_seen
    events = _hours(AdEvent.objects.all(), mine, span)
    for row in events.values("hour_ms", "is_spark", "goal", "kind").annotate(**sums_of_events()).order_by():
        yield row, Figures.add_kind


def _hours(rows: QuerySet[Any], mine: QuerySet[Ad], span: Span) -> QuerySet[Any]:
    """Keep the hours of some ads in both spans, each with its ad's goal and whether that is of an original post."""
    kept = rows.filter(ad_id__in=mine.values("ad_id"), hour_ms__gte=span.before_from_ms, hour_ms__lt=span.to_ms)
    its_ad = mine.filter(ad_id=OuterRef("ad_id"))
    return kept.annotate(is_spark=Exists(its_ad.filter(post_id__gt=0)), goal=Subquery(its_ad.values("goal")))


def _posts(mine: QuerySet[Ad], currency: str, span: Span) -> list[tuple[int, Figures]]:
    """Return the posts that most was spent on, with their figures: those of their ads together."""
    of_ad = {ad_id: rest for ad_id, *rest in mine.filter(post_id__gt=0).values_list("ad_id", "post_id", "goal")}
    within: dict[str, Any] = {"ad_id__in": mine.filter(post_id__gt=0).values("ad_id")}
    within |= {"hour_ms__gte": span.from_ms, "hour_ms__lt": span.to_ms}
    found: dict[int, Figures] = {}
    for row in AdHour.objects.filter(**within).values("ad_id").annotate(**sums_of_hours()).order_by():
        post_id, goal = of_ad[row["ad_id"]]
        found.setdefault(post_id, Figures(currency)).add_seen(row, goal)
    for row in AdEvent.objects.filter(**within).values("ad_id", "kind").annotate(**sums_of_events()).order_by():
        post_id, goal = of_ad[row["ad_id"]]
        found.setdefault(post_id, Figures(currency)).add_kind(row, goal)
    return sorted(found.items(), key=lambda pair: (-pair[1].spent_micros, pair[0]))[:POSTS]
