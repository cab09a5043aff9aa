"""Deltas are made of what changed: step 11 of *an advertiser launches an ad*.

Before: a unit of management committed changes. After: decision processes read the deltas and lay them over what they
have. One call makes one step: it reads what changed and renders some of it at one version of the house, then writes the
deltas and the place reached in one transaction, which does nothing if somebody else has been there meanwhile.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Final

from django.db.models import Q

from attise.kernel.means import Means
from attise.kernel.parts import in_parts
from attise.management.authorizations import coverage
from attise.management.campaigns import runnable
from attise.management.outbox import queries as outbox
from attise.management.outbox.actions import unit, verb
from attise.management.posts import showable
from attise.management.snapshots.models import Delta, Position
from attise.management.snapshots.queries import PositionView, get_position
from attise.management.snapshots.render import Renderer
from attise.management.snapshots.touched import Source, Touched, touch_grant, touched_by
from attise.records.snapshot.deltas import DeltaKind
from attise.records.snapshot.shapes import encoder

CHANGES_AT_ONCE: Final = 500
OBJECTS_AT_ONCE: Final = 500
"""What one step renders; it keeps the writer's lock for some milliseconds."""
SOURCES_AT_ONCE: Final = 1_000
"""What one query asks for: after a jump of the clock, any number of grants may have ended."""
CLOCK_STEP_MS: Final = 1_000
"""How often grants that the clock ended are looked for."""
LEASE_MS: Final = 10_000
POSTS, ADS = 0, 1


Said = tuple[DeltaKind, int, bytes]
"""A delta without its number."""
IdsOf = Callable[[str, list[int], int, int], list[int]]
"""The next objects of some sources of one sort: above an id, by rising id, at most so many."""


@dataclass(frozen=True, slots=True)
class _Step:
    """What one step says, as of which version, and from which place to which it leads."""

    version: int
    said: list[Said]
    begin: PositionView
    end: PositionView


def follow(means: Means, *, holder: str) -> bool:
    """Make the deltas of the next changes; tells whether there may be more to do at once.

    ``holder`` names this worker. Nothing is done while another holds the lease. May be killed anywhere and run by any
    number of workers: each delta is made once. Cost: three keyed reads when nothing is new; for one changed ad, about
    a dozen statements and two commits.
    """
    if not _has_work(means) or not _hold(means, holder=holder):
        return False
    step = _look(means)
    return step is not None and _write(means, step)


def is_told(means: Means, *, version: int) -> bool:
    """Tell whether deltas say all that the changes up to ``version`` and the clock up to now led to.

    Cost: a keyed read, and one of the grants that ended since the last look.
    """
    position = get_position()
    return position.version >= version and not _has_ended(means, position)


def _has_work(means: Means) -> bool:
    """Tell whether something changed, or the clock may have ended a grant."""
    position = get_position()
    if not position.is_at_rest or outbox.get_version() > position.version:
        return True
    return _has_ended(means, position)


def _has_ended(means: Means, position: PositionView) -> bool:
    """Tell whether the clock ended a grant since it was last looked for."""
    now = means.clock.world_ms()
    return now >= position.clock_ms + CLOCK_STEP_MS and bool(
        coverage.list_ended(after_ms=position.clock_ms, upto_ms=now)
    )


@verb
def _hold(means: Means, *, holder: str) -> bool:
    """Hold the lease, or say that another does; it is renewed when half of it is over.

    It keeps two workers from doing the same work; what keeps them from doing it twice is the place they write to.
    """
    now = means.clock.wire_ms()
    row = Position.objects.get(id=1)
    if row.holder == holder and row.held_until_ms - now > LEASE_MS // 2:
        return True
    if row.holder != holder and row.held_until_ms > now:
        return False
    with unit(means):
        free = Position.objects.filter(Q(holder=holder) | Q(held_until_ms__lte=now), id=1)
        return free.update(holder=holder, held_until_ms=now + LEASE_MS) == 1


def _look(means: Means) -> _Step | None:
    """Read what changed and render the next objects that it touched; None when nothing is to be written.

    Everything is read at one version, which is that of the deltas.
    """
    with outbox.at_one_version() as version:
        begin = get_position()
        batch = _batch(means, begin, version)
        touched = touched_by(outbox.list_changes(batch.version, batch.upto))
        for _, post_id, creator_id in coverage.list_ended(after_ms=batch.clock_ms, upto_ms=batch.clock_upto_ms):
            touch_grant(touched, post_id, creator_id, is_loud=False)
        said, end = _next_part(batch, touched, Renderer(means))
        return None if end == begin else _Step(version, said, begin, end)


def _batch(means: Means, position: PositionView, version: int) -> PositionView:
    """Return the place at which the batch under way stands, or a new one begins."""
    if not position.is_at_rest:
        return position
    return replace(
        position,
        upto=min(version, position.version + CHANGES_AT_ONCE),
        clock_upto_ms=max(means.clock.world_ms(), position.clock_ms),
        stage=POSTS,
        after=0,
    )


def _next_part(batch: PositionView, touched: Touched, render: Renderer) -> tuple[list[Said], PositionView]:
    """Render the next objects of a batch; returns what is said of them, and the place after them."""
    if batch.stage == POSTS:
        part = _part(touched.posts, _ids_of_posts, batch.after)
        said = _say(part, DeltaKind.POST, DeltaKind.POST_GONE, render.posts(part.ids))
        after = replace(batch, stage=ADS, after=0) if part.is_last else replace(batch, after=part.ids[-1])
    else:
        part = _part(touched.ads, _ids_of_ads, batch.after)
        said = _say(part, DeltaKind.AD, DeltaKind.AD_GONE, render.ads(part.ids))
        at_rest = replace(batch, version=batch.upto, clock_ms=batch.clock_upto_ms, stage=POSTS, after=0)
        after = at_rest if part.is_last else replace(batch, after=part.ids[-1])
    if batch.stage == POSTS and part.is_last and len(said) < OBJECTS_AT_ONCE // 2:
        more, after = _next_part(after, touched, render)
        said += more
    return said, after


@dataclass(frozen=True, slots=True)
class _Part:
    """The next objects to render, by rising id."""

    ids: list[int]
    loud: set[int]
    """Those that are told of even when they may not run."""
    is_last: bool


def _part(sources: dict[Source, bool], ids_of: IdsOf, after: int) -> _Part:
    """Return the next objects of some sources. Cost: one query for up to ``SOURCES_AT_ONCE`` of one sort."""
    grouped: dict[tuple[str, bool], list[int]] = defaultdict(list)
    for (sort, owner_id), is_loud in sources.items():
        grouped[sort, is_loud].append(owner_id)
    found: set[int] = set()
    loud: set[int] = set()
    for (sort, is_loud), owner_ids in grouped.items():
        for owners in in_parts(owner_ids, SOURCES_AT_ONCE):
            # Of each the first ones: the first ones of all are among them.
            ids = ids_of(sort, owners, after, OBJECTS_AT_ONCE + 1)
            found.update(ids)
            loud.update(ids if is_loud else ())
    ids = sorted(found)
    return _Part(ids[:OBJECTS_AT_ONCE], loud, len(ids) <= OBJECTS_AT_ONCE)


def _say(part: _Part, is_there: DeltaKind, is_gone: DeltaKind, records: Mapping[int, object]) -> list[Said]:
    """Return what is said of the objects of a part: what they are, or of the loud ones that they may not run."""
    said: list[Said] = []
    for object_id in part.ids:
        record = records.get(object_id)
        if record is not None:
            said.append((is_there, object_id, encoder.encode(record)))
        elif object_id in part.loud:
            said.append((is_gone, object_id, b""))
    return said


def _ids_of_posts(sort: str, owner_ids: list[int], after: int, limit: int) -> list[int]:
    if sort == "post":
        return sorted(post_id for post_id in owner_ids if post_id > after)[:limit]
    return showable.ids_of_creators(owner_ids, after=after, limit=limit)


def _ids_of_ads(sort: str, owner_ids: list[int], after: int, limit: int) -> list[int]:
    if sort == "ad":
        return sorted(ad_id for ad_id in owner_ids if ad_id > after)[:limit]
    return runnable.ids_of(sort, owner_ids, after=after, limit=limit)


@verb
def _write(means: Means, step: _Step) -> bool:
    """Write a step's deltas and the place it reached; False when somebody else has moved the place meanwhile."""
    now = means.clock.wire_ms()
    first = step.begin.number + 1
    end = replace(step.end, number=step.begin.number + len(step.said))
    with unit(means):
        if not Position.objects.filter(id=1, **asdict(step.begin)).update(**asdict(end)):
            return False
        Delta.objects.bulk_create(
            Delta(number=number, version=step.version, kind=kind, object_id=object_id, body=body, made_at_ms=now)
            for number, (kind, object_id, body) in enumerate(step.said, start=first)
        )
    return True
