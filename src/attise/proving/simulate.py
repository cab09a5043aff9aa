"""``attise bench simulate``: simulated impressions a second, with their events settled, on two cores.

A life of the story on a house of its own: publishing, grants, campaigns, feeds, events, conversions, settling, totals,
as the doors do them. One process lives, another counts what the turn before came to. ``per s`` is by what the longer of
the two took of its processor, turn by turn: what two cores with nothing else would need. Beside it: all that both took
(``cpu_s``, ``counting_cpu_s``), and the wall, which other work on the machine lengthens. The ceiling is what both took,
divided by two: neither would ever wait. Checked: the log counted anew, the ledger too, and that the house settled
exactly what was sent.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any, Final, Protocol

from attise.kernel.limits import DAY_MS
from attise.proving.result import Row, quantile
from attise.simulator.beginning import Beginning, begin
from attise.simulator.cast import Own
from attise.simulator.drawing import Size
from attise.simulator.stage import Stage

DAYS, DAYS_QUICK = 7.0, 1.0
SIZE: Final = Size(days=7.0)
SIZE_QUICK: Final = Size(viewers=1_500, creators=30, posts=120, days=1.0)
PARTS: Final = ("ask", "tell", "settle", "follow", "complete")
"""What of the stage is timed, in the process that lives."""


class Counted(Stage, Protocol):
    """A stage beside which a process of its own counts."""

    @property
    def counting_s(self) -> float:
        """What counting took so far, in seconds of the processor."""
        ...

    @property
    def waited_s(self) -> float:
        """What living would have waited for it on cores of their own, likewise."""
        ...


def run(stage: Counted, own: Own, *, seed: int, quick: bool) -> list[Row]:
    """Live some days, and recount."""
    from attise.ledger.verify import verify_ledger
    from attise.management.accounts.queries import known_creators
    from attise.management.posts.queries import creators_of
    from attise.measurement.attribution.queries import count_settled
    from attise.measurement.attribution.recount import recount
    from attise.measurement.attribution.whose import Whose
    from attise.measurement.ingest.sqlite_log import SqliteLog

    days, size = (DAYS_QUICK, SIZE_QUICK) if quick else (DAYS, SIZE)
    made: Beginning = begin(stage, size, seed=seed, own=own, tell=_Teller())
    spent: Counter[str] = Counter()
    for name in PARTS:
        _time(stage, name, spent)
    turns_ms: list[float] = []
    until_ms = stage.clock.world_ms() + int(days * DAY_MS)
    began_s, began_cpu_s = last_s, _ = time.perf_counter(), time.process_time()

    def told(_: int) -> None:
        nonlocal last_s
        now_s = time.perf_counter()
        turns_ms.append(1000 * (now_s - last_s))
        last_s = now_s

    counting_s, waited_s = stage.counting_s, stage.waited_s
    lived = made.story.live(until_ms, told)
    wall_s, cpu_s = time.perf_counter() - began_s, time.process_time() - began_cpu_s
    counting_s, waited_s = stage.counting_s - counting_s, stage.waited_s - waited_s
    _tell("recount")
    log = SqliteLog(stage.house.folder, may_write=False)
    counters = recount(log, whose=Whose(creators_of, known_creators)).difference
    checks: dict[str, float | int | str] = {
        "recount": counters or "none",
        "ledger": verify_ledger().difference or "none",
        "lost_events": lived.events + lived.reports - lived.settled,
        "unsettled_events": lived.events + lived.comments - count_settled().events,
        "wall_s": round(wall_s, 1),
        "cpu_s": round(cpu_s, 1),
        "counting_cpu_s": round(counting_s, 1),
        "waited_cpu_s": round(waited_s, 1),
        "per_cpu_s": round(lived.impressions / (cpu_s + counting_s), 1),
        "per_wall_s": round(lived.impressions / wall_s, 1),
        **lived.plain(),
        **{f"cpu_{name}_s": round(spent[name], 2) for name in PARTS},
    }
    measured, ceiling = lived.impressions / (cpu_s + waited_s), 2 * lived.impressions / (cpu_s + counting_s)
    is_fine = checks["recount"] == checks["ledger"] == "none" and not checks["lost_events"]
    is_fine = is_fine and not checks["unsettled_events"]
    return [
        Row(
            "simulate/life",
            f"{size.viewers} viewers, {days:g} days",
            round(ceiling, 1),
            round(measured, 1),
            round(measured / ceiling, 3),
            round(quantile(turns_ms, 0.5), 2),
            round(quantile(turns_ms, 0.99), 2),
            checks,
            is_fine,
        )
    ]


def _time(stage: Stage, name: str, spent: Counter[str]) -> None:
    """Have one thing that the stage does be timed, in seconds of the processor."""
    act: Callable[..., Any] = getattr(stage, name)

    def timed(*args: Any, **kwargs: Any) -> Any:
        began_s = time.process_time()
        try:
            return act(*args, **kwargs)
        finally:
            spent[name] += time.process_time() - began_s  # type: ignore[assignment]

    setattr(stage, name, timed)


class _Teller:
    """Says each step once."""

    def __init__(self) -> None:
        self._said = ""

    def __call__(self, _done: float, what: str) -> None:
        if what != self._said:
            self._said = what
            _tell(what)


def _tell(what: str) -> None:
    sys.stderr.write(f"bench simulate: {what}\n")
    sys.stderr.flush()
