"""What a viewer waits for, described; the edge answers these calls itself (``doors.edge.feed``), and the site never.

They stand here so that the description of the API is one document, made of the same shapes as the rest.
"""

from __future__ import annotations

from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.schemas.feed import FeedAnswer, FeedRequest
from attise.kernel.limits import FEED_BODY_BYTES

group = Group("Feed")


@group.post("/v1/feed", gives=FeedAnswer, once=False, refuses=(403, 404), limit=FEED_BODY_BYTES)
def feed(call: Call, body: FeedRequest) -> FeedAnswer:
    """Get the next items for a viewer, ads among them.

    Send a host key, or the viewer's own ticket. Without ads, for whatever reason, the feed goes on.
    """
    raise _of_the_edge(call, body)


@group.post("/v1/ads", gives=FeedAnswer, once=False, refuses=(403, 404), limit=FEED_BODY_BYTES)
def ads(call: Call, body: FeedRequest) -> FeedAnswer:
    """Get ads alone, for a feed of your own.

    As many as there are for this viewer now, up to the count; perhaps none.
    """
    raise _of_the_edge(call, body)


def _of_the_edge(call: Call, body: FeedRequest) -> AssertionError:
    """Return what says that the site was asked what it cannot know."""
    return AssertionError(f"{call.request.path} for {body.count} items is the edge's to answer")
