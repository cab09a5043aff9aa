"""Which events the page and its file are asked for: the filters that an address bears."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy

from attise.doors.consoles.visit import AdvertiserVisit
from attise.management.pixels.views import MobileAppView, PixelView
from attise.measurement.conversions import queries as conversions
from attise.measurement.conversions.queries import Wish

STATUSES: Final = {
    "attribues": conversions.CREDITED,
    "sans-annonce": conversions.UNMATCHED,
    "essais": conversions.TEST,
    "douteux": conversions.DOUBTED,
}
"""By the word of the address."""
STATUS_NAMES: Final = {
    "attribues": gettext_lazy("Credited to an ad"),
    "sans-annonce": gettext_lazy("Without an ad"),
    "essais": gettext_lazy("Test events"),
    "douteux": gettext_lazy("Doubted"),
}


def asked_of(visit: AdvertiserVisit) -> dict[str, str]:
    """Return the filters that the address bears; a word that is none asks for nothing."""
    given = visit.request.GET
    event = given.get("evenement", "")
    kept = {
        "etat": given.get("etat", "") if given.get("etat", "") in STATUSES else "",
        "evenement": event if event.isprintable() else "",
    }
    return {name: value for name, value in kept.items() if value}


def wish_of(visit: AdvertiserVisit, pixel: PixelView | MobileAppView) -> Wish:
    """Return what lists and files keep of a pixel's events, or an app's, by the filters that the address bears."""
    asked = asked_of(visit)
    return Wish(pixel.id, asked.get("evenement", ""), STATUSES.get(asked.get("etat", ""), ""))
