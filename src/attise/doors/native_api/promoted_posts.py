"""Promoted posts of an advertiser taken together: before, while and after its ads showed them."""

from __future__ import annotations

from django.http import StreamingHttpResponse

from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.schemas.common import PathId
from attise.doors.native_api.schemas.exports import FILES, WORDS, FileForm
from attise.doors.native_api.schemas.promoted_posts import PromotedPosts, tell_promoted_posts
from attise.doors.site.promoted_posts import promoted_posts
from attise.doors.site.sheets import answers
from attise.doors.site.sheets.promoted import promoted_sheet
from attise.kernel.clock import to_datetime
from attise.management.accounts.queries import get_advertiser

group = Group("Promoted posts")


@group.get("/v1/advertisers/{advertiser_id}/promoted-posts", gives=PromotedPosts)
def get_promoted_posts(call: Call, advertiser_id: PathId) -> PromotedPosts:  # noqa: ARG001 - the same for all
    """Get the newest posts that an advertiser's ads have shown, each with its course, and all of them together.

    What each would have come to is told as for one post; days are counted from where the ads of each begin. It is
    worked out about once an hour, not while you wait.
    """
    owner = get_advertiser(advertiser_id)
    return tell_promoted_posts(owner.id, promoted_posts(owner.id))


@group.get_file("/v1/advertisers/{advertiser_id}/promoted-posts/export", files=FILES)
def export_promoted_posts(
    call: Call,
    advertiser_id: PathId,
    format: FileForm = "csv",  # noqa: A002 - what callers say
) -> StreamingHttpResponse:
    """Export those posts, a row for each, as CSV, XLSX or Parquet."""
    owner = get_advertiser(advertiser_id)
    found = promoted_posts(owner.id)
    day = to_datetime(found.as_of_ms or call.now_ms).date()
    return answers.answer(promoted_sheet(found.posts, titles=str, words=str), WORDS[format], days=(day, day))
