"""Shapes of the size of an audience."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from attise.doors.native_api.schemas.campaigns import Industry, Objective
from attise.doors.native_api.schemas.common import Given, Told
from attise.doors.native_api.schemas.targeting import TargetingDraft
from attise.management.campaigns.rules import choices
from attise.serving.targeting.audience import Estimate


class AudienceQuestion(Given):
    """Whom an ad group would be meant for."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"objective_type": "TRAFFIC", "targeting": {"locations": ["FR"], "age_groups": ["18-24"]}}]
        }
    )
    objective_type: Objective
    targeting: TargetingDraft
    special_industries: Annotated[
        list[Industry], Field(max_length=len(choices.SPECIAL_INDUSTRIES), description="Homes, jobs or loans.")
    ] = []


class AudienceSize(Told):
    """How many of this house's viewers an ad group would be meant for, rounded to two digits."""

    people: Annotated[int | None, Field(description="Null: fewer than 1,000, and no more is told.")]
    least: Annotated[int | None, Field(description="The truth lies from here on, 95 times of 100.")]
    most: Annotated[int, Field(description="And up to here.")]
    size: Annotated[
        Literal["narrow", "balanced", "broad"],
        Field(description="narrow: fewer than 1,000. broad: half of the adults in its places, or more."),
    ]


def tell_size(found: Estimate) -> AudienceSize:
    """Return an estimate as callers see it."""
    return AudienceSize(
        people=None if found.is_few else found.people,
        least=None if found.is_few else found.least,
        most=found.most,
        size=found.size.value,
    )
