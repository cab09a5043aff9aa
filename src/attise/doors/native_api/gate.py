"""Who calls, and whether the body may be read at all: what is asked before a byte of the body is looked at."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from django.conf import settings
from django.http import HttpRequest
from pydantic import BaseModel

from attise.doors.native_api.errors import BAD_JSON, BODY_TOO_LARGE, BODY_TYPE, KEY_INVALID, KEY_REQUIRED, Broken
from attise.doors.site.means import means
from attise.kernel.actor import Actor
from attise.kernel.errors import N_, Refusal
from attise.kernel.house import House
from attise.kernel.means import Means
from attise.management.accounts import queries as accounts

_BEARER = re.compile(r"[Bb]earer ([\x21-\x7e]{1,512})")


@dataclass
class Call:
    """One request of a known host: what a handler is given in place of the HTTP request."""

    request: HttpRequest
    means: Means
    actor: Actor
    address: str
    """The host's own address, whole; for limits, never stored."""
    digest: Callable[[], bytes] = lambda: b""
    """Returns the digest of all that the body asks for; computed only for a request with an idempotency key."""
    keep: Callable[[BaseModel], None] | None = None
    """Set while a request runs whose action opens its own unit: that unit calls it, last, with the answer."""
    wrong: list[Refusal] = field(default_factory=list)
    """What is wrong with the query, told together with what is wrong with the rest."""

    @property
    def house(self) -> House:
        """The house this request came to."""
        house: House = settings.HOUSE
        return house

    @property
    def now_ms(self) -> int:
        """World time."""
        return self.means.clock.world_ms()

    def absolute(self, path: str) -> str:
        """Return the address of a path as the caller, or a person, can open it; what is whole already stays."""
        public = self.house.settings.public_url
        if path.startswith("/") and public is not None:
            return public + path
        return self.request.build_absolute_uri(path)


def open_call(request: HttpRequest) -> Call:
    """Return the call of a request with a live host key. Raises: ``host_key_required``, ``host_key_invalid``."""
    header = request.headers.get("Authorization")
    if header is None:
        raise Refusal(KEY_REQUIRED)
    match = _BEARER.fullmatch(header)
    key = accounts.find_host_key(match[1]) if match else None
    if key is None:
        raise Refusal(KEY_INVALID)
    address = request.headers.get("X-Forwarded-For") or request.META.get("REMOTE_ADDR") or ""
    return Call(request, means(), Actor("host", key.id, truncate(address)), address)


def truncate(address: str) -> str:
    """Return the /24 or /48 of an address, empty when it is none."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    mapped = getattr(found, "ipv4_mapped", None)
    found = mapped or found
    width = 24 if found.version == 4 else 48  # noqa: PLR2004 - versions of the protocol
    return str(ipaddress.ip_network((found, width), strict=False))


def check_body(request: HttpRequest, *, types: tuple[str, ...], limit: int, may_be_empty: bool = False) -> None:
    """Refuse a body that is too large, of a type not taken, or missing where one is needed, by its headers alone.

    Where there is nothing at all, neither body nor type, it is the body that is missing.
    Raises: ``body_too_large``, ``unsupported_media_type``, ``bad_json``.
    """
    size = content_length(request)
    if size > limit:
        raise Refusal(BODY_TOO_LARGE, limit=limit)
    if not types or (may_be_empty and size == 0):
        return
    charset = (request.content_params or {}).get("charset", "utf-8").lower()
    is_named = size > 0 or bool(request.content_type)
    if is_named and (request.content_type not in types or charset not in {"utf-8", "utf8"}):
        raise Refusal(BODY_TYPE, types=" / ".join(types))
    if size == 0:
        raise Broken(BAD_JSON, rule=N_("it is empty"))


def content_length(request: HttpRequest) -> int:
    """Return the announced length of the body, 0 when there is none."""
    text = str(request.META.get("CONTENT_LENGTH") or "")
    return int(text) if text.isascii() and text.isdigit() else 0
