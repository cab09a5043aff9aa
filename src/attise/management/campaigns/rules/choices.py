"""Words of which one is chosen, and the one refusal of every other word."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from attise.kernel.errors import Refusal
from attise.management.campaigns.errors import CHOICE_UNKNOWN

SWITCHES = ("ENABLE", "DISABLE")
SPECIAL_INDUSTRIES = ("HOUSING", "EMPLOYMENT", "CREDIT")
APP_PROMOTION_TYPES = ("APP_INSTALL", "APP_RETARGETING", "APP_PREREGISTRATION")


def check_choice(value: str, choices: Collection[str], *, field: str) -> str:
    """Return a word that is one of ``choices``. Raises: ``choice_unknown``, which lists them."""
    if value not in choices:
        raise Refusal(CHOICE_UNKNOWN, field=field, choices=", ".join(choices))
    return value


def check_choices(values: Iterable[str], choices: Collection[str], *, field: str) -> tuple[str, ...]:
    """Return words without repetition, in the order given. Raises: ``choice_unknown``."""
    return tuple(dict.fromkeys(check_choice(value, choices, field=field) for value in values))
