"""Bodies read strictly: everything that is wrong with one, told at once, and under the name that its sender gave it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Self

from attise.kernel.errors import FIELD_INVALID, FIELD_REQUIRED, FIELD_UNKNOWN, Refusal
from attise.kernel.ids import parse_id
from attise.kernel.strict_json import RULE_EMPTY, NotStrictJson, decode, parse
from attise.records.native_errors import (
    BAD_JSON,
    RULE_ID,
    RULE_LEAST,
    RULE_LIST,
    RULE_LONG_LIST,
    RULE_LONG_TEXT,
    RULE_MOST,
    RULE_OBJECT,
    RULE_ONE_OF,
    RULE_SHORT_LIST,
    RULE_SHORT_TEXT,
    RULE_TEXT,
    RULE_WHOLE,
    RULE_YES_NO,
    Broken,
)

Check = Callable[[Any, str], Iterator[Refusal]]
"""Yields what is wrong with a value; takes it, and the name of its field."""


def parse_body(raw: bytes) -> Any:
    """Return the value of a JSON body. Raises: ``bad_json``."""
    if not raw.strip():
        raise Broken(BAD_JSON, rule=RULE_EMPTY)
    try:
        return parse(decode(raw), floats=True)
    except NotStrictJson as error:
        raise Broken(BAD_JSON, rule=error.rule) from None


def wrong(field: str, rule: str, **values: Any) -> Refusal:
    """Return what says that a field breaks a rule."""
    # The rule is filled where it is said, in the caller's language: its values ride along.
    return Refusal(FIELD_INVALID, field=field, rule=Rule(rule, values))


class Rule(str):
    """A message id within a message, with the values it needs."""

    __slots__ = ("values",)

    def __new__(cls, text: str, values: dict[str, Any]) -> Self:
        """Keep the values beside the text."""
        made = super().__new__(cls, text)
        made.values = values
        return made


def a_text(most: int, *, least: int = 0) -> Check:
    """Check for a text of so many characters."""

    def check(value: Any, field: str) -> Iterator[Refusal]:
        if not isinstance(value, str):
            yield wrong(field, RULE_TEXT)
        elif len(value) > most:
            yield wrong(field, RULE_LONG_TEXT, max_length=most)
        elif len(value) < least:
            yield wrong(field, RULE_SHORT_TEXT, min_length=least)

    return check


def a_whole(least: int, most: int) -> Check:
    """Check for a whole number within bounds."""

    def check(value: Any, field: str) -> Iterator[Refusal]:
        if isinstance(value, bool) or not isinstance(value, int):
            yield wrong(field, RULE_WHOLE)
        elif value < least:
            yield wrong(field, RULE_LEAST, ge=least)
        elif value > most:
            yield wrong(field, RULE_MOST, le=most)

    return check


def one_of(values: tuple[str, ...]) -> Check:
    """Check for one of some texts."""
    expected = ", ".join(values)

    def check(value: Any, field: str) -> Iterator[Refusal]:
        if value not in values:
            yield wrong(field, RULE_ONE_OF, expected=expected)

    return check


def a_list(of: Check, most: int, *, least: int = 0) -> Check:
    """Check for a list of so many parts, and each of them."""

    def check(value: Any, field: str) -> Iterator[Refusal]:
        if not isinstance(value, list):
            yield wrong(field, RULE_LIST)
        elif len(value) > most:
            yield wrong(field, RULE_LONG_LIST, max_length=most)
        elif len(value) < least:
            yield wrong(field, RULE_SHORT_LIST, min_length=least)
        else:
            for place, part in enumerate(value):
                yield from of(part, f"{field}[{place}]")

    return check


def an_object(fields: dict[str, Check], *, required: tuple[str, ...] = ()) -> Check:
    """Check for an object with fields that are known, and each of them."""

    def check(value: Any, field: str) -> Iterator[Refusal]:
        if not isinstance(value, dict):
            yield wrong(field or "body", RULE_OBJECT)
            return
        prefix = f"{field}." if field else ""
        for name in required:
            if name not in value:
                yield Refusal(FIELD_REQUIRED, field=f"{prefix}{name}")
        for name, part in value.items():
            known = fields.get(name)
            if known is None:
                yield Refusal(FIELD_UNKNOWN, field=f"{prefix}{name}")
            else:
                yield from known(part, f"{prefix}{name}")

    return check


def or_null(check: Check) -> Check:
    """Check a value unless it is null."""
    return lambda value, field: iter(()) if value is None else check(value, field)


def an_id(value: Any, field: str) -> Iterator[Refusal]:
    """Check for an identifier."""
    if parse_id(value) is None:
        yield wrong(field, RULE_ID)


def a_yes_no(value: Any, field: str) -> Iterator[Refusal]:
    """Check for true or false."""
    if not isinstance(value, bool):
        yield wrong(field, RULE_YES_NO)
