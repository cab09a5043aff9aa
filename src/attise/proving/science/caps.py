"""Frequency caps: what a decision says of a viewer's history, against a plain count of it, a million times.

Viewers are shown random ads at random times, on the edge of every window more often than not; before each, every ad on
offer is judged by the compiled loop, by numpy and by a plain count. ``wrong`` is how often they differ.
Passes: never.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from attise.kernel.limits import DAY_MS, HOUR_MS, MINUTE_MS
from attise.proving.result import Row
from attise.records.drops import Drop
from attise.records.feed import FeedRequest, ViewerContext
from attise.serving import kernels
from attise.serving.delivery.candidates import CANDIDATE
from attise.serving.delivery.caps import NONE, seen_of
from attise.serving.delivery.contest import screened
from attise.serving.delivery.memory import EXPOSURE, ViewerMemory
from attise.serving.delivery.policy import Caps

NOW_MS: Final = 1_790_000_000_000
ADS: Final = 16
STEPS: Final = 125
STEPS_MS: Final = (
    *(0, 1, MINUTE_MS, 10 * MINUTE_MS, 10 * MINUTE_MS - 1, HOUR_MS, 5 * HOUR_MS),
    *(DAY_MS - 1, DAY_MS, 3 * DAY_MS, 7 * DAY_MS),
)
CAPS: Final = Caps()

Fact = tuple[int, int, int, int, int, int]
"""Ad, ad group, campaign, advertiser, the group's own frequency and its days."""


def draw_facts(rng: random.Random) -> list[Fact]:
    """Return what is on offer: two ads a group, four a campaign, eight an advertiser; one group of three has a cap."""
    own = [(rng.randint(1, 6), rng.choice((1, 7, 30))) if rng.random() < 1 / 3 else (0, 0) for _ in range(ADS // 2)]
    return [(ad, 100 + ad // 2, 200 + ad // 4, 300 + ad // 8, *own[ad // 2]) for ad in range(1, ADS)]


def plainly(history: Sequence[tuple[Fact, int]], fact: Fact, now_ms: int) -> int:
    """Return the first cap that one more impression would pass, by counting; ``NONE``: none."""

    def count(place: int, span_ms: int) -> int:
        return sum(shown[place] == fact[place] and now_ms - at_ms < span_ms for shown, at_ms in history)

    frequency, days = fact[4:]
    if not frequency and count(0, CAPS.ad.span_ms) >= CAPS.ad.most:
        return Drop.FREQUENCY_AD
    if not frequency and count(2, CAPS.campaign.span_ms) >= CAPS.campaign.most:
        return Drop.FREQUENCY_CAMPAIGN
    if count(3, CAPS.advertiser.span_ms) >= CAPS.advertiser.most:
        return Drop.FREQUENCY_ADVERTISER
    if frequency and count(1, days * DAY_MS) >= frequency:
        return Drop.FREQUENCY_GROUP
    return Drop.ADVERTISER_GAP if count(3, CAPS.advertiser_gap_ms) else NONE


def replay(rng: random.Random) -> Iterator[tuple[list[int], list[int], list[int]]]:
    """Yield what the plain count, the compiled loop and numpy say of every ad, before each impression of a viewer."""
    facts = draw_facts(rng)
    rows = rows_of(facts)
    history: list[tuple[Fact, int]] = []
    shown, now_ms = np.zeros(0, EXPOSURE), NOW_MS
    for _ in range(STEPS):
        now_ms += rng.choice(STEPS_MS)
        request = FeedRequest(1, ViewerContext("v"), 10, now_ms, now_ms, 1, (1,))
        compiled, _, _ = screened(rows, request, ViewerMemory(exposures=shown.tobytes()), CAPS, 0, 0)
        by_numpy = seen_of(shown, rows, now_ms=now_ms, caps=CAPS).drop
        plain = [plainly(history, fact, now_ms) for fact in facts]
        yield plain, compiled.tolist(), by_numpy.tolist()
        at = rng.randrange(len(facts))
        if plain[at] == NONE:
            history.append((facts[at], now_ms))
            shown = np.concatenate([shown, _shown(facts[at], now_ms)])


def rows_of(facts: Sequence[Fact]) -> NDArray[Any]:
    """Return candidates of which caps alone are asked."""
    rows = np.zeros(len(facts), CANDIDATE)
    names = ("ad_id", "adgroup_id", "campaign_id", "advertiser_id", "frequency", "frequency_days")
    for name, values in zip(names, zip(*facts, strict=True), strict=True):
        rows[name] = values
    rows["entry"] = 1.0
    return rows


def _shown(fact: Fact, now_ms: int) -> NDArray[Any]:
    found = np.zeros(1, EXPOSURE)
    found[["ad_id", "adgroup_id", "campaign_id", "advertiser_id"]] = fact[:4]
    found["at_ms"] = now_ms
    return found


def run(seeds: Sequence[int], *, quick: bool) -> Row:
    """Measure the case."""
    kernels.use(compiles=True)
    wanted = 60_000 if quick else 1_000_000
    compared = wrong = capped = viewer = 0
    began = time.perf_counter()
    while compared < wanted:
        rng = random.Random(f"{seeds[viewer % len(seeds)]} {viewer}")  # noqa: S311 - repeatable on purpose
        for plain, compiled, by_numpy in replay(rng):
            compared += len(plain)
            capped += sum(one != NONE for one in plain)
            wrong += sum(not one == two == three for one, two, three in zip(plain, compiled, by_numpy, strict=True))
        viewer += 1
    took = time.perf_counter() - began
    return Row(
        name="science/caps",
        scale=f"{compared} judgements, {viewer} viewers",
        ceiling_per_s=None,
        measured_per_s=round(compared / took, 1),
        ratio=None,
        p50_ms=round(took / compared * 1000, 6),
        p99_ms=round(took / compared * 1000, 6),
        checks={"compared": compared, "capped": capped, "wrong": wrong},
        ok=wrong == 0 and capped > 0,
    )
