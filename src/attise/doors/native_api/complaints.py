"""What a shape refuses, said as this house says things: every field at once, with its rule and its next step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic_core import PydanticCustomError

from attise.doors.native_api import wire
from attise.kernel.errors import FIELD_INVALID, FIELD_REQUIRED, FIELD_UNKNOWN, N_, Refusal
from attise.records.native_errors import (
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
)

OWN_RULE = "own_rule"
"""The type of complaints that ``complain`` makes."""

RULES: dict[str, str] = {
    "string_type": RULE_TEXT,
    "string_sub_type": RULE_TEXT,
    "int_type": RULE_WHOLE,
    "int_from_float": RULE_WHOLE,
    "int_parsing": RULE_WHOLE,
    "int_parsing_size": RULE_WHOLE,
    "bool_type": RULE_YES_NO,
    "list_type": RULE_LIST,
    "tuple_type": RULE_LIST,
    "dict_type": RULE_OBJECT,
    "model_type": RULE_OBJECT,
    "model_attributes_type": RULE_OBJECT,
    "none_required": N_("only null is expected"),
    "literal_error": RULE_ONE_OF,
    "greater_than_equal": RULE_LEAST,
    "greater_than": N_("more than %(gt)s is expected"),
    "less_than_equal": RULE_MOST,
    "less_than": N_("less than %(lt)s is expected"),
    "string_too_short": RULE_SHORT_TEXT,
    "string_too_long": RULE_LONG_TEXT,
    "too_short": RULE_SHORT_LIST,
    "too_long": RULE_LONG_LIST,
    "string_pattern_mismatch": N_("the form %(pattern)s is expected"),
    "string_unicode": N_("the text is not Unicode"),
}
"""The sentence of each complaint that the shapes of this door are known to make."""
OTHERWISE = N_("another value is expected")


def complain(rule: str, **values: Any) -> PydanticCustomError:
    """Return a complaint of a validator; ``rule`` is a message id with the values it needs."""
    return PydanticCustomError(OWN_RULE, "{rule}", {"rule": rule, "values": values})


def refusals_of(errors: Sequence[dict[str, Any]]) -> list[Refusal]:
    """Return the refusals of a shape's complaints, in the order of its fields.

    Each complaint has ``type``, ``loc`` (names and places) and perhaps ``ctx``.
    """
    return [_refusal(error) for error in errors]


def spell(path: Sequence[str | int]) -> str:
    """Return a path as callers write it: ``terms.countries[1]``; ``body`` when the whole is meant."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{part}" if text else part
    return text or "body"


def _refusal(error: dict[str, Any]) -> Refusal:
    field = spell(error["loc"])
    kind, context = error["type"], error.get("ctx", {})
    if kind == "missing":
        return Refusal(FIELD_REQUIRED, field=field)
    if kind == "extra_forbidden":
        return Refusal(FIELD_UNKNOWN, field=field)
    if kind == OWN_RULE:
        return Refusal(FIELD_INVALID, field=field, rule=wire.say(context["rule"], context["values"]))
    return Refusal(FIELD_INVALID, field=field, rule=wire.say(RULES.get(kind, OTHERWISE), context))
