"""Delivery as it stands: who works, how far behind, and what became of the last slots."""

from __future__ import annotations

from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.schemas.delivery import DeliveryAnswer, tell_delivery
from attise.doors.site.delivering import get_delivery

group = Group("Delivery")


@group.get("/v1/delivery", gives=DeliveryAnswer)
def get_delivery_now(call: Call) -> DeliveryAnswer:
    """Get how ads are delivered at this moment: processes, how far settling is behind, slots with an ad and without.

    How long answers take is told by each edge at `/metrics`.
    """
    return tell_delivery(get_delivery(call.means, call.house))
