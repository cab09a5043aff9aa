"""Creators: who publishes on the host's platform."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from attise.doors.native_api.cursors import read_cursor
from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.listing import listing
from attise.doors.native_api.schemas.common import DEFAULT_LIMIT, Cursor, Limit, Listing, PathId
from attise.doors.native_api.schemas.creators import CreatorAnswer, CreatorDraft, CreatorEdit, tell_creator
from attise.kernel.paging import Page
from attise.management.accounts import actions, queries

group = Group("Creators")
_EMPTIED = {"bio": "", "country": "", "language": "", "categories": (), "birth_date": None}
"""What ``null`` means for the facts that may be empty."""
_Q = "Only creators who exist for others and whose handle or name holds this; whose handle it is first. One page."


@group.post("/v1/creators", gives=CreatorAnswer, status=201, refuses=(409,))
def create_creator(call: Call, body: CreatorDraft) -> CreatorAnswer:
    """Create a creator.

    The handle is theirs for ever: one that was taken, even by somebody who is gone, is refused with `handle_taken`.
    """
    return tell_creator(actions.create_creator(call.means, call.actor, **body.model_dump(exclude_none=True)))


@group.get("/v1/creators", gives=Listing[CreatorAnswer])
def list_creators(
    call: Call,
    handle: Annotated[str, Field(max_length=64, description="Only the creator of this handle.")] | None = None,
    q: Annotated[str, Field(min_length=1, max_length=100, description=_Q)] | None = None,
    cursor: Cursor | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Listing[CreatorAnswer]:
    """List creators, newest first."""
    after = read_cursor(call, cursor)
    if handle is not None:
        found = queries.find_creator_by_handle(handle)
        return listing(call, Listing[CreatorAnswer], Page([found] if found else []), tell_creator)
    if q is not None:
        return listing(call, Listing[CreatorAnswer], Page(queries.search_creators(q, limit=limit)), tell_creator)
    return listing(call, Listing[CreatorAnswer], queries.list_creators(after=after, limit=limit), tell_creator)


@group.get("/v1/creators/{creator_id}", gives=CreatorAnswer)
def get_creator(call: Call, creator_id: PathId) -> CreatorAnswer:  # noqa: ARG001 - the same first argument for all
    """Get a creator, also one that is gone."""
    return tell_creator(queries.get_creator(creator_id))


@group.patch("/v1/creators/{creator_id}", gives=CreatorAnswer, refuses=(409,))
def update_creator(call: Call, creator_id: PathId, body: CreatorEdit) -> CreatorAnswer:
    """Change what is said of a creator."""
    facts = body.model_dump(exclude_unset=True)
    facts = {name: _EMPTIED.get(name) if value is None else value for name, value in facts.items()}
    facts = {name: value for name, value in facts.items() if value is not None or name in _EMPTIED}
    return tell_creator(actions.update_creator(call.means, call.actor, creator_id=creator_id, **facts))


@group.delete("/v1/creators/{creator_id}", gives=CreatorAnswer)
def retire_creator(call: Call, creator_id: PathId) -> CreatorAnswer:
    """Close a creator's account for good.

    Ads on its posts stop within two seconds; what was earned and counted stays.
    """
    return tell_creator(actions.retire_creator(call.means, call.actor, creator_id=creator_id))
