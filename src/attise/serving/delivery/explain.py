"""Why one ad did not win a slot, or did: every reason against it, what it was worth, and how far it stood from the top.

The same functions as in a decision, for one ad, with nothing cut short: where a decision stops at the first reason, all
are told here. Given the state (or one rebuilt from a snapshot and its deltas) and what was remembered of the viewer,
this is what happened; without the memory the caps cannot be judged, and ``knows_memory`` says so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from attise.records.decision import Contender, Decision, request_again
from attise.records.drops import ORDER, TARGETING_REASONS, Drop
from attise.records.feed import FeedRequest, ViewerContext
from attise.serving.delivery.candidates import Candidates, gather
from attise.serving.delivery.caps import NONE, reasons_of
from attise.serving.delivery.contest import Contest, hold_contest, number_in_splits, weigh_alone
from attise.serving.delivery.gates import reasons_of_money, stop_paced, stop_unwanted
from attise.serving.delivery.memory import NEW, ViewerMemory
from attise.serving.delivery.scribe import contender_of
from attise.serving.delivery.splits import stop_other_side
from attise.serving.delivery.state import State
from attise.serving.targeting.matching import matches
from attise.serving.targeting.retrieve import Retrieved


@dataclass(frozen=True, slots=True)
class Explained:
    """What can be said of one ad and one slot."""

    ad_id: int
    is_known: bool
    """Whether the state has such an ad; if not, nothing below is told."""
    has_won: bool = False
    drops: tuple[Drop, ...] = ()
    """Every reason against it, in order; empty where it won."""
    bound: float = 0.0
    """What it was searched by, in micros of the common unit for 1,000 impressions."""
    was_found: bool = False
    """Whether it was among the candidates."""
    standing: Contender | None = None
    """What it is worth for this viewer now, whether or not it could stand."""
    rank: int = 0
    """Among the advertisers that stood, 1 the best; 0: it did not stand, or another ad of its advertiser did."""
    best_value: float | None = None
    """What the winner of the slot was ranked by; None: it had none."""
    knows_memory: bool = True


def explain_decision(
    decision: Decision,
    ad_id: int,
    state: State,
    *,
    memory: ViewerMemory | None = None,
    follows: tuple[int, ...] = (),
) -> Explained:
    """Return why an ad did not win the slot of a logged decision, or did, on a state.

    Args: memory: as it was before the answer, where it is still known; follows: whom the viewer followed.
    """
    request = request_again(decision, follows=follows)
    slots = decision.moment.slots or (decision.moment.place,)
    number = slots.index(decision.moment.place) if decision.moment.place in slots else 0
    return explain_ad(ad_id, request, state, memory, slots, number=number, beside=decision.moment.beside)


def explain_ad(
    ad_id: int,
    request: FeedRequest,
    state: State,
    memory: ViewerMemory | None,
    slots: tuple[int, ...],
    *,
    number: int = 0,
    beside: int = 0,
) -> Explained:
    """Return why an ad does not win the ``number``-th slot of a request, or does. Cost: a decision and a half."""
    at = state.find_place(ad_id)
    if at is None:
        return Explained(ad_id, is_known=False)
    part, place = at
    segment = state.parts[part].segment
    alone = gather(state.parts, _alone(part, place))
    contest = hold_contest(request, state, memory, slots, beside=beside)
    winner = contest.places[number].winner if number < len(contest.places) else None
    won = winner is not None and _id_of(contest, winner) == ad_id
    own = weigh_alone(alone, request, state, memory, slots)
    against = set(matches(state.record(part, place), request.viewer, request.now_ms))
    if not segment.is_live(place):
        against.add(Drop.NOT_LIVE)
    against.update(_gates(alone, request, memory, state, beside, own))
    found = np.flatnonzero(contest.found.rows["ad_id"] == ad_id)
    if not against:
        against.update(_lost(contest, alone, ad_id, number, was_found=bool(len(found))))
    predicted = np.flatnonzero(contest.found.rows["ad_id"][contest.kept] == ad_id)
    is_weighed = len(predicted) and len(contest.weighed.offer)
    heads = [_id_of(contest, head) for head in contest.weighed.heads]
    return Explained(
        ad_id,
        is_known=True,
        has_won=won,
        drops=() if won else tuple(drop for drop in ORDER if drop in against),
        bound=float(segment.ads["bound"][place]),
        was_found=bool(len(found)),
        standing=contender_of(contest, int(predicted[0])) if is_weighed else contender_of(own, 0),
        rank=heads.index(ad_id) + 1 if ad_id in heads else 0,
        best_value=None if winner is None else float(contest.weighed.rank_value[winner]),
        knows_memory=memory is not None or not request.viewer.pseudonym,
    )


def _alone(part: int, place: int) -> Retrieved:
    """Return a search that found one ad."""
    return Retrieved(
        np.array([part], dtype=np.uint8),
        np.array([place], dtype=np.int32),
        0,
        0,
        np.zeros(TARGETING_REASONS, dtype=np.int64),
        is_whole=True,
    )


def _gates(
    alone: Candidates, request: FeedRequest, memory: ViewerMemory | None, state: State, beside: int, own: Contest
) -> set[Drop]:
    """Return every gate that is closed to an ad, its money and its worth included."""
    viewer, nobody = request.viewer, ViewerContext(pseudonym="")
    hiding = ViewerContext("", hidden_ads=viewer.hidden_ads, hidden_advertisers=viewer.hidden_advertisers)
    drops = np.full((5, 1), NONE, dtype=np.int16)
    stop_unwanted(drops[0], alone.rows, viewer, 0)
    stop_unwanted(drops[1], alone.rows, hiding, 0)
    stop_unwanted(drops[2], alone.rows, nobody, beside)
    stop_paced(drops[3], alone.rows, request.seed)
    stop_other_side(drops[4], alone.rows, number_in_splits(request.viewer, state))
    found = {Drop(one) for one in drops.ravel().tolist() if one != NONE}
    found.update(reasons_of((memory or NEW).shown, alone.rows[0], now_ms=request.now_ms, caps=state.policy.caps))
    if not state.allowances.is_fresh(request.wire_ms):
        return found | {Drop.TOTALS_STALE}
    rooms, lefts = state.allowances.by_place(now_ms=request.now_ms)
    found.update(reasons_of_money(alone.rows[0], float(own.weighed.offer[0]), rooms, lefts))
    found.update(Drop(one) for one in own.drop.tolist() if one in {Drop.NO_BID, Drop.RESERVE, Drop.ATTENTION})
    return found


def _lost(contest: Contest, alone: Candidates, ad_id: int, number: int, *, was_found: bool) -> set[Drop]:
    """Return why an ad that nothing stood against did not have the slot."""
    if not was_found:
        return {Drop.SCAN_LIMIT}
    if any(_id_of(contest, ghost) == ad_id for ghost, _ in contest.ghosts):
        return {Drop.HOLDOUT}
    rows = contest.found.rows
    before = {int(rows["advertiser_id"][contest.kept[place.winner]]) for place in contest.places[:number]}
    if int(alone.rows["advertiser_id"][0]) in before:
        return {Drop.SAME_ADVERTISER}
    return {Drop.OUTBID}


def _id_of(contest: Contest, at: int) -> int:
    return int(contest.found.rows["ad_id"][contest.kept[at]])
