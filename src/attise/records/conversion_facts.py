"""What may be told of a conversion: one rule for each fact, whichever door it came through.

Contacts are taken as SHA-256 and never as they are read: an address that came in plain is refused, so that nobody's
is kept here by mistake. Each ``clean_`` returns the value in its one spelling or refuses it, naming the field.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from attise.kernel.errors import N_, Reason, Refusal
from attise.kernel.limits import (
    CLICK_ID_CHARACTERS,
    CONVERSION_AGE_MS,
    CONVERSION_AHEAD_MS,
    CONVERSION_CONTACTS,
    CONVERSION_CONTENTS,
    CONVERSION_EVENT_CHARACTERS,
    CONVERSION_PAGE_CHARACTERS,
    DAY_MS,
    MINUTE_MS,
)
from attise.kernel.money import LARGEST_MICROS, MICROS
from attise.kernel.text import clean_text
from attise.kernel.urls import HOST_CHARACTERS, URL_CHARACTERS
from attise.records.click_link import PARAMETER
from attise.records.event import EVENT_ID_CHARACTERS

CONTACT_NOT_HASHED = Reason(
    "contact_not_hashed",
    N_("A contact is taken only as its SHA-256, in 64 hexadecimal digits; this is something else."),
    N_("Trim the e-mail address and put it in small letters, or write the number as in E.164, then send its SHA-256."),
    number=40062,
)
TOO_MANY_CONTACTS = Reason(
    "contacts_too_many",
    N_("A conversion has at most %(limit)s contacts of a kind."),
    N_("Send those of the person alone."),
)
TOO_MANY_CONTENTS = Reason(
    "contents_too_many",
    N_("A conversion names at most %(limit)s things."),
    N_("Send the most important ones."),
)
CONVERSION_VALUE = Reason(
    "conversion_value",
    N_("This is not an amount that something can be worth: from 0 to %(most)s."),
    N_("Send a plain number of the currency's units, such as 49.90."),
)
CURRENCY_MISSING = Reason(
    "conversion_currency_missing",
    N_("A value comes with its currency."),
    N_("Send the currency too, such as EUR."),
)
CONVERSION_TIME = Reason(
    "conversion_time",
    N_("This is too long ago, or still to come: %(days)s days back are taken, and %(minutes)s minutes ahead."),
    N_("Send the time at which it happened, in seconds since 1970 (UTC), soon after it did."),
)

PIXEL_PAUSED = Reason(
    "pixel_paused",
    N_("This pixel is paused: nothing that is told of it is taken."),
    N_("Resume the pixel, on the events page or through the API, then send the event again."),
)

NOT_TAKEN: Final = (
    CONTACT_NOT_HASHED,
    TOO_MANY_CONTACTS,
    TOO_MANY_CONTENTS,
    CONVERSION_VALUE,
    CURRENCY_MISSING,
    CONVERSION_TIME,
    PIXEL_PAUSED,
)
"""Why a conversion is not taken. Their sentences hold no value but those of ``limits_of``: they are said again, of what
was refused, when nothing is kept of it but the code."""
_LIMITS: Final[dict[str, dict[str, int]]] = {
    TOO_MANY_CONTACTS.code: {"limit": CONVERSION_CONTACTS},
    TOO_MANY_CONTENTS.code: {"limit": CONVERSION_CONTENTS},
    CONVERSION_VALUE.code: {"most": LARGEST_MICROS // MICROS},
    CONVERSION_TIME.code: {"days": CONVERSION_AGE_MS // DAY_MS, "minutes": CONVERSION_AHEAD_MS // MINUTE_MS},
}
_DIGEST = re.compile(r"[0-9A-Fa-f]{64}")
_MICRO: Final = Decimal(1)


def limits_of(reason: Reason) -> Mapping[str, Any]:
    """Return the values of a reason's sentence: one of ``NOT_TAKEN``."""
    return _LIMITS.get(reason.code, {})


def not_taken(reason: Reason, *, field: str) -> Refusal:
    """Return the refusal of a field, by one of ``NOT_TAKEN``."""
    return Refusal(reason, field=field, **limits_of(reason))


def clean_event_name(value: str, *, field: str = "event") -> str:
    """Return the name of an event; any but an empty one. Raises: the refusals of texts."""
    return clean_text(value, field=field, limit=CONVERSION_EVENT_CHARACTERS)


def clean_event_id(value: str, *, field: str = "event_id") -> str:
    """Return what the advertiser calls an event, empty where it has no name. Raises: the refusals of texts."""
    return clean_text(value, field=field, limit=EVENT_ID_CHARACTERS, empty=True)


def clean_contacts(values: Iterable[str], *, field: str) -> tuple[bytes, ...]:
    """Return the digests of contacts, without repetition; empty texts are no contacts.

    Raises: ``contact_not_hashed``, ``contacts_too_many``.
    """
    given = [value.strip() for value in values]
    given = [value for value in given if value]
    if len(given) > CONVERSION_CONTACTS:
        raise not_taken(TOO_MANY_CONTACTS, field=field)
    if not all(_DIGEST.fullmatch(value) for value in given):
        raise not_taken(CONTACT_NOT_HASHED, field=field)
    return tuple(dict.fromkeys(bytes.fromhex(value) for value in given))


def micros_of(value: Decimal | None, *, field: str = "value") -> int:
    """Return a value in micros, half to even; -1 where none is told. Raises: ``conversion_value``.

    Why rounded: pages add prices up in binary fractions, and send 59.970000000000006.
    """
    if value is None:
        return -1
    if not value.is_finite() or value < 0 or value > Decimal(LARGEST_MICROS) / MICROS:
        raise not_taken(CONVERSION_VALUE, field=field)
    return int((value * MICROS).quantize(_MICRO))


def check_time(at_ms: int, *, now_ms: int, field: str = "event_time") -> int:
    """Return a time that a server told, or refuse it; both are world time. Raises: ``conversion_time``."""
    if not now_ms - CONVERSION_AGE_MS <= at_ms <= now_ms + CONVERSION_AHEAD_MS:
        raise not_taken(CONVERSION_TIME, field=field)
    return at_ms


def page_of(address: str) -> tuple[str, str, str]:
    """Return the host and path of a page and the click's id in its query, each empty where there is none.

    The rest of the address is let go: people's names and words stand there. What is no address of a page is none.
    """
    if len(address) > URL_CHARACTERS or not address.isprintable():
        return "", "", ""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").lower()
        query = parse_qsl(parts.query, max_num_fields=100)
    except ValueError:
        return "", "", ""
    if parts.scheme not in {"http", "https"} or not 0 < len(host) <= HOST_CHARACTERS:
        return "", "", ""
    return host, parts.path[:CONVERSION_PAGE_CHARACTERS], clean_click_id(dict(query).get(PARAMETER, ""))


def clean_click_id(value: str) -> str:
    """Return a click's id as sent, or an empty text: what is too long or cannot be one matches nothing."""
    text = value.strip()
    return text if len(text) <= CLICK_ID_CHARACTERS and text.isascii() and text.isprintable() else ""


def digest_of(text: str) -> bytes:
    """Return the SHA-256 of a text that is no contact, empty for an empty one."""
    return hashlib.sha256(text.encode()).digest() if text else b""
