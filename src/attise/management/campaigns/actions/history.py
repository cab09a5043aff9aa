"""The history of a campaign, an ad group or an ad: what a change changed, and who made it. Append-only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attise.kernel.actor import Actor
from attise.kernel.means import Means
from attise.management.campaigns.models import Ad, AdGroup, Campaign, HistoryEntry

LEVELS: dict[type, str] = {Campaign: "campaign", AdGroup: "adgroup", Ad: "ad"}


def record(
    means: Means,
    actor: Actor,
    row: Campaign | AdGroup | Ad,
    verb: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Append what changed of a row that is locked or new; only what differs is kept. Values are plain."""
    old, new = dict(before or {}), dict(after or {})
    same = {name for name in old.keys() & new.keys() if old[name] == new[name]}
    HistoryEntry.objects.create(
        id=means.ids.next(),
        advertiser_id=row.advertiser_id,
        level=LEVELS[type(row)],
        object_id=row.id,
        at_ms=means.clock.world_ms(),
        verb=verb,
        actor=str(actor),
        origin=actor.origin,
        before={name: value for name, value in old.items() if name not in same},
        after={name: value for name, value in new.items() if name not in same},
    )


def touch(means: Means, row: Campaign | AdGroup | Ad) -> None:
    """Move a row's revision and the time of its last change; the caller saves it."""
    row.revision += 1
    row.modified_at_ms = means.clock.world_ms()
