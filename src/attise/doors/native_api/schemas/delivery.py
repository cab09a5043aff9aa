"""Shapes of delivery as it stands."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from attise.doors.native_api.schemas.common import Told
from attise.doors.site.delivering import Delivery

Milliseconds = Annotated[int, Field(ge=0, description="In milliseconds.")]


class RoleAnswer(Told):
    """The processes of one role."""

    role: str
    live: int
    seen_ago_ms: Milliseconds


class EmptySlots(Told):
    """Slots that stayed without an ad for one reason."""

    reason: str
    slots: int


class DeliveryAnswer(Told):
    """Delivery as it stands."""

    ads_stopped: Annotated[bool, Field(description="Whether the operator stopped every ad.")]
    edges: Annotated[int, Field(description="Live processes that answer feeds.")]
    edges_heard: Annotated[int, Field(description="Of them, those that have read of the last stop or resumption.")]
    processes: list[RoleAnswer]
    span_ms: Annotated[Milliseconds, Field(description="The slots below were decided within it; 0: none lately.")]
    slots: int
    filled: int
    empty: list[EmptySlots]
    unsettled_ms: Annotated[Milliseconds, Field(description="Since when the oldest event waits to be settled.")]
    totals_age_ms: Annotated[
        Milliseconds | None, Field(description="Since totals were last told to those who decide; null: never yet.")
    ]


def tell_delivery(found: Delivery) -> DeliveryAnswer:
    """Return delivery as callers see it."""
    return DeliveryAnswer(
        ads_stopped=found.ads_stopped,
        edges=found.edges,
        edges_heard=found.edges_heard,
        processes=[RoleAnswer(role=one.role, live=one.live, seen_ago_ms=one.seen_ago_ms) for one in found.roles],
        span_ms=found.span_ms,
        slots=found.slots,
        filled=found.filled,
        empty=[EmptySlots(reason=reason.value, slots=count) for reason, count in found.empty.items()],
        unsettled_ms=found.unsettled_ms,
        totals_age_ms=found.totals_age_ms,
    )
