"""What was decided, as records: of each slot the winner, its price, and why the others did not win."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import msgspec

from attise.kernel.kept import Kept
from attise.records.decision import ADS, FEED, CoarseViewer, Contender, Decision, Ghost, Moment, NoAd, coarse
from attise.records.drops import Drop
from attise.records.feed import FeedRequest, ViewerContext
from attise.records.token import AdClaims
from attise.serving.delivery.auction import NOBODY
from attise.serving.delivery.caps import NEVER, NONE
from attise.serving.delivery.contest import LIKED, OFFER, RATE, VALUE, Contest, number_in_splits
from attise.serving.delivery.memory import ViewerMemory
from attise.serving.delivery.splits import met_by
from attise.serving.delivery.state import State
from attise.serving.delivery.told import Told, told_of
from attise.serving.delivery.value import IMPRESSION, THOUSAND

PAID_BY_IMPRESSION: Final = ("CPM", "OCPM")
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
        self._counts = [0] if contest is None else contest.counts.tolist()
        self._reasons: list[int] = []
        self._taken = 0
        self._contenders: dict[int, tuple[Contender, Told]] = {}
        self._slots = tuple(slots)
        self._beside = beside
        # Asked of the sides of tests alone: most houses have none.
        number = number_in_splits(request, state)
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
        found = 0 if contest is None else len(contest.found)
        search = contest.search if found and contest is not None else None
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
            0 if search is None else search.visited,
            0 if search is None else search.scanned,
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
        stood, *counts = self._counts
        if not self._reasons:  # what left before the auction left it for every slot
            self._reasons = [reason for reason, count in enumerate(counts) if count or reason in _OF_A_SLOT]
        held = sum([1 for _, at in contest.ghosts if at <= number]) if contest.ghosts else 0
        counts[_SAME_ADVERTISER] += self._taken
        counts[_HOLDOUT] += held
        counts[_OUTBID] += stood - self._taken - held - is_won
        return tuple([(reason, count) for reason in self._reasons if (count := counts[reason])])

    def _reason(self, contest: Contest) -> NoAd:
        if not len(contest.found):
            return NoAd.NONE_ELIGIBLE
        if contest.ghosts and not contest.places:
            return NoAd.HOLDOUT
        left = set(contest.drop.tolist())
        if NONE not in left and Drop.ATTENTION in left:
            return NoAd.BELOW_ATTENTION
        if NONE not in left and Drop.RESERVE in left:
            return NoAd.BELOW_RESERVE
        return NoAd.ALL_DROPPED

    def _contender(self, at: int) -> tuple[Contender, Told]:
        """Return the standing of the ``at``-th of those that were predicted, and what is told of it whoever asks."""
        contest = self._contest
        if contest is None:
            raise AssertionError("who stands, stands in a contest")
        found = self._contenders.get(at)  # the next in rank of one slot is as a rule the winner of the next slot
        if found is None:
            told = _told(contest, at)
            found = self._contenders[at] = (_standing(contest, at, told), told)
        return found

    def _ghost(self, at: int) -> Ghost:
        one, _ = self._contender(at)
        return Ghost(
            *(one.ad_id, one.adgroup_id, one.campaign_id, one.advertiser_id, one.rank_value),
            *(one.post_id, one.creator_id, one.holdout_ppm),
        )


def contender_of(contest: Contest, at: int) -> Contender:
    """Return the standing of the ``at``-th of those that were predicted."""
    return _standing(contest, at, _told(contest, at))


def _standing(contest: Contest, at: int, told: Told) -> Contender:
    candidate, scores, seen = contest.kept.item(at), contest.weighed.scores, contest.seen
    return Contender(
        *told.standing,
        tuple(contest.rates.mean[at].tolist()),
        contest.found.rows["multiplier"].item(candidate),
        scores.item(OFFER, at),
        scores.item(LIKED, at),
        scores.item(VALUE, at),
        contest.rates.exploring.item(at),
        seen.exposures.item(candidate),
        seen.since_ms.item(candidate),
        *told.cap_and_video,
        scores.item(RATE, at),
        *told.words,
        told.holdout_ppm,
    )


def _told(contest: Contest, at: int) -> Told:
    candidate, found = contest.kept.item(at), contest.found
    return told_of(found.parts[found.part.item(candidate)], found.place.item(candidate))


def price_of(winner: Contender, told: Told, share: float) -> int:
    """Return what one billable event of a winner costs, in whole micros of its currency, rounded down.

    Args: share: that of its bid which the auction came to. Invariants: 0 <= result <= its bid for one event.
    """
    offered = told.full_bid_micros * winner.pace
    if winner.billing_event in PAID_BY_IMPRESSION:
        per_event = THOUSAND if told.event == IMPRESSION else 1.0
        offered *= winner.event_rate / per_event
    return max(0, math.floor(offered * share))
