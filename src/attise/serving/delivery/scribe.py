"""What was decided, as records: of each slot the winner, its price, and why the others did not win."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

import msgspec

from attise.kernel.kept import Kept
from attise.records.decision import ADS, FEED, CoarseViewer, Contender, Decision, Ghost, Moment, NoAd, coarse
from attise.records.drops import Drop
from attise.records.feed import FeedRequest, ViewerContext
from attise.records.token import AdClaims
from attise.serving.delivery.auction import NOBODY
from attise.serving.delivery.caps import NEVER
from attise.serving.delivery.contest import Contest, Standing, number_in_splits
from attise.serving.delivery.memory import ViewerMemory
from attise.serving.delivery.splits import met_by
from attise.serving.delivery.state import State
from attise.serving.delivery.told import Told, told_of
from attise.serving.delivery.value import IMPRESSION, THOUSAND

PAID_BY_IMPRESSION: Final = ("CPM", "OCPM")
_ATTENTION, _RESERVE = int(Drop.ATTENTION), int(Drop.RESERVE)
_OF_A_SLOT = _SAME_ADVERTISER, _HOLDOUT, _OUTBID = int(Drop.SAME_ADVERTISER), int(Drop.HOLDOUT), int(Drop.OUTBID)
_COARSE: Final[Kept[ViewerContext, CoarseViewer]] = Kept(8_192)
"""What logs keep of the viewers who were here last."""


class Scribe:
    """Writes the decisions of one answer."""

    def __init__(
        self,
        request: FeedRequest,
        state: State,
        memory: ViewerMemory | None,
        contest: Contest | None,
        slots: Sequence[int] = (),
        beside: int = 0,
    ) -> None:
        """Write of one contest, or of none where no slot was open."""
        self._request = request
        self._state = state
        self._memory = memory
        self._viewer = _COARSE.find(request.viewer) or _COARSE.keep(request.viewer, coarse(request.viewer))
        self._contest = contest
        self._total = state.size
        self._left: tuple[tuple[tuple[int, int], ...], ...] = ()
        self._taken = 0
        self._contenders: dict[int, tuple[Contender, Told]] = {}
        self._slots = tuple(slots)
        self._beside = beside
        # Asked of the sides of tests alone: most houses have none.
        number = number_in_splits(request.viewer, state)
        self._met = met_by(contest.found.rows, number) if number and contest is not None else ()

    def closed(self, slot: int, reason: NoAd) -> Decision:
        """Return the decision of a slot that was open to no ad: nothing was looked at for it."""
        return self._decision(slot, no_ad=reason, dropped=((int(Drop.SCAN_LIMIT), self._total),), is_closed=True)

    def decided(self, slot: int, number: int) -> Decision:
        """Return the decision of the ``number``-th slot of the contest."""
        contest = self._contest
        if contest is None:
            raise AssertionError("an open slot has a contest")
        places = contest.places
        ghosts: tuple[Ghost, ...] = ()
        if contest.ghosts:
            ghosts = tuple([self._ghost(one) for one, at in contest.ghosts if at == number])
        if number >= len(places):
            dropped = self._dropped(contest, number, is_won=False)
            return self._decision(slot, no_ad=self._reason(contest), dropped=dropped, ghosts=ghosts)
        place = places[number]
        dropped = self._dropped(contest, number, is_won=True)
        self._taken += contest.same[number]  # none of them has another slot
        winner, told = self._contender(place.winner)
        return self._decision(
            slot,
            winner=winner,
            runner_up=None if place.runner_up == NOBODY else self._contender(place.runner_up)[0],
            claims=msgspec.structs.replace(told.claims, price_micros=price_of(winner, told, place.share)),
            price_ecpm=place.price,
            dropped=dropped,
            ghosts=ghosts,
            is_exploration=place.winner not in contest.by_mean,
            propensity=contest.propensity[number],
        )

    def _decision(
        self,
        slot: int,
        *,
        dropped: tuple[tuple[int, int], ...],
        no_ad: NoAd | None = None,
        winner: Contender | None = None,
        runner_up: Contender | None = None,
        claims: AdClaims | None = None,
        price_ecpm: float = 0.0,
        ghosts: tuple[Ghost, ...] = (),
        is_exploration: bool = False,
        propensity: float = 1.0,
        is_closed: bool = False,
    ) -> Decision:
        request, policy = self._request, self._state.policy
        contest = None if is_closed else self._contest
        found, visited, scanned = (0, 0, 0) if contest is None else (contest.many, contest.visited, contest.scanned)
        return Decision(
            request.ids[slot],
            request.feed_id,
            ADS if request.ads_only else FEED,
            request.session_id,
            request.now_ms,
            request.wire_ms,
            request.seed,
            self._viewer,
            self._moment(slot),
            self._state.versions,
            winner,
            runner_up,
            no_ad,
            claims,
            price_ecpm,
            policy.reserve_ecpm,
            policy.attention_ecpm,
            ghosts,
            is_exploration,
            propensity,
            self._total,
            visited if found else 0,
            scanned if found else 0,
            found,
            dropped,
            () if is_closed else self._met,
        )

    def _moment(self, slot: int) -> Moment:
        memory = self._memory
        if memory is None or memory.last_ad_video < 0:
            return Moment(slot, NEVER, NEVER, self._slots, self._beside)
        since = memory.videos + slot - memory.last_ad_video - 1
        elapsed_ms = max(0, self._request.now_ms - memory.last_ad_ms)
        return Moment(slot, since, elapsed_ms, self._slots, self._beside)

    def _dropped(self, contest: Contest, number: int, *, is_won: bool) -> tuple[tuple[int, int], ...]:
        """Return the counts of one slot: what left before the auction, and what stood and did not win it."""
        if not self._left:  # what left before the auction left it for every slot
            left = contest.left
            first, second, third = [bisect_left(left, (reason,)) for reason in _OF_A_SLOT]
            self._left = (left[:first], left[first:second], left[second:third], left[third:])
        held = sum([1 for _, at in contest.ghosts if at <= number]) if contest.ghosts else 0
        outbid = contest.stood - self._taken - held - is_won
        before, after_first, after_second, after_third = self._left
        return (
            *before,
            *(((_SAME_ADVERTISER, self._taken),) if self._taken else ()),
            *after_first,
            *(((_HOLDOUT, held),) if held else ()),
            *after_second,
            *(((_OUTBID, outbid),) if outbid else ()),
            *after_third,
        )

    def _reason(self, contest: Contest) -> NoAd:
        if not contest.many:
            return NoAd.NONE_ELIGIBLE
        if contest.ghosts and not contest.places:
            return NoAd.HOLDOUT
        left = {} if contest.stood else dict(contest.left)
        if _ATTENTION in left:
            return NoAd.BELOW_ATTENTION
        return NoAd.BELOW_RESERVE if _RESERVE in left else NoAd.ALL_DROPPED

    def _contender(self, at: int) -> tuple[Contender, Told]:
        """Return the standing of the ``at``-th of those that were predicted, and what is told of it whoever asks."""
        contest = self._contest
        if contest is None:
            raise AssertionError("who stands, stands in a contest")
        found = self._contenders.get(at)  # the next in rank of one slot is as a rule the winner of the next slot
        if found is None:
            standing = contest.standing(at)
            told = told_of(self._state.parts[standing.part], standing.place)
            found = self._contenders[at] = (_contender(standing, told), told)
        return found

    def _ghost(self, at: int) -> Ghost:
        one, _ = self._contender(at)
        return Ghost(
            *(one.ad_id, one.adgroup_id, one.campaign_id, one.advertiser_id, one.rank_value),
            *(one.post_id, one.creator_id, one.holdout_ppm),
        )


def contender_of(contest: Contest, at: int) -> Contender:
    """Return the standing of the ``at``-th of those that were predicted."""
    standing = contest.standing(at)
    return _contender(standing, told_of(contest.arrays().found.parts[standing.part], standing.place))


def _contender(standing: Standing, told: Told) -> Contender:
    return Contender(
        *told.standing,
        standing.rates,
        standing.multiplier,
        standing.offer,
        standing.user_value,
        standing.rank_value,
        standing.is_exploring,
        standing.exposures,
        standing.since_ms,
        *told.cap_and_video,
        standing.rate,
        *told.words,
        told.holdout_ppm,
    )


def price_of(winner: Contender, told: Told, share: float) -> int:
    """Return what one billable event of a winner costs, in whole micros of its currency, rounded down.

    Args: share: that of its bid which the auction came to. Invariants: 0 <= result <= its bid for one event.
    """
    offered = told.full_bid_micros * winner.pace
    if winner.billing_event in PAID_BY_IMPRESSION:
        per_event = THOUSAND if told.event == IMPRESSION else 1.0
        offered *= winner.event_rate / per_event
    return max(0, math.floor(offered * share))
