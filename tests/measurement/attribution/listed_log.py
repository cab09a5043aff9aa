"""A log in memory, for tests that settle thousands of small ones."""

from attise.measurement.ingest.log import Batch, Entry


class ListedLog:
    """An ``EventLog`` in a list."""

    def __init__(self) -> None:
        self.batches: list[Batch] = []

    def append(self, entries, *, at_ms: int) -> int:
        self.batches.append(Batch(len(self.batches) + 1, at_ms, tuple(entries)))
        return len(self.batches)

    def read(self, after: int, *, limit: int) -> list[Batch]:
        return self.batches[after : after + limit]

    def find(self, kind: str, id_: int) -> bytes | None:
        found = [one.body for batch in self.batches for one in batch.entries if (one.kind, one.id) == (kind, id_)]
        return found[0] if found else None

    def end(self) -> int:
        return len(self.batches)

    def prune(self, *, before_ms: int, upto: int | None = None) -> int:
        return 0

    def close(self) -> None:
        """Nothing is held."""


assert Entry
