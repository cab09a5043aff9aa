"""Shapes of boosts: a post, a goal, a budget a day, some days; made at once, or when its creator has said yes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from attise.doors.native_api.schemas.authorizations import Days
from attise.doors.native_api.schemas.campaigns import Amount, Name
from attise.doors.native_api.schemas.common import Given, GivenId, Told, ToldId, ToldMoment
from attise.doors.native_api.schemas.post_requests import PostRequestAnswer
from attise.management.campaigns.rules.boosting import BOOSTED, DAYS_MOST

Objective = Annotated[str, Field(max_length=40, description=f"One of {', '.join(BOOSTED)}.", examples=["TRAFFIC"])]
Goal = Annotated[str, Field(max_length=40, description="A goal of the objective.", examples=["CLICK"])]


class BoostFacts(Given):
    """What a boost is beside its post. It begins at once, for adults of the countries named, within its budget."""

    name: Name
    objective_type: Objective = "TRAFFIC"
    optimization_goal: Goal = "CLICK"
    budget_micros: Annotated[Amount, Field(description="A day, of each post.")]
    days: Annotated[int, Field(ge=1, le=DAYS_MOST)] = 7
    location_ids: Annotated[
        list[Annotated[int, Field(ge=1)]], Field(max_length=100, description="Left out: the advertiser's country.")
    ] = []
    call_to_action: Annotated[str, Field(max_length=40)] = ""
    landing_page_url: Annotated[str, Field(max_length=2_048)] = ""
    pixel_id: GivenId | None = None
    optimization_event: Annotated[str, Field(max_length=40)] = ""


class BoostDraft(BoostFacts):
    """A boost to make. It begins at once, for adults of the countries named, and bids within its budget."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "post_id": "7507931062747136000",
                    "name": "Autumn soups",
                    "objective_type": "TRAFFIC",
                    "optimization_goal": "CLICK",
                    "budget_micros": 50_000_000,
                    "days": 7,
                    "call_to_action": "LEARN_MORE",
                    "landing_page_url": "https://shop.example/soups",
                }
            ]
        }
    )
    post_id: GivenId
    asked_days: Annotated[
        Days, Field(description="For how long the creator is asked for the post, where it may not be used yet.")
    ] = 30


class BoostAnswer(Told):
    """What became of a boost."""

    state: Annotated[
        Literal["made", "waiting", "ready", "refused"],
        Field(description="`waiting` for the creator's word; `ready` to be launched."),
    ]
    boost_id: Annotated[ToldId | None, Field(description="None once it is made.")] = None
    post_id: ToldId
    campaign_id: ToldId | None = None
    adgroup_id: ToldId | None = None
    ad_id: ToldId | None = None
    objective_type: str
    optimization_goal: str
    budget_micros: int
    days: int
    request: PostRequestAnswer | None = None
    created_at: ToldMoment
