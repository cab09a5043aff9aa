"""The gauge of an audience: how many people a draft would be meant for, as it stands."""

from __future__ import annotations

from typing import Any, Final

from attise.doors.consoles.advertiser.assistant import goals
from attise.doors.consoles.advertiser.assistant.audience_form import targeting_of
from attise.doors.consoles.advertiser.assistant.objective_form import app_of
from attise.doors.consoles.visit import AdvertiserVisit
from attise.doors.site.reach import reach_of
from attise.serving.targeting.audience import Size

FULL: Final = 300
"""The width of the gauge, in its own units: three zones of a hundred."""
_PLACES: Final = {Size.NARROW: (20, 20), Size.BALANCED: (110, 190), Size.BROAD: (210, 290)}
"""Where the needle of each size may stand: at the least share of that size, and at the largest."""
_SHARES: Final = {Size.NARROW: (0.0, 1.0), Size.BALANCED: (0.0, 0.5), Size.BROAD: (0.5, 1.0)}


def gauge_of(visit: AdvertiserVisit, body: dict[str, Any]) -> dict[str, Any] | None:
    """Return what ``gauge.html`` draws; None while a draft names no place. Cost: 3 queries, some ten milliseconds."""
    app = app_of(visit.advertiser.id, body) if goals.leads_to_app(body) else None
    targeting = targeting_of(body, platform="" if app is None else app.platform)
    if not targeting.locations:
        return None
    objective, category = goals.objective_of(body), visit.advertiser.category
    found = reach_of(visit.means, targeting, objective=objective, category=category)
    (first, last), (least, most) = _PLACES[found.size], _SHARES[found.size]
    along = (found.share - least) / (most - least)
    return {
        "size": found.size.value,
        "is_few": found.is_few,
        "people": found.people,
        "least": found.least,
        "most": found.most,
        "is_exact": found.least == found.people,
        "needle": round(first + along * (last - first)),
        "full": FULL,
    }
