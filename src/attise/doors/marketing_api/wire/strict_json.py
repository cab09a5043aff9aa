"""JSON as this door takes it: one reading for every text, or none.

Refused: a byte order mark, bytes that are not UTF-8, a name given twice in an object, ``NaN`` and ``Infinity``,
nesting beyond 32, halves of surrogate pairs, NUL, numbers longer than any field takes. Numbers with a decimal point
or an exponent become ``Decimal``: they are never whole numbers, and never floats.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from attise.doors.marketing_api.wire import errors
from attise.kernel.limits import JSON_DEPTH

_NUMBER_CHARACTERS = 40
# A text without its closing quote is taken to the end, so that no text costs more than one pass.
_BRACKETS = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)


class NotStrictJson(ValueError):  # noqa: N818 - names what the text is
    """The text is refused; ``rule`` is a message id that completes a sentence."""

    def __init__(self, rule: str) -> None:
        """Keep the rule that was broken."""
        self.rule = rule
        super().__init__(rule)


def decode(raw: bytes) -> str:
    """Return the text of a body. Raises: NotStrictJson."""
    if raw.startswith(b"\xef\xbb\xbf"):
        raise NotStrictJson(errors.RULE_BOM)
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise NotStrictJson(errors.RULE_UTF8) from None


def parse(text: str) -> Any:
    """Return the value of a JSON text. Raises: NotStrictJson.

    Cost: two passes over the text and one over the value; nothing recursive runs before the depth is known.
    """
    if text.startswith("\ufeff"):
        raise NotStrictJson(errors.RULE_BOM)
    _check_depth(text)
    try:
        value = _DECODER.decode(text)
    except NotStrictJson:
        raise
    except (ValueError, RecursionError):
        raise NotStrictJson(errors.RULE_JSON) from None
    _check_texts(value)
    return value


def check_text(text: str) -> None:
    """Refuse what no text of a request may hold. Raises: NotStrictJson."""
    if "\x00" in text:
        raise NotStrictJson(errors.RULE_NUL)
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise NotStrictJson(errors.RULE_SURROGATE)


def _check_depth(text: str) -> None:
    depth = 0
    for match in _BRACKETS.finditer(text):
        sign = match[0]
        if sign in "[{":
            depth += 1
            if depth > JSON_DEPTH:
                raise NotStrictJson(errors.RULE_DEPTH)
        elif sign in "]}":
            depth -= 1


def _check_texts(value: Any) -> None:
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            check_text(part)
        elif isinstance(part, list):
            waiting.extend(part)
        elif isinstance(part, dict):
            waiting.extend(part)
            waiting.extend(part.values())


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise NotStrictJson(errors.RULE_DUPLICATE)
    return made


def _constant(_name: str) -> Any:
    raise NotStrictJson(errors.RULE_NOT_A_NUMBER)


def _short(digits: str) -> str:
    if len(digits) > _NUMBER_CHARACTERS:
        raise NotStrictJson(errors.RULE_NUMBER_SIZE)
    return digits


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_constant=_constant,
    parse_int=lambda digits: int(_short(digits)),
    parse_float=lambda digits: Decimal(_short(digits)),
)
