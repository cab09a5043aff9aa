"""Shapes of access requests: a Business Center asks for a creator's account."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from attise.doors.native_api.schemas.authorizations import Permission
from attise.doors.native_api.schemas.common import Given, GivenId, Told, ToldId, ToldMoment


class AccessDraft(Given):
    """What a Business Center asks for."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"bc_id": "7507931062747136000", "permissions": ["existing_posts"]}]}
    )
    bc_id: GivenId
    permissions: Annotated[list[Permission], Field(max_length=10)]


class Answerer(Given):
    """The creator who answers, signed in at the host."""

    creator_id: GivenId


class RequestAnswer(Told):
    """A question to a creator, as it stands."""

    request_id: ToldId
    bc_id: ToldId
    bc_name: str
    permissions: list[str]
    state: Literal["pending", "accepted", "refused", "expired"]
    creator_id: ToldId | None
    authorization_id: ToldId | None
    expires_at: ToldMoment
    created_at: ToldMoment


class AskedAnswer(RequestAnswer):
    """A question just asked, with the link to it, which is never shown again."""

    url: str
