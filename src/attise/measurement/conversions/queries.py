"""Reads of conversions: what pixels were told, what ads are credited with, and what other windows would say."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
from django.db.models import Count, Max, Q

from attise.kernel.limits import CONVERSION_AHEAD_MS
from attise.measurement.conversions import evidence, rules
from attise.measurement.conversions.models import Conversion, Refused, Step, Touch
from attise.measurement.conversions.rules import Credit, Touched, Windows

Standing = Conversion.Standing
CREDITED, UNMATCHED, TEST, DOUBTED = "credited", "unmatched", "test", "doubted"
STATUSES: Final = (CREDITED, UNMATCHED, TEST, DOUBTED)
"""What became of a conversion, as lists ask for it."""


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
    """*good*, *test* or *doubted*."""
    source: str
    """Who told first: *browser* or *server*."""
    told_by_both: bool
    copies: int
    at_ms: int
    received_at_ms: int
    value_micros: int
    currency: str
    doubt: str
    touch: str
    """Empty: no ad is credited with it."""
    touch_at_ms: int
    campaign_id: int
    adgroup_id: int
    ad_id: int
    is_counted: bool
    is_result: bool
    why: str = ""
    """Why no ad is credited with it: one of ``rules.Unmatched``; empty where one is."""

    @property
    def status(self) -> str:
        """What became of it: one of ``STATUSES``."""
        if self.ad_id:
            return CREDITED
        return UNMATCHED if self.standing == Standing.GOOD else self.standing


@dataclass(frozen=True, slots=True)
class RefusedView:
    """An event that was refused where it was received."""

    id: int
    pixel_id: int
    event: str
    event_id: str
    source: str
    code: str
    """Of the refusal; ``field`` says what of the event."""
    field: str
    received_at_ms: int


@dataclass(frozen=True, slots=True)
class Wish:
    """Which conversions are asked for; empty: any."""

    pixel_id: int | None = None
    event: str = ""
    status: str = ""
    """One of ``STATUSES``."""


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


def list_latest(
    advertiser_id: int,
    *,
    pixel_id: int | None = None,
    wish: Wish | None = None,
    after: int | None = None,
    limit: int = 50,
) -> list[ConversionView]:
    """Return the latest conversions of an advertiser's pages, the newest first, from after one on.

    Those that are credited to nothing say why. Cost: at most nine statements.
    """
    wish = Wish(pixel_id) if wish is None else wish
    rows = Conversion.objects.filter(advertiser_id=advertiser_id, **_asked(wish))
    if after is not None:
        at_ms = Conversion.objects.filter(advertiser_id=advertiser_id, id=after).values_list("at_ms", flat=True).first()
        if at_ms is None:
            return []  # it was let go of, and all before it
        rows = rows.filter(Q(at_ms__lt=at_ms) | Q(at_ms=at_ms, id__lt=after))
    found = list(rows.order_by("-at_ms", "-id")[:limit])
    why = _why({row.id: row for row in found if not row.credited_decision_id})
    return [_view(row, why.get(row.id, "")) for row in found]


def list_refused(
    advertiser_id: int, *, pixel_id: int | None = None, after: int | None = None, limit: int = 50
) -> list[RefusedView]:
    """Return the latest refused events of an advertiser's pixels, the newest first. Cost: one statement."""
    rows = Refused.objects.filter(advertiser_id=advertiser_id)
    if pixel_id is not None:
        rows = rows.filter(pixel_id=pixel_id)
    if after is not None:
        rows = rows.filter(id__lt=after)
    names = RefusedView.__dataclass_fields__
    return [RefusedView(*row) for row in rows.order_by("-id").values_list(*names)[:limit]]


def last_received(pixel_ids: Collection[int]) -> dict[int, int]:
    """Return, by pixel, when the latest conversion was (world time); none of those without. One statement."""
    rows = Conversion.objects.filter(pixel_id__in=list(pixel_ids)).values("pixel_id")
    return {row["pixel_id"]: row["last"] for row in rows.annotate(last=Max("at_ms")).order_by()}


def _asked(wish: Wish) -> dict[str, object]:
    asked: dict[str, object] = {}
    if wish.pixel_id is not None:
        asked["pixel_id"] = wish.pixel_id
    if wish.event:
        asked["event"] = wish.event
    if wish.status == CREDITED:
        asked["credited_decision_id__gt"] = 0
    elif wish.status == UNMATCHED:
        asked |= {"credited_decision_id": 0, "standing": Standing.GOOD}
    elif wish.status:
        asked["standing"] = wish.status
    return asked


def _why(rows: Mapping[int, Conversion]) -> dict[int, str]:
    """Return why each of some conversions is credited to nothing."""
    touched = evidence.touches_for(rows.values())
    clicked = {one.decision_id: one for one in evidence.touches_of({row.decision_id for row in rows.values()} - {0})}
    return {
        row.id: rules.why_unmatched(
            standing=row.standing,
            has_consent=row.has_consent,
            is_final=row.is_final,
            click_id=row.click_id,
            decision_id=row.decision_id,
            clicked=_advertiser_of(clicked.get(row.decision_id)),
            touches=len(touched.get(row.id, ())),
        ).value
        for row in rows.values()
    }


def _advertiser_of(touched: Touched | None) -> int:
    return touched.advertiser_id if touched is not None and touched.clicked_at_ms else 0


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


def _view(row: Conversion, why: str) -> ConversionView:
    names = [name for name in ConversionView.__dataclass_fields__ if name != "why"]
    return ConversionView(*(getattr(row, name) for name in names), why=why)


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


def list_seen(person: str, *, after: int | None = None, limit: int = 50) -> list[Touched]:
    """Return which ads somebody (a pseudonym) was shown, the latest first, after a decision. Cost: an index's range."""
    rows = Touch.objects.filter(person=person) if person else Touch.objects.none()
    if after is not None:
        rows = rows.filter(decision_id__lt=after)
    return [evidence.touched_of(row) for row in rows.order_by("-decision_id")[:limit]]


def find_seen(person: str, decision_id: int) -> Touched | None:
    """Return the ad of a decision, if it was shown to somebody (a pseudonym), or None. Cost: one keyed read."""
    row = Touch.objects.filter(decision_id=decision_id, person=person).first() if person else None
    return None if row is None else evidence.touched_of(row)
