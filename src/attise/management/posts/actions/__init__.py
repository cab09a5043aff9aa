"""What happens in this room, one module per verb."""

from attise.management.posts.actions.comment import add_comment, forget_comments, moderate_comment, note_logged
from attise.management.posts.actions.delete import delete_post
from attise.management.posts.actions.edit import edit_post
from attise.management.posts.actions.edit_video import edit_video
from attise.management.posts.actions.encode import encode_pending
from attise.management.posts.actions.frames import take_frames
from attise.management.posts.actions.hold import hold_post
from attise.management.posts.actions.holding_back import hold_back, let_go, reword, use_video
from attise.management.posts.actions.lock import keep_to_ads, lock_until, make_public, mark_partnership
from attise.management.posts.actions.look_over import look_over_pending
from attise.management.posts.actions.moderate import moderate_post
from attise.management.posts.actions.publish import publish_post, publish_post_from
from attise.management.posts.actions.publish_copy import publish_copy
from attise.management.posts.actions.receiving import begin_upload, drop_upload, get_upload, receive
from attise.management.posts.actions.render import render_pending
from attise.management.posts.actions.sweep import sweep_orphans
from attise.management.posts.rules import PostDraft

__all__ = [
    "PostDraft",
    "add_comment",
    "begin_upload",
    "delete_post",
    "drop_upload",
    "edit_post",
    "edit_video",
    "encode_pending",
    "forget_comments",
    "get_upload",
    "hold_back",
    "hold_post",
    "keep_to_ads",
    "let_go",
    "lock_until",
    "look_over_pending",
    "make_public",
    "mark_partnership",
    "moderate_comment",
    "moderate_post",
    "note_logged",
    "publish_copy",
    "publish_post",
    "publish_post_from",
    "receive",
    "render_pending",
    "reword",
    "sweep_orphans",
    "take_frames",
    "use_video",
]
