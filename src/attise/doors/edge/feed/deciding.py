"""One decision of an answer, on what is loaded at this moment.

Steps 4 to 6 of *a feed request is decided*: posts are ranked, slots fixed, ads chosen and held against their budgets,
tokens sealed. Awaits nothing and reads no clock of its own.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from typing import Any, Protocol

import msgspec

from attise.doors.edge.changes import State as Changes
from attise.doors.edge.feed.calls import Decided
from attise.kernel.clock import Clock
from attise.records.feed import FeedRequest
from attise.records.snapshot.shapes import SnapshotAd, SnapshotPost
from attise.records.token import TokenSealer
from attise.serving.delivery.decide import claims_of
from attise.serving.delivery.memory import ViewerMemory, heard
from attise.serving.delivery.pacing.traffic import Traffic
from attise.serving.delivery.state import State
from attise.serving.feed.answer import answer, sent
from attise.serving.feed.attention import AttentionMeter
from attise.serving.feed.posts import PostIndex

log = logging.getLogger("attise.edge.feed")


class Loaded(Protocol):
    """What decisions read, swapped whole; ``doors.edge.serving.loaded``."""

    @property
    def state(self) -> State | None:
        """Of ads; None: there is nothing to decide on yet."""
        ...

    @property
    def posts(self) -> PostIndex:
        """The feed's stock."""
        ...


class Loads(Protocol):
    """What keeps it fresh; ``doors.edge.serving.loading``."""

    @property
    def loaded(self) -> Loaded:
        """What is loaded now."""
        ...

    @property
    def money(self) -> threading.Lock:
        """Held while allowances are read or written."""
        ...

    def report(self) -> Mapping[str, Any]:
        """Return what is loaded in figures, for whoever watches."""
        ...

    @property
    def traffic(self) -> Traffic:
        """Where slots are counted as they are asked for: pacing plans by it."""
        ...


class Shown(msgspec.Struct, frozen=True, gc=False):
    """One place of an answer, with its token."""

    token: str
    decision_id: int
    post: SnapshotPost | None
    ad: SnapshotAd | None


class Deciding:
    """Decides answers; see ``calls.Decider``."""

    def __init__(
        self,
        loads: Loads,
        changes: Changes,
        clock: Clock,
        tokens: TokenSealer,
        attention: AttentionMeter | None = None,
    ) -> None:
        """Decide on what ``loads`` has; no ad, when what ``changes`` heard is older than two seconds.

        ``attention`` keeps feeds' ads to a share of their items; None: as the policy says.
        """
        self._attention = attention
        self._loads = loads
        self._changes = changes
        self._clock = clock
        self._tokens = tokens

    @property
    def why_no_ads(self) -> str:
        """Why no ad may be decided on now; empty when they may."""
        if not self._changes.is_fresh(self._clock.monotonic_s()):
            return "stale"
        if self._changes.are_ads_stopped:
            return "stopped"
        return "" if self._loads.loaded.state is not None else "unloaded"

    def decide(self, request: FeedRequest, memory: ViewerMemory | None, *, with_ads: bool) -> Decided[ViewerMemory]:
        """Return an answer, its tokens sealed and what it may cost held against budgets."""
        loaded = self._loads.loaded
        state = loaded.state if with_ads else None
        meter = None if request.ads_only else self._attention
        if state is not None and meter is not None:
            state = meter.priced(state)
        if state is not None and memory is not None:
            quiet_videos = state.policy.caps.quiet_videos
            memory = heard(memory, request.viewer.hid_at_ms, quiet_videos=quiet_videos, now_ms=request.now_ms)
        with self._loads.money:
            given = answer(request, loaded.posts, state, memory)
            after = sent(request, state, memory, given)
        if state is not None and meter is not None and given.fault is None:
            meter.saw(given, wire_ms=request.wire_ms)
        if given.decisions:
            self._loads.traffic.seen(request.now_ms, len(given.decisions))
        if given.fault is not None:
            log.error("ads failed: the feed goes on without", exc_info=given.fault)
        claims, posts = [*given.claims], loaded.posts.posts_at(given.stock_places)
        ads: list[SnapshotAd | None] = [None] * len(claims)
        stand = [number for number, said in enumerate(claims) if said is None] if given.ads else ()
        for number, item in zip(stand, given.ads, strict=True):
            claims[number] = said = claims_of(item.decision)
            ads[number] = ad = _found(state, said.ad.ad_id)
            posts[number] = ad.post
        tokens, ids = self._tokens.seal_all(claims), [said.decision_id for said in claims]
        return Decided(
            [*map(Shown, tokens, ids, posts, ads)], given.decisions, after, "" if given.fault is None else "failed"
        )


def _found(state: State | None, ad_id: int) -> SnapshotAd:
    """Return an ad that was chosen from a state."""
    ad = None if state is None else state.find_winner(ad_id)
    if ad is None:
        raise AssertionError("an ad that was chosen is in the state that it was chosen from")
    return ad
