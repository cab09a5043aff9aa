"""What every page template may use."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from attise.doors.site.languages import offered_languages
from attise.doors.site.life import read_life
from attise.kernel.house import Mode


def page(request: HttpRequest) -> dict[str, Any]:
    """Return the reference of the request, the mode of the house, its languages, and in an example how far it lives."""
    house = settings.HOUSE
    return {
        "request_id": getattr(request, "request_id", ""),
        "house_mode": house.mode.value,
        "languages": getattr(request, "offered_languages", None) or SimpleLazyObject(offered_languages),
        "life": read_life(house.folder) if house.mode is Mode.DEMO else None,
    }
