"""``POST /v1/feed`` and ``POST /v1/ads``: one request, whole.

Steps 0 to 9 of *a feed request is decided*. Between the reading of a viewer's running state and the writing of it
nothing is awaited, so two requests of one viewer are decided one after the other. What fails in ads costs the ads.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from attise.doors.edge.app import HOST
from attise.doors.edge.at_once import Connection, plain_headers
from attise.doors.edge.exchange import Exchange
from attise.doors.edge.feed import refusals
from attise.doors.edge.feed.asked import Asked, read_asked, read_plain
from attise.doors.edge.feed.credentials import Caller, Credentials
from attise.doors.edge.feed.errors import TICKET_OF_ONE
from attise.doors.edge.feed.items import Item, Items
from attise.doors.edge.feed.memories import Held, Memories
from attise.doors.edge.feed.metrics import Metrics
from attise.doors.edge.feed.taking import JSON, Posted, body_of, check_body, headers_for, lines_for
from attise.doors.edge.feed.viewers import Viewers
from attise.doors.edge.headers import RawHeaders, is_name
from attise.doors.edge.languages import language_of
from attise.kernel.chance import Chance
from attise.kernel.clock import Clock
from attise.kernel.errors import NOT_FOUND, Outage, Refusal
from attise.kernel.ids import IdSource
from attise.kernel.limits import DAY_MS, FEED_BODY_BYTES
from attise.measurement.ingest.log import EntryKind
from attise.measurement.ingest.writer import LogWriter
from attise.records.decision import Decision
from attise.records.feed import FeedRequest, ViewerContext, context_of
from attise.records.viewer import Viewer

log = logging.getLogger("attise.edge.feed")

Memory = TypeVar("Memory")

FEED, ADS = "/v1/feed", "/v1/ads"
PATHS = frozenset({FEED, ADS})
ADS_ADDRESS = ADS.encode()
ADDRESSES = (FEED.encode(), ADS_ADDRESS)
"""As they are sent, where a request may be answered at once."""
JSON_BYTES = JSON.encode()
HOSTS = 64
"""Names of this house that are known to be well written."""
IN_FLIGHT = 256
"""Requests that may wait for their body, their viewer or their turn at once; more are told to come back."""
CONTEXTS = 50_000
"""Viewers of whom it is kept what a decision may know."""
_NOBODY = ViewerContext(pseudonym="")


@dataclass(frozen=True, slots=True)
class Decided(Generic[Memory]):
    """One answer as decided: items in order, what to log, and the viewer's running state after it, if they have one."""

    items: Sequence[Item]
    decisions: Sequence[Decision]
    memory: Memory | None
    why_no_ads: str = ""
    """Why ads were not decided on, when they failed: then the answer is organic."""


class Decider(Protocol[Memory]):
    """What decides: the state that is loaded now, and the rules."""

    def decide(self, request: FeedRequest, memory: Memory | None, *, with_ads: bool) -> Decided[Memory]:
        """Return an answer; without ads when those are asked not to be looked at. Awaits nothing.

        ``memory`` is None for somebody of whom nothing is kept.
        """
        ...

    @property
    def why_no_ads(self) -> str:
        """Why no ad may be decided on now; empty when they may."""
        ...


@dataclass(frozen=True, slots=True)
class Sources:
    """Where ids, time and chance come from; ``ids`` is None until this process has a node."""

    clock: Clock
    chance: Chance
    ids: Callable[[], IdSource | None]


class Feed(Generic[Memory]):
    """Answers the two calls."""

    def __init__(
        self,
        *,
        decider: Decider[Memory],
        credentials: Credentials,
        viewers: Viewers,
        memories: Memories[Memory],
        items: Items,
        writer: LogWriter,
        metrics: Metrics,
        sources: Sources,
        public: str | None,
        proto: str,
        in_flight: int = IN_FLIGHT,
    ) -> None:
        """Answer with these; links begin with ``public``, or ``proto`` and the host that was asked."""
        self._decider = decider
        self._credentials = credentials
        self._viewers = viewers
        self._memories = memories
        self._items = items
        self._writer = writer
        self._metrics = metrics
        self._sources = sources
        self._public = public
        self._proto = proto
        self._posted = Posted(in_flight)
        self._bases: dict[bytes, str] = {}
        self._contexts: dict[int, tuple[Viewer, int, ViewerContext]] = {}

    async def answer(self, exchange: Exchange) -> None:
        """Answer a request for items. Raises: Refused, when there is no room for it; ClientLeft."""
        began_s = self._sources.clock.monotonic_s()
        call = "ads" if exchange.path == ADS else "feed"

        def done(outcome: str) -> None:
            self._metrics.requests[call, outcome] += 1
            if outcome != "busy":
                self._metrics.took(self._sources.clock.monotonic_s() - began_s)

        await self._posted.answer(exchange, self._answer, done)

    def answer_at_once(
        self, address: bytes, headers: RawHeaders, body: bytes, connection: Connection
    ) -> Sequence[bytes] | None:
        """Answer a plain, good request of somebody who was here before; None: ``answer`` finds what is different.

        See ``at_once``. Cost: of what is not decided, some 10 µs.
        """
        del connection  # nothing comes later
        began_s = self._sources.clock.monotonic_s()
        found = plain_headers(headers)
        if found is None or self._posted.is_full or found.get(b"content-type") != JSON_BYTES:
            return None
        base, name = self._known_base(found.get(b"host", b"")), found.get(b"x-request-id")
        caller = self._credentials.at_once(found.get(b"authorization", b""))
        asked = read_plain(body)
        if base is None or caller is None or asked is None or not (name is None or is_name(name)):
            return None
        viewer_id = asked.viewer_id if caller.viewer_id is None else caller.viewer_id
        if viewer_id is None or asked.viewer_id not in {None, viewer_id} or self._sources.ids() is None:
            return None
        viewer = self._viewers.get(viewer_id)
        if viewer is None:
            return None
        name = name or self._sources.chance.token(16).hex().encode()
        language = _language_for(viewer, found.get(b"cookie", b""), found.get(b"accept-language", b""))
        parts, decisions = self._given(asked, viewer, "", ads_only=address == ADS_ADDRESS, base=base, language=language)
        answer = [*lines_for(sum(map(len, parts)), name), *parts]
        try:
            self._keep(decisions)
            self._metrics.requests["ads" if address == ADS_ADDRESS else "feed", "ok"] += 1
            self._metrics.took(self._sources.clock.monotonic_s() - began_s)
        except Exception:
            # It is decided and remembered: to decide again would be to show and to count it twice.
            log.exception("request %s is answered, and not all of it was counted", name.decode())
        return answer

    @property
    def in_flight(self) -> int:
        """How many requests are under way."""
        return self._posted.in_flight

    async def _answer(self, exchange: Exchange) -> None:
        """Answer. Raises: Refusal, Refusals, Outage, Refused, ClientLeft."""
        header = exchange.header(b"authorization")
        caller = self._credentials.known(header) or await self._credentials.open(header)
        check_body(exchange, types=(JSON,), limit=FEED_BODY_BYTES)
        raw = await body_of(exchange, limit=FEED_BODY_BYTES)
        asked = read_asked(raw, now_ms=self._sources.clock.world_ms())
        try:
            viewer, why_not = await self._find_viewer(caller, asked), ""
        except Outage:
            # Nobody waits for a database to see a video; but caps that cannot be looked up are not passed over.
            viewer, why_not = None, "viewer_unread"
        base = self._base(exchange.header(b"host"))
        headers = (exchange.header(name).encode("latin-1") for name in (b"cookie", b"accept-language"))
        language = _language_for(viewer, *headers)
        parts, decisions = self._given(
            asked, viewer, why_not, ads_only=exchange.path == ADS, base=base, language=language
        )
        body = b"".join(parts)
        try:
            await exchange.answer(200, headers_for(exchange, len(body)), body)
        finally:
            self._keep(decisions)

    def _given(
        self, asked: Asked, viewer: Viewer | None, why_not: str, *, ads_only: bool, base: str, language: str
    ) -> tuple[Sequence[bytes], Sequence[Decision]]:
        """Return an answer in parts and what was decided for it; nothing is awaited. Raises: Outage.

        ``why_not``: why no ad may be decided on, whatever else holds.
        """
        held = None if viewer is None or not viewer.viewer_id else self._memories.get(viewer.viewer_id)
        request = self._request(asked, viewer, ads_only=ads_only)
        decided = self._decide(request, held, why_not or self._decider.why_no_ads)
        parts = self._items.write(
            request.feed_id, decided.items, base=base, language=language, now_s=request.wire_ms // 1000
        )
        if held is not None and decided.memory is not None:  # last: what could not be written was not shown
            held.memory = decided.memory
            self._memories.changed(held)
        return parts, decided.decisions

    def _base(self, host: str) -> str:
        """Return what links begin with: where this house is reached from outside."""
        if self._public:
            return self._public
        return f"{self._proto}://{host}" if host else ""

    def _known_base(self, host: bytes) -> str | None:
        """Return the same for a host as it was sent, or None where it is not written as hosts are."""
        known = self._bases.get(host)
        if known is None:
            text = host.decode("latin-1")
            if not HOST.fullmatch(text):
                return None
            if len(self._bases) >= HOSTS:
                self._bases.clear()
            known = self._bases[host] = self._base(text)
        return known

    async def _find_viewer(self, caller: Caller, asked: Asked) -> Viewer | None:
        """Return who watches, None for somebody nothing is known of. Raises: ``not_found``, ``ticket_of_one``."""
        viewer_id = asked.viewer_id
        if caller.viewer_id is not None:
            if asked.viewer is not None or viewer_id not in {None, caller.viewer_id}:
                raise Refusal(TICKET_OF_ONE, field="viewer" if asked.viewer is not None else "viewer_id")
            viewer_id = caller.viewer_id
        if viewer_id is None:
            return asked.viewer
        found = self._viewers.get(viewer_id) or await self._viewers.find(viewer_id)
        if found is None:
            raise Refusal(NOT_FOUND, field="viewer_id")
        return found

    def _request(self, asked: Asked, viewer: Viewer | None, *, ads_only: bool) -> FeedRequest:
        """Return what is decided on: all chance, clocks, ids of this answer. Raises: Outage, before there is a node."""
        ids = self._sources.ids()
        if ids is None:
            raise Outage("no node number yet")
        now_ms, wire_ms = self._sources.clock.moment_ms()
        taken = ids.take(1 + asked.count)
        return FeedRequest(
            feed_id=taken[0],
            viewer=_NOBODY if viewer is None else self._context(viewer, now_ms),
            count=asked.count,
            now_ms=now_ms,
            wire_ms=wire_ms,
            seed=int.from_bytes(self._sources.chance.token(8), "big"),
            ids=taken[1:],
            session_id=asked.session_id,
            ads_only=ads_only,
            followed_only=asked.followed_only,
        )

    def _context(self, viewer: Viewer, now_ms: int) -> ViewerContext:
        """Return what a decision may know of a viewer: the same for the whole of a day (UTC), for one record."""
        day = now_ms // DAY_MS
        known = self._contexts.get(viewer.viewer_id)
        if known is not None and known[0] is viewer and known[1] == day:
            return known[2]
        context = context_of(viewer, now_ms=now_ms)
        if viewer.viewer_id:
            if len(self._contexts) >= CONTEXTS:
                self._contexts.clear()
            self._contexts[viewer.viewer_id] = (viewer, day, context)
        return context

    def _decide(self, request: FeedRequest, held: Held[Memory] | None, why_not: str) -> Decided[Memory]:
        """Return an answer, without ads where those cannot be decided on or fail."""
        memory = None if held is None else held.memory
        if not why_not:
            try:
                decided = self._decider.decide(request, memory, with_ads=True)
            except Exception:
                log.exception("ads failed: the feed goes on without")
                why_not = "failed"
            else:
                if decided.why_no_ads:
                    self._metrics.organic_only[decided.why_no_ads] += 1
                return decided
        self._metrics.organic_only[why_not] += 1
        return self._decider.decide(request, memory, with_ads=False)

    def _keep(self, decisions: Sequence[Decision]) -> None:
        """Count what was decided and leave it to the log."""
        if not decisions:
            return
        self._writer.offer(EntryKind.DECISION, [(one.decision_id, one) for one in decisions])
        for one in decisions:
            self._metrics.slots["ad" if one.no_ad is None else one.no_ad] += 1
            self._metrics.left(one.dropped)


def _language_for(viewer: Viewer | None, cookie: bytes, accepted: bytes) -> str:
    """Return the language of labels: the viewer's own, where it is spoken here; else that of the request's headers."""
    if viewer is not None and viewer.language in refusals.LANGUAGES:
        return viewer.language
    return language_of(cookie.decode("latin-1"), accepted.decode("latin-1"))
