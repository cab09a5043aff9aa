"""What a batch changed of what conversions say, as steps: for whoever tells it on (``reports``).

A row says something else when its credit moves, when the other one who told adds a value, or when it counts no more.
The word before is then taken back and the new one added, so that sums of steps are what the rows say.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from attise.kernel.parts import in_parts
from attise.ledger import storing
from attise.measurement.conversions.models import Conversion as Row
from attise.measurement.conversions.models import Step

SAID: Final = (
    *("pixel_id", "advertiser_id", "event", "source", "at_ms", "received_at_ms", "value_micros", "currency"),
    *("credited_decision_id", "decided_at_ms", "touch", "touch_at_ms"),
    *("campaign_id", "adgroup_id", "ad_id", "post_id", "is_counted", "is_result"),
)
"""What a row says, in the order of a step's columns."""
Said = tuple[Any, ...]
AT_ONCE: Final = 500
"""Steps of one statement, which has a bounded number of values."""


class Steps:
    """Remembers, through one batch, what rows said before it."""

    def __init__(self) -> None:
        """Have met none."""
        self._before: dict[int, Said | None] = {}

    def begin(self, ids: Iterable[int]) -> None:
        """Be told of rows that this batch makes: they said nothing before."""
        self._before.update(dict.fromkeys(ids))

    def meet(self, row: Row) -> None:
        """Be told of a row before it is changed, as it stands in the database."""
        self._before.setdefault(row.id, _said(row))

    def write(self, position: int) -> int:
        """Write what those that were met say now and did not before; returns how many. Two statements for some."""
        if not self._before:
            return 0
        steps: list[Said] = []
        for row in Row.objects.filter(id__in=self._before).order_by("id"):
            before, now = self._before[row.id], _said(row)
            if before == now:
                continue
            steps += [(position, -1, row.id, *before)] if before is not None else []
            steps += [(position, 1, row.id, *now)] if now is not None else []
        for part in in_parts(steps, AT_ONCE):
            storing.append(Step, part, names=("position", "sign", "conversion_id", *SAID))
        return len(steps)


def _said(row: Row) -> Said | None:
    """Return what a row says; nothing where it is doubted or a test."""
    return tuple(getattr(row, name) for name in SAID) if row.standing == Row.Standing.GOOD else None
