"""Where a request comes from, and what absolute addresses of this house look like."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest

NETWORK_BITS = {4: 24, 6: 48}


def address_of(request: HttpRequest) -> str:
    """Return the whole address of the browser, for limits; it is never stored. The edge alone states it."""
    return request.headers.get("X-Forwarded-For") or request.META.get("REMOTE_ADDR") or ""


def network_of(address: str) -> str:
    """Return the /24 or /48 of an address, as histories keep it; empty when it is none."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    found = getattr(found, "ipv4_mapped", None) or found
    return str(ipaddress.ip_network((found, NETWORK_BITS[found.version]), strict=False))


def absolute(request: HttpRequest, path: str) -> str:
    """Return the address of a path as another person can open it: by the public URL where it is set."""
    public: str | None = settings.HOUSE.settings.public_url
    return public + path if public is not None else request.build_absolute_uri(path)
