"""Decision processes and creators are told what became of an ad: it may run as far as its own row says, or it stops."""

from __future__ import annotations

from attise.management.campaigns.models import Ad, Switch
from attise.management.outbox.actions import Unit
from attise.records.change import ChangeKind


def why_stopped(row: Ad) -> str:
    """Return what of an ad's own row stands against it, or an empty text: what else it depends on is told elsewhere."""
    if row.deleted_at_ms is not None:
        return "deleted"
    if row.operation_status != Switch.ENABLE:
        return "off"
    if row.review != Ad.Review.APPROVED:
        return f"review_{row.review}"
    if row.creator_word in {Ad.Word.PENDING, Ad.Word.REFUSED}:
        return f"word_{row.creator_word}"
    return ""


def tell_ad(work: Unit, row: Ad, *, before: str) -> None:
    """Tell of a row just saved; ``before`` is what ``why_stopped`` said of it, ``deleted`` of a new one.

    Its creator hears of an ad that starts on a post or stops there.
    """
    reason = why_stopped(row)
    owners = {
        "advertiser_id": row.advertiser_id,
        "campaign_id": row.adgroup.campaign_id,
        "adgroup_id": row.adgroup_id,
    }
    if reason:
        work.change(ChangeKind.AD_STOPPED, row.id, reason=reason, **owners)
    else:
        work.change(ChangeKind.AD_CHANGED, row.id, **owners)
    if row.creator_id is not None and bool(reason) != bool(before):
        kind = "ad_stopped_on_post" if reason else "ad_started_on_post"
        tell_creator(work, row, kind)


def tell_creator(work: Unit, row: Ad, kind: str) -> None:
    """Tell an ad's creator something of it."""
    if row.creator_id is not None:
        post_id = None if row.post_id is None else str(row.post_id)
        work.notice("creator", row.creator_id, kind, row.id, advertiser_id=str(row.advertiser_id), post_id=post_id)


def tell_advertiser(work: Unit, row: Ad, kind: str, **body: str) -> None:
    """Tell an ad's advertiser something of it."""
    work.notice("advertiser", row.advertiser_id, kind, row.id, ad=row.name, **body)


def tell_operator(work: Unit, row: Ad) -> None:
    """Tell the operator that an ad waits for a review, once per creative."""
    work.notice(
        "operator", 0, "ad_to_review", row.id,
        once=f"ad_to_review/{row.id}/{row.creative_version}/{int(row.appealed)}",
        advertiser_id=str(row.advertiser_id),
    )  # fmt: skip
