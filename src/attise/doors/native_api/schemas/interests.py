"""Shapes of what a viewer is interested in, and where each interest comes from."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from attise.doors.native_api.schemas.common import Given, Told, ToldMoment
from attise.doors.native_api.schemas.viewers import InterestName
from attise.kernel.clock import rfc3339
from attise.kernel.limits import INTERESTS
from attise.management.viewers.profiling import WhyNot, why_not_profiled
from attise.management.viewers.views import Since, ViewerView
from attise.records.lookups import behaviours, interests

Names = Annotated[list[InterestName], Field(max_length=INTERESTS, description="Slugs or ids.")]


class ChosenInterests(Given):
    """All that a viewer chooses, in place of what they chose before."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"interests": ["recipes", "board_games"]}]})
    interests: Names


class InterestChanges(Given):
    """What changes; the rest stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"add": ["pets"], "remove": ["games"]}]})
    add: Annotated[Names, Field(description="Chosen beside the others.")] = []
    remove: Annotated[
        Names,
        Field(description="Neither chosen nor derived from now on, with those that belong to them."),
    ] = []
    allow: Annotated[Names, Field(description="Removed before: they may be derived again.")] = []


class InterestAnswer(Told):
    """An interest that stands."""

    interest: str
    source: Annotated[
        Literal["chosen", "derived"], Field(description="By the viewer or by you for them; or from what they do.")
    ]
    since: ToldMoment | None


class RemovedAnswer(Told):
    """An interest that nobody derives, because the viewer does not want it."""

    interest: str
    since: ToldMoment | None


class BehaviourAnswer(Told):
    """Something that the viewer did lately, derived from what they do."""

    behaviour: str
    action: str
    last_on: Annotated[str, Field(json_schema_extra={"format": "date"}, description="Day, UTC.")]


class InterestsAnswer(Told):
    """What may be known of a viewer's tastes, and where it comes from."""

    used: Annotated[bool, Field(description="Whether ads may use it now, and whether it is derived at all.")]
    why_not: WhyNot | None
    items: list[InterestAnswer]
    removed: list[RemovedAnswer]
    behaviours: list[BehaviourAnswer]


def tell_interests(view: ViewerView, *, now_ms: int) -> InterestsAnswer:
    """Return a viewer's interests as callers see them, chosen ones first; one that is both is chosen."""
    chosen = {one.interest for one in view.chosen}
    why_not = why_not_profiled(consent=view.profiling_consent, birth_date=view.birth_date, at_ms=now_ms)
    return InterestsAnswer(
        used=why_not is None,
        why_not=why_not,
        items=[
            *(InterestAnswer(source="chosen", **_tell(one)) for one in view.chosen),
            *(InterestAnswer(source="derived", **_tell(one)) for one in view.derived if one.interest not in chosen),
        ],
        removed=[RemovedAnswer(**_tell(one)) for one in view.removed],
        behaviours=[
            BehaviourAnswer(
                behaviour=behaviours.get(one.category_id).slug,
                action=one.action.lower(),
                last_on=(dt.date(1970, 1, 1) + dt.timedelta(days=one.day)).isoformat(),
            )
            for one in view.behaviours
        ],
    )


def _tell(one: Since) -> dict[str, str | None]:
    row = interests.find(one.interest)
    return {
        "interest": one.interest if row is None else row.slug,
        "since": None if one.since_ms is None else rfc3339(one.since_ms),
    }
