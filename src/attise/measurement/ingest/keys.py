"""Keys of what lately became durable in this process, so that a resent batch is told what is in it twice.

Bounded and lost with the process: what counts once is decided where events are settled. Forgotten, too, whenever a
viewer is erased: a log that was emptied with its viewers (a sandbox is) does not have what is remembered of it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from attise.records.change import Change, ChangeKind

REMEMBERED = 100_000
"""Keys of each of the two generations; about ten megabytes."""


class Keys:
    """Two generations of keys: once the younger one is full, it becomes the older, and that one is forgotten.

    Belongs to one thread, but for what is heeded, which may come from any (``changes.Listener`` of the edge).
    """

    def __init__(self, most: int = REMEMBERED) -> None:
        """Remember the last ``most`` keys at least, and twice as many at most."""
        self._most = most
        self._young: set[bytes] = set()
        self._old: set[bytes] = set()

    def __contains__(self, key: bytes) -> bool:
        return key in self._young or key in self._old

    def __len__(self) -> int:
        return len(self._young) + len(self._old)

    def generations(self) -> tuple[set[bytes], set[bytes]]:
        """Return the two as they stand, for whoever asks of many; not to be changed."""
        return self._young, self._old

    def add(self, keys: Collection[bytes]) -> None:
        """Remember keys."""
        if len(self._young) + len(keys) <= self._most:
            self._young.update(keys)
            return
        for key in keys:
            if len(self._young) >= self._most:
                self._old, self._young = self._young, set()
            self._young.add(key)

    def heed(self, changes: Sequence[Change]) -> None:
        """Forget all, when a viewer was erased."""
        if any(change.kind is ChangeKind.VIEWER_CHANGED and change.body.get("erased") for change in changes):
            self.forget()

    def forget(self) -> None:
        """Forget all: nothing is lost but the word ``duplicate``."""
        self._old, self._young = set(), set()
