"""The worker ranks the young posts of the house, every hour of world time, and puts them to trial once a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

from django.db import transaction

from attise.kernel.limits import HOUR_MS
from attise.kernel.means import Means
from attise.kernel.parts import in_parts
from attise.measurement.counters.queries import list_organic_hours
from attise.measurement.scout.bounds import (
    ADDED_VIEWS,
    ANALYSE_EVERY_MS,
    TRIAL_EVERY_MS,
    TRIED_FROM_H,
    VIEWS_LEAST,
    WINDOW_TO_H,
)
from attise.measurement.scout.counted import READ, Candidate, look_at
from attise.measurement.scout.models import Analysis, Standing, Trial
from attise.measurement.scout.observed import Observed
from attise.measurement.scout.ranking import Ranking, Scored, rank

AT_ONCE: Final = 500
"""Rows that one transaction writes, so that whoever else writes waits for a moment only."""
_TOLD: Final = (
    *("creator_id", "at_ms", "published_at_ms", "score", "low", "high", "verdict", "from_ms", "until_ms"),
    *("no_growth_at_ms", "views", "body"),
)


def is_due(means: Means) -> bool:
    """Tell whether posts are to be ranked again."""
    last = Analysis.objects.filter(id=1).first()
    return last is None or not 0 <= means.clock.world_ms() - last.at_ms < ANALYSE_EVERY_MS


def analyse(means: Means, candidates: Sequence[Candidate]) -> int:
    """Rank posts by their organic counters and keep what is said of them; returns how many were ranked.

    May be run at any time and killed anywhere: a rerun says all of it again. Cost: a statement for 500 posts read, and
    one for 500 written.
    """
    now_ms = means.clock.world_ms()
    looks = _looks(candidates, now_ms)
    ranking = rank(list(looks.values()), now_ms=now_ms)
    _write_standings(ranking, {one.post_id: one for one in candidates})
    last = Analysis.objects.filter(id=1).first()
    tried_at_ms = 0 if last is None else last.tried_at_ms
    with transaction.atomic():
        if not 0 <= now_ms - tried_at_ms < TRIAL_EVERY_MS and _try(means, ranking, looks):
            tried_at_ms = now_ms
        told = {"at_ms": now_ms, "posts": len(looks), "learnt_from": ranking.learnt_from, "tried_at_ms": tried_at_ms}
        Analysis.objects.update_or_create(id=1, defaults=told)
    return len(looks)


def _looks(candidates: Sequence[Candidate], now_ms: int) -> dict[int, Observed]:
    found = {}
    for part in in_parts(candidates, AT_ONCE):
        hours = list_organic_hours([one.post_id for one in part], READ, before_ms=now_ms)
        for one in part:
            look = look_at(one, hours.get(one.post_id, []), now_ms)
            if look is not None:
                found[one.post_id] = look
    return found


def _write_standings(ranking: Ranking, candidates: dict[int, Candidate]) -> None:
    rows = [_standing(one, candidates[int(one.post)], ranking.now_ms) for one in ranking.posts]
    for part in in_parts(rows, AT_ONCE):
        Standing.objects.bulk_create(part, update_conflicts=True, unique_fields=["post_id"], update_fields=_TOLD)
    gone = Standing.objects.exclude(at_ms=ranking.now_ms) if rows else Standing.objects.all()
    gone.delete()


def _standing(one: Scored, candidate: Candidate, now_ms: int) -> Standing:
    return Standing(
        post_id=candidate.post_id,
        creator_id=candidate.creator_id,
        at_ms=now_ms,
        published_at_ms=candidate.published_at_ms,
        score=one.score,
        low=one.interval[0],
        high=one.interval[1],
        verdict=one.verdict,
        from_ms=one.from_ms,
        until_ms=one.until_ms,
        no_growth_at_ms=one.no_growth_at_ms,
        views=int(one.views),
        body={
            "growth": one.growth,
            "grows": one.grows,
            "organic_per_paid": one.organic_per_paid,
            "signals": one.signals,
            "reasons": [asdict(reason) for reason in one.reasons],
        },
    )


def _try(means: Means, ranking: Ranking, looks: dict[int, Observed]) -> int:
    """Put to trial what may still grow and has been seen enough; returns how many posts."""
    rows = [
        Trial(
            at_ms=ranking.now_ms,
            post_id=int(one.post),
            score=one.score,
            low=one.interval[0],
            high=one.interval[1],
            verdict=one.verdict,
            views=int(one.views),
            likes=int(looks[int(one.post)].counts[-1, 1]),
            last_growth=_last_growth(looks[int(one.post)]),
            chance=means.chance.uniform(),
        )
        for one in ranking.posts
        if one.views >= VIEWS_LEAST and one.age_h is not None and TRIED_FROM_H <= one.age_h <= WINDOW_TO_H
    ]
    Trial.objects.bulk_create(rows, ignore_conflicts=True, batch_size=AT_ONCE)
    return len(rows)


def _last_growth(look: Observed) -> float:
    before = look.counts[look.at_ms <= look.at_ms[-1] - 6 * HOUR_MS, 0]
    views = float(look.counts[-1, 0])
    return (views - (float(before[-1]) if len(before) else 0.0)) / (views + ADDED_VIEWS)
