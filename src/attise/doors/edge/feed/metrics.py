"""What this edge counts of its answers, and tells in the text that Prometheus reads.

Plain numbers, added to on the event loop: counting must cost less than what is counted.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import Any

import numpy as np
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from attise.records.drops import REASONS, Drop, name_of

BUCKETS_S = (0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0)
COUNTED_AT_ONCE = 128
"""Slots whose reasons are counted together: some 0.1 ms."""
TYPE = b"text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """The counts of one process."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self.requests: Counter[tuple[str, str]] = Counter()
        """By call and outcome: ``ok``, or the code of the refusal."""
        self.slots: Counter[str] = Counter()
        """Slots by what they became: ``ad``, or why there is none."""
        self._dropped = np.zeros(REASONS, np.int64)
        self._uncounted: list[tuple[tuple[int, int], ...]] = []
        self.organic_only: Counter[str] = Counter()
        """Answers without a decision on ads, by reason: ``stale``, ``failed``."""
        self._buckets = [0] * (len(BUCKETS_S) + 1)
        self._seconds = 0.0
        self._registry = CollectorRegistry()
        self._registry.register(self)
        self.gauges: dict[str, tuple[str, Callable[[], float | None]]] = {}
        """Asked when they are told: name, what it is, its value; None is left out."""
        self.counters: dict[str, tuple[str, Callable[[], float]]] = {}
        self.loaded: Callable[[], Mapping[str, Any]] = dict
        """Asked when they are told: what decisions are taken on, and how old that is."""

    def add(self, others: Collector) -> None:
        """Tell the counts of another call with these."""
        self._registry.register(others)

    def took(self, seconds: float) -> None:
        """Count an answer by how long it took."""
        self._buckets[bisect_left(BUCKETS_S, seconds)] += 1
        self._seconds += seconds

    def left(self, dropped: tuple[tuple[int, int], ...]) -> None:
        """Count ads that left a contest, by the number of the reason: in a while, together with many others."""
        self._uncounted.append(dropped)
        if len(self._uncounted) >= COUNTED_AT_ONCE:
            self._count()

    @property
    def dropped(self) -> list[int]:
        """Ads that left a contest, by the number of the reason."""
        self._count()
        return [int(count) for count in self._dropped]

    def _count(self) -> None:
        uncounted, self._uncounted = self._uncounted, []
        pairs = np.fromiter(chain.from_iterable(chain.from_iterable(uncounted)), np.int64).reshape(-1, 2)
        np.add.at(self._dropped, pairs[:, 0], pairs[:, 1])

    def text(self) -> bytes:
        """Return all of it."""
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """Yield each metric as it stands."""
        yield _counter(
            "attise_feed_requests", "Requests for items, by call and outcome.", self.requests, "call", "outcome"
        )
        yield _counter("attise_slots", "Slots for ads, by what they became.", self.slots, "outcome")
        dropped = Counter({name_of(Drop(number)): count for number, count in enumerate(self.dropped) if count})
        yield _counter("attise_dropped_ads", "Ads that left a contest, by reason.", dropped, "reason")
        yield _counter("attise_organic_only", "Answers that asked for no ad, by reason.", self.organic_only, "reason")
        sums, total = [], 0
        for bound, count in zip((*(str(bound) for bound in BUCKETS_S), "+Inf"), self._buckets, strict=True):
            total += count
            sums.append((bound, total))
        yield HistogramMetricFamily(
            "attise_feed_seconds", "From the whole request to the whole answer.", buckets=sums, sum_value=self._seconds
        )
        for name, (said, count) in self.counters.items():
            yield CounterMetricFamily(name, said, value=count())
        loaded = GaugeMetricFamily("attise_loaded", "What decisions are taken on, by part.", labels=["part"])
        for name, value in self.loaded().items():
            if isinstance(value, int | float):
                loaded.add_metric([name], value)
        yield loaded
        for name, (said, ask) in self.gauges.items():
            found = ask()
            if found is not None:
                yield GaugeMetricFamily(name, said, value=found)


def _counter(name: str, said: str, counts: Counter[str] | Counter[tuple[str, str]], *labels: str) -> Metric:
    family = CounterMetricFamily(name, said, labels=labels)
    for key, count in list(counts.items()):
        family.add_metric(list(key) if isinstance(key, tuple) else [key], count)
    return family
