"""An advertiser makes ads: step 1 of *an advertiser launches an ad*. Before: a door. After: a review, or the start."""

from __future__ import annotations

from collections.abc import Sequence

from attise.kernel.actor import Actor
from attise.kernel.house import House
from attise.kernel.limits import ADS_AT_ONCE, ADS_PER_ADGROUP
from attise.kernel.means import Means
from attise.management.accounts.actions import hold_advertiser
from attise.management.accounts.queries import get_advertiser
from attise.management.accounts.views import AdvertiserView
from attise.management.campaigns import ad_errors as errors
from attise.management.campaigns.actions import ad_review
from attise.management.campaigns.actions.ad_drafts import (
    STANDING,
    check_blockers,
    check_identities,
    columns_of,
    read_creatives,
    stand,
    told,
)
from attise.management.campaigns.actions.ad_telling import tell_ad
from attise.management.campaigns.actions.history import record
from attise.management.campaigns.actions.holding import hold_adgroup
from attise.management.campaigns.actions.paying import pay_fees
from attise.management.campaigns.ad_errors import AdRefused
from attise.management.campaigns.errors import TOO_MANY_AT_ONCE
from attise.management.campaigns.models import Ad, AdGroup
from attise.management.campaigns.queries.ads import get_ads
from attise.management.campaigns.rules.creative import Creative
from attise.management.campaigns.views import AdView
from attise.management.outbox.actions import unit, verb


@verb
def create_ads(
    means: Means,
    actor: Actor,
    *,
    house: House,
    advertiser_id: int,
    adgroup_id: int,
    creatives: Sequence[Creative],
) -> list[AdView]:
    """Make 1 to 20 ads in an ad group, all of them or none, and return them in their order.

    Where reviews are automatic an ad is approved at once, and a push is published with it. Fields of refusals begin
    with the place of the creative: ``creatives[0].post_id``.
    Raises: ``not_found``, ``adgroup_deleted``, ``campaign_deleted``, ``too_many_at_once``, ``too_many_ads``,
    ``too_many_ads_of_identity``; the refusals of ``clean_creative`` and ``find_source``; every blocker that stops a
    creation, and for ads made switched on those that stop a switch, ``fee_not_covered`` too.
    Cost: about 12 queries, and 8 per ad.
    """
    advertiser = get_advertiser(advertiser_id)
    if not 1 <= len(creatives) <= ADS_AT_ONCE:
        raise AdRefused(TOO_MANY_AT_ONCE, field="creatives", limit=ADS_AT_ONCE, got=len(creatives))
    with unit(means) as work:
        hold_advertiser(advertiser_id=advertiser_id)
        group = hold_adgroup(advertiser_id=advertiser_id, adgroup_id=adgroup_id)
        rows, columns = _draft(means, house, advertiser, group, creatives)
        _check_room(group, len(rows))
        check_identities(rows)
        standings = stand(means, rows)
        check_blockers(rows, standings)
        for row in rows:
            cover = standings[row.id].situation.cover
            ad_review.put_to_review(means, row, cover, house=house, category=advertiser.category)
            ad_review.publish_push(means, actor, row, house=house)
            row.save(force_insert=True)
            ad_review.hold_words(means, row, cover)
            record(means, actor, row, "created", after=told(row, (*columns, *STANDING)))
            tell_ad(work, row, before="new")
            ad_review.ask_people(work, row)
        pay_fees(means, rows)
    return get_ads(means, advertiser_id=advertiser_id, ad_ids=[row.id for row in rows])


def check_ad(means: Means, *, house: House, advertiser_id: int, adgroup_id: int, creative: Creative) -> None:
    """Refuse an ad as ``create_ads`` would, and make nothing. In a unit. Raises: as that. Cost: about 20 queries."""
    advertiser = get_advertiser(advertiser_id)
    group = hold_adgroup(advertiser_id=advertiser_id, adgroup_id=adgroup_id)
    rows, _columns = _draft(means, house, advertiser, group, [creative])
    check_identities(rows)
    check_blockers(rows, stand(means, rows))


def _draft(
    means: Means, house: House, advertiser: AdvertiserView, group: AdGroup, creatives: Sequence[Creative]
) -> tuple[list[Ad], list[str]]:
    """Return the rows of creatives that are right, not saved yet, and the columns that came of the creatives."""
    now = means.clock.world_ms()
    rows: list[Ad] = []
    columns: dict[str, object] = {}
    read = read_creatives(means, house, advertiser, group, creatives)
    for creative, (clean, source) in zip(creatives, read, strict=True):
        columns = columns_of(creative, clean, source, ads_only_account=advertiser.ads_only_mode)
        row = Ad(
            id=means.ids.next(),
            advertiser=group.advertiser,
            adgroup=group,
            operation_status=creative.operation_status,
            review="",
            created_at_ms=now,
            modified_at_ms=now,
            **columns,
        )
        row.name = row.name or str(row.id)
        rows.append(row)
    return rows, list(columns)


def _check_room(group: AdGroup, more: int) -> None:
    """Refuse one ad too many in an ad group, which is held. Raises: ``too_many_ads``."""
    there = Ad.objects.filter(adgroup_id=group.id, deleted_at_ms__isnull=True).count()
    if there + more > ADS_PER_ADGROUP:
        raise AdRefused(errors.TOO_MANY_ADS, field="creatives", limit=ADS_PER_ADGROUP, got=there + more)
