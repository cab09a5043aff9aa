"""What viewers are interested in: read, and changed by the host for a viewer who asks."""

from __future__ import annotations

from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.schemas.common import PathId
from attise.doors.native_api.schemas.interests import (
    ChosenInterests,
    InterestChanges,
    InterestsAnswer,
    tell_interests,
)
from attise.management.viewers import actions, queries
from attise.management.viewers.views import ViewerView

group = Group("Interests of viewers")
PATH = "/v1/viewers/{viewer_id}/interests"


@group.get(PATH, gives=InterestsAnswer)
def get_interests(call: Call, viewer_id: PathId) -> InterestsAnswer:
    """Get a viewer's interests: each with where it comes from, and since when.

    Interests and behaviours are derived from what adults do who consent to it, and from nobody else; they fade when
    nothing more is done, and go at once with the consent.
    """
    return _told(call, queries.get_viewer(viewer_id))


@group.put(PATH, gives=InterestsAnswer)
def choose_interests(call: Call, viewer_id: PathId, body: ChosenInterests) -> InterestsAnswer:
    """Replace what a viewer chose.

    What is derived stays as it is.
    """
    return _told(call, actions.change_interests(call.means, viewer_id=viewer_id, chosen=body.interests))


@group.patch(PATH, gives=InterestsAnswer)
def change_interests(call: Call, viewer_id: PathId, body: InterestChanges) -> InterestsAnswer:
    """Add interests, remove them for good, or allow removed ones to be derived again.

    What a viewer says wins over what is derived: a chosen interest does not fade, a removed one is not derived.
    """
    changed = actions.change_interests(
        call.means, viewer_id=viewer_id, add=body.add, remove=body.remove, allow=body.allow
    )
    return _told(call, changed)


@group.delete(PATH, gives=InterestsAnswer)
def forget_interests(call: Call, viewer_id: PathId) -> InterestsAnswer:
    """Forget what a viewer chose and what was derived; what they do from now on may say something again.

    What they removed stays removed; to have nothing derived at all, withdraw the consent.
    """
    return _told(call, actions.forget_interests(call.means, viewer_id=viewer_id))


def _told(call: Call, view: ViewerView) -> InterestsAnswer:
    return tell_interests(view, now_ms=call.means.clock.world_ms())
