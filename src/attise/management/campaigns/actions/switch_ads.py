"""An advertiser switches ads on or off, or deletes them, for good."""

from __future__ import annotations

from collections.abc import Sequence

from attise.kernel.actor import Actor
from attise.kernel.errors import NOT_FOUND
from attise.kernel.gather import Gather
from attise.kernel.means import Means
from attise.management.campaigns.actions.ad_drafts import stand
from attise.management.campaigns.actions.ad_telling import tell_ad, why_stopped
from attise.management.campaigns.actions.history import record, touch
from attise.management.campaigns.actions.paying import pay_fees
from attise.management.campaigns.ad_errors import AD_GONE, AdRefused
from attise.management.campaigns.blockers import Stops
from attise.management.campaigns.models import Ad
from attise.management.campaigns.queries.ads import get_ads
from attise.management.campaigns.rules.switching import DELETE, ENABLE, clean_ids, clean_switch, values_of
from attise.management.campaigns.views import AdView
from attise.management.outbox.actions import Unit, unit, verb

DONE = {"ENABLE": "switched_on", "DISABLE": "switched_off", "DELETE": "deleted"}
"""What the history calls each."""


@verb
def switch_ads(means: Means, actor: Actor, *, advertiser_id: int, ad_ids: Sequence[int], to: str) -> list[AdView]:
    """Switch 1 to 20 ads, all of them or none, and return those that were not deleted, in the order asked.

    Switching on is refused by every blocker that stops a switch; what keeps an ad from running alone, such as a review
    or an empty balance, is no reason against it. What is so already changes nothing.
    Raises: ``choice_unknown``, ``too_many_at_once``, ``not_found`` (a deleted ad too), the blockers, each with the
    place of its ad: ``ad_ids[0]``.
    """
    to, wanted = clean_switch(to), clean_ids(ad_ids, field="ad_ids")
    with unit(means) as work:
        rows = hold_ads(advertiser_id=advertiser_id, ad_ids=wanted, deleted_too=to == DELETE)
        if to == ENABLE:
            check_switch(means, rows, least=Stops.SWITCH)
        for row in rows:
            turn(means, work, actor, row, to)
        if to == ENABLE:
            pay_fees(means, rows)
    left = wanted if to != DELETE else ()
    return get_ads(means, advertiser_id=advertiser_id, ad_ids=left)


def hold_ads(*, advertiser_id: int, ad_ids: Sequence[int], deleted_too: bool = False) -> list[Ad]:
    """Return ads of the advertiser, held until the end of the unit, in the order asked.

    Raises: ``not_found``, and ``ad_gone`` for deleted ones unless they are taken too.
    """
    rows = Ad.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "adgroup__campaign", "adgroup__advertiser", "advertiser"
    )
    found = {row.id: row for row in rows.filter(advertiser_id=advertiser_id, id__in=ad_ids).order_by("id")}
    gather = Gather()
    for place, ad_id in enumerate(ad_ids):
        if ad_id not in found:
            gather.add(AdRefused(NOT_FOUND, field=f"ad_ids[{place}]"))
        elif not deleted_too and found[ad_id].deleted_at_ms is not None:
            gather.add(AdRefused(AD_GONE, field=f"ad_ids[{place}]"))
    gather.tell()
    return [found[ad_id] for ad_id in ad_ids]


def check_switch(means: Means, rows: Sequence[Ad], *, least: Stops) -> None:
    """Refuse to switch ads on against what stops that. Raises: every such blocker."""
    standings = stand(means, rows)
    gather = Gather()
    for place, row in enumerate(rows):
        for blocker in standings[row.id].blockers:
            if blocker.stops >= least:
                gather.add(blocker.at(f"ad_ids[{place}]"))
    gather.tell()


def turn(means: Means, work: Unit, actor: Actor, row: Ad, to: str) -> None:
    """Switch one held ad; what is so already changes nothing."""
    if row.deleted_at_ms is not None or to == row.operation_status:
        return
    was_stopped = why_stopped(row)
    before = {"operation_status": row.operation_status}
    for name, value in values_of(to, now_ms=means.clock.world_ms()).items():
        setattr(row, name, value)
    touch(means, row)
    row.save(update_fields=["operation_status", "deleted_at_ms", "revision", "modified_at_ms"])
    record(means, actor, row, DONE[to], before=before, after={"operation_status": to})
    tell_ad(work, row, before=was_stopped)
