"""Mixed load, kills, healing, and then what must hold."""

from __future__ import annotations

import queue
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from attise.measurement.attribution.queries import get_mark
from attise.measurement.ingest.sqlite_log import SqliteLog
from attise.proving.place import Place
from attise.proving.storm import invariants
from attise.proving.storm.asking import Asker
from attise.proving.storm.invariants import HEALED_S, Invariant
from attise.proving.storm.kills import ROLES, Kills, wait_until_whole
from attise.proving.storm.managers import Managers
from attise.proving.storm.people import Errand, Errands, People
from attise.proving.storm.seen import outcomes, read_log
from attise.proving.storm.told import KINDS, Told
from attise.proving.storm.town import Town, make_town

SEED: Final = 1
PEOPLE: Final = 6
ERRANDS: Final = 2
TELL_EVERY_S: Final = 5.0
PATIENCE_S: Final = 120.0
"""How long healing is waited for, so that what came late is told as late."""
LONGER_S: Final = 120.0
"""How much longer it goes on where a machine is so slow that not every kind of work and kill came in time."""
JOIN_S: Final = 60.0
LAST_S: Final = 1.5
"""How long the last writes that nobody waits for may take to the log: decisions and clicks gather before a commit."""


@dataclass
class Found:
    """What a drill found."""

    seconds: float
    seed: int
    invariants: list[Invariant] = field(default_factory=list)
    kills: Counter[str] = field(default_factory=Counter)
    answers: dict[str, dict[str, int]] = field(default_factory=dict)
    events: Counter[str] = field(default_factory=Counter)
    entries: int = 0
    charged: int = 0
    """Decisions that were charged."""


def run(place: Place, *, seconds: float, edges: int = 2, seed: int = SEED) -> Found:
    """Load the house for some seconds and kill its processes, let it heal, and compare."""
    found, told = Found(seconds, seed), Told()
    _tell("making creators, ads and money")
    town = make_town(place)
    _storm(place, town, told, found)
    _tell("healing")
    healed = _heal(place)
    time.sleep(LAST_S)
    lag = _settled(place)
    _tell("comparing")
    _compare(place, town, told, found, edges=edges + found.kills["edge"])
    found.invariants += [healed, lag]
    return found


def _storm(place: Place, town: Town, told: Told, found: Found) -> None:
    ending = threading.Event()
    errands: queue.SimpleQueue[Errand] = queue.SimpleQueue()

    def asker() -> Asker:
        return Asker(place.port, place.key, told, ending)

    load = [
        *(People(number, town, asker(), told, errands, ending, found.seed) for number in range(PEOPLE)),
        *(Errands(asker(), errands, ending) for _ in range(ERRANDS)),
        Managers(town, asker(), told, place.means.clock, ending, found.seed),
    ]
    kills = Kills(place.supervisor, told, ending, found.seed)
    for thread in (*load, kills):
        thread.start()
    until_s = time.monotonic() + found.seconds
    while (left_s := until_s - time.monotonic()) > 0 or (missing(told, kills.kills) and left_s > -LONGER_S):
        time.sleep(min(left_s, TELL_EVERY_S) if left_s > 0 else 1.0)
        more = f"; not yet: {', '.join(missing(told, kills.kills))}" if left_s <= 0 else ""
        _tell(f"{max(until_s - time.monotonic(), 0):.0f} s left, {told.results.total()} events answered{more}")
    ending.set()
    for thread in (*load, kills):
        thread.join(JOIN_S)
        if thread.is_alive():
            raise RuntimeError(f"{thread.name} does not end")
    found.kills, found.answers, found.events = kills.kills, told.by_status(), told.results


def missing(told: Told, killed: Mapping[str, int]) -> list[str]:
    """Return what has not happened yet and must, for a drill to prove anything."""
    return [kind for kind in sorted(KINDS) if not told.done({kind})] + [
        f"a kill of {role}" for role in sorted(ROLES) if not killed.get(role)
    ]


def _heal(place: Place) -> Invariant:
    """Wait until every process runs and the house says that it is well."""
    began_s = time.monotonic()
    whole = wait_until_whole(place.supervisor, patience_s=PATIENCE_S)
    told = Told()
    asker = Asker(place.port, place.key, told, threading.Event())
    is_well = False
    while whole is not None and not is_well and time.monotonic() - began_s < PATIENCE_S:
        is_well = asker.ask("health", "GET", "/healthz").is_good
        if not is_well:
            time.sleep(0.2)
    asker.close()
    return Invariant("well after the load's end", round(time.monotonic() - began_s, 1), HEALED_S, "s")


def _settled(place: Place) -> Invariant:
    """Wait until all that is in the log now is settled."""
    log = SqliteLog(place.house.folder, may_write=False)
    end, began_s = log.end(), time.monotonic()
    log.close()
    while get_mark().position < end and time.monotonic() - began_s < PATIENCE_S:
        time.sleep(0.1)
    return Invariant("settled to the log's end", round(time.monotonic() - began_s, 1), HEALED_S, "s")


def _compare(place: Place, town: Town, told: Told, found: Found, *, edges: int) -> None:
    seen, came = read_log(place.house), list(outcomes())
    found.entries, found.charged = seen.entries, sum(one.outcome == "charged" for one in came)
    found.invariants += [
        invariants.none_of("never happened", missing(told, found.kills), "kinds"),
        *invariants.of_answers(told, seen),
        *invariants.of_comments(told, [one.post_id for one in town.lent]),
        invariants.of_budgets(place, town, told),
        invariants.of_counts(seen),
        *invariants.of_money(place, town, came, edges=edges),
        *invariants.of_stops(told, seen),
        *invariants.of_recounts(place),
    ]


def is_kept(found: Found) -> bool:
    """Tell whether everything held."""
    return all(one.ok for one in found.invariants)


def plain(found: Found) -> Mapping[str, object]:
    """Return what was found as JSON takes it."""
    return {
        "drill": "mixed",
        "seconds": found.seconds,
        "seed": found.seed,
        "kills": dict(found.kills),
        "answers": found.answers,
        "events": dict(found.events),
        "log_entries": found.entries,
        "charged": found.charged,
        "promises": [one.plain() for one in found.invariants],
        "ok": is_kept(found),
    }


BAR: Final = 8


def lines(found: Found) -> Iterator[str]:
    """Yield a table for a terminal of 80 columns: each invariant with a bar from nothing to its bound."""
    kills = ", ".join(f"{role} {count}" for role, count in sorted(found.kills.items())) or "none"
    yield f"{found.seconds:.0f} s, seed {found.seed}; kills: {kills}"
    yield f"{found.events.total()} events answered, {found.entries} log entries, {found.charged} decisions charged"
    yield f"{'':<7}{'':<35}{'':<{BAR + 1}}{'value':>8} {'bound':>6}"
    for one in found.invariants:
        said = "kept" if one.ok else "BROKEN"
        yield f"{said:<7}{one.name:<35} {bar(one)}{one.value:>8g} {one.bound:>6g} {one.unit}"
        if not one.ok and one.first:
            yield f"       {one.first}"


def bar(one: Invariant) -> str:
    """Return how much of its bound a value takes: a full bar is the bound, and what is beyond it ends in an arrow."""
    if not one.ok:
        return "█" * (BAR - 1) + "▶"
    filled = round(BAR * one.value / one.bound) if one.bound else 0
    return "█" * filled + "░" * (BAR - filled)


def _tell(what: str) -> None:
    sys.stderr.write(f"drill: {what}\n")
