"""How far the organic feed has taken a post, since when and why."""

from __future__ import annotations

from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.schemas.circles import CircleAnswer, CircleMove
from attise.doors.native_api.schemas.common import PathId
from attise.doors.native_api.schemas.posts import Words, tell_moment
from attise.doors.site.tongues import in_both
from attise.kernel.clock import rfc3339
from attise.management.posts import queries as posts
from attise.measurement.circles import queries, words
from attise.measurement.circles.views import MoveView

group = Group("Posts")


@group.get("/v1/posts/{post_id}/circle", gives=CircleAnswer)
def get_circle(call: Call, post_id: PathId) -> CircleAnswer:  # noqa: ARG001 - every endpoint takes its call
    """Get the circle of people that a post has come to, and every move on its way, with its date and reason.

    A post begins with the people whom it is nearest to. A batch of them judges it, by how long they watch and what they
    do, whatever its length; then its circle widens, or it is no longer progressing. Only organic impressions are asked.
    """
    post = posts.get_post(post_id)
    found = queries.find_circle(post.id)
    if found is None:
        return CircleAnswer(
            post_id=str(post.id),
            state=None,
            circle=None,
            last_circle=None,
            audience=None,
            since=None,
            impressions=None,
            batch=None,
            moves=[],
        )
    return CircleAnswer(
        post_id=str(post.id),
        state=found.state,
        circle=found.circle,
        last_circle=found.last,
        audience=Words(
            **in_both(lambda tongue: words.audience(found.circle, found.last, tongue, is_tested=found.batch > 0))
        ),
        since=tell_moment(found.since_ms),
        impressions=found.met,
        batch=found.batch or None,
        moves=[_tell_move(one) for one in queries.list_moves(post.id)],
    )


def _tell_move(one: MoveView) -> CircleMove:
    return CircleMove(
        at=rfc3339(one.at_ms),
        state=one.state,
        circle=one.circle,
        last_circle=one.last,
        reason=one.reason,
        impressions=one.met,
        words=Words(**in_both(lambda tongue: words.reason(one.reason, one.met, tongue))),
    )
