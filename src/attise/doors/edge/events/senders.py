"""Who did what a batch tells: the viewer of a ticket, or those whom a host names.

Before: ``reading``. After: ``measurement.ingest.accept``. At most one keyed read for each viewer who is not known yet.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from attise.doors.edge.events import devices
from attise.doors.edge.events.devices import Header
from attise.doors.edge.events.errors import STATED_BY_HOSTS
from attise.doors.edge.exchange import Exchange
from attise.doors.edge.feed.credentials import Caller
from attise.doors.edge.feed.viewers import Viewers
from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.ids import parse_id
from attise.measurement.ingest.sent import Sender, Sent, SentBatch, SentBeacon
from attise.records.viewer import Viewer


async def sender_of(exchange: Exchange, caller: Caller, batch: SentBatch | SentBeacon, viewers: Viewers) -> Sender:
    """Return who sends a batch. Raises: ``not_found``, ``stated_by_hosts``; Outage."""
    if caller.viewer_id is None:
        return _host(batch)
    if stated := _stated(batch):
        raise Refusal(STATED_BY_HOSTS, field=stated)
    viewer = viewers.get(caller.viewer_id) or await viewers.find(caller.viewer_id)
    if viewer is None:
        raise Refusal(NOT_FOUND)
    return _browser(viewer, exchange.header, exchange.client)


def known_sender(
    header: Header, client: tuple[str, int] | None, caller: Caller, batch: SentBatch | SentBeacon, viewers: Viewers
) -> Sender | None:
    """Return the same where nothing is to be read or refused for it, else None."""
    if caller.viewer_id is None:
        return _host(batch)
    viewer = viewers.get(caller.viewer_id)
    return None if viewer is None or _stated(batch) else _browser(viewer, header, client)


def _host(batch: SentBatch | SentBeacon) -> Sender:
    return Sender(None, getattr(batch, "agent", None) or "", getattr(batch, "address", None) or "")


def _browser(viewer: Viewer, header: Header, client: tuple[str, int] | None) -> Sender:
    return Sender(viewer, devices.agent_of(header), devices.address_of(client), devices.is_ahead(header))


async def viewers_of(events: Sequence[Sent], viewers: Viewers) -> Mapping[str, Viewer | None]:
    """Return the record of every viewer whom a host names, None for one who is not there. Raises: Outage."""
    found, missing = _look_up(events, viewers)
    read = await asyncio.gather(*(viewers.find(number) for _, number in missing))
    found.update(zip((text for text, _ in missing), read, strict=True))
    return found


def known_viewers(events: Sequence[Sent], viewers: Viewers) -> Mapping[str, Viewer | None] | None:
    """Return the same where none of them is to be read, else None."""
    found, missing = _look_up(events, viewers)
    return None if missing else found


def _look_up(events: Sequence[Sent], viewers: Viewers) -> tuple[dict[str, Viewer | None], list[tuple[str, int]]]:
    """Return the viewers that are named as far as they are known, and text and id of those that are to be read."""
    named = {item.viewer_id for item in events if item.viewer_id}
    found: dict[str, Viewer | None] = {}
    missing: list[tuple[str, int]] = []
    for text in named:
        number = parse_id(text) or 0
        found[str(text)] = known = viewers.get(number)
        if known is None:
            missing.append((str(text), number))
    return found, missing


def _stated(batch: SentBatch | SentBeacon) -> str:
    """Return the first field that states of a device what its own browser shows; empty: none does."""
    for name in ("agent", "address"):
        if getattr(batch, name, None):
            return name
        for place, item in enumerate(batch.events):
            if getattr(item, name):
                return f"events[{place}].{name}"
    return ""
