"""Lots: several posts are named, and chance chooses those that are boosted; the others are the comparison."""

from __future__ import annotations

from django.http import StreamingHttpResponse

from attise.doors.native_api.boosts import locations_of
from attise.doors.native_api.cursors import read_cursor
from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.listing import listing
from attise.doors.native_api.schemas.common import DEFAULT_LIMIT, Cursor, Limit, Listing, PathId, Removed
from attise.doors.native_api.schemas.exports import FILES, WORDS, FileForm
from attise.doors.native_api.schemas.lots import (
    LotAnswer,
    LotDraft,
    LotResultAnswer,
    LotsTogetherAnswer,
    tell_lot,
    tell_result,
    tell_together,
)
from attise.doors.site.lots import TOGETHER_MOST, result_of, together_of
from attise.doors.site.sheets import answers
from attise.doors.site.sheets.lot import lot_sheet
from attise.kernel.clock import to_datetime
from attise.kernel.errors import Refusal
from attise.management.accounts.queries import get_advertiser
from attise.management.campaigns import actions, queries
from attise.management.campaigns.errors import LOT_NOT_DRAWN
from attise.management.campaigns.owners import advertiser_of_lot
from attise.management.campaigns.rules.boosting import BoostWish
from attise.management.campaigns.rules.drawing import LotWish
from attise.management.campaigns.views import LotView

group = Group("Lots")


@group.post("/v1/advertisers/{advertiser_id}/lots", gives=LotAnswer, status=201, refuses=(404, 409))
def announce_lot(call: Call, advertiser_id: PathId, body: LotDraft) -> LotAnswer:
    """Name posts, and how many of them are boosted; nothing is boosted before it is drawn.

    Each post must be one that the advertiser may use and that no ad of theirs shows. The seed of the draw is drawn now;
    its hash is told, so that nobody can choose another once it is known what it chooses.
    """
    owner = get_advertiser(advertiser_id)
    facts = body.model_dump(exclude={"post_ids", "promoted", "location_ids"})
    wish = LotWish(
        post_ids=tuple(body.post_ids),
        promoted=body.promoted,
        boost=BoostWish(**facts, post_id=0, location_ids=locations_of(owner, body)),
    )
    made = actions.announce_lot(call.means, call.actor, house=call.house, advertiser_id=advertiser_id, wish=wish)
    return tell_lot(made)


@group.get("/v1/advertisers/{advertiser_id}/lots", gives=Listing[LotAnswer])
def list_lots(
    call: Call, advertiser_id: PathId, cursor: Cursor | None = None, limit: Limit = DEFAULT_LIMIT
) -> Listing[LotAnswer]:
    """List an advertiser's lots, newest first."""
    page = queries.page_lots(call.means, advertiser_id=advertiser_id, after=read_cursor(call, cursor), limit=limit)
    return listing(call, Listing[LotAnswer], page, tell_lot)


@group.get("/v1/advertisers/{advertiser_id}/lots-together", gives=LotsTogetherAnswer)
def get_lots_together(call: Call, advertiser_id: PathId) -> LotsTogetherAnswer:
    """Get what ads brought in the fifty newest lots of an advertiser, taken together.

    One lot of few posts rarely tells; each weighs as much as it tells, and the interval is that of all draws that might
    have been.
    """
    drawn = queries.page_lots(call.means, advertiser_id=advertiser_id, limit=TOGETHER_MOST, is_drawn=True)
    return tell_together(advertiser_id, together_of(drawn.items, now_ms=call.now_ms))


@group.get("/v1/lots/{lot_id}", gives=LotAnswer)
def get_lot(call: Call, lot_id: PathId) -> LotAnswer:
    """Get a lot."""
    return tell_lot(_found(call, lot_id))


@group.post("/v1/lots/{lot_id}/draw", gives=LotAnswer, refuses=(409,))
def draw_lot(call: Call, lot_id: PathId) -> LotAnswer:
    """Draw a lot, and boost the posts that it chose, in one transaction; each has an ad group with the whole budget.

    Drawn again it answers what was drawn. Where a post may not be used any more nothing is drawn: name the others anew.
    """
    owner = advertiser_of_lot(lot_id)
    return tell_lot(actions.draw_lot(call.means, call.actor, house=call.house, advertiser_id=owner, lot_id=lot_id))


@group.get("/v1/lots/{lot_id}/result", gives=LotResultAnswer)
def get_lot_result(call: Call, lot_id: PathId) -> LotResultAnswer:
    """Get what came of a lot: before, during and after, and what its promoted posts would have come to without ads.

    Views since the draw are compared with those of the day before, and the posts that were drawn with those that were
    left out. Chance alone chose between them; the interval is that of all draws that might have been. Posts stay what
    they were drawn, whatever became of them.
    """
    view = _found(call, lot_id)
    return tell_result(view, result_of(view, now_ms=call.now_ms))


@group.get_file("/v1/lots/{lot_id}/export", files=FILES)
def export_lot(
    call: Call,
    lot_id: PathId,
    format: FileForm = "csv",  # noqa: A002 - what callers say
) -> StreamingHttpResponse:
    """Export the posts of a lot with what was counted of each, as CSV, XLSX or Parquet; its seed is in each row."""
    view = _found(call, lot_id)
    found = result_of(view, now_ms=call.now_ms)
    if found is None:
        raise Refusal(LOT_NOT_DRAWN, field="lot_id")
    days = (to_datetime(found.course.from_ms).date(), to_datetime(found.course.seen_ms).date())
    return answers.answer(lot_sheet(view, found, titles=str, words=str), WORDS[format], days=days)


@group.delete("/v1/lots/{lot_id}", gives=Removed, refuses=(409,))
def drop_lot(call: Call, lot_id: PathId) -> Removed:
    """Let go of a lot that is not drawn yet."""
    actions.drop_lot(call.means, call.actor, advertiser_id=advertiser_of_lot(lot_id), lot_id=lot_id)
    return Removed()


def _found(call: Call, lot_id: int) -> LotView:
    return queries.get_lot(call.means, advertiser_id=advertiser_of_lot(lot_id), lot_id=lot_id)
