"""Comments that viewers report: what waits for a look, and what is decided of it."""

from __future__ import annotations

from attise.doors.native_api.cursors import read_cursor
from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.listing import listing
from attise.doors.native_api.schemas.common import DEFAULT_LIMIT, Cursor, Limit, Listing, PathId
from attise.doors.native_api.schemas.reported_comments import (
    CommentReportAnswer,
    CommentReportDraft,
    CommentRulingAnswer,
    CommentRulingDraft,
    ReportedCommentAnswer,
    tell_comment_ruling,
    tell_reported_comment,
)
from attise.management.posts import queries as posts
from attise.management.review import actions, queries
from attise.management.viewers.queries import get_record

group = Group("Reviews")


@group.post("/v1/posts/{post_id}/comments/{comment_id}/reports", gives=CommentReportAnswer, status=201, refuses=(404,))
def report_comment(call: Call, post_id: PathId, comment_id: PathId, body: CommentReportDraft) -> CommentReportAnswer:
    """Report a comment as one of your viewers; a person decides whether it stays."""
    viewer = get_record(body.viewer_id)
    post = posts.get_post(post_id)
    actions.report_comment(call.means, post_id=post.id, comment_id=comment_id, viewer_id=viewer.viewer_id)
    return CommentReportAnswer(comment_id=str(comment_id), viewer_id=str(viewer.viewer_id))


@group.get("/v1/review/comments", gives=Listing[ReportedCommentAnswer])
def list_reported_comments(
    call: Call, cursor: Cursor | None = None, limit: Limit = DEFAULT_LIMIT
) -> Listing[ReportedCommentAnswer]:
    """List the comments that viewers reported since anybody decided on them, the most reports first."""
    page = queries.page_reported_comments(after=read_cursor(call, cursor), limit=limit)
    return listing(call, Listing[ReportedCommentAnswer], page, tell_reported_comment)


@group.post("/v1/posts/{post_id}/comments/{comment_id}/decide", gives=CommentRulingAnswer)
def decide_on_comment(call: Call, post_id: PathId, comment_id: PathId, body: CommentRulingDraft) -> CommentRulingAnswer:
    """Keep a reported comment as it stands, or hide it; whoever wrote it reads why.

    It waits again with its next report.
    """
    ruling = actions.rule_on_comment(
        call.means,
        call.actor,
        post_id=post_id,
        comment_id=comment_id,
        reports=body.reports,
        verdict=body.verdict,
        note=body.note,
    )
    return tell_comment_ruling(ruling)
