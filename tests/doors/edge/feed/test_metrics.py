"""What an edge counts of its answers."""

from attise.doors.edge.feed.metrics import COUNTED_AT_ONCE, Metrics
from attise.records.drops import Drop, name_of


def test_ads_that_left_are_counted_by_reason_however_many_slots_wait_to_be_counted():
    metrics = Metrics()
    for _ in range(COUNTED_AT_ONCE + 3):
        metrics.left(((int(Drop.LOCATION), 1_000_000), (int(Drop.OUTBID), 2)))
        metrics.left(())
    slots = COUNTED_AT_ONCE + 3
    assert metrics.dropped[Drop.LOCATION] == 1_000_000 * slots
    assert metrics.dropped[Drop.OUTBID] == 2 * slots
    assert sum(metrics.dropped) == 1_000_002 * slots
    assert f'attise_dropped_ads_total{{reason="{name_of(Drop.OUTBID)}"}} {2.0 * slots}' in metrics.text().decode()
