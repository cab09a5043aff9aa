"""What this edge counts of events; told with the rest of its counts (``feed.metrics``)."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator

from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from attise.measurement.ingest.accept import ACCEPTED, Accepted

BUCKETS_S = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 2.5)


class EventMetrics(Collector):
    """The counts of one process."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self.requests: Counter[str] = Counter()
        """By outcome: ``ok``, or the code of the refusal."""
        self.events: Counter[str] = Counter()
        """By what was told of each: accepted, duplicate, rejected."""
        self.rejected: Counter[str] = Counter()
        """By code."""
        self.doubted: Counter[str] = Counter()
        """Of those that were accepted, by doubt."""
        self._buckets = [0] * (len(BUCKETS_S) + 1)
        self._seconds = 0.0

    def told(self, made: Accepted) -> None:
        """Count what was answered of a batch."""
        self.events[ACCEPTED] += len(made.bodies)
        for result in made.untaken.values():
            self.events[result.status] += 1
            if result.code:
                self.rejected[result.code] += 1
        self.doubted.update(made.doubts)

    def waited(self, seconds: float) -> None:
        """Count how long a request waited for the disk."""
        self._buckets[bisect_left(BUCKETS_S, seconds)] += 1
        self._seconds += seconds

    def collect(self) -> Iterator[Metric]:
        """Yield each metric as it stands."""
        yield _counter("attise_event_requests", "Batches of events, by outcome.", "outcome", self.requests)
        yield _counter("attise_events", "Events, by what was told of each.", "status", self.events)
        yield _counter("attise_rejected_events", "Events that were not taken, by reason.", "reason", self.rejected)
        yield _counter("attise_doubted_events", "Events that receipt doubts, by doubt.", "doubt", self.doubted)
        sums, total = [], 0
        for bound, count in zip((*(str(bound) for bound in BUCKETS_S), "+Inf"), self._buckets, strict=True):
            total += count
            sums.append((bound, total))
        yield HistogramMetricFamily(
            "attise_event_wait_seconds", "How long batches waited to be durable.", buckets=sums, sum_value=self._seconds
        )


def _counter(name: str, said: str, label: str, counts: Counter[str]) -> Metric:
    family = CounterMetricFamily(name, said, labels=[label])
    pairs: Iterable[tuple[str, int]] = list(counts.items())
    for key, count in pairs:
        family.add_metric([key], count)
    return family
