"""Delivery as it stands: who works, how far behind they are, and what became of the last slots."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from attise.doors.consoles import frame
from attise.doors.consoles.gate import for_operator
from attise.doors.consoles.visit import Visit
from attise.doors.site.delivering import get_delivery
from attise.records.decision import NoAd

ROLES: Final[dict[str, Promise]] = {
    "edge": pgettext_lazy("process", "Answers feeds and takes events"),
    "site": pgettext_lazy("process", "Pages and management"),
    "settle": pgettext_lazy("process", "Counts and charges"),
    "worker": pgettext_lazy("process", "Prepares videos, snapshots and reports"),
}
NEEDED: Final = ("edge", "site", "settle", "worker")
EMPTY: Final[dict[NoAd, Promise]] = {
    NoAd.NONE_ELIGIBLE: gettext_lazy("No ad is for this viewer, place and moment"),
    NoAd.ALL_DROPPED: gettext_lazy("Every ad that was found left the contest"),
    NoAd.BELOW_RESERVE: gettext_lazy("The best would have paid less than the reserve"),
    NoAd.BELOW_ATTENTION: gettext_lazy("The best was worth less than the viewer’s attention"),
    NoAd.SEEN_ENOUGH: gettext_lazy("The viewer saw enough ads this week"),
    NoAd.AFTER_HIDE: gettext_lazy("The viewer hid an ad a moment ago"),
    NoAd.HOLDOUT: gettext_lazy("Held out, to measure what ads change"),
}
LATE_MS: Final = 10_000
"""From then on settling is behind: totals, and with them pacing, speak of a while ago."""


@for_operator("GET")
def delivery(visit: Visit) -> HttpResponse:
    """Show it."""
    found = get_delivery(visit.means, settings.HOUSE)
    seen = {one.role: one for one in found.roles}
    late_ms = max(found.unsettled_ms, found.totals_age_ms or 0)
    context = {
        "found": found,
        "late_s": late_ms // 1_000,
        "is_late": late_ms > LATE_MS,
        "minutes": max(1, round(found.span_ms / 60_000)),
        "empty": [(EMPTY[reason], count) for reason, count in found.empty.items()],
        "roles": [
            {"name": name, "does": ROLES.get(name, ""), "live": seen[name].live if name in seen else 0}
            for name in sorted({*NEEDED, *seen})
            if name in ROLES
        ],
        "away": [_(name) for name in NEEDED if name not in seen or not seen[name].live],
    }
    return frame.page(visit, "operator/delivery.html", "delivery", context)
