"""A house whose event log is older than its database: one of the two was brought back from a copy.

Place: the start of a served house, once the schema is up to date and before anything is received. Whoever reads the log
on would pass over what it takes under positions that they have read already: acknowledged, and never counted. So the
log goes on beyond them. What lay between the copy and the loss is gone; ``attise verify`` says so.
"""

from __future__ import annotations

import logging
from contextlib import closing

from attise.kernel.house import House
from attise.management.viewers.queries import get_profile_place
from attise.measurement.attribution.queries import get_mark
from attise.measurement.ingest.sqlite_log import SqliteLog
from attise.measurement.lift.queries import get_place
from attise.measurement.reports.queries import get_watermark

log = logging.getLogger("attise.site")


def go_on_beyond_readers(house: House) -> bool:
    """Have the log take what comes beyond what anybody has read of it; tells whether it would not have. Raises: Outage.

    Cost: four keyed reads, and one transaction of the log.
    """
    read_to = max(get_mark().position, get_watermark().position, get_profile_place()[0], get_place())
    if not read_to:
        return False
    with closing(SqliteLog(house.folder, may_write=True)) as opened:
        end = opened.end()
        if not opened.go_on_from(read_to):
            return False
    log.warning(
        "the event log is older than the database: it ends at %d and was read up to %d. It goes on from there; what "
        "lay between is lost, and attise verify will say so.",
        end,
        read_to,
    )
    return True
