"""Secrets that a page shows once: kept sealed in the session between the form and the page that follows it."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest

from attise.kernel.means import Means
from attise.kernel.seal import NONCE_BYTES, Sealer, decode, encode

_PURPOSE = "console-secret"
_PREFIX = "once:"


def keep(request: HttpRequest, means: Means, name: str, /, **values: Any) -> None:
    """Keep values for the next page that takes them; the session holds them unreadable."""
    sealer = Sealer(means.secrets.key(_PURPOSE), _PURPOSE)
    nonce = means.chance.token(NONCE_BYTES)
    request.session[_PREFIX + name] = encode(
        sealer.seal(json.dumps(values).encode(), nonce=nonce, context=name.encode())
    )


def take(request: HttpRequest, means: Means, name: str) -> dict[str, Any] | None:
    """Return what was kept and forget it, or None; a HEAD shows nothing, so it takes nothing."""
    if request.META["REQUEST_METHOD"] == "HEAD":
        return None
    return _open(means, name, request.session.pop(_PREFIX + name, None))


def peek(request: HttpRequest, means: Means, name: str) -> dict[str, Any] | None:
    """Return what was kept without forgetting it, or None: for what a page may show as long as it lives."""
    return _open(means, name, request.session.get(_PREFIX + name))


def drop(request: HttpRequest, name: str) -> None:
    """Forget what was kept."""
    request.session.pop(_PREFIX + name, None)


def _open(means: Means, name: str, sealed: object) -> dict[str, Any] | None:
    raw = decode(sealed) if isinstance(sealed, str) else None
    plain = None if raw is None else Sealer(means.secrets.key(_PURPOSE), _PURPOSE).open(raw, context=name.encode())
    if plain is None:
        return None
    values: dict[str, Any] = json.loads(plain)
    return values
