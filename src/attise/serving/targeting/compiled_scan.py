"""From a segment and a query to the compiled search: what its many arguments are. Imported once kernels are ready."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from attise.serving.targeting.compiled import scan_blocks
from attise.serving.targeting.query import Query
from attise.serving.targeting.segment import Segment


def scan(
    segment: Segment, query: Query, k: int, floor: float, most_blocks: int, dropped: NDArray[np.int64]
) -> tuple[NDArray[np.int32], int]:
    """Return the places of the best ``k`` ads that pass, and how many blocks were read: see ``numpy_scan.scan``."""
    found = np.empty(k, dtype=np.int32)
    passed, blocks = scan_blocks(
        segment.bits,
        segment.live,
        segment.ads,
        segment.groups,
        segment.lists,
        query.rows,
        query.starts,
        query.reasons,
        query.now_ms,
        query.device_price,
        query.least_days,
        query.audiences,
        query.follows,
        query.open_clocks,
        k,
        floor,
        most_blocks,
        found,
        dropped,
    )
    return found[: min(k, passed)], int(blocks)
