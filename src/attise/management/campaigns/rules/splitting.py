"""Split tests: what may be compared with what, for how long, and where a test stands. Pure."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from attise.kernel.errors import FIELD_INVALID, N_, Refusal
from attise.kernel.gather import Gather
from attise.kernel.limits import SPLIT_DAYS_MOST
from attise.management.campaigns.errors import SPLIT_SAME_SIDES
from attise.management.campaigns.rules.choices import check_choice
from attise.management.campaigns.rules.names import clean_name

ADGROUP, CAMPAIGN = "adgroup", "campaign"
LEVELS: Final = (ADGROUP, CAMPAIGN)
USUAL_DAYS: Final = 28
"""Four weeks: each day of the week as often on both sides, and time for conversions."""
ALIKE: Final[dict[str, tuple[str, ...]]] = {
    ADGROUP: (
        *("optimization_goal", "billing_event", "bid_type", "bid_micros", "conversion_bid_micros", "pacing"),
        *("budget_mode", "budget_micros", "starts_at_ms", "ends_at_ms", "dayparting", "frequency", "frequency_days"),
        *("brand_safety_type", "comment_disabled", "share_disabled", "targeting"),
    ),
    CAMPAIGN: (
        *("objective_type", "budget_mode", "budget_micros", "budget_optimize_on", "special_industries"),
        *("holdout_ppm",),
    ),
}
"""What sides have in common where a test is of their ads alone, by level."""


class State(enum.StrEnum):
    """Where a test stands."""

    DRAFT = "draft"
    RUNNING = "running"
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitDraft:
    """A test as it is asked for."""

    name: str
    level: str
    first_id: int
    second_id: int
    days: int = USUAL_DAYS


def clean_split(draft: SplitDraft) -> SplitDraft:
    """Return a test as it is kept. Raises: all that is wrong with it, together."""
    gather = Gather()
    name = gather.take(clean_name, draft.name, field="name")
    gather.take(check_choice, draft.level, LEVELS, field="level")
    gather.take(check_days, draft.days)
    if draft.first_id == draft.second_id:
        gather.add(Refusal(SPLIT_SAME_SIDES, field="second_id"))
    gather.tell()
    return replace(draft, name=name)


def check_days(days: int) -> None:
    """Refuse what is no length of a test. Raises: ``field_invalid``."""
    if not 1 <= days <= SPLIT_DAYS_MOST:
        raise Refusal(FIELD_INVALID, field="days", rule=N_("it is from 1 to 90"))


def state_of(starts_at_ms: int | None, ended_at_ms: int | None) -> State:
    """Return where a test stands."""
    if ended_at_ms is not None:
        return State.OVER
    return State.DRAFT if starts_at_ms is None else State.RUNNING


def differing(level: str, first: Mapping[str, Any], second: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the settings in which two sides differ beside their ads, by name."""
    return tuple(name for name in ALIKE[level] if first[name] != second[name])
