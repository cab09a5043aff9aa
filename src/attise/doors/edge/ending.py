"""The end of an edge's threads: side by side, so that all of them take as long as the slowest."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


async def end_side_by_side(*ends: Callable[[], None]) -> None:
    """Call what ends threads, each of which waits some seconds for its own at most."""
    await asyncio.gather(*(asyncio.to_thread(end) for end in ends))
