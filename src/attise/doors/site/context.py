"""What every page template may use."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from attise.doors.site.life import read_life
from attise.kernel.house import Mode


def page(request: HttpRequest) -> dict[str, Any]:
    """Return the reference of the request, the mode of the house, and in an example how far its life has come."""
    house = settings.HOUSE
    return {
        "request_id": getattr(request, "request_id", ""),
        "house_mode": house.mode.value,
        "life": read_life(house.folder) if house.mode is Mode.DEMO else None,
    }
