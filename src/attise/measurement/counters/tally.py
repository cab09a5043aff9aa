"""What a batch of events adds to counters, gathered before anything is written. Pure."""

from __future__ import annotations

from attise.measurement.counters.folding import Subject, Turn, hour_of
from attise.measurement.counters.signals import AT, OF_STATE, WIDTH

Row = tuple[int, bool, int]
"""Subject id, whether paid, and the beginning of the hour (world time)."""


class Tally:
    """Differences by subject, part and hour; an hour's add up to those in all."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.subjects: dict[int, Subject] = {}
        self.hours: dict[Row, list[int]] = {}

    def add(self, subject: Subject, signal: str, at_ms: int, *, is_paid: bool, step: int = 1) -> None:
        """Count something in the hour of a moment (world time)."""
        row = (subject.id, is_paid, hour_of(at_ms))
        found = self.hours.get(row)
        if found is None:
            found = self.hours[row] = [0] * WIDTH
            self.subjects.setdefault(subject.id, subject)
        found[AT[signal]] += step

    def turn(self, kind: str, turn: Turn) -> None:
        """Count what a state's turning adds or takes back."""
        credited = turn.credited
        self.add(credited.subject, OF_STATE[kind], turn.hour_ms, is_paid=credited.is_paid, step=turn.step)

    def in_all(self) -> dict[tuple[int, bool], list[int]]:
        """Return the differences by subject and part."""
        found: dict[tuple[int, bool], list[int]] = {}
        for (subject_id, is_paid, _), counts in self.hours.items():
            known = found.get((subject_id, is_paid))
            found[subject_id, is_paid] = (
                list(counts) if known is None else [one + more for one, more in zip(known, counts, strict=True)]
            )
        return found
