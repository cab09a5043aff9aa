"""What counters say of a post."""

from attise.measurement.counters import queries as counters
from tests.measurement.attribution.happened import (
    POST,
)


def shown(signal: str, subject: int = POST) -> tuple[int, int]:
    counted = counters.counts_of(subject).of(signal)
    return counted.organic, counted.paid
