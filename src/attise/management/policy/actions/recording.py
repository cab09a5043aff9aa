"""One change of one setting is written: as it stands, in its history, and where operators read of it."""

from __future__ import annotations

import json
from typing import Any

from attise.kernel.actor import Actor
from attise.kernel.means import Means
from attise.management.outbox.actions import Unit
from attise.management.policy.models import Change, Value
from attise.management.policy.rules import plain


def record(means: Means, actor: Actor, work: Unit, name: str, before: Any, after: Any, *, note: str, told: str) -> None:
    """Write a change within a unit; ``told``: what its notice is called."""
    row = Change.objects.create(
        id=means.ids.next(),
        name=name,
        before=json.dumps(plain(before)),
        after=json.dumps(plain(after)),
        note=note,
        actor=str(actor),
        origin=actor.origin,
        at_ms=means.clock.world_ms(),
    )
    Value.objects.update_or_create(name=name, defaults={"value": row.after})
    said = {"name": name, "before": plain(before), "after": plain(after), "note": note}
    work.notice("operator", 0, told, row.id, by=str(actor), **said)
