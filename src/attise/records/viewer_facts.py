"""What may be said of a viewer, fact by fact: declared and kept, or sent along with one request.

Place: beside ``declared``; the room of viewers and the edge call these, so that both take the same and refuse the same.
Owns no row. Pure.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from attise.kernel.errors import N_, Reason, Refusal
from attise.kernel.gather import Gather, clean_facts
from attise.kernel.ids import BOUND
from attise.kernel.limits import FOLLOWS, INTERESTS
from attise.records.declared import (
    birth_date_of_age,
    clean_birth_date,
    clean_country,
    clean_language,
    clean_region,
)
from attise.records.lookups import interests

GENDERS = ("female", "male", "other")
SYSTEMS = ("android", "ios", "windows", "macos", "linux", "other")
OLDEST = 150
"""Years; whatever says more is no age."""
DEAREST_DEVICE = 10_000
"""US dollars."""
INTEREST_CHARACTERS = 40
SHOWN_CHARACTERS = 40

AGE_TWICE = Reason(
    "age_twice",
    N_("An age and a birth date were both given."),
    N_("Give birth_date if it is known, else age; not both."),
)
GENDER_UNKNOWN = Reason(
    "gender_unknown",
    N_("This gender is not one of the values taken."),
    N_("Give female, male or other, or leave the field out."),
)
OS_UNKNOWN = Reason(
    "os_unknown",
    N_("This operating system is not one of the values taken."),
    N_("Give android, ios, windows, macos, linux or other, or leave the field out."),
)
DEVICE_PRICE_INVALID = Reason(
    "device_price_invalid",
    N_("A device's price is a whole number of US dollars, from 0 to %(limit)s."),
    N_("Round it, or leave the field out."),
)
INTEREST_UNKNOWN = Reason(
    "interest_unknown",
    N_("This interest is not known: %(interest)s."),
    N_("Give slugs or ids of interests that the look-up table lists."),
)
CREATOR_UNKNOWN = Reason(
    "creator_unknown",
    N_("No active creator has this id: %(creator_id)s."),
    N_("Give ids of creators that exist here."),
)
TOO_MANY_ENTRIES = Reason(
    "too_many_entries",
    N_("This list has %(got)s entries; at most %(limit)s are taken."),
    N_("Shorten the list."),
)


def clean_viewer(facts: Mapping[str, Any], cleaners: Mapping[str, Callable[[Any], Any]]) -> dict[str, Any]:
    """Return the facts that are there in their one spelling; an age as the birth date that makes it.

    ``cleaners`` are those of ``cleaners_of``, and the caller's own. Raises: everything that is wrong, together.
    """
    gather = Gather()
    if facts.get("age") is not None and facts.get("birth_date") is not None:
        gather.add(Refusal(AGE_TWICE, field="age"))
    clean: dict[str, Any] = gather.take(clean_facts, facts, cleaners)
    gather.tell()
    if "age" in clean:
        birth_date = clean.pop("age")
        clean["birth_date"] = clean.get("birth_date") or birth_date
    return clean


def cleaners_of(today: dt.date) -> dict[str, Callable[[Any], Any]]:
    """Return the rule of each fact that needs no look at what is stored; ``today`` is a day of world time, UTC."""
    return {
        "birth_date": lambda value: None if value is None else clean_birth_date(value, today=today),
        "age": lambda value: None if value is None else birth_date_of_age(value, today=today),
        "gender": clean_gender,
        "country": lambda value: clean_country(value or "", empty=True),
        "region": lambda value: clean_region(value) if value else "",
        "language": lambda value: clean_language(value or "", empty=True),
        "os": clean_os,
        "device_price": clean_device_price,
        "interests": lambda values: clean_interests(values or ()),
        "follows": lambda values: clean_follows(values or ()),
        "profiling_consent": lambda value: value is True,
    }


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
