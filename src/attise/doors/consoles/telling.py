"""Refusals in words: as a sentence, beside the field of a form, or as a page of their own.

Rooms refuse with codes and English message ids; here they become what a person reads, in their language.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.forms import BaseForm
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, ngettext

from attise.doors.site import formats
from attise.kernel.errors import Kind, Refusal, Refusals
from attise.kernel.money import parse_amount
from attise.records.lookups import currencies

STATUSES: dict[Kind, int] = {
    Kind.RULE: 422,
    Kind.ABSENT: 404,
    Kind.FORBIDDEN: 403,
    Kind.UNAUTHENTICATED: 422,
    Kind.CONFLICT: 409,
    Kind.TOO_MANY: 429,
    Kind.TOO_LARGE: 413,
    Kind.UNSUPPORTED: 415,
}
"""Every kind of refusal has one status on pages; a wrong password is a form to correct, so 422 and not 401."""
_UTC_MINUTE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC")
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_AMOUNT = re.compile(r"\d+(?:\.\d+)?")
_GAPS = re.compile(r" {2,}")
_MINUTE_S = 60


def items_of(refused: Refusal | Refusals) -> tuple[Refusal, ...]:
    """Return refusals one by one."""
    return refused.items if isinstance(refused, Refusals) else (refused,)


def sentence(refusal: Refusal) -> str:
    """Return why, in the reader's language."""
    if "retry_after_s" in refusal.params:
        return wait_sentence(int(refusal.params["retry_after_s"]))
    return _filled(refusal.reason.message, refusal.params)


def next_step(refusal: Refusal) -> str:
    """Return what to do then, in the reader's language."""
    return _filled(refusal.next_step, refusal.params)


def wait_sentence(seconds: int) -> str:
    """Return how long to wait, as a person counts it."""
    if seconds < 2 * _MINUTE_S:
        return ngettext(
            "Too many attempts. Try again in %(seconds)s second.",
            "Too many attempts. Try again in %(seconds)s seconds.",
            seconds,
        ) % {"seconds": seconds}
    minutes = -(-seconds // _MINUTE_S)
    return ngettext(
        "Too many attempts. Try again in %(minutes)s minute.",
        "Too many attempts. Try again in %(minutes)s minutes.",
        minutes,
    ) % {"minutes": minutes}


def put_into(form: BaseForm, refused: Refusal | Refusals, spelled: Mapping[str, str] | None = None) -> int:
    """Put refusals beside the fields they name, the others above the form; returns the status of the answer.

    ``spelled`` maps the fields of rooms to those of the form.
    """
    items = items_of(refused)
    for refusal in items:
        field = (spelled or {}).get(refusal.field or "", refusal.field)
        form.add_error(field if field in form.fields else None, sentence(refusal))
    return STATUSES[items[0].reason.kind]


def summary(refused: Refusal | Refusals, ids: Mapping[str, str] | None = None) -> list[dict[str, str]]:
    """Return refusals as ``parts/errors.html`` takes them; ``ids`` maps fields to the controls to link to."""
    return [
        {"field": (ids or {}).get(refusal.field or "", ""), "message": _as_a_line(refusal)}
        for refusal in items_of(refused)
    ]


def _as_a_line(refusal: Refusal) -> str:
    """Return why, as a line by itself: with a capital, but for what begins with a name that was given."""
    said = sentence(refusal)
    return said if gettext(refusal.reason.message).startswith("%") else capfirst(said)


def worst_status(refusals: Iterable[Refusal]) -> int:
    """Return the status of the first refusal, 200 when there is none."""
    return next((STATUSES[refusal.reason.kind] for refusal in refusals), 200)


def _filled(text: str, params: Mapping[str, Any]) -> str:
    if not text:
        return ""
    values = {name: _value(value) for name, value in params.items()}
    currency = params.get("currency")
    if not isinstance(currency, str):
        return gettext(text) % values if values else gettext(text)
    priced = {name: _amount(value, currency) for name, value in params.items() if _is_amount(value)}
    return _GAPS.sub(" ", gettext(text) % {**values, **priced, **({"currency": ""} if priced else {})})


def _is_amount(value: Any) -> bool:
    """Tell whether a value is an amount as rooms write it; what is counted is a whole number, not a text."""
    return isinstance(value, str) and _AMOUNT.fullmatch(value) is not None


def _amount(value: str, currency: str) -> str:
    """Return an amount of a room's sentence as people read it, with its currency in its place: ``50 €``, ``€50``."""
    micros = parse_amount(value, exponent=currencies.get(currency).exponent)
    language = formats.language_of(get_language())
    return value if micros is None else formats.money(micros, currency, language, short=True)


def _value(value: Any) -> Any:
    """Return a value of a sentence as people read it: dates of rooms become days, message ids are translated."""
    if not isinstance(value, str) or not value:
        return value
    if _UTC_MINUTE.fullmatch(value):
        return _moment(dt.datetime.strptime(value, "%Y-%m-%d %H:%M UTC"))  # noqa: DTZ007 - made aware below
    if _RFC_3339.fullmatch(value):
        return _moment(dt.datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ"))  # noqa: DTZ007 - as above
    return gettext(value)


def _moment(value: dt.datetime) -> str:
    from django.utils import timezone

    shown = timezone.localtime(value.replace(tzinfo=dt.UTC))
    return formats.day(shown.date(), formats.language_of(get_language()))
