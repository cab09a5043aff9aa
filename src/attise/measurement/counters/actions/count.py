"""A batch is counted: step 3 of *an event comes back*.

Before: each event was made once and judged. After: posts, profiles and standard ads show it. All of it runs in the
transaction of whoever settles, who holds the lock that lets one settle at a time: what is read here stays true.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection

from attise.ledger import storing
from attise.measurement.counters import folding
from attise.measurement.counters.models import Followed, Hour, State, Subject, Watched
from attise.measurement.counters.signals import SIGNALS
from attise.measurement.counters.tally import Tally

StateKey = tuple[str, str, int]
"""Person, kind, object."""


def read_states(keys: Iterable[StateKey]) -> dict[StateKey, folding.State]:
    """Return the states that are there. Cost: one statement, none for no keys; a look-up for each key.

    Joined, and not asked for by ``IN``: the embedded store would read the whole table for several columns in a list.
    """
    wanted = set(keys)
    if not wanted:
        return {}
    places = ", ".join(["(%s, %s, %s)"] * len(wanted))
    statement = (
        f"WITH wanted (whose, what, which) AS (VALUES {places}) "  # noqa: S608 - places alone
        "SELECT person, kind, object_id, body FROM wanted JOIN counters_state "
        "ON person = whose AND kind = what AND object_id = which"
    )
    found = _rows(statement, [value for key in wanted for value in key])
    return {(person, kind, object_id): folding.decode_state(bytes(body)) for person, kind, object_id, body in found}


def read_watched(decisions: Iterable[int]) -> dict[int, int]:
    """Return how long the videos of decisions were watched, where it was told. Cost: one statement."""
    wanted = list(set(decisions))
    if not wanted:
        return {}
    places = ", ".join(["%s"] * len(wanted))
    statement = f"SELECT decision_id, watch_ms FROM counters_watched WHERE decision_id IN ({places})"  # noqa: S608
    return dict(_rows(statement, wanted))


def count(
    tally: Tally,
    *,
    states: Mapping[StateKey, folding.State],
    watched: Mapping[int, int],
    followed: Iterable[tuple[str, int, bool]],
) -> None:
    """Write what a batch adds, and what it leaves behind for the next one.

    ``states`` and ``watched`` are as they are now; ``followed`` says who follows whom from now on, or no more: person,
    creator, and which. Cost: five statements at most, whatever their number.
    """
    subjects = tally.subjects
    in_all = [
        (*counts, subject_id, is_paid, subjects[subject_id].kind, subjects[subject_id].creator_id)
        for (subject_id, is_paid), counts in sorted(tally.in_all().items())
    ]
    storing.add(Subject, in_all, unique=("subject_id", "is_paid"), sums=SIGNALS)
    by_hour = [
        (*counts, subject_id, hour_ms, is_paid)
        for (subject_id, is_paid, hour_ms), counts in sorted(tally.hours.items())
    ]
    storing.add(Hour, by_hour, unique=("subject_id", "hour_ms", "is_paid"), sums=SIGNALS)
    rows = [(*key, folding.is_on(state), folding.encode_state(state)) for key, state in sorted(states.items())]
    storing.put(State, rows, unique=("person", "kind", "object_id"), update=("is_on", "body"))
    storing.put(Watched, sorted(watched.items()), unique=("decision_id",), update=("watch_ms",))
    storing.append(Followed, list(followed), names=("person", "creator_id", "is_on"))


def _rows(statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
