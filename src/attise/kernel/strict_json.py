"""JSON as every door takes it: one reading for every text, or none.

Refused: a byte order mark, bytes that are not UTF-8, a name given twice in an object, ``NaN`` and ``Infinity``,
nesting beyond 32, halves of surrogate pairs, NUL, numbers longer than any field takes. Numbers with a decimal point
or an exponent are never whole numbers; they become ``Decimal``, or floats where the shapes behind expect those.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from attise.kernel.errors import N_
from attise.kernel.limits import JSON_DEPTH

# Message ids that complete a sentence: "The body cannot be read: …".
RULE_NUL = N_("it holds a NUL character")
RULE_SURROGATE = N_("it holds half of a surrogate pair")
RULE_UTF8 = N_("it is not UTF-8")
RULE_BOM = N_("it starts with a byte order mark")
RULE_JSON = N_("it is not JSON")
RULE_EMPTY = N_("it is empty")
RULE_DUPLICATE = N_("a name is given twice in one object")
RULE_NOT_A_NUMBER = N_("NaN and Infinity are not JSON")
RULE_NUMBER_SIZE = N_("a number is too long")
RULE_DEPTH = N_("it is nested too deep")

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
        raise NotStrictJson(RULE_BOM)
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise NotStrictJson(RULE_UTF8) from None


def parse(text: str, *, floats: bool = False) -> Any:
    """Return the value of a JSON text; with ``floats``, broken numbers are floats. Raises: NotStrictJson.

    Cost: two passes over the text and one over the value; nothing recursive runs before the depth is known.
    """
    if text.startswith("\ufeff"):
        raise NotStrictJson(RULE_BOM)
    _check_depth(text)
    try:
        value = (_WITH_FLOATS if floats else _WITH_DECIMALS).decode(text)
    except NotStrictJson:
        raise
    except (ValueError, RecursionError):
        raise NotStrictJson(RULE_JSON) from None
    _check_texts(value)
    return value


def canonical(value: Any) -> bytes:
    """Return the one spelling of a value read with floats, whatever its spaces and the order of its names were."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def check_text(text: str) -> None:
    """Refuse what no text of a request may hold. Raises: NotStrictJson."""
    if "\x00" in text:
        raise NotStrictJson(RULE_NUL)
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise NotStrictJson(RULE_SURROGATE)


def _check_depth(text: str) -> None:
    depth = 0
    for match in _BRACKETS.finditer(text):
        sign = match[0]
        if sign in "[{":
            depth += 1
            if depth > JSON_DEPTH:
                raise NotStrictJson(RULE_DEPTH)
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
        raise NotStrictJson(RULE_DUPLICATE)
    return made


def _constant(_name: str) -> Any:
    raise NotStrictJson(RULE_NOT_A_NUMBER)


def _short(digits: str) -> str:
    if len(digits) > _NUMBER_CHARACTERS:
        raise NotStrictJson(RULE_NUMBER_SIZE)
    return digits


def _float(digits: str) -> float:
    value = float(_short(digits))
    return value if math.isfinite(value) else _constant(digits)  # 1e999 is no number either


def _decoder(broken: Callable[[str], Any]) -> json.JSONDecoder:
    return json.JSONDecoder(
        object_pairs_hook=_object,
        parse_constant=_constant,
        parse_int=lambda digits: int(_short(digits)),
        parse_float=broken,
    )


_WITH_DECIMALS = _decoder(lambda digits: Decimal(_short(digits)))
_WITH_FLOATS = _decoder(_float)
