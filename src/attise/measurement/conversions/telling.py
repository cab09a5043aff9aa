"""What tellings make of rows, one after the other: a first one begins a row, a further one completes it or is dropped.

In memory, for two callers: whoever settles brings the rows that stand and writes what changed, and the recount from the
log begins with none and keeps them all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import msgspec

from attise.measurement.conversions import rules
from attise.measurement.conversions.models import Conversion as Row
from attise.records.conversion import Conversion

TOLD: Final = (
    *("told_by_both", "copies", "value_micros", "currency", "contents"),
    *("has_consent", "click_id", "decision_id", "page_host"),
)
"""What further tellings may change of a row."""


@dataclass(slots=True)
class Batch:
    """Rows as they become, by key; and what is to be written."""

    rows: dict[bytes, list[Row]] = field(default_factory=dict)
    new: dict[int, Row] = field(default_factory=dict)
    changed: dict[int, Row] = field(default_factory=dict)
    names: list[tuple[Row, str, bytes]] = field(default_factory=list)
    refused: set[int] = field(default_factory=set)
    """Rows whose person refused to one of two who told."""
    copies: int = 0
    completed: int = 0
    """Of the copies, those that added something."""

    def tell(self, one: Conversion) -> None:
        """Take one telling."""
        standing = _standing(one)
        same = next(
            (
                row
                for row in self.rows.get(one.key, [])
                if row.standing == standing and rules.is_same(row.at_ms, one.at_ms)
            ),
            None,
        )
        if same is None:
            row = _row(one, standing)
            self.rows.setdefault(one.key, []).append(row)
            self.new[row.id] = row
            self._name(row, one)
        elif same.id != one.id:
            self.copies += 1
            self.completed += self._complete(same, one)

    def _complete(self, row: Row, one: Conversion) -> bool:
        """Add to a row what a further telling of it adds; tells whether that is anything."""
        row.copies += 1
        if row.id not in self.new:  # which is written whole
            self.changed[row.id] = row
        if not rules.completes(row.at_ms, row.source, one) or row.told_by_both:
            return False
        row.told_by_both = True
        if row.value_micros < 0 <= one.value_micros:
            row.value_micros, row.currency = one.value_micros, one.currency
        if not row.contents and (row.currency == one.currency or not one.currency):
            row.contents = _contents(one)
        if not (row.has_consent and one.has_consent):  # whoever refused to one of the two refused
            self.refused.add(row.id)
            row.has_consent, row.click_id, row.decision_id, row.page_host = False, "", 0, ""
            return True
        if not row.decision_id and (one.decision_id or not row.click_id):
            row.click_id, row.decision_id = one.click_id, one.decision_id
        self._name(row, one)
        return True

    def _name(self, row: Row, one: Conversion) -> None:
        self.names += [(row, kind, value) for kind, value in rules.names_of(one)]


def _standing(one: Conversion) -> str:
    if one.doubt:
        return Row.Standing.DOUBTED
    return Row.Standing.TEST if one.is_test else Row.Standing.GOOD


def _row(one: Conversion, standing: str) -> Row:
    return Row(
        id=one.id,
        key=one.key,
        standing=standing,
        pixel_id=one.pixel_id,
        advertiser_id=one.advertiser_id,
        event=one.event,
        event_id=one.event_id,
        source=one.source.value,
        at_ms=one.at_ms,
        received_at_ms=one.received_at_ms,
        value_micros=one.value_micros,
        currency=one.currency,
        contents=_contents(one),
        has_consent=one.has_consent,
        click_id=one.click_id,
        decision_id=one.decision_id,
        page_host=one.page_host,
        doubt=one.doubt,
    )


def _contents(one: Conversion) -> list[dict[str, object]]:
    return [msgspec.structs.asdict(content) for content in one.contents]
