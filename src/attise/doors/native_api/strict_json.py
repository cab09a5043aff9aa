"""Bodies of the native API: strict JSON (``kernel.strict_json``), told in this door's own error."""

from __future__ import annotations

from typing import Any

from attise.doors.native_api.errors import BAD_JSON, Broken
from attise.kernel.strict_json import RULE_EMPTY, NotStrictJson, canonical, decode
from attise.kernel.strict_json import parse as parse_text

__all__ = ["canonical", "parse"]


def parse(raw: bytes) -> Any:
    """Return the value of a body. Raises: ``bad_json``."""
    if not raw.strip():
        raise Broken(BAD_JSON, rule=RULE_EMPTY)
    try:
        return parse_text(decode(raw), floats=True)
    except NotStrictJson as error:
        raise Broken(BAD_JSON, rule=error.rule) from None
