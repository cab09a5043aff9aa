"""A row takes new values: the columns that differ are saved, the revision rises, the history has both sides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from attise.kernel.actor import Actor
from attise.kernel.means import Means
from attise.management.campaigns.actions.history import record, touch
from attise.management.campaigns.models import AdGroup, Campaign
from attise.records.targeting import Targeting


def change(means: Means, actor: Actor, row: Campaign | AdGroup, verb: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Give a held row new values and return what they were before; nothing is written where nothing differs."""
    new = {name: stored(value) for name, value in values.items()}
    before = {name: getattr(row, name) for name, value in new.items() if getattr(row, name) != value}
    if not before:
        return before
    for name in before:
        setattr(row, name, new[name])
    touch(means, row)
    row.save(update_fields=[*before, "revision", "modified_at_ms"])
    record(means, actor, row, verb, before=before, after={name: new[name] for name in before})
    return before


def stored(value: Any) -> Any:
    """Return a value as its column holds it."""
    if isinstance(value, Targeting):
        return msgspec.json.decode(msgspec.json.encode(value))  # lists, as the database gives them back
    return list(value) if isinstance(value, tuple) else value
