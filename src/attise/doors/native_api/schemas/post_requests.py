"""Shapes of requests for posts: an advertiser asks a creator to show one post as an ad."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from attise.doors.native_api.schemas.authorizations import Days, GivenTerms
from attise.doors.native_api.schemas.common import Given, GivenId, Told, ToldId, ToldMoment


class PostRequestDraft(Given):
    """What is asked for."""

    advertiser_id: GivenId
    days: Days


class PostRequestYes(Given):
    """The creator's yes: for how long, and on what terms."""

    creator_id: GivenId
    days: Days
    terms: GivenTerms | None = None


class PostRequestAnswer(Told):
    """A question for a post, as it stands."""

    request_id: ToldId
    advertiser_id: ToldId
    advertiser_name: str
    creator_id: ToldId
    post_id: ToldId
    days: Annotated[int, Field(description="For how long it is wished; the creator may give another time.")]
    state: Literal["pending", "accepted", "refused", "withdrawn"]
    authorization_id: ToldId | None
    answered_at: ToldMoment | None
    created_at: ToldMoment
