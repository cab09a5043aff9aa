"""A refusal as the native API says it, without the framework that says it elsewhere: one shape, two languages.

The sentences are those of the house's one catalogue, read by the standard library.
"""

from __future__ import annotations

import gettext
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

import attise
from attise.doors.edge.feed.shapes import Rule
from attise.doors.edge.headers import SECURITY, RawHeaders
from attise.kernel.errors import Kind, Outage, Refusal, Refusals
from attise.records.native_errors import MethodRefused, status_of

_CATALOGUE = Path(attise.__file__).parent / "doors" / "site" / "locale" / "fr" / "LC_MESSAGES" / "django.mo"
LANGUAGES = frozenset({"fr", "en"})
_encode = msgspec.json.Encoder().encode
_SPELLINGS = {"profiling_consent": "consent.profiling"}


@cache
def catalogue() -> gettext.NullTranslations:
    """Return the French sentences."""
    with _CATALOGUE.open("rb") as file:
        return gettext.GNUTranslations(file)


def say(text: str, params: dict[str, Any], language: str) -> str:
    """Return a message id in a language, filled; texts among the values are translated too."""
    if not text:
        return ""
    turn = catalogue().gettext if language == "fr" else _as_it_is
    values = {name: _value(value, turn) for name, value in params.items()}
    return turn(text) % values if values else turn(text)


def _value(value: Any, turn: Callable[[str], str]) -> Any:
    if isinstance(value, Rule):
        return turn(str(value)) % value.values if value.values else turn(str(value))
    return turn(value) if isinstance(value, str) and value else value


def write(
    refused: Refusal | Refusals, *, language: str, request_id: str, allow: str = "POST"
) -> tuple[int, RawHeaders, bytes]:
    """Return status, headers and body: the first refusal in full, and all that a person will mend together."""
    items = refused.items if isinstance(refused, Refusals) else (refused,)
    first = next((item for item in items if item.reason.kind is Kind.ABSENT), items[0])
    error: dict[str, Any] = {
        "code": first.code,
        "message": say(first.reason.message, first.params, language),
        "request_id": request_id,
    }
    if first.field is not None:
        error["field"] = _field_of(first)
    next_step = say(first.next_step, first.params, language)
    if next_step:
        error["next"] = next_step
    if len(items) > 1 or items[0].field is not None:
        error["errors"] = [_entry(item, language) for item in items]
    status = status_of(first)
    headers = _headers(request_id)
    if first.reason.kind is Kind.UNAUTHENTICATED:
        headers.append((b"www-authenticate", b'Bearer realm="attise"'))
    if isinstance(first, MethodRefused):
        headers.append((b"allow", allow.encode()))
    return _whole(status, headers, error)


def write_outage(outage: Outage, *, language: str, request_id: str) -> tuple[int, RawHeaders, bytes]:
    """Return the answer when something that is needed is away."""
    message = "The service does not answer right now. Nothing was lost."
    error = {
        "code": "unavailable",
        "message": say(message, {}, language),
        "request_id": request_id,
        "next": say("Try again in a moment.", {}, language),
    }
    headers = [*_headers(request_id), (b"retry-after", str(outage.retry_after_s).encode())]
    return _whole(503, headers, error)


def _whole(status: int, headers: RawHeaders, error: dict[str, Any]) -> tuple[int, RawHeaders, bytes]:
    body = _encode({"error": error})
    headers.append((b"content-length", str(len(body)).encode()))
    return status, headers, body


def _headers(request_id: str) -> RawHeaders:
    return [*SECURITY, (b"x-request-id", request_id.encode()), (b"content-type", b"application/json")]


def _entry(refusal: Refusal, language: str) -> dict[str, str]:
    entry = {} if refusal.field is None else {"field": _field_of(refusal)}
    entry |= {"code": refusal.code, "message": say(refusal.reason.message, refusal.params, language)}
    next_step = say(refusal.reason.next_step, refusal.params, language)
    return entry | ({"next": next_step} if next_step else {})


def _field_of(refusal: Refusal) -> str:
    field = refusal.field or ""
    return _SPELLINGS.get(field, field)


def _as_it_is(text: str) -> str:
    return text
