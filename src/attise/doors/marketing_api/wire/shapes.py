"""Shapes: one small reader per kind of value, made once from an endpoint's annotations.

A shape reads a value from a text (query parameters and form fields) or from parsed JSON. ``lenient`` JSON is the one
found inside a query parameter: there an identifier may be a number and a list of one may come bare, as real clients
send them. A refusal names the field by its path, such as ``filtering.keyword``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from django.core.files.uploadedfile import UploadedFile

from attise.doors.marketing_api.wire import errors
from attise.doors.marketing_api.wire.kinds import LARGEST
from attise.kernel import strict_json
from attise.kernel.clock import to_ms
from attise.kernel.errors import Refusal, Refusals
from attise.kernel.gather import Gather

_ID = re.compile(r"0|[1-9][0-9]{0,18}")
_WHOLE = re.compile(r"-?[0-9]{1,19}")
_WHOLE_BROKEN = re.compile(r"-?[0-9]{1,19}\.0{1,6}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}")
_DECIMAL = re.compile(r"(?P<whole>[0-9]{1,4})(?:\.(?P<parts>[0-9]{1,20}))?")
_AMOUNT = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,20})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BARE_DAY = re.compile(r"(?<=:)\s*([0-9]{4}-[0-9]{2}-[0-9]{2})\s*(?=[,}\]])")
_TRUE = frozenset({"true", "True", "1"})
_FALSE = frozenset({"false", "False", "0"})


class Shape(Protocol):
    """Reads one kind of value."""

    def from_text(self, text: str, at: str) -> Any:
        """Return the value of a query parameter or form field. Raises: Refusal naming ``at``."""
        ...

    def from_json(self, value: Any, at: str, *, lenient: bool) -> Any:
        """Return the value of a parsed JSON value. Raises: Refusal naming ``at``."""
        ...


def refuse(rule: str, at: str) -> Refusal:
    """Return a refusal of ``at`` by one of the marked rules."""
    return Refusal(errors.VALUE, field=at, rule=rule)


@dataclass(frozen=True)
class IdShape:
    """An identifier: a string of digits below 2**63."""

    quoted: bool = False
    number: bool = False

    def from_text(self, text: str, at: str) -> int:
        """Return the number of the identifier."""
        if self.quoted and len(text) > 1 and text[0] == text[-1] == '"':
            text = text[1:-1]
        if not _ID.fullmatch(text) or int(text) > LARGEST:
            raise refuse(errors.RULE_ID, at)
        return int(text)

    def from_json(self, value: Any, at: str, *, lenient: bool) -> int:
        """Return the number of the identifier; a JSON number is refused in a body, where it may have been rounded."""
        if isinstance(value, int) and not isinstance(value, bool):
            if not (lenient or self.number):
                raise refuse(errors.RULE_ID_STRING, at)
            value = str(value)
        if not isinstance(value, str):
            raise refuse(errors.RULE_ID, at)
        return self.from_text(value, at)


@dataclass(frozen=True)
class WholeShape:
    """A whole number within bounds, in plain digits."""

    least: int
    most: int
    broken: bool = False

    def from_text(self, text: str, at: str) -> int:
        """Return the number; ``1e3``, ``1.0`` and ``+1`` are not plain digits."""
        if not _WHOLE.fullmatch(text):
            raise self._outside(at)
        return self._bounded(int(text), at)

    def from_json(self, value: Any, at: str, *, lenient: bool) -> int:  # noqa: ARG002 - a number is a number
        """Return the number; ``true``, ``"5"`` and ``5.0`` are not 5, unless broken numbers are taken."""
        if self.broken and isinstance(value, Decimal) and _WHOLE_BROKEN.fullmatch(str(value)):
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self._outside(at)
        return self._bounded(value, at)

    def _bounded(self, value: int, at: str) -> int:
        if not self.least <= value <= self.most:
            raise self._outside(at)
        return value

    def _outside(self, at: str) -> Refusal:
        return Refusal(errors.VALUE_RANGE, field=at, least=self.least, most=self.most)


@dataclass(frozen=True)
class TextShape:
    """A string, bounded; what it may say is for the rooms."""

    least: int
    most: int

    def from_text(self, text: str, at: str) -> str:
        """Return the text."""
        if not self.least <= len(text) <= self.most:
            raise Refusal(errors.VALUE_LENGTH, field=at, least=self.least, most=self.most, got=len(text))
        return text

    def from_json(self, value: Any, at: str, *, lenient: bool) -> str:
        """Return the text; inside a query parameter, a bare number stands for its digits."""
        if lenient and isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            raise refuse(errors.RULE_TEXT, at)
        return self.from_text(value, at)


@dataclass(frozen=True)
class ChoiceShape:
    """One of the names of an enumeration."""

    choices: tuple[Any, ...]

    def from_text(self, text: str, at: str) -> Any:
        """Return the choice that is written so; choices that are numbers are written in plain digits."""
        for choice in self.choices:
            if str(choice) == text:
                return choice
        raise self._outside(at)

    def from_json(self, value: Any, at: str, *, lenient: bool) -> Any:  # noqa: ARG002 - names have one spelling
        """Return the choice; its type counts: ``30.0`` is not 30."""
        if isinstance(value, bool) or not any(type(value) is type(c) and value == c for c in self.choices):
            raise self._outside(at)
        return value

    def _outside(self, at: str) -> Refusal:
        return Refusal(errors.VALUE_CHOICE, field=at, choices=", ".join(map(str, self.choices)))


@dataclass(frozen=True)
class BooleanShape:
    """True or false; as text in the spellings that clients send."""

    def from_text(self, text: str, at: str) -> bool:
        """Return the truth of ``true``, ``True``, ``1``, ``false``, ``False`` or ``0``."""
        if text not in _TRUE | _FALSE:
            raise refuse(errors.RULE_BOOLEAN, at)
        return text in _TRUE

    def from_json(self, value: Any, at: str, *, lenient: bool) -> bool:
        """Return a JSON boolean; inside a query parameter its text spellings too."""
        if lenient and isinstance(value, str):
            return self.from_text(value, at)
        if not isinstance(value, bool):
            raise refuse(errors.RULE_BOOLEAN, at)
        return value


@dataclass(frozen=True)
class TimeShape:
    """A time in UTC, as epoch milliseconds."""

    def from_text(self, text: str, at: str) -> int:
        """Return the epoch milliseconds of ``2026-11-22 08:30:00``."""
        if not _TIME.fullmatch(text):
            raise refuse(errors.RULE_TIME, at)
        try:
            return to_ms(dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC))
        except ValueError:
            raise refuse(errors.RULE_TIME, at) from None

    def from_json(self, value: Any, at: str, *, lenient: bool) -> int:  # noqa: ARG002 - a time is a string everywhere
        """Return the epoch milliseconds of a JSON string."""
        if not isinstance(value, str):
            raise refuse(errors.RULE_TIME, at)
        return self.from_text(value, at)


@dataclass(frozen=True)
class DayShape:
    """A calendar day."""

    def from_text(self, text: str, at: str) -> dt.date:
        """Return the date of ``2026-11-22``."""
        if not _DAY.fullmatch(text):
            raise refuse(errors.RULE_DATE, at)
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            raise refuse(errors.RULE_DATE, at) from None

    def from_json(self, value: Any, at: str, *, lenient: bool) -> dt.date:  # noqa: ARG002 - as times
        """Return the date of a JSON string."""
        if not isinstance(value, str):
            raise refuse(errors.RULE_DATE, at)
        return self.from_text(value, at)


@dataclass(frozen=True)
class ThousandthsShape:
    """A plain decimal with at most three decimals that count, as a whole number of thousandths."""

    def from_text(self, text: str, at: str) -> int:
        """Return 1700 for ``1.7``; further decimals are cut."""
        match = _DECIMAL.fullmatch(text)
        if match is None:
            raise refuse(errors.RULE_DECIMAL, at)
        return int(match["whole"]) * 1000 + int((match["parts"] or "").ljust(3, "0")[:3])

    def from_json(self, value: Any, at: str, *, lenient: bool) -> int:  # noqa: ARG002 - a number is a number
        """Return the thousandths of a JSON number, or of its text."""
        if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
            raise refuse(errors.RULE_DECIMAL, at)
        return self.from_text(str(value), at)


@dataclass(frozen=True)
class AmountShape:
    """An amount of money: a plain decimal, kept to the letter; how many decimals it may have is its currency's."""

    def from_text(self, text: str, at: str) -> str:
        """Return the decimal; signs, exponents and separators are refused."""
        if not _AMOUNT.fullmatch(text):
            raise refuse(errors.RULE_AMOUNT, at)
        return text

    def from_json(self, value: Any, at: str, *, lenient: bool) -> str:  # noqa: ARG002 - a number is a number
        """Return the decimal of a JSON number, exact as it was written, or of its text."""
        if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
            raise refuse(errors.RULE_AMOUNT, at)
        return self.from_text(str(value), at)


@dataclass(frozen=True)
class FileShape:
    """A file of a multipart form; texts and JSON never are."""

    def from_text(self, text: str, at: str) -> Any:
        """Refuse a text where a file is meant."""
        del text
        raise refuse(errors.RULE_FILE, at)

    def from_json(self, value: Any, at: str, *, lenient: bool) -> Any:
        """Take the file that the form held; nothing of JSON is one."""
        del lenient
        if not isinstance(value, UploadedFile):
            raise refuse(errors.RULE_FILE, at)
        return value


@dataclass(frozen=True)
class NotOfferedShape:
    """Something that is left out here: only what asks for nothing is taken."""

    neutral: tuple[str, ...] = ()

    def from_text(self, text: str, at: str) -> None:
        """Take a text that asks for nothing. Raises: Refusal naming ``at``."""
        if text not in {"", "[]", "{}", *_FALSE, *self.neutral}:
            raise Refusal(errors.NOT_OFFERED, field=at)

    def from_json(self, value: Any, at: str, *, lenient: bool) -> None:  # noqa: ARG002 - nothing is nothing everywhere
        """Take a JSON value that asks for nothing; a list of nothings is one."""
        asked = [part for part in (value if isinstance(value, list) else [value]) if part not in self.neutral]
        if any(asked):
            raise Refusal(errors.NOT_OFFERED, field=at)


@dataclass(frozen=True)
class ListShape:
    """A list of one kind of value, bounded."""

    item: Shape
    least: int
    most: int
    bare: bool = False

    def from_text(self, text: str, at: str) -> list[Any]:
        """Return the list of a JSON text; a bare value is a list of one."""
        value = self.opened(text, at)
        if value is not None:
            return self.from_json(value, at, lenient=True)
        if len(text) > 1 and text[0] == text[-1] == '"':
            text = text[1:-1]
        return self._bounded([self.item.from_text(text, at)], at)

    @staticmethod
    def opened(text: str, at: str) -> list[Any] | None:
        """Return the list that a JSON text spells, or None when the text is a bare value."""
        if not text.lstrip().startswith("["):
            return None
        value: list[Any] = _parsed(text, errors.RULE_LIST_SYNTAX, at)
        return value

    def from_json(self, value: Any, at: str, *, lenient: bool) -> list[Any]:
        """Return the list of a JSON value; objects in it are named by their places."""
        if not isinstance(value, list):
            if not (lenient or self.bare) or isinstance(value, dict) or value is None:
                raise refuse(errors.RULE_LIST, at)
            value = [value]
        self._bounded(value, at)
        if not isinstance(self.item, ObjectShape):
            return [self.item.from_json(part, at, lenient=lenient) for part in value]
        gather = Gather()
        found = [
            gather.take(self.item.from_json, part, f"{at}[{place}]", lenient=lenient)
            for place, part in enumerate(value)
        ]
        gather.tell()
        return found

    def _bounded(self, value: list[Any], at: str) -> list[Any]:
        if not self.least <= len(value) <= self.most:
            raise Refusal(errors.VALUE_ITEMS, field=at, least=self.least, most=self.most, got=len(value))
        return value


@dataclass(frozen=True)
class EachShape(ListShape):
    """A list whose items are read each by itself: the list returned holds values, and ``Refusals`` of others."""

    def from_json(self, value: Any, at: str, *, lenient: bool) -> list[Any]:
        """Return the list of a JSON value. Raises: Refusal where it is no list, or holds too few or too many."""
        if not isinstance(value, list):
            raise refuse(errors.RULE_LIST, at)
        return [
            self._read(part, f"{at}[{place}]", lenient=lenient) for place, part in enumerate(self._bounded(value, at))
        ]

    def _read(self, part: Any, at: str, *, lenient: bool) -> Any:
        try:
            return self.item.from_json(part, at, lenient=lenient)
        except Refusal as refusal:
            return Refusals([refusal])
        except Refusals as several:
            return several


@dataclass(frozen=True)
class Member:
    """One field of an object: ``attribute`` inside, ``name`` on the wire."""

    attribute: str
    name: str
    shape: Shape
    required: bool


@dataclass(frozen=True)
class ObjectShape:
    """An object with named fields; names it does not know are ignored."""

    made: type
    members: tuple[Member, ...]

    def from_text(self, text: str, at: str) -> Any:
        """Return the object of a JSON text; days without quotes, as one connector sends them, are taken for days."""
        return self.from_json(parsed_object(text, at), at, lenient=True)

    def from_json(self, value: Any, at: str, *, lenient: bool) -> Any:
        """Return the object of a JSON value. Raises: what its fields raise, together."""
        if not isinstance(value, dict):
            raise refuse(errors.RULE_OBJECT, at)
        missing = list(self.missing(value, at))
        if missing:
            raise Refusal(errors.MISSING, fields=", ".join(missing))
        gather = Gather()
        found = {
            member.attribute: gather.take(
                member.shape.from_json, value[member.name], f"{at}.{member.name}", lenient=lenient
            )
            for member in self.members
            if value.get(member.name) is not None
        }
        gather.tell()
        return self.made(**found)

    def missing(self, value: dict[str, Any], at: str) -> Iterator[str]:
        """Give the paths of required fields that are absent, null or empty, deep down."""
        for member in self.members:
            path = f"{at}.{member.name}" if at else member.name
            part = value.get(member.name)
            if member.required and is_empty(part):
                yield path
            elif isinstance(member.shape, ObjectShape) and isinstance(part, dict):
                yield from member.shape.missing(part, path)


def is_empty(value: Any) -> bool:
    """Tell whether a value stands for nothing where something is required."""
    return value is None or value in ("", [])


def parsed_object(text: str, at: str) -> Any:
    """Return the JSON value of a text that is meant as an object."""
    if not text.lstrip().startswith("{"):
        raise refuse(errors.RULE_OBJECT_SYNTAX, at)
    try:
        return strict_json.parse(text)
    except strict_json.NotStrictJson:
        return _parsed(_BARE_DAY.sub(r'"\1"', text), errors.RULE_OBJECT_SYNTAX, at)


def _parsed(text: str, rule: str, at: str) -> Any:
    try:
        return strict_json.parse(text)
    except strict_json.NotStrictJson:
        raise refuse(rule, at) from None
