"""Which interests and behaviours follow from evidence at a moment. Pure: the same evidence and moment, the same answer.

*Interests.* Every act has a weight in points; points halve every ``HALF_LIFE_MS``. An interest begins once the points
of what is about it reach ``GAINED``, on at least ``LEAST_MET`` posts or creators, and ends once they fall below
``LOST``: what lies between the two changes nothing, so that a profile does not flicker. Whether it began is read off
the evidence itself, act by act in the order of their times, and not off what was derived before: neither batches nor
the hours at which somebody looked change the answer. The decay is the exact exponential: its end is known in advance.

*Behaviours* are what was done at least ``LEAST_TIMES`` in the last ``BEHAVIOUR_MS``, with the day on which it last was.

What a viewer removed is left out before anything is added up, with all that belongs to it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from typing import Final, NamedTuple

from attise.kernel.limits import DAY_MS
from attise.measurement.profiles.evidence import (
    CREATOR,
    EVIDENCE_MS,
    POST,
    Act,
    Evidence,
    Met,
    decode,
    encode,
    kept,
    with_acts,
)
from attise.measurement.profiles.topics import above
from attise.records.lookups import behaviours
from attise.records.profile import Derived
from attise.records.viewer import Behaved

RUNGS: Final = {"view_6s": 1, "p75": 2, "complete": 3, "loop": 4}
"""How far a video was watched, in points; the highest rung alone counts."""
POINTS: Final = {
    "like": 4,
    "save": 5,
    "comment": 4,
    "share": 5,
    "duet": 5,
    "stitch": 5,
    "click": 4,
    "sound_click": 1,
    "follow": 6,
    "profile_visit": 1,
}
AGAINST: Final = {"hide": -8, "report": -12}
"""What somebody hid or reported adds nothing, whatever else they did with it, and takes this away."""
SKIPPED: Final = -2
"""A video left at once, if nothing else was done with it."""
HALF_LIFE_MS: Final = 14 * DAY_MS
GAINED: Final = 12.0
LOST: Final = 6.0
LEAST_MET: Final = 3
"""One video watched again and again, or one creator, makes no interest."""
MOST_INTERESTS: Final = 20
"""Of more, those with the most points; all halve together, so that time alone never changes which."""
BEHAVIOUR_MS: Final = 30 * DAY_MS
LEAST_TIMES: Final = {
    "WATCHED_TO_END": 3,
    "LIKED": 2,
    "COMMENTED": 1,
    "SHARED": 1,
    "FOLLOWING": 1,
    "VIEW_HOMEPAGE": 2,
}
MOST_BEHAVIOURS: Final = 40
_ACTIONS: Final = {
    ("VIDEO_RELATED", "WATCHED_TO_END"): (POST, frozenset({"complete", "loop"})),
    ("VIDEO_RELATED", "LIKED"): (POST, frozenset({"like"})),
    ("VIDEO_RELATED", "COMMENTED"): (POST, frozenset({"comment"})),
    ("VIDEO_RELATED", "SHARED"): (POST, frozenset({"share"})),
    ("CREATOR_RELATED", "FOLLOWING"): (CREATOR, frozenset({"follow"})),
    ("CREATOR_RELATED", "VIEW_HOMEPAGE"): (CREATOR, frozenset({"profile_visit"})),
}
"""Which deeds on which things an action is; nothing tells us yet that somebody opened a hashtag."""
AFTER_MS: Final = 1_000
"""How long after its end a part is looked at again: rounding must not find it one millisecond too early."""


class Step(NamedTuple):
    """Points that come, or go, at a moment. Ordered by time, then by what they are of."""

    at_ms: int
    kind: str
    id: int
    points: int


class Held(NamedTuple):
    """An interest that holds."""

    since_ms: int
    points: float
    """At the moment that was asked about."""
    ends_at_ms: int
    """When the points fall below ``LOST`` if nothing more is done."""


def derive(evidence: bytes, acts: Iterable[Act], *, removed: Collection[int], now_ms: int) -> Derived:
    """Return the profile that evidence and more acts come to at a moment (world time).

    Args: evidence: as the last ``Derived`` says it; removed: interests that the viewer wants nobody to derive.
    Raises: msgspec.MsgspecError for what a newer release wrote. Cost: some 2 ms for a full profile.
    """
    found = kept(with_acts(decode(evidence), acts), now_ms=now_ms)
    unwanted = frozenset(removed)
    interests = _interests(found, unwanted, now_ms)
    behaved, behaviour_ends = _behaviours(found, unwanted, now_ms)
    ends = [
        *(held.ends_at_ms for held in interests.values()),
        *behaviour_ends,
        # Whatever is over is let go of when somebody looks; for its own sake once a day is enough.
        *(deed.at_ms + EVIDENCE_MS + DAY_MS for met in found.values() for deed in met.deeds),
    ]
    return Derived(
        interests=tuple(sorted((topic, held.since_ms) for topic, held in interests.items())),
        behaviours=behaved,
        evidence=encode(found),
        next_at_ms=max(min(ends), now_ms) + AFTER_MS if ends else None,
    )


def _interests(evidence: Evidence, removed: frozenset[int], now_ms: int) -> dict[int, Held]:
    """Return the interests that hold, at most ``MOST_INTERESTS``."""
    steps: defaultdict[int, list[Step]] = defaultdict(list)
    for met in evidence.values():
        said = list(_steps(met))
        for topic in _subjects(met, removed):
            steps[topic] += said
    found = {topic: held for topic in steps if (held := _held(steps[topic], now_ms)) is not None}
    strongest = sorted(found, key=lambda topic: (-found[topic].points, topic))
    return {topic: found[topic] for topic in strongest[:MOST_INTERESTS]}


def _subjects(met: Met, removed: frozenset[int]) -> set[int]:
    """Return what a thing is about and what that belongs to, but nothing that was removed."""
    wanted = [above(topic) for topic in met.topics]
    return {one for chain in wanted if removed.isdisjoint(chain) for one in chain}


def _steps(met: Met) -> Iterator[Step]:
    """Yield the points of one thing, each at its time."""
    done = {deed.kind: deed for deed in met.deeds if deed.is_on}
    against = [(points, done[kind].at_ms) for kind, points in AGAINST.items() if kind in done]
    if against:
        points, at_ms = min(against)
        yield Step(at_ms, met.kind, met.id, points)
        return
    highest = 0
    for at_ms, rung in sorted((done[kind].at_ms, rung) for kind, rung in RUNGS.items() if kind in done):
        if rung > highest:
            yield Step(at_ms, met.kind, met.id, rung - highest)
            highest = rung
    others = [kind for kind in POINTS if kind in done]
    for kind in others:
        yield Step(done[kind].at_ms, met.kind, met.id, POINTS[kind])
    if "skip" in done and not highest and not others:
        yield Step(done["skip"].at_ms, met.kind, met.id, SKIPPED)


def _held(steps: list[Step], now_ms: int) -> Held | None:
    """Return how an interest stands, or None: it does not hold. Steps are taken in the order of their times."""
    points, last_ms, since_ms = 0.0, 0, -1
    met: set[tuple[str, int]] = set()
    for step in sorted(steps):
        points = _faded(points, step.at_ms - last_ms)
        if points < LOST:
            since_ms = -1
        points, last_ms = max(0.0, points + step.points), step.at_ms
        if step.points > 0:
            met.add((step.kind, step.id))
        if points < LOST:
            since_ms = -1
        elif since_ms < 0 and points >= GAINED and len(met) >= LEAST_MET:
            since_ms = step.at_ms
    now_points = _faded(points, max(0, now_ms - last_ms))
    if since_ms < 0 or now_points < LOST:
        return None
    return Held(since_ms, now_points, last_ms + math.ceil(HALF_LIFE_MS * math.log2(points / LOST)))


def _faded(points: float, passed_ms: int) -> float:
    return points * 2.0 ** (-passed_ms / HALF_LIFE_MS) if points else 0.0


def _behaviours(evidence: Evidence, removed: frozenset[int], now_ms: int) -> tuple[tuple[Behaved, ...], list[int]]:
    """Return what was done often enough lately, and when each would end."""
    times: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
    for met in evidence.values():
        done = {deed.kind: deed.at_ms for deed in met.deeds if deed.is_on}
        if not AGAINST.keys().isdisjoint(done):
            continue
        subjects = _subjects(met, removed)
        for (scene, action), (kind, deeds) in _ACTIONS.items():
            latest = [done[deed] for deed in deeds if deed in done] if kind == met.kind else []
            if not latest or now_ms >= max(latest) + BEHAVIOUR_MS:
                continue
            for about in subjects:
                for category_id in _categories_about().get((scene, about), ()):
                    times[category_id, action].append(max(latest))
    found: list[tuple[Behaved, int]] = []
    for (category_id, action), latest in times.items():
        latest.sort(reverse=True)
        least = LEAST_TIMES[action]
        if len(latest) >= least:
            found.append((Behaved(category_id, action, latest[0] // DAY_MS), latest[least - 1] + BEHAVIOUR_MS))
    found.sort(key=lambda one: (-one[0].day, one[0].category_id, one[0].action))
    newest = found[:MOST_BEHAVIOURS]
    return tuple(sorted((one for one, _ in newest), key=lambda one: (one.category_id, one.action))), [
        ends_at_ms for _, ends_at_ms in newest
    ]


@cache
def _categories_about() -> dict[tuple[str, int], tuple[int, ...]]:
    """Return the categories of behaviours by their scene and the interest that they are about."""
    found: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
    for row in behaviours.all():
        if row.about_id is not None:
            found[row.action_scene, row.about_id].append(row.id)
    return {key: tuple(ids) for key, ids in found.items()}
