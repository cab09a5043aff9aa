"""JSON as this door takes it: one reading for every text, or none.

Refused: a byte order mark, bytes that are not UTF-8, a name given twice in an object, ``NaN`` and ``Infinity``, nesting
beyond 32, halves of surrogate pairs, NUL, numbers of more than 40 digits. ``1e3`` and ``5.0`` stay floats, so that the
strict shapes behind refuse them where a whole number is asked.
"""

from __future__ import annotations

import json
import re
from typing import Any

from attise.doors.native_api.errors import BAD_JSON, Broken
from attise.kernel.errors import N_
from attise.kernel.limits import JSON_DEPTH

NUMBER_CHARACTERS = 40
_BOM = b"\xef\xbb\xbf"
# Texts are skipped whole; one without its closing quote is taken to the end, so that no body costs more than one pass.
_BRACKETS = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)


def parse(raw: bytes) -> Any:
    """Return the value of a body. Raises: ``bad_json``.

    Cost: two passes over the bytes and one over the value; nothing recursive runs before the depth is known.
    """
    if not raw.strip():
        raise _broken(N_("it is empty"))
    if raw.startswith(_BOM):
        raise _broken(N_("it begins with a byte order mark"))
    _check_depth(raw)
    try:
        value = _DECODER.decode(raw.decode())
    except UnicodeDecodeError:
        raise _broken(N_("it is not UTF-8")) from None
    except ValueError:
        raise _broken(N_("its syntax is wrong")) from None
    _check_texts(value)
    return value


def canonical(value: Any) -> bytes:
    """Return the one spelling of a parsed value, whatever its spaces and the order of its names were."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _broken(rule: str) -> Broken:
    return Broken(BAD_JSON, rule=rule)


def _check_depth(raw: bytes) -> None:
    depth = 0
    for match in _BRACKETS.finditer(raw):
        sign = match[0]
        if sign in b"[{":
            depth += 1
            if depth > JSON_DEPTH:
                raise _broken(N_("it nests too deep"))
        elif sign in b"]}":
            depth -= 1


def _check_texts(value: Any) -> None:
    """Refuse NUL and halves of surrogate pairs in any name or text of a value."""
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            if "\x00" in part:
                raise _broken(N_("a text holds a NUL"))
            if not part.isascii() and any("\ud800" <= sign <= "\udfff" for sign in part):
                raise _broken(N_("a text holds half of a character"))
        elif isinstance(part, list):
            waiting.extend(part)
        elif isinstance(part, dict):
            waiting.extend(part)
            waiting.extend(part.values())


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _broken(N_("a name is given twice"))
    return made


def _constant(_name: str) -> Any:
    raise _broken(N_("NaN and Infinity are not numbers here"))


def _short(digits: str) -> str:
    if len(digits) > NUMBER_CHARACTERS:
        raise _broken(N_("a number is too long"))
    return digits


def _float(digits: str) -> float:
    value = float(_short(digits))
    return value if value - value == 0 else _constant(digits)  # 1e999 is no number either


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_constant=_constant,
    parse_int=lambda digits: int(_short(digits)),
    parse_float=_float,
)
