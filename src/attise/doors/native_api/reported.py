"""Posts that viewers reported: what waits for a look, and what is decided of it."""

from __future__ import annotations

from attise.doors.native_api.cursors import read_cursor
from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.listing import listing
from attise.doors.native_api.post_answers import UNMEASURED, measured, tell_post
from attise.doors.native_api.schemas.common import DEFAULT_LIMIT, Cursor, Limit, Listing, PathId
from attise.doors.native_api.schemas.reported import ReportedAnswer, RulingAnswer, RulingDraft, tell_ruling
from attise.doors.site.reported import ReportedPost, page_reported
from attise.management.posts import queries as posts
from attise.management.review import actions, queries

group = Group("Reviews")


@group.get("/v1/review/posts", gives=Listing[ReportedAnswer])
def list_reported_posts(
    call: Call, cursor: Cursor | None = None, limit: Limit = DEFAULT_LIMIT
) -> Listing[ReportedAnswer]:
    """List the posts that viewers reported since anybody decided on them, the most reports first."""
    page = page_reported(after=read_cursor(call, cursor), limit=limit)
    known = measured(one.post.id for one in page.items)

    def tell(one: ReportedPost) -> ReportedAnswer:
        return ReportedAnswer(
            post=tell_post(call, one.post, known.get(one.post.id, UNMEASURED)),
            reports=one.total,
            organic=one.organic,
            paid=one.paid,
            fresh=one.fresh,
            last=None if one.ruling is None else tell_ruling(one.ruling),
        )

    return listing(call, Listing[ReportedAnswer], page, tell)


@group.post("/v1/review/posts/{post_id}/decide", gives=RulingAnswer)
def decide_on_post(call: Call, post_id: PathId, body: RulingDraft) -> RulingAnswer:
    """Keep, hide or remove a reported post; its creator is told of what changes. It waits again with its next report.

    Ads on a post that does not stay stop within two seconds of the answer.
    """
    ruling = actions.rule_on_post(
        call.means,
        call.actor,
        house=call.house,
        post_id=post_id,
        reports=body.reports,
        verdict=body.verdict,
        note=body.note,
    )
    return tell_ruling(ruling)


@group.get("/v1/posts/{post_id}/rulings", gives=Listing[RulingAnswer])
def list_rulings_on_post(
    call: Call, post_id: PathId, cursor: Cursor | None = None, limit: Limit = DEFAULT_LIMIT
) -> Listing[RulingAnswer]:
    """List what people decided of a post after reports, newest first."""
    after = read_cursor(call, cursor)
    page = queries.page_rulings(post_id=posts.get_post(post_id).id, after=after, limit=limit)
    return listing(call, Listing[RulingAnswer], page, tell_ruling)
