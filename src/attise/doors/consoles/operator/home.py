"""The operator's first page: who waits for a link, what happened."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse

from attise.doors.consoles import frame
from attise.doors.consoles.gate import for_operator
from attise.doors.consoles.operator.people import waiting_for_link
from attise.doors.consoles.visit import Visit
from attise.doors.site import notices
from attise.doors.site.life import read_life
from attise.doors.site.reported import count_reported
from attise.kernel.house import Mode
from attise.management.accounts import queries as accounts
from attise.management.review.queries import count_reported_comments, measure_queue

NOTICES = 8


def _life(visit: Visit) -> dict[str, Any]:
    """Return how far the simulated life of an example house has come, and whether it goes on at this moment."""
    life = read_life(settings.HOUSE.folder) if settings.HOUSE.mode is Mode.DEMO else None
    if life is None:
        return {}
    clock = visit.means.clock
    return {
        "lives": life.is_going_on(wire_ms=clock.wire_ms()),
        "world_ms": clock.world_ms(),
        "reached": round(life.reached),
        "speed": round(life.speed),
        "paid_percent": 100 * life.paid // life.impressions if life.impressions else 0,
    }


@for_operator("GET")
def home(visit: Visit) -> HttpResponse:
    """Show the overview."""
    context = {
        "waiting": waiting_for_link(),
        "ads_waiting": measure_queue(visit.means).waiting,
        "posts_reported": count_reported(),
        "comments_reported": count_reported_comments(),
        "told": notices.told(("operator", 0), limit=NOTICES),
        "keys_total": sum(1 for key in accounts.list_host_keys() if key.revoked_at_ms is None),
        "mode": settings.HOUSE.mode.value,
        **_life(visit),
    }
    return frame.page(visit, "operator/home.html", "operator_home", context)
