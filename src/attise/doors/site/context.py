"""What every page template may use."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:
    """Return the reference of the request and the mode of the house."""
    return {"request_id": getattr(request, "request_id", ""), "house_mode": settings.HOUSE.mode.value}
