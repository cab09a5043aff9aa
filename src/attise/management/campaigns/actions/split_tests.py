"""An advertiser compares two of their ad groups, or two campaigns: drafts a test, launches it, ends it.

Before: a door. After: the snapshot's rows say which test an ad group is a side of, so that each viewer is shown one
side alone; the rows of the sides hold it for as long as it runs.
"""

from __future__ import annotations

import logging

from attise.kernel.actor import CLOCK, Actor
from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.gather import Gather
from attise.kernel.house import House
from attise.kernel.limits import DAY_MS, SPLITS_PER_ADVERTISER
from attise.kernel.means import Means
from attise.management.accounts.actions import hold_advertiser
from attise.management.accounts.queries import get_advertiser
from attise.management.campaigns.actions.changing import change
from attise.management.campaigns.actions.create_adgroup import create_adgroup
from attise.management.campaigns.actions.create_ads import create_ads
from attise.management.campaigns.actions.holding import (
    check_adgroup_lives,
    hold_adgroups,
    hold_campaigns,
)
from attise.management.campaigns.actions.switch_adgroups import switch_adgroups
from attise.management.campaigns.actions.switch_campaigns import switch_campaigns
from attise.management.campaigns.actions.telling import tell_adgroup, tell_campaign
from attise.management.campaigns.errors import (
    CAMPAIGN_DELETED,
    PAIR_NEEDS_POST,
    QUOTA_REACHED,
    SPLIT_LAUNCHED,
    SPLIT_NOT_READY,
    SPLIT_NOT_RUNNING,
    SPLIT_OVERLAPS,
)
from attise.management.campaigns.models import AdGroup, Campaign, SplitTest
from attise.management.campaigns.queries.adgroups import get_adgroup
from attise.management.campaigns.queries.ads import get_ad
from attise.management.campaigns.queries.splits import get_split, views_of
from attise.management.campaigns.rules.pairing import PairWish, adgroup_like, standard_of
from attise.management.campaigns.rules.splitting import ADGROUP, SplitDraft, State, clean_split, state_of
from attise.management.campaigns.rules.switching import ENABLE
from attise.management.campaigns.views import SplitView
from attise.management.library.actions import create_identity
from attise.management.library.queries import get_video
from attise.management.outbox.actions import Unit, unit, verb

log = logging.getLogger(__name__)

AT_ONCE = 50
"""Tests that are ended in one turn."""


@verb
def create_split(means: Means, actor: Actor, *, advertiser_id: int, draft: SplitDraft) -> SplitView:
    """Draft a split test; nothing changes for anybody until it is launched.

    Raises: ``not_found`` for the advertiser or a side; ``adgroup_deleted``, ``campaign_deleted``; ``quota_reached``;
    the refusals of ``clean_split``.
    """
    get_advertiser(advertiser_id)
    clean = clean_split(draft)
    with unit(means):
        hold_advertiser(advertiser_id=advertiser_id)
        if SplitTest.objects.filter(advertiser_id=advertiser_id).count() >= SPLITS_PER_ADVERTISER:
            raise Refusal(QUOTA_REACHED, field="advertiser_id", limit=SPLITS_PER_ADVERTISER)
        _sides(advertiser_id, clean.level, clean.first_id, clean.second_id)
        row = SplitTest.objects.create(
            id=means.ids.next(),
            advertiser_id=advertiser_id,
            name=clean.name,
            level=clean.level,
            first_id=clean.first_id,
            second_id=clean.second_id,
            days=clean.days,
            created_at_ms=means.clock.world_ms(),
        )
    log.info("split test %s drafted by %s", row.id, actor)
    return get_split(advertiser_id=advertiser_id, split_id=row.id)


@verb
def pair_formats(means: Means, actor: Actor, *, house: House, advertiser_id: int, wish: PairWish) -> SplitView:
    """Draft a test of the same video in two formats: a Spark ad, and a standard ad of a video of the library.

    Made beside the Spark ad's group is one like it, switched off until the test is launched, with the standard ad.
    Raises: ``not_found``, ``split_pair_needs_post``; as ``create_adgroup``, ``create_ads`` and ``create_split``, and
    then nothing is made.
    """
    with unit(means):
        spark = get_ad(means, advertiser_id=advertiser_id, ad_id=wish.ad_id)
        if spark.post is None:
            raise Refusal(PAIR_NEEDS_POST, field="ad_id")
        get_video(advertiser_id, wish.video_id)
        group = get_adgroup(means, advertiser_id=advertiser_id, adgroup_id=spark.adgroup_id)
        identity = create_identity(means, actor, advertiser_id=advertiser_id, display_name=wish.display_name)
        made = create_adgroup(
            means,
            actor,
            advertiser_id=advertiser_id,
            campaign_id=group.campaign_id,
            draft=adgroup_like(group, name=wish.name, now_ms=means.clock.world_ms()),
        )
        create_ads(
            means,
            actor,
            house=house,
            advertiser_id=advertiser_id,
            adgroup_id=made.id,
            creatives=[standard_of(spark, wish, identity_id=identity.identity_id)],
        )
        draft = SplitDraft(name=wish.name, level=ADGROUP, first_id=group.id, second_id=made.id, days=wish.days)
        return create_split(means, actor, advertiser_id=advertiser_id, draft=draft)


@verb
def launch_split(means: Means, actor: Actor, *, advertiser_id: int, split_id: int) -> SplitView:
    """Launch a drafted test: from now on each viewer is shown one side alone. Both sides are switched on.

    Raises: ``not_found``, ``split_launched``; ``adgroup_deleted``, ``campaign_deleted``; ``split_not_ready``,
    ``split_overlaps``, together.
    """
    with unit(means) as work:
        hold_advertiser(advertiser_id=advertiser_id)
        row = _held(advertiser_id, split_id, State.DRAFT)
        sides = _sides(advertiser_id, row.level, row.first_id, row.second_id)
        (view,) = views_of([row])
        gather = Gather()
        for side, told, field in zip(sides, view.sides, ("first_id", "second_id"), strict=True):
            if not told.may_run:
                gather.add(Refusal(SPLIT_NOT_READY, field=field, name=told.name))
            if _is_taken(side):
                gather.add(Refusal(SPLIT_OVERLAPS, field=field, name=told.name))
        gather.tell()
        now = means.clock.world_ms()
        row.starts_at_ms, row.ends_at_ms = now, now + row.days * DAY_MS
        row.save(update_fields=["starts_at_ms", "ends_at_ms"])
        for number, side in enumerate(sides):
            change(means, actor, side, "split_launched", {"split_id": row.id, "split_side": number})
            _tell(work, side)
        _switch_on(means, actor, row)
    return get_split(advertiser_id=advertiser_id, split_id=split_id)


@verb
def end_split(means: Means, actor: Actor, *, advertiser_id: int, split_id: int) -> SplitView:
    """End a test that runs; both sides go on, to everybody. Raises: ``not_found``, ``split_not_running``."""
    with unit(means) as work:
        row = _held(advertiser_id, split_id, State.RUNNING)
        _end(means, actor, work, row, at_ms=means.clock.world_ms())
    return get_split(advertiser_id=advertiser_id, split_id=split_id)


@verb
def drop_split(means: Means, actor: Actor, *, advertiser_id: int, split_id: int) -> None:
    """Let go of a draft; what it would have compared stays. Raises: ``not_found``, ``split_launched``."""
    with unit(means):
        _held(advertiser_id, split_id, State.DRAFT).delete()
    log.info("split test %s dropped by %s", split_id, actor)


@verb
def end_due_splits(means: Means) -> int:
    """End the tests whose time is over, as of their end; return how many. For the worker."""
    now = means.clock.world_ms()
    due = SplitTest.objects.filter(ends_at_ms__lte=now, ended_at_ms__isnull=True).order_by("ends_at_ms")
    ended = 0
    for advertiser_id, split_id in list(due.values_list("advertiser_id", "id")[:AT_ONCE]):
        with unit(means) as work:
            rows = SplitTest.objects.select_for_update(no_key=True).filter(id=split_id, ended_at_ms__isnull=True)
            row = rows.filter(advertiser_id=advertiser_id).first()
            if row is not None:
                _end(means, CLOCK, work, row, at_ms=row.ends_at_ms or now)
                ended += 1
    return ended


def _end(means: Means, actor: Actor, work: Unit, row: SplitTest, *, at_ms: int) -> None:
    row.ended_at_ms = at_ms
    row.save(update_fields=["ended_at_ms"])
    ids = (row.first_id, row.second_id)
    held: dict[int, AdGroup] | dict[int, Campaign] = (
        hold_adgroups(advertiser_id=row.advertiser_id, adgroup_ids=ids)
        if row.level == ADGROUP
        else hold_campaigns(advertiser_id=row.advertiser_id, campaign_ids=ids)
    )
    for side in held.values():
        change(means, actor, side, "split_ended", {"split_id": None, "split_side": 0})
        _tell(work, side)


def _held(advertiser_id: int, split_id: int, state: State) -> SplitTest:
    rows = SplitTest.objects.select_for_update(no_key=True).filter(advertiser_id=advertiser_id, id=split_id)
    row = rows.first()
    if row is None:
        raise Refusal(NOT_FOUND, field="split_id")
    if state_of(row.starts_at_ms, row.ended_at_ms) is not state:
        raise Refusal(SPLIT_LAUNCHED if state is State.DRAFT else SPLIT_NOT_RUNNING, field="split_id")
    return row


def _sides(advertiser_id: int, level: str, first_id: int, second_id: int) -> list[AdGroup | Campaign]:
    """Return both sides, held. Raises: ``not_found``, ``adgroup_deleted``, ``campaign_deleted``, at the side."""
    found: list[AdGroup | Campaign] = []
    ids = (first_id, second_id)
    groups = hold_adgroups(advertiser_id=advertiser_id, adgroup_ids=ids) if level == ADGROUP else {}
    campaigns = {} if level == ADGROUP else hold_campaigns(advertiser_id=advertiser_id, campaign_ids=ids)
    for one, field in zip(ids, ("first_id", "second_id"), strict=True):
        row: AdGroup | Campaign | None = groups.get(one) if level == ADGROUP else campaigns.get(one)
        if row is None:
            raise Refusal(NOT_FOUND, field=field)
        if isinstance(row, AdGroup):
            try:
                check_adgroup_lives(row)
            except Refusal as refusal:
                raise refusal.at(field) from None
        elif row.deleted_at_ms is not None:
            raise Refusal(CAMPAIGN_DELETED, field=field)
        found.append(row)
    return found


def _is_taken(side: AdGroup | Campaign) -> bool:
    """Tell whether a side, what it is in, or what is in it runs in a test."""
    if side.split_id is not None:
        return True
    if isinstance(side, AdGroup):
        return side.campaign.split_id is not None
    return AdGroup.objects.filter(campaign_id=side.id, split_id__isnull=False).exists()


def _switch_on(means: Means, actor: Actor, row: SplitTest) -> None:
    ids = [row.first_id, row.second_id]
    if row.level == ADGROUP:
        switch_adgroups(means, actor, advertiser_id=row.advertiser_id, adgroup_ids=ids, to=ENABLE)
    else:
        switch_campaigns(means, actor, advertiser_id=row.advertiser_id, campaign_ids=ids, to=ENABLE)


def _tell(work: Unit, side: AdGroup | Campaign) -> None:
    if isinstance(side, AdGroup):
        tell_adgroup(work, side)
    else:
        tell_campaign(work, side)
