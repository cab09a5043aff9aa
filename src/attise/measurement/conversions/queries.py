"""Reads of conversions: what pixels were told, what ads are credited with, and what other windows would say."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import msgspec
from django.db.models import Count, Q

from attise.kernel.limits import CONVERSION_AHEAD_MS
from attise.measurement.conversions import evidence, rules
from attise.measurement.conversions.models import Conversion, Step
from attise.measurement.conversions.rules import Credit, Windows

Standing = Conversion.Standing


@dataclass(frozen=True, slots=True)
class EventCount:
    """How often a pixel was told of an event."""

    pixel_id: int
    event: str
    total: int
    """Each once, whoever told it; of them, those that the page told, the server, and that an ad is credited with."""
    browser: int
    server: int
    credited: int
    tests: int
    """Sent to be looked at, and not in the total."""


@dataclass(frozen=True, slots=True)
class ConversionView:
    """One thing that happened, as its advertiser sees it."""

    id: int
    pixel_id: int
    event: str
    event_id: str
    standing: str
    source: str
    told_by_both: bool
    copies: int
    at_ms: int
    value_micros: int
    currency: str
    touch: str
    """Empty: no ad is credited with it."""
    touch_at_ms: int
    campaign_id: int
    adgroup_id: int
    ad_id: int
    is_counted: bool


def count_events(pixel_ids: Collection[int], *, from_ms: int, to_ms: int) -> list[EventCount]:
    """Return, by pixel and event, how often each was told of in a span (to its end, not beyond). One statement."""
    good = Q(standing=Standing.GOOD)
    rows = (
        Conversion.objects.filter(pixel_id__in=list(pixel_ids), at_ms__gte=from_ms, at_ms__lt=to_ms)
        .exclude(standing=Standing.DOUBTED)
        .values("pixel_id", "event")
        .annotate(
            total=Count("id", filter=good),
            browser=Count("id", filter=good & (Q(source="browser") | Q(told_by_both=True))),
            server=Count("id", filter=good & (Q(source="server") | Q(told_by_both=True))),
            credited=Count("id", filter=good & Q(is_counted=True)),
            tests=Count("id", filter=Q(standing=Standing.TEST)),
        )
        .order_by("pixel_id", "event")
    )
    return [EventCount(**row) for row in rows]


def count_credited(ad_ids: Collection[int], event: str) -> dict[int, int]:
    """Return how many good events of a name some ads are credited with, by decision, those with any. One statement."""
    rows = (
        Conversion.objects.filter(ad_id__in=list(ad_ids), event=event, standing=Standing.GOOD, is_counted=True)
        .values_list("credited_decision_id")
        .annotate(total=Count("id"))
        .order_by("credited_decision_id")
    )
    return dict(rows)


def list_latest(advertiser_id: int, *, pixel_id: int | None = None, limit: int = 50) -> list[ConversionView]:
    """Return the latest conversions of an advertiser's pages, the newest first. One statement."""
    rows = Conversion.objects.filter(advertiser_id=advertiser_id)
    if pixel_id is not None:
        rows = rows.filter(pixel_id=pixel_id)
    return [_view(row) for row in rows.order_by("-at_ms", "-id")[:limit]]


def settled_times(keys: Collection[bytes]) -> dict[bytes, list[int]]:
    """Return, by key, when what was told under it and settled happened; keys of nothing are left out.

    A further telling of the same within 48 hours of one of these times is a duplicate (``rules.is_same``).
    """
    found: dict[bytes, list[int]] = {}
    rows = Conversion.objects.filter(key__in=list(keys), standing=Standing.GOOD)
    for key, at_ms in rows.values_list("key", "at_ms"):
        found.setdefault(bytes(key), []).append(at_ms)
    return found


def recount(
    advertiser_id: int, *, from_ms: int, to_ms: int, windows: Windows | None = None, limit: int = 10_000
) -> dict[int, Credit | None]:
    """Return what each good conversion of a span is credited to under some windows, or under each touch's own.

    From the rows, nothing stored is looked at. Of a span with more than ``limit``, the latest.
    """
    rows: Sequence[Conversion] = Conversion.objects.filter(
        advertiser_id=advertiser_id, at_ms__gte=from_ms, at_ms__lt=to_ms, standing=Standing.GOOD
    ).order_by("-at_ms", "-id")[:limit]
    found = evidence.touches_for(rows)
    return {
        row.id: rules.credit_of(
            found.get(row.id, ()), at_ms=row.at_ms, click_decision_id=row.decision_id, windows=windows
        )
        for row in rows
    }


def kept_since_ms() -> int | None:
    """Return a time of decisions (world time) since which every conversion credited to them is kept; None: nothing is.

    What is swept goes by when it happened, the oldest first; a click may seem to come some minutes after its page.
    """
    oldest = Conversion.objects.order_by("at_ms").values_list("at_ms", flat=True).first()
    return None if oldest is None else oldest + CONVERSION_AHEAD_MS


def _view(row: Conversion) -> ConversionView:
    return ConversionView(
        id=row.id,
        pixel_id=row.pixel_id,
        event=row.event,
        event_id=row.event_id,
        standing=row.standing,
        source=row.source,
        told_by_both=row.told_by_both,
        copies=row.copies,
        at_ms=row.at_ms,
        value_micros=row.value_micros,
        currency=row.currency,
        touch=row.touch,
        touch_at_ms=row.touch_at_ms,
        campaign_id=row.campaign_id,
        adgroup_id=row.adgroup_id,
        ad_id=row.ad_id,
        is_counted=row.is_counted,
    )


class ConversionStep(msgspec.Struct, frozen=True, gc=False):
    """What one batch changed of what a conversion says (``models.Step``)."""

    position: int
    sign: int
    conversion_id: int
    pixel_id: int
    advertiser_id: int
    event: str
    source: str
    at_ms: int
    received_at_ms: int
    value_micros: int
    currency: str
    credited_decision_id: int
    decided_at_ms: int
    touch: str
    touch_at_ms: int
    campaign_id: int
    adgroup_id: int
    ad_id: int
    post_id: int
    is_counted: bool
    is_result: bool


def list_steps(*, after: int, upto: int) -> list[ConversionStep]:
    """Return the steps of a stretch of the log, in their order. Cost: one range of an index."""
    rows = Step.objects.filter(position__gt=after, position__lte=upto).order_by("id")
    return [ConversionStep(*row) for row in rows.values_list(*ConversionStep.__struct_fields__)]


def find_step_position(*, after: int, number: int) -> int | None:
    """Return the position of the ``number``-th step beyond a position, or None where there are fewer."""
    rows = Step.objects.filter(position__gt=after).order_by("position").values_list("position", flat=True)
    return next(iter(rows[number - 1 : number]), None)
