"""Ad groups are switched on or off, or deleted: all that are named, or as many as can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from attise.kernel.actor import Actor
from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.means import Means
from attise.management.accounts.queries import get_advertiser
from attise.management.campaigns import envelopes
from attise.management.campaigns.actions.changing import change
from attise.management.campaigns.actions.holding import check_adgroup_lives, hold_adgroups
from attise.management.campaigns.actions.telling import tell_adgroup
from attise.management.campaigns.models import Ad, AdGroup
from attise.management.campaigns.rules.switching import DELETE, ENABLE, clean_ids, clean_switch, values_of
from attise.management.outbox.actions import unit, verb


@dataclass(frozen=True, slots=True)
class Switched:
    """What became of each: those that stand so now, and why the others do not."""

    done: tuple[int, ...]
    refused: dict[int, Refusal]


@verb
def switch_adgroups(
    means: Means,
    actor: Actor,
    *,
    advertiser_id: int,
    adgroup_ids: Sequence[int],
    to: str,
    allow_partial: bool = False,
) -> Switched:
    """Switch ad groups to ``ENABLE``, ``DISABLE`` or ``DELETE``; ``allow_partial`` does what can be done.

    One that stands so already stays as it is. Deleting is final and carries ads along, whose times of change move.
    Raises: ``too_many_at_once``, ``choice_unknown``; and ``not_found``, ``adgroup_deleted``, ``campaign_deleted``
    unless partial, and then nothing is changed.
    """
    to = clean_switch(to)
    wanted = clean_ids(adgroup_ids, field="adgroup_ids")
    advertiser = get_advertiser(advertiser_id)
    with unit(means) as work:
        rows = hold_adgroups(advertiser_id=advertiser_id, adgroup_ids=wanted)
        refused = {one: why for one in wanted if (why := _refusal(rows.get(one), to)) is not None}
        if refused and not allow_partial:
            raise next(iter(refused.values()))
        switched = [row for row in rows.values() if row.id not in refused and _switch(means, actor, row, to)]
        if switched:
            act = envelopes.reopen_budgets if to == ENABLE else envelopes.close_budgets
            act(means, switched, advertiser.currency)
        for row in switched:
            tell_adgroup(work, row)
    return Switched(tuple(one for one in wanted if one not in refused), refused)


def _refusal(row: AdGroup | None, to: str) -> Refusal | None:
    """Return why an ad group cannot be switched, or None; what is deleted may be deleted again."""
    if row is None:
        return Refusal(NOT_FOUND, field="adgroup_ids")
    if to == DELETE:
        return None
    try:
        check_adgroup_lives(row)
    except Refusal as refusal:
        return refusal.at("adgroup_ids")
    return None


def _switch(means: Means, actor: Actor, row: AdGroup, to: str) -> bool:
    """Switch a held ad group; tell whether anything changed."""
    now = means.clock.world_ms()
    if row.deleted_at_ms is not None or not change(means, actor, row, "switched", values_of(to, now_ms=now)):
        return False
    if to == DELETE:
        Ad.objects.filter(adgroup_id=row.id, deleted_at_ms__isnull=True).update(modified_at_ms=now)
    return True
