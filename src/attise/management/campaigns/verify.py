"""Lots drawn again from their seeds: what was told before, and what was chosen, is what the seed says."""

from __future__ import annotations

from attise.management.campaigns.models import Lot, LotPost
from attise.management.campaigns.rules.drawing import commitment_of, drawn_of


def first_wrong_lot() -> tuple[str | None, int]:
    """Return the first thing that is wrong with a lot, or None, and how many were looked at. Cost: reads every lot."""
    many = 0
    for row in Lot.objects.order_by("id").iterator():
        many += 1
        found = _wrong(row)
        if found is not None:
            return f"lot {row.id}: {found}", many
    return None, many


def _wrong(row: Lot) -> str | None:
    if commitment_of(row.seed, row.post_ids, row.promoted) != row.commitment:
        return "what was told before it was drawn is not the hash of its seed, its posts and their number"
    there = dict(LotPost.objects.filter(lot_id=row.id).order_by("place").values_list("post_id", "is_promoted"))
    if row.drawn_at_ms is None:
        return "it is not drawn, and has rows of a draw" if there else None
    if list(there) != row.post_ids:
        return "the posts of the draw are not those that were named"
    chosen = set(drawn_of(row.seed, row.post_ids, row.promoted))
    wrong = [post_id for post_id, is_promoted in there.items() if is_promoted is not (post_id in chosen)]
    return f"its seed does not choose as the rows say, first of post {wrong[0]}" if wrong else None
