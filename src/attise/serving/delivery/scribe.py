"""What was decided, as records: of each slot the winner, its price, and why the others did not win."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import msgspec
import numpy as np

from attise.kernel.kept import Kept
from attise.records.decision import ADS, FEED, CoarseViewer, Contender, Decision, Ghost, Moment, NoAd, coarse
from attise.records.drops import REASONS, Drop
from attise.records.feed import FeedRequest, ViewerContext
from attise.records.token import AdClaims
from attise.serving import kernels
from attise.serving.delivery.auction import NOBODY, Place
from attise.serving.delivery.caps import NEVER, NONE
from attise.serving.delivery.contest import Contest
from attise.serving.delivery.memory import ViewerMemory
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
        self._counts, self._stood = self._counted()
        self._before: list[tuple[int, int]] | None = None
        self._taken = 0
        self._contenders: dict[int, Contender] = {}
        self._slots = tuple(slots)
        self._beside = beside

    def closed(self, slot: int, reason: NoAd) -> Decision:
        """Return the decision of a slot that was open to no ad: nothing was looked at for it."""
        return self._decision(slot, no_ad=reason, found=0, dropped=((int(Drop.SCAN_LIMIT), self._total),))

    def decided(self, slot: int, number: int) -> Decision:
        """Return the decision of the ``number``-th slot of the contest."""
        contest = self._contest
        if contest is None:
            raise AssertionError("an open slot has a contest")
        places = contest.places
        place = places[number] if number < len(places) else None
        ghosts = tuple(self._ghost(one) for one, at in contest.ghosts if at == number)
        dropped = self._dropped(contest, place, len(ghosts), number)
        if place is None:
            return self._decision(
                slot, no_ad=self._reason(contest), found=len(contest.found), dropped=dropped, ghosts=ghosts
            )
        winner = self._contender(place.winner)
        runner_up = None if place.runner_up == NOBODY else self._contender(place.runner_up)
        decision = self._decision(
            slot,
            winner=winner,
            runner_up=runner_up,
            claims=self._claims(place),
            price_ecpm=place.price,
            found=len(contest.found),
            dropped=dropped,
            ghosts=ghosts,
            is_exploration=place.winner not in contest.by_mean,
            propensity=contest.propensity[number],
        )
        if number + 1 < len(self._slots):
            self._take(contest, winner.advertiser_id)
        return decision

    def _decision(
        self,
        slot: int,
        *,
        found: int,
        dropped: tuple[tuple[int, int], ...],
        no_ad: NoAd | None = None,
        winner: Contender | None = None,
        runner_up: Contender | None = None,
        claims: AdClaims | None = None,
        price_ecpm: float = 0.0,
        ghosts: tuple[Ghost, ...] = (),
        is_exploration: bool = False,
        propensity: float = 1.0,
    ) -> Decision:
        request, policy = self._request, self._state.policy
        search = self._contest.search if found and self._contest is not None else None
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
        )

    def _moment(self, slot: int) -> Moment:
        memory = self._memory
        if memory is None or memory.last_ad_video < 0:
            return Moment(slot, NEVER, NEVER, self._slots, self._beside)
        since = memory.videos + slot - memory.last_ad_video - 1
        elapsed_ms = max(0, self._request.now_ms - memory.last_ad_ms)
        return Moment(slot, since, elapsed_ms, self._slots, self._beside)

    def _counted(self) -> tuple[list[int], int]:
        """Return how many ads each reason took out before the auction, by number, and how many stood in it."""
        if self._contest is None:
            return [0] * REASONS, 0
        contest = self._contest
        if kernels.are_ready():
            from attise.serving.delivery.compiled.weighing import tally

            counts = np.zeros(REASONS + 1, dtype=np.int64)
            tally(contest.drop, contest.search.dropped, counts)
        else:
            before = contest.search.dropped
            counts = np.bincount(contest.drop - NONE, minlength=REASONS + 1)
            counts[1 : len(before) + 1] += before
        stood, *by_reason = counts.tolist()
        return by_reason, stood

    def _dropped(self, contest: Contest, place: Place | None, ghosts: int, number: int) -> tuple[tuple[int, int], ...]:
        """Return the counts of one slot: what left before the auction, and what stood and did not win it."""
        counts, taken = self._counts, self._taken
        held = ghosts + sum([1 for _, at in contest.ghosts if at < number])
        if self._before is None:  # what left before the auction left it for every slot
            self._before = [
                (reason, count) for reason, count in enumerate(counts) if count and reason not in _OF_A_SLOT
            ]
        of_slot = (
            (_SAME_ADVERTISER, counts[_SAME_ADVERTISER] + taken),
            (_HOLDOUT, counts[_HOLDOUT] + held),
            (_OUTBID, counts[_OUTBID] + self._stood - taken - held - (place is not None)),
        )
        return tuple(sorted([*self._before, *[told for told in of_slot if told[1]]]))

    def _take(self, contest: Contest, advertiser_id: int) -> None:
        """Count the ads that stood and belong to an advertiser that has a slot now: none of them has another."""
        rows = contest.found.rows
        if kernels.are_ready():
            from attise.serving.delivery.compiled.weighing import count_standing

            self._taken += count_standing(rows, contest.drop, advertiser_id)
        else:
            self._taken += int(np.count_nonzero(contest.drop[rows["advertiser_id"] == advertiser_id] == NONE))

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

    def _contender(self, at: int) -> Contender:
        """Return the standing of the ``at``-th of those that were predicted."""
        contest = self._contest
        if contest is None:
            raise AssertionError("who stands, stands in a contest")
        found = self._contenders.get(at)  # the next in rank of one slot is as a rule the winner of the next slot
        if found is None:
            found = self._contenders[at] = contender_of(contest, at)
        return found

    def _ghost(self, at: int) -> Ghost:
        one = self._contender(at)
        return Ghost(
            *(one.ad_id, one.adgroup_id, one.campaign_id, one.advertiser_id, one.rank_value),
            *(one.post_id, one.creator_id, one.holdout_ppm),
        )

    def _claims(self, place: Place) -> AdClaims:
        contest = self._contest
        if contest is None:
            raise AssertionError("who won, won a contest")
        told = _told(contest, place.winner)
        price_micros = price_of(contest, place, told.claims.billing_event)
        return msgspec.structs.replace(told.claims, price_micros=price_micros)


def contender_of(contest: Contest, at: int) -> Contender:
    """Return the standing of the ``at``-th of those that were predicted."""
    told, candidate = _told(contest, at), contest.kept.item(at)
    weighed, seen = contest.weighed, contest.seen
    return Contender(
        *told.standing,
        tuple(contest.rates.mean[at].tolist()),
        contest.found.rows["multiplier"].item(candidate),
        weighed.offer.item(at),
        weighed.user_value.item(at),
        weighed.rank_value.item(at),
        contest.rates.exploring.item(at),
        seen.exposures.item(candidate),
        seen.since_ms.item(candidate),
        *told.cap_and_video,
        weighed.rate.item(at),
        *told.words,
        told.holdout_ppm,
    )


def _told(contest: Contest, at: int) -> Told:
    candidate, found = contest.kept.item(at), contest.found
    return told_of(found.parts[found.part.item(candidate)], found.place.item(candidate))


def price_of(contest: Contest, place: Place, billing_event: str) -> int:
    """Return what one billable event of a winner costs, in whole micros of its currency, rounded down.

    The same share of its bid that the auction came to. Invariants: 0 <= result <= its bid for one event.
    """
    candidate, rows = contest.kept.item(place.winner), contest.found.rows
    offered: float = rows["full_bid_micros"].item(candidate) * rows["multiplier"].item(candidate)
    if billing_event in PAID_BY_IMPRESSION:
        per_event = THOUSAND if rows["event"].item(candidate) == IMPRESSION else 1.0
        offered *= contest.weighed.rate.item(place.winner) / per_event
    return max(0, math.floor(offered * place.share))
