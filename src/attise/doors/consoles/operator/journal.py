"""The journal: what happened in the house, and whether the histories of grants are whole."""

from __future__ import annotations

from django.http import HttpResponse

from attise.doors.consoles import frame, notices
from attise.doors.consoles.gate import for_operator
from attise.doors.consoles.visit import Visit
from attise.management.authorizations.verify import first_broken_history

NOTICES = 50


@for_operator("GET", "POST")
def journal(visit: Visit) -> HttpResponse:
    """Show the journal; the button recomputes every history, which changes nothing."""
    checked = visit.request.method == "POST"
    context = {
        "told": notices.told(("operator", 0), limit=NOTICES),
        "checked": checked,
        "checked_at_ms": visit.means.clock.world_ms(),
        "broken": first_broken_history() if checked else None,
    }
    return frame.page(visit, "operator/journal.html", "journal", context)
