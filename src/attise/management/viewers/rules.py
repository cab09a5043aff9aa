"""What a viewer may declare, fact by fact; and the name that logs know them by. Pure."""

from __future__ import annotations

import hmac
from collections.abc import Iterable

from attise.kernel.errors import Refusal
from attise.kernel.ids import BOUND
from attise.kernel.limits import FOLLOWS, INTERESTS
from attise.kernel.seal import encode
from attise.management.viewers.errors import (
    CREATOR_UNKNOWN,
    DEVICE_PRICE_INVALID,
    GENDER_UNKNOWN,
    INTEREST_UNKNOWN,
    OS_UNKNOWN,
    TOO_MANY_ENTRIES,
)
from attise.records.lookups import interests

GENDERS = ("female", "male", "other")
SYSTEMS = ("android", "ios", "windows", "macos", "linux", "other")
DEAREST_DEVICE = 10_000
KEY_BYTES = 32
PSEUDONYM_BYTES = 16
SHOWN_CHARACTERS = 40


def pseudonym_of(key: bytes, viewer_id: int) -> str:
    """Return what logs, facts and decisions carry in place of a viewer.

    Why a key per viewer: once it is destroyed nobody can tell any more whose the rows were, not even who holds every
    other secret of the house.
    """
    return encode(hmac.digest(key, b"viewer/%d" % viewer_id, "sha256")[:PSEUDONYM_BYTES])


def clean_gender(value: str | None) -> str:
    """Return a gender, empty when it is not said. Raises: ``gender_unknown``."""
    if value is None or value == "":
        return ""
    if value not in GENDERS:
        raise Refusal(GENDER_UNKNOWN, field="gender")
    return value


def clean_os(value: str | None) -> str:
    """Return an operating system, empty when it is not said. Raises: ``os_unknown``."""
    if value is None or value == "":
        return ""
    if value not in SYSTEMS:
        raise Refusal(OS_UNKNOWN, field="os")
    return value


def clean_device_price(value: int | None) -> int | None:
    """Return a price in whole US dollars, or None. Raises: ``device_price_invalid``."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= DEAREST_DEVICE:
        raise Refusal(DEVICE_PRICE_INVALID, field="device_price", limit=DEAREST_DEVICE)
    return value


def clean_interests(values: Iterable[str]) -> list[str]:
    """Return decimal ids of the interests that slugs or ids name, each once, in the order given.

    Raises: ``interest_unknown``, ``too_many_entries``.
    """
    listed = list(values)
    if len(listed) > INTERESTS:
        raise Refusal(TOO_MANY_ENTRIES, field="interests", got=len(listed), limit=INTERESTS)
    found: dict[str, None] = {}
    for value in listed:
        row = interests.find(value)
        if row is None:
            raise Refusal(INTEREST_UNKNOWN, field="interests", interest=value[:SHOWN_CHARACTERS])
        found[row.wire_id] = None
    return list(found)


def clean_follows(values: Iterable[int]) -> list[int]:
    """Return creator ids, each once, in the order given; whether they exist is the action's to ask.

    Raises: ``too_many_entries``, ``creator_unknown`` for what is no id at all.
    """
    listed = list(dict.fromkeys(values))
    if len(listed) > FOLLOWS:
        raise Refusal(TOO_MANY_ENTRIES, field="follows", got=len(listed), limit=FOLLOWS)
    for value in listed:
        if not 0 < value < BOUND:
            raise Refusal(CREATOR_UNKNOWN, field="follows", creator_id=str(value)[:SHOWN_CHARACTERS])
    return listed
