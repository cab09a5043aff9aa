"""Pacing's turns: every few seconds, from what was spent to how much of its bid each ad group may offer.

Each edge takes its own on the same totals, and so comes to nearly the same as the others. What controllers remember is
kept in one small file, so that a process that starts again goes on where it was; a lost one costs some minutes of
learning, no money.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from attise.kernel.clock import Clock
from attise.records.totals import GroupTotals
from attise.serving.delivery.offers import Pace
from attise.serving.delivery.pacing.budgets import Ints
from attise.serving.delivery.pacing.traffic import Traffic, decode_traffic
from attise.serving.delivery.pacing.turn import Groups, Paces, decode_paces, groups_of, no_paces, take_turn
from attise.serving.targeting.segment import Segment

log = logging.getLogger("attise.edge.serving")

FILE: Final = "pace"
TURN_S: Final = 5.0
SHARE: Final = 20.0
"""Where there are very many groups, a turn comes so many times later than what the last one took."""
KEEP_S: Final = 60.0
"""How often what controllers remember is written."""


class Pacer:
    """The controllers of one process; belongs to the thread of loading."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        """Go on from what was kept in a folder, if anything was."""
        self._path = folder / FILE
        self._clock = clock
        self._paces, self.traffic = _read(self._path)
        """What this process saw: whoever decides counts the slots it filled or not, by ``seen``."""
        self._groups: Groups | None = None
        self._segments: Sequence[Segment] = ()
        self._turn_at_s = self._kept_at_s = float("-inf")
        self._took_s = 0.0

    @property
    def number(self) -> int:
        """The number of the last turn; 0: none was taken."""
        return self._paces.groups.turn

    def is_due(self, *, has_news: bool = False) -> bool:
        """Tell whether it is time for a turn: every few seconds, and with the news of a group or a budget at once.

        Why: until its first turn a new ad spends at its whole bid, whoever asks.
        """
        pause_s = SHARE * self._took_s
        return self._clock.monotonic_s() - self._turn_at_s >= (pause_s if has_news else max(TURN_S, pause_s))

    def turn(
        self,
        segments: Sequence[Segment],
        facts_of: Callable[[Ints], Ints],
        totals: Mapping[int, GroupTotals],
        *,
        processes: int = 1,
    ) -> None:
        """Take a turn, one of ``processes`` that decide alike.

        ``facts_of``: from envelopes to what totals told of them (``Allowances.facts_of``).
        Cost: about 3 µs a group, and a sort of them where the segments are others than before.
        """
        self._turn_at_s = self._clock.monotonic_s()
        is_same = len(segments) == len(self._segments) and all(
            one is other for one, other in zip(segments, self._segments, strict=True)
        )
        if self._groups is None or not is_same:
            self._groups, self._segments = groups_of(segments), tuple(segments)
        now_ms = self._clock.world_ms()
        self._paces = take_turn(
            self._paces,
            self._groups,
            facts_of,
            totals,
            lambda zone: self.traffic.curve_of(zone, now_ms),
            now_ms=now_ms,
            slots_per_minute=processes * self.traffic.per_minute(now_ms),
        )
        self._took_s = self._clock.monotonic_s() - self._turn_at_s
        if self._turn_at_s - self._kept_at_s >= KEEP_S:
            self._kept_at_s = self._turn_at_s
            self._keep()

    def pace_of(self, segment: Segment) -> Pace:
        """Return what the last turn says of a segment's groups."""
        return Pace(*self._paces.groups.of(segment.groups["adgroup_id"]))

    def _keep(self) -> None:
        draft = self._path.with_name(f".{FILE}.{os.getpid()}")
        try:
            draft.write_bytes(_both(self._paces.encode(), self.traffic.encode()))
            draft.replace(self._path)
        except OSError as error:
            log.warning("what pacing remembers could not be kept: %s", error.strerror)


def _both(paces: bytes, traffic: bytes) -> bytes:
    return len(paces).to_bytes(8, "big") + paces + traffic


def _read(path: Path) -> tuple[Paces, Traffic]:
    """Return what was kept, or what a process begins with."""
    try:
        raw = path.read_bytes()
    except OSError:
        return no_paces(), Traffic()
    length = int.from_bytes(raw[:8], "big")
    return decode_paces(raw[8 : 8 + length]), decode_traffic(raw[8 + length :])
