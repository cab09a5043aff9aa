"""The operator's first page: who waits for a link, what happened."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse

from attise.doors.consoles import frame
from attise.doors.consoles.gate import for_operator
from attise.doors.consoles.operator.people import waiting_for_link
from attise.doors.consoles.visit import Visit
from attise.doors.site import notices
from attise.doors.site.reported import count_reported
from attise.management.accounts import queries as accounts
from attise.management.review.queries import measure_queue

NOTICES = 8


@for_operator("GET")
def home(visit: Visit) -> HttpResponse:
    """Show the overview."""
    context = {
        "waiting": waiting_for_link(),
        "ads_waiting": measure_queue(visit.means).waiting,
        "posts_reported": count_reported(),
        "told": notices.told(("operator", 0), limit=NOTICES),
        "keys_total": sum(1 for key in accounts.list_host_keys() if key.revoked_at_ms is None),
        "mode": settings.HOUSE.mode.value,
    }
    return frame.page(visit, "operator/home.html", "operator_home", context)
