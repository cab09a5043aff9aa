"""What a log of events must do: keep batches, give each a position, read on from any, find one entry by its id.

Step 1 of *an event comes back*, and the last step of *a feed request is decided*. The order of positions is the order
of commits: whoever has read up to one has missed nothing before it.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

import msgspec


class EntryKind(enum.StrEnum):
    """What an entry is; its body is that of the record of this name."""

    DECISION = "decision"
    EVENT = "event"
    """``records.event``."""
    CONVERSION = "conversion"
    """``records.conversion``."""
    REFUSED = "refused"
    """``records.conversion.RefusedEvent``."""


class Entry(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One thing that happened. Grows at its end only; a reader passes over kinds that it does not know."""

    kind: str
    id: int
    """What ``find`` finds it by, an id of the house (``kernel.ids``); 0: by nothing."""
    body: bytes
    """Msgpack of a record."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Entries that became durable together."""

    position: int
    """Rises with each batch, not always by one."""
    at_ms: int
    """Wire time of the commit."""
    entries: tuple[Entry, ...]


class EventLog(Protocol):
    """A log. Each belongs to one thread; any number of them may be open on one log."""

    def append(self, entries: Sequence[Entry], *, at_ms: int) -> int:
        """Keep entries in their order and return the position of the last of them, once they are durable.

        All or none. ``at_ms`` is wire time. Raises: Outage; then none was kept, or it is not known.
        """
        ...

    def read(self, after: int, *, limit: int) -> list[Batch]:
        """Return up to ``limit`` batches beyond a position, in order; 0 is before the first. Raises: Outage."""
        ...

    def find(self, kind: str, id_: int) -> bytes | None:
        """Return the body of an entry, or None when there is none or it was let go. Raises: Outage."""
        ...

    def find_all(self, kind: str, ids: Collection[int]) -> dict[int, bytes]:
        """Return the bodies of entries by their ids, of those that are there. Raises: Outage."""
        ...

    def end(self) -> int:
        """Return the position of the newest batch, 0 when there is none. Raises: Outage."""
        ...

    def oldest(self) -> tuple[int, int] | None:
        """Return position and time (wire) of the oldest batch, or None when there is none. Raises: Outage."""
        ...

    def prune(self, *, before_ms: int, upto: int) -> int:
        """Let go of some of the oldest batches of before ``before_ms`` (wire time), none beyond position ``upto``.

        Up to where nobody needs them any more knows ``retention``. Returns how many went; a further call lets go of
        more. Raises: Outage.
        """
        ...

    def go_on_from(self, position: int) -> bool:
        """Have batches to come lie beyond a position; tells whether they would not have. Raises: Outage.

        For a log that was brought back from before its readers: what it took under positions that they have passed
        would be read by nobody.
        """
        ...

    def close(self) -> None:
        """Give back what is held; what was appended stays."""
        ...
