"""Whether the house answers: each part by itself, and all of them together."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any, Protocol

from attise.doors.edge import limits, problems
from attise.doors.edge.changes import Follower, State
from attise.doors.edge.exchange import Exchange, Refused
from attise.doors.edge.headers import SECURITY
from attise.doors.edge.serving.loading import Loading
from attise.kernel.clock import Clock

log = logging.getLogger("attise.edge")


class Site(Protocol):
    """What can tell whether the site is well."""

    async def is_well(self, host: str) -> bool:
        """Tell whether the site says that it is well."""
        ...


class Health:
    """Answers ``/livez`` (this process runs), ``/readyz`` and ``/healthz`` (the house takes requests)."""

    PATHS = frozenset({"/livez", "/readyz", "/healthz"})
    NEEDED = ("edge", "site", "database", "settle")
    """The parts without which the house is not well; the others are told only."""

    def __init__(
        self, *, site: Site, state: State, follower: Follower, loading: Loading, clock: Clock, host: str
    ) -> None:
        """Ask these; ``host`` is a name of this house that the site takes."""
        self._site = site
        self._state = state
        self._follower = follower
        self._loading = loading
        self._clock = clock
        self._host = host
        self._found: dict[str, Any] = {}
        self._found_at_s = float("-inf")
        self._looking = asyncio.Lock()
        self.is_draining = False

    async def answer(self, exchange: Exchange) -> None:
        """Answer one of the paths. Raises: Refused."""
        if exchange.method not in {"GET", "HEAD"}:
            raise Refused(problems.READ_ONLY)
        report: dict[str, Any] = {"ok": True}
        if exchange.path != "/livez":
            report = await self.report()
        body = json.dumps(report).encode()
        headers = [*SECURITY, (b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        if not report["ok"]:
            headers.append((b"retry-after", b"1"))
        await exchange.answer(200 if report["ok"] else 503, headers, body)

    async def report(self) -> dict[str, Any]:
        """Return ``{ok, draining, parts: {name: {ok, ...}}}``, at most a quarter of a second old."""
        async with self._looking:
            now_s = self._clock.monotonic_s()
            if now_s - self._found_at_s > limits.HEALTH_LIFE_S:
                self._found = await self._look()
                self._found_at_s = now_s
        parts = {**self._found, "edge": {"ok": not self.is_draining}}
        is_well = all(parts[name]["ok"] for name in self.NEEDED)
        return {"ok": is_well, "draining": self.is_draining, "parts": parts}

    async def _look(self) -> dict[str, Any]:
        site = await self._site.is_well(self._host)
        now_s, now_ms = self._clock.monotonic_s(), self._clock.wire_ms()
        fresh = self._state.is_fresh(now_s)
        found: dict[str, Any] = {
            "site": {"ok": site},
            "database": {"ok": fresh, "version": self._state.version, "age_ms": self._state.age_ms(now_s)},
        }
        for role in ("settle", "worker"):
            seen_ms = self._follower.seen.get(role)
            # What was seen is known from the same reading: if that is stale, so is this.
            is_seen = fresh and seen_ms is not None and now_ms - seen_ms <= limits.SEEN_MS
            found[role] = {"ok": is_seen}
        found["serving"] = self._loading.report()
        return found
