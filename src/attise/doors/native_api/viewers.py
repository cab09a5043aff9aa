"""Viewers: whom the host shows its feed to."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from attise.doors.native_api.cursors import read_cursor
from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.listing import listing
from attise.doors.native_api.schemas.common import DEFAULT_LIMIT, Cursor, Limit, Listing, PathId, Removed
from attise.doors.native_api.schemas.viewers import TicketAnswer, ViewerAnswer, ViewerFacts, tell_viewer
from attise.doors.site.forgetting import forget_viewer
from attise.kernel.clock import rfc3339
from attise.kernel.paging import Page
from attise.management.viewers import actions, queries

group = Group("Viewers")


def facts_of(body: ViewerFacts) -> dict[str, Any]:
    """Return what a body declares, by the names of the room."""
    facts = body.model_dump(exclude_unset=True)
    if "consent" in facts:
        consent = facts.pop("consent")
        facts["profiling_consent"] = consent is not None and consent["profiling"]
    return facts


@group.post("/v1/viewers", gives=ViewerAnswer, status=201, refuses=(409,))
def create_viewer(call: Call, body: ViewerFacts) -> ViewerAnswer:
    """Declare a viewer.

    Nothing is required: what is not said is unknown, and an unknown age or a missing consent means no profiling.
    """
    return tell_viewer(actions.create_viewer(call.means, **facts_of(body)))


@group.get("/v1/viewers", gives=Listing[ViewerAnswer])
def list_viewers(
    call: Call,
    external_id: Annotated[str, Field(max_length=512, description="Only the viewer you know by this name.")]
    | None = None,
    cursor: Cursor | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Listing[ViewerAnswer]:
    """List viewers, newest first."""
    after = read_cursor(call, cursor)
    if external_id is not None:
        found = queries.find_viewer_by_external_id(external_id)
        return listing(call, Listing[ViewerAnswer], Page([found] if found else []), tell_viewer)
    return listing(call, Listing[ViewerAnswer], queries.list_viewers(after=after, limit=limit), tell_viewer)


@group.get("/v1/viewers/{viewer_id}", gives=ViewerAnswer)
def get_viewer(call: Call, viewer_id: PathId) -> ViewerAnswer:  # noqa: ARG001 - the same first argument for all
    """Get a viewer."""
    return tell_viewer(queries.get_viewer(viewer_id))


@group.patch("/v1/viewers/{viewer_id}", gives=ViewerAnswer, refuses=(409,))
def update_viewer(call: Call, viewer_id: PathId, body: ViewerFacts) -> ViewerAnswer:
    """Change what is declared of a viewer.

    A withdrawn consent binds the next decision.
    """
    return tell_viewer(actions.update_viewer(call.means, viewer_id=viewer_id, **facts_of(body)))


@group.delete("/v1/viewers/{viewer_id}", gives=Removed)
def erase_viewer(call: Call, viewer_id: PathId) -> Removed:
    """Forget a viewer: facts, consent and key, what they said under posts, and which ads touched them.

    What was counted stays counted, under a name that nothing leads back from any more.
    """
    forget_viewer(call.means, viewer_id=viewer_id)
    return Removed()


@group.post("/v1/viewers/{viewer_id}/ticket", gives=TicketAnswer)
def make_ticket(call: Call, viewer_id: PathId) -> TicketAnswer:
    """Make a ticket for a viewer's own browser, good for 15 minutes.

    It is a bearer credential for `/v1/feed`, `/v1/ads` and `/v1/events`, for this viewer alone.
    """
    ticket, expires_at_ms = actions.make_ticket(call.means, viewer_id=viewer_id)
    return TicketAnswer(ticket=ticket, expires_at=rfc3339(expires_at_ms))
