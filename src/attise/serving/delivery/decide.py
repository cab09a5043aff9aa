"""One decision for each slot of an answer: search, gates, prediction, value, auction, price, record.

Step 3 of *a viewer's feed request is decided*; before: ``feed`` (slots), after: the answer and the log. Everything is
in the arguments: the same request, state, memory and slots give the same decisions, byte for byte. Nothing here waits,
reads a clock or changes anything; what was decided is held against budgets by ``hold``, and remembered by ``memory``,
both after the answer is certain.

Order: what is cheap and exact first, models last, money before the auction, so that who cannot pay sets nobody's price.
One search, one prediction and one auction serve all slots of an answer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from attise.records.decision import (
    CoarseViewer,
    Contender,
    Decision,
    Ghost,
    Moment,
    NoAd,
    coarse,
)
from attise.records.drops import REASONS, Drop
from attise.records.feed import FeedRequest
from attise.records.token import AdClaims, Claims, TokenKind
from attise.serving.delivery.auction import NOBODY, Place, Result, run_auction
from attise.serving.delivery.candidates import Candidates, gather
from attise.serving.delivery.caps import NEVER, NONE, Seen, seen_of
from attise.serving.delivery.gates import stop_paced, stop_unaffordable, stop_unwanted
from attise.serving.delivery.holdout import is_held_out
from attise.serving.delivery.memory import ViewerMemory
from attise.serving.delivery.policy import Policy
from attise.serving.delivery.state import Rates, State
from attise.serving.delivery.value import IMPRESSION, THOUSAND, rates_of, user_values, view_goal_ms
from attise.serving.targeting.codes import BID_TYPES, BILLING_EVENTS, BRAND_SAFETY, GOALS, currency_codes
from attise.serving.targeting.query import compile_query
from attise.serving.targeting.retrieve import Retrieved, retrieve
from attise.serving.targeting.rows import AD_ROW, GROUP_ROW

FEED, ADS = "feed", "ads"
"""Surfaces: a feed of ours, a host's own."""
_AD: Final = {name: number for number, name in enumerate(AD_ROW.names or ())}
_GROUP: Final = {name: number for number, name in enumerate(GROUP_ROW.names or ())}
_NO_BID: Final = BID_TYPES["BID_TYPE_NO_BID"]
_PAID_BY_IMPRESSION: Final = ("CPM", "OCPM")


def decide_slots(
    request: FeedRequest,
    state: State,
    memory: ViewerMemory | None,
    slots: Sequence[int],
    *,
    beside: int = 0,
) -> tuple[Decision, ...]:
    """Return what is decided for each slot (place in the answer, rising), an ad or the reason why there is none.

    Args: memory: of the viewer, None for somebody without; beside: how sensitive what surrounds the slots is
    (``gates.sensitivity_of``).
    Invariants: at most one ad of an advertiser; every price at most its bid; of each decision, those dropped and the
    winner are all the ads of the index. Cost: some 0.2 ms at a million ads, whatever the number of slots.
    """
    if not slots:
        return ()
    closed = {slot: reason for slot in slots if (reason := _closed(memory, slot)) is not None}
    open_slots = [slot for slot in slots if slot not in closed]
    viewer = coarse(request.viewer)
    contest = _held(request, state, memory, open_slots, beside) if open_slots else None
    scribe = _Scribe(request, state, memory, viewer, contest)
    return tuple(
        scribe.closed(slot, closed[slot]) if slot in closed else scribe.decided(slot, open_slots.index(slot))
        for slot in slots
    )


def hold(state: State, decisions: Iterable[Decision], *, wire_ms: int) -> None:
    """Count what was decided against budgets, until totals have caught up with it; once, when the answer goes out."""
    for decision in decisions:
        winner, claims = decision.winner, decision.claims
        if winner is None or claims is None:
            continue
        certain = claims.billing_event in _PAID_BY_IMPRESSION
        expected = claims.price_micros if certain else math.ceil(claims.price_micros * winner.event_rate)
        state.allowances.hold(claims.envelopes, expected, wire_ms=wire_ms, certain=certain)


def claims_of(decision: Decision) -> Claims:
    """Return what the token of a decided ad says. Raises: AssertionError where there is none."""
    winner = decision.winner
    if winner is None or decision.claims is None:
        raise AssertionError("a slot without an ad has no token")
    return Claims(
        TokenKind.AD,
        decision.decision_id,
        decision.feed_id,
        winner.post_id,
        winner.creator_id,
        decision.viewer.pseudonym,
        decision.session_id,
        decision.surface,
        decision.decided_at_ms,
        decision.wire_ms,
        winner.duration_ms,
        decision.moment.place,
        decision.versions.snapshot,
        decision.versions.model,
        decision.is_exploration,
        decision.claims,
    )


@dataclass(frozen=True, slots=True)
class Contest:
    """One search and what became of what it found; kept for the record and for explanations."""

    search: Retrieved
    found: Candidates
    drop: NDArray[np.int16]
    """int16[m]: why each candidate left, or ``caps.NONE``; those that stand lost or won by rank."""
    seen: Seen
    kept: NDArray[np.intp]
    """int[n]: the candidates that were predicted; the arrays below are of them."""
    mean: NDArray[np.float32]
    """float32[n, 6]."""
    rate: NDArray[np.float64]
    """How often what is bid for follows an impression, by the mean."""
    offer: NDArray[np.float64]
    user_value: NDArray[np.float64]
    exploring: NDArray[np.bool_]
    result: Result
    by_mean: tuple[int, ...]
    """Who would have won by the mean estimates, by slot."""


def _closed(memory: ViewerMemory | None, slot: int) -> NoAd | None:
    """Return why a slot is open to no ad at all."""
    if memory is None:
        return None
    if memory.videos + slot < memory.quiet_until_video:
        return NoAd.AFTER_HIDE
    return NoAd.SEEN_ENOUGH if memory.is_full else None


def _held(
    request: FeedRequest, state: State, memory: ViewerMemory | None, slots: Sequence[int], beside: int
) -> Contest:
    """Hold the contest of an answer."""
    policy, now_ms = state.policy, request.now_ms
    segments = state.segments
    queries = [compile_query(segment, request.viewer, now_ms) for segment in segments]
    search = retrieve(segments, queries, policy.candidates, most_blocks=policy.most_blocks)
    found = gather(state.parts, search)
    shown = memory.shown if memory is not None else _NOTHING_SHOWN
    seen = seen_of(shown, found.ads, found.groups, now_ms=now_ms, caps=policy.caps)
    drop = np.full(len(found), NONE, dtype=np.int16)
    stop_unwanted(drop, found, request.viewer, memory, beside)
    drop[drop == NONE] = seen.drop[drop == NONE]
    stop_paced(drop, found, request.seed)
    kept = np.flatnonzero(drop == NONE)
    rates = _predicted(request, state, memory, slots, found, seen, kept)
    return _auctioned(request, state, slots, search, found, drop, seen, kept, rates)


def _predicted(
    request: FeedRequest,
    state: State,
    memory: ViewerMemory | None,
    slots: Sequence[int],
    found: Candidates,
    seen: Seen,
    kept: NDArray[np.intp],
) -> Rates:
    gap = -1
    if memory is not None and memory.last_ad_video >= 0:
        gap = memory.videos + slots[0] - memory.last_ad_video - 1
    return state.predictor.predict(
        request.viewer,
        now_ms=request.now_ms,
        segment=found.part[kept],
        place=found.place[kept],
        exposures=seen.exposures[kept],
        since_ms=seen.since_ms[kept],
        index=slots[0],
        gap=gap,
        seed=request.seed,
    )


def _auctioned(
    request: FeedRequest,
    state: State,
    slots: Sequence[int],
    search: Retrieved,
    found: Candidates,
    drop: NDArray[np.int16],
    seen: Seen,
    kept: NDArray[np.intp],
    rates: Rates,
) -> Contest:
    policy = state.policy
    event, factor, duration = found.event[kept], found.factor[kept], found.ads["duration_ms"][kept]
    rate = rates_of(event, rates.mean, duration)
    offer = factor * rate
    stop_unaffordable(drop, found, kept, offer, state.allowances, now_ms=request.now_ms, wire_ms=request.wire_ms)
    liked = user_values(rates.mean, policy.user_value)
    can_pay = drop[kept] == NONE
    standing = np.where(can_pay, offer, 0.0)
    drawn = None if rates.sampled is None else np.where(can_pay, factor * rates_of(event, rates.sampled, duration), 0.0)
    advertisers, ads = found.groups["advertiser_id"][kept], found.ads["ad_id"][kept]

    def run(rank_offer: NDArray[np.float64] | None) -> Result:
        return run_auction(
            standing,
            liked,
            advertisers,
            ads,
            reach=_reach(policy, len(slots)),
            reserve=policy.reserve_ecpm,
            attention=policy.attention_ecpm,
            rank_offer=rank_offer,
            is_held_out=_held_out(request, policy, found, kept),
            seed=request.seed,
        )

    result = run(drawn)
    by_mean = result if drawn is None else run(None)
    left = (drop[kept] == NONE) & (result.drop != NONE)
    drop[kept[left]] = result.drop[left]
    winners = tuple(place.winner for place in by_mean.places)
    return Contest(search, found, drop, seen, kept, rates.mean, rate, offer, liked, rates.exploring, result, winners)


def _reach(policy: Policy, many: int) -> tuple[float, ...]:
    return (policy.reach + policy.reach[-1:] * many)[:many]


def _held_out(
    request: FeedRequest, policy: Policy, found: Candidates, kept: NDArray[np.intp]
) -> Callable[[int], bool] | None:
    shares = found.holdout_ppm[kept]
    if not shares.any():
        return None
    campaigns = found.groups["campaign_id"][kept]
    pseudonym = request.viewer.pseudonym
    return lambda place: is_held_out(int(campaigns[place]), pseudonym, share_ppm=int(shares[place]), salt=policy.salt)


_NOTHING_SHOWN: Final = ViewerMemory().shown


class _Scribe:
    """Writes the decisions of one answer."""

    def __init__(
        self,
        request: FeedRequest,
        state: State,
        memory: ViewerMemory | None,
        viewer: CoarseViewer,
        contest: Contest | None,
    ) -> None:
        self._request = request
        self._state = state
        self._memory = memory
        self._viewer = viewer
        self._contest = contest
        self._total = sum(len(segment) for segment in state.segments)
        self._counts = self._counted()
        self._won: list[int] = []

    def closed(self, slot: int, reason: NoAd) -> Decision:
        """Return the decision of a slot that was open to no ad: nothing was looked at for it."""
        return self._decision(slot, no_ad=reason, found=0, dropped=((int(Drop.SCAN_LIMIT), self._total),))

    def decided(self, slot: int, number: int) -> Decision:
        """Return the decision of the ``number``-th slot of the contest."""
        contest = self._contest
        if contest is None:
            raise AssertionError("an open slot has a contest")
        places = contest.result.places
        place = places[number] if number < len(places) else None
        ghosts = tuple(self._ghost(one) for one, at in contest.result.ghosts if at == number)
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
        )
        self._won.append(place.winner)
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
            1.0,
            self._total,
            0 if search is None else search.visited,
            0 if search is None else search.scanned,
            found,
            dropped,
        )

    def _moment(self, slot: int) -> Moment:
        memory = self._memory
        if memory is None or memory.last_ad_video < 0:
            return Moment(slot, NEVER, NEVER)
        since = memory.videos + slot - memory.last_ad_video - 1
        return Moment(slot, since, max(0, self._request.now_ms - memory.last_ad_ms))

    def _counted(self) -> NDArray[np.int64]:
        """Return how many ads each reason took out before the auction, by number."""
        counts = np.zeros(REASONS, dtype=np.int64)
        if self._contest is not None:
            before = self._contest.search.dropped
            counts[: len(before)] = before
            left = self._contest.drop[self._contest.drop != NONE]
            counts += np.bincount(left, minlength=REASONS)
        return counts

    def _dropped(self, contest: Contest, place: Place | None, ghosts: int, number: int) -> tuple[tuple[int, int], ...]:
        """Return the counts of one slot: what left before the auction, and what stood and did not win it."""
        counts = self._counts.copy()
        stands = contest.drop[contest.kept] == NONE
        taken = 0
        if self._won:
            advertisers = contest.found.groups["advertiser_id"][contest.kept]
            taken = int((stands & np.isin(advertisers, advertisers[self._won])).sum())
        held = ghosts + sum(1 for _, at in contest.result.ghosts if at < number)
        counts[Drop.SAME_ADVERTISER] += taken
        counts[Drop.HOLDOUT] += held
        counts[Drop.OUTBID] += int(stands.sum()) - taken - held - (place is not None)
        told = np.flatnonzero(counts)
        return tuple(zip(told.tolist(), counts[told].tolist(), strict=True))

    def _reason(self, contest: Contest) -> NoAd:
        if not len(contest.found):
            return NoAd.NONE_ELIGIBLE
        if contest.result.ghosts and not contest.result.places:
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
        return contender_of(contest, at)

    def _ghost(self, at: int) -> Ghost:
        one = self._contender(at)
        return Ghost(one.ad_id, one.adgroup_id, one.campaign_id, one.advertiser_id, one.rank_value)

    def _claims(self, place: Place) -> AdClaims:
        contest = self._contest
        if contest is None:
            raise AssertionError("who won, won a contest")
        candidate = int(contest.kept[place.winner])
        found = contest.found
        ad, group = found.ads[candidate].item(), found.groups[candidate].item()
        record = self._state.record(int(found.part[candidate]), int(found.place[candidate]))
        terms = record.group
        billing = BILLING_EVENTS.name(group[_GROUP["billing_event"]])
        return AdClaims(
            ad[_AD["ad_id"]],
            group[_GROUP["adgroup_id"]],
            group[_GROUP["campaign_id"]],
            group[_GROUP["advertiser_id"]],
            billing,
            price_of(contest, place, billing),
            currency_codes().name(group[_GROUP["currency"]]),
            _envelopes(ad, group),
            group[_GROUP["fee_ppm"]],
            ad[_AD["share_ppm"]],
            view_goal_ms(billing, GOALS.name(group[_GROUP["optimization_goal"]])),
            terms.click_window,
            terms.view_window,
            terms.engaged_view_window,
            terms.attribution_event_count,
            terms.pixel_id,
            ad[_AD["grant_id"]],
            record.post is not None,
        )


def contender_of(contest: Contest, at: int) -> Contender:
    """Return the standing of the ``at``-th of those that were predicted."""
    candidate = int(contest.kept[at])
    found = contest.found
    ad, group = found.ads[candidate].item(), found.groups[candidate].item()
    has_bid = group[_GROUP["bid_type"]] != _NO_BID
    return Contender(
        ad[_AD["ad_id"]],
        group[_GROUP["adgroup_id"]],
        group[_GROUP["campaign_id"]],
        group[_GROUP["advertiser_id"]],
        ad[_AD["post_id"]],
        ad[_AD["creator_id"]],
        currency_codes().name(group[_GROUP["currency"]]),
        BILLING_EVENTS.name(group[_GROUP["billing_event"]]),
        GOALS.name(group[_GROUP["optimization_goal"]]),
        int(found.full_bid_micros[candidate]) if has_bid else -1,
        tuple(contest.mean[at].tolist()),
        float(found.multiplier[candidate]),
        float(contest.offer[at]),
        float(contest.user_value[at]),
        float(contest.result.rank_value[at]),
        bool(contest.exploring[at]),
        int(contest.seen.exposures[candidate]),
        int(contest.seen.since_ms[candidate]),
        group[_GROUP["frequency_days"]] if group[_GROUP["frequency"]] else 0,
        ad[_AD["duration_ms"]],
        BRAND_SAFETY.name(group[_GROUP["brand_safety"]]),
        float(contest.rate[at]),
    )


def price_of(contest: Contest, place: Place, billing_event: str) -> int:
    """Return what one billable event of a winner costs, in whole micros of its currency, rounded down.

    The same share of its bid that the auction came to. Invariants: 0 <= result <= its bid for one event.
    """
    candidate = int(contest.kept[place.winner])
    found = contest.found
    offered = int(found.full_bid_micros[candidate]) * float(found.multiplier[candidate])
    if billing_event in _PAID_BY_IMPRESSION:
        per_event = THOUSAND if found.event[candidate] == IMPRESSION else 1.0
        offered *= float(contest.rate[place.winner]) / per_event
    return max(0, math.floor(offered * place.share))


def _envelopes(ad: tuple[Any, ...], group: tuple[Any, ...]) -> tuple[int, ...]:
    """Return the ids of every envelope that bounds a charge, rising."""
    named = (
        *("campaign_envelope_id", "campaign_week_envelope_id", "envelope_id", "week_envelope_id"),
        "balance_envelope_id",
    )
    ids = {group[_GROUP[name]] for name in named} | {ad[_AD["grant_envelope_id"]]}
    return tuple(sorted(ids - {0}))
