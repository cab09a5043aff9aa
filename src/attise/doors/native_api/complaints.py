"""What a shape refuses, said as this house says things: every field at once, with its rule and its next step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic_core import PydanticCustomError

from attise.doors.native_api import wire
from attise.kernel.errors import FIELD_INVALID, FIELD_REQUIRED, FIELD_UNKNOWN, N_, Refusal

OWN_RULE = "own_rule"
"""The type of complaints that ``complain`` makes."""

_TEXT = N_("a text is expected")
_WHOLE = N_("a whole number is expected, without quotes, decimals or exponent")
_OBJECT = N_("an object is expected")
_LIST = N_("a list is expected")
RULES: dict[str, str] = {
    "string_type": _TEXT,
    "string_sub_type": _TEXT,
    "int_type": _WHOLE,
    "int_from_float": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": _WHOLE,
    "bool_type": N_("true or false is expected"),
    "list_type": _LIST,
    "tuple_type": _LIST,
    "dict_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "none_required": N_("only null is expected"),
    "literal_error": N_("one of these is expected: %(expected)s"),
    "greater_than_equal": N_("at least %(ge)s is expected"),
    "greater_than": N_("more than %(gt)s is expected"),
    "less_than_equal": N_("at most %(le)s is expected"),
    "less_than": N_("less than %(lt)s is expected"),
    "string_too_short": N_("at least %(min_length)s characters are expected"),
    "string_too_long": N_("at most %(max_length)s characters are expected"),
    "too_short": N_("at least %(min_length)s items are expected"),
    "too_long": N_("at most %(max_length)s items are expected"),
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
