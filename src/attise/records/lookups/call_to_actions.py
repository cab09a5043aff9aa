"""Calls to action: the button of an ad, by the code that the dialect and `/v1` share.

Place: creatives name one; doors list and label them. Owns: `data/call_to_actions.csv`. Sets of
buttons hold ids, which are never given to another button; everything else holds codes.
"""

from __future__ import annotations

import msgspec

from attise.records.lookups.table import Table


class CallToAction(msgspec.Struct, frozen=True, kw_only=True):
    """One button; the names are its labels."""

    id: int
    code: str
    name_fr: str
    name_en: str

    @property
    def wire_id(self) -> str:
        """The id as it leaves the process: decimal text."""
        return str(self.id)


TABLE = Table("call_to_actions.csv", CallToAction, lambda row: (row.code,))


def all() -> tuple[CallToAction, ...]:  # noqa: A001 - read as `call_to_actions.all()`
    """Return every call to action, in the order of the file."""
    return TABLE.rows


def get(code: str) -> CallToAction:
    """Return the call to action of this code. Raises: KeyError when there is none."""
    return TABLE.get(code)


def find(text: str) -> CallToAction | None:
    """Return the call to action whose code is exactly `text`, or None."""
    return TABLE.find(text)


def by_id(call_id: int) -> CallToAction | None:
    """Return the call to action of this id, or None. Cost: a look at each of a few dozen rows."""
    return next((row for row in TABLE.rows if row.id == call_id), None)
