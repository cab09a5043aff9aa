"""One turn of everything: from ad groups, totals and the traffic's curve to what a decision reads of pacing.

Run every few seconds beside the decisions; each process runs its own on the same totals, and so comes to nearly the
same. What an ad group may offer is ruled by the smallest of the budgets above it: its campaign's and its own, of the
day (or in total) and of the week; balances and grants bound by ``allowance`` alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from attise.kernel.limits import DAY_MS, MINUTE_MS
from attise.records.snapshot.tables import NEVER
from attise.records.totals import GroupTotals
from attise.serving.delivery.allowance import KINDS, NO_LIMIT
from attise.serving.delivery.pacing import control, target
from attise.serving.delivery.pacing.budgets import (
    FAST,
    LOWEST,
    SHADE,
    THROTTLE,
    Budgets,
    Days,
    Ints,
    days_of,
    first_levels,
)
from attise.serving.delivery.pacing.control import BudgetPace, no_pace
from attise.serving.delivery.pacing.curve import (
    Curve,
    Floats,
    day_of,
    traffic_of_days,
    traffic_of_weekdays,
)
from attise.serving.delivery.pacing.target import Results, TargetPace, no_target_pace
from attise.serving.targeting.codes import BID_TYPES, BILLING_EVENTS, PACINGS
from attise.serving.targeting.rows import GROUP_ROW
from attise.serving.targeting.segment import Segment

LEVELS: Final = ("campaign_envelope_id", "campaign_week_envelope_id", "envelope_id", "week_envelope_id")
PRICES_MICROS: Final = (5_000.0, 5_000.0, 400_000.0, 20_000.0, 5_000.0)
"""What one billed event is taken to cost where no bid says, by number of ``BILLING_EVENTS`` (0: unknown)."""
RATES: Final = (1.0, 1.0, 1 / 80, 1 / 4, 1.0)
"""How many of one billed event a won slot is taken to bring, by the same numbers: most clicks do not come."""
ENDLESS_DAYS: Final = 6.0
"""A total without an end is spread over a week, today among its days: always over the next one."""
MOST_DAYS: Final = 365.0
FIRST_WINS: Final = 5.0
"""A new budget that lowers its bids begins as if it won one slot in so many: else its first minute spends a day."""


@dataclass(frozen=True)
class GroupPace:
    """What a decision reads, one entry a group, by rising ``adgroup_id``."""

    adgroup_id: Ints
    bid: NDArray[np.float32]
    """What part of its bid the group may offer: 0..1, and up to 1.5 where the bid is a target cost."""
    entry: NDArray[np.float32]
    """How often it takes part, 0..1: compared with a keyed hash of the request and the group."""
    turn: int
    """Number of the turn; 0: none was taken."""

    def of(self, adgroup_ids: Ints) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return bid and entry of groups, float32[m] each; 1 of those that no turn knows yet. Cost: O(m log n)."""
        if not len(self.adgroup_id):
            ones = np.ones(len(adgroup_ids), np.float32)
            return ones, ones
        place = np.minimum(np.searchsorted(self.adgroup_id, adgroup_ids), len(self.adgroup_id) - 1)
        known = self.adgroup_id[place] == adgroup_ids
        one = np.float32(1)
        return np.where(known, self.bid[place], one), np.where(known, self.entry[place], one)


NO_GROUP_PACE: Final = GroupPace(np.zeros(0, np.int64), np.zeros(0, np.float32), np.zeros(0, np.float32), 0)


@dataclass(frozen=True)
class Paces:
    """What is kept from turn to turn."""

    budgets: BudgetPace
    targets: TargetPace
    groups: GroupPace

    def encode(self) -> bytes:
        """Return the bytes to keep over a restart: two length-prefixed parts."""
        first, second = self.budgets.encode(), self.targets.encode()
        return len(first).to_bytes(8, "big") + first + second


def no_paces() -> Paces:
    """Return what is kept before any turn."""
    return Paces(no_pace(), no_target_pace(), NO_GROUP_PACE)


def decode_paces(body: bytes) -> Paces:
    """Return what was kept; as before any turn where the bytes are of another release or cut."""
    length = int.from_bytes(body[:8], "big")
    first, second = body[8 : 8 + length], body[8 + length :]
    return Paces(control.decode_pace(first), target.decode_target_pace(second), NO_GROUP_PACE)


@dataclass(frozen=True)
class Groups:
    """Every ad group once, by rising ``adgroup_id``; ``clock`` int64[n], places in ``clocks``."""

    adgroup_id: Ints
    ends_at_ms: Ints
    conversion_bid_micros: Ints
    clock: Ints
    clocks: tuple[tuple[str, bytes], ...]
    """Zones with 336 half hours of their week, 42 bytes; no bytes: always."""
    envelope_id: Ints
    """Of every envelope that could be a budget of theirs, rising."""
    envelopes: NDArray[np.int32]
    """int32[n, levels], places in ``envelope_id``; -1: none."""
    mode: NDArray[np.int8]
    """How each would spread a budget of its own."""
    price_micros: Floats
    """What one billed event of each costs about."""
    slot_micros: Floats
    """What a slot that each wins costs about: few of them bring the event that is billed."""
    is_target: NDArray[np.bool_]
    """Whether its bid is a cost per result that is to be held."""

    def __len__(self) -> int:
        return len(self.adgroup_id)


def groups_of(segments: Sequence[Segment]) -> Groups:
    """Return the ad groups of some segments; of one that is in several, as the last of them has it.

    Cost: a sort, once for each new set of segments.
    """
    found: dict[tuple[str, bytes], int] = {}
    clocks = []
    for segment in segments:
        groups = segment.groups
        pairs, back = np.unique(groups["timezone"].astype(np.int64) << 32 | groups["clock"], return_inverse=True)
        of_pair = [
            found.setdefault(
                (segment.timezones[pair >> 32], segment.clocks.bits[pair & _LOW].tobytes() if pair & _LOW else b""),
                len(found),
            )
            for pair in pairs.tolist()
        ]
        clocks.append(np.array(of_pair, np.int64)[back])

    def column(name: str) -> NDArray[Any]:
        """Return a field of every group, the last segment's first: whole rows are ten times what is kept of them."""
        return np.concatenate([np.zeros(0, GROUP_ROW)[name], *(segment.groups[name] for segment in segments)])[::-1]

    adgroup_id, last = np.unique(column("adgroup_id"), return_index=True)
    whole = {name: column(name)[last] for name in _READ}
    ids = np.stack([whole[name] for name in LEVELS], axis=1)
    envelope_id, back = np.unique(ids, return_inverse=True)
    price = _prices(whole)
    return Groups(
        adgroup_id=adgroup_id,
        ends_at_ms=whole["ends_at_ms"],
        conversion_bid_micros=whole["conversion_bid_micros"],
        clock=np.concatenate([np.zeros(0, np.int64), *clocks])[::-1][last],
        clocks=tuple(found),
        envelope_id=envelope_id,
        envelopes=np.where(ids > 0, back.reshape(ids.shape), -1).astype(np.int32),
        mode=_modes(whole),
        price_micros=price,
        slot_micros=price * np.array(RATES)[np.minimum(whole["billing_event"], len(RATES) - 1)],
        is_target=_is_target(whole),
    )


_LOW: Final = (1 << 32) - 1
_READ: Final = (*LEVELS, "ends_at_ms", "conversion_bid_micros", "bid_micros", "billing_event", "bid_type", "pacing")
"""Fields of a group's row that a turn asks for."""
_DAY, _WEEK, _TOTAL = (KINDS[kind] for kind in ("day", "week", "total"))
_BUDGETS: Final = (_DAY, _WEEK, _TOTAL)


def take_turn(
    paces: Paces,
    groups: Groups,
    facts_of: Callable[[Ints], Ints],
    totals: Mapping[int, GroupTotals],
    curve_of: Callable[[str], Curve],
    *,
    now_ms: int,
    slots_per_minute: float = 0.0,
) -> Paces:
    """Return what is kept after a turn at ``now_ms`` (world time).

    Args: slots_per_minute: how many slots all processes fill, of late: what a new budget could win at most; facts_of:
    from envelopes to what totals told of them (``Allowances.facts_of``); totals: the rows known, by ad group; curve_of:
    from a zone to its curve.
    Cost: about 3 µs a group, aside from decisions.
    """
    if not len(groups):
        return no_paces()
    days, later_of_group = _days(groups, curve_of, now_ms)
    budgets, places = _budgets(groups, facts_of(groups.envelope_id), days, later_of_group)
    share = _first_share(budgets, _means(groups.slot_micros, places, len(budgets)), days, now_ms, slots_per_minute)
    brake = np.where(budgets.mode == SHADE, np.log(np.clip(FIRST_WINS * share, np.exp(LOWEST), 1.0)), 0.0)
    budgets = replace(budgets, first=first_levels(budgets.mode, share), first_brake=brake)
    results, with_target = _results(groups, totals)
    budget_bids = control.smallest(control.bids(control.aligned(paces.budgets, budgets), budgets), places, 1.5)
    target_bids = np.ones(len(groups))
    known = target.aligned(paces.targets, results, now_ms=now_ms)
    target_bids[with_target] = target.multipliers(known)
    binds = _binding(budgets, places, budget_bids, np.where(groups.is_target, target_bids, np.inf))
    budget_pace = control.step(paces.budgets, budgets, days, now_ms=now_ms, binds=binds)
    rules = budget_bids[with_target] >= target_bids[with_target]
    target_pace = target.step(paces.targets, results, now_ms=now_ms, rules=rules)
    target_bids[with_target] = target.multipliers(target_pace)
    highest = np.where(groups.is_target, np.exp(target.MOST), 1.0)
    bid = np.minimum(control.smallest(control.bids(budget_pace, budgets), places, 1.5), highest)
    bid = np.where(groups.is_target, np.minimum(bid, target_bids), bid)
    entry = control.smallest(control.entries(budget_pace, budgets), places, 1.0)
    made = GroupPace(groups.adgroup_id, bid.astype(np.float32), entry.astype(np.float32), paces.groups.turn + 1)
    return Paces(budget_pace, target_pace, made)


def _is_target(rows: Mapping[str, NDArray[Any]]) -> NDArray[np.bool_]:
    is_ocpm = rows["billing_event"] == BILLING_EVENTS["OCPM"]
    found: NDArray[np.bool_] = is_ocpm & (rows["conversion_bid_micros"] > 0)
    return found


def _days(groups: Groups, curve_of: Callable[[str], Curve], now_ms: int) -> tuple[Days, Floats]:
    """Return the local day of each clock, and the traffic after it until each group's end."""
    curves = [curve_of(zone) for zone, _ in groups.clocks]
    made = [day_of(curve, zone, now_ms, bits) for curve, (zone, bits) in zip(curves, groups.clocks, strict=True)]
    days = days_of(made)
    ends = groups.ends_at_ms
    ahead = np.where(ends == NEVER, ENDLESS_DAYS, (ends - days.ends[groups.clock]) / DAY_MS).clip(0.0, MOST_DAYS)
    later = np.zeros(len(ends))
    for at, (curve, (_, bits), day) in enumerate(zip(curves, groups.clocks, made, strict=True)):
        those = groups.clock == at
        later[those] = traffic_of_days(traffic_of_weekdays(curve, bits), (day.weekday + 1) % 7, ahead[those])
    return days, later


def _budgets(groups: Groups, facts: Ints, days: Days, later_of_group: Floats) -> tuple[Budgets, NDArray[np.int64]]:
    """Return the budgets above some groups, and for each group where its own are, int64[n, levels]; -1: none."""
    bounds = np.isin(facts[4], _BUDGETS) & (facts[2] != NO_LIMIT)
    begins, ends, limit, spent, kind = (row[bounds] for row in facts)  # each by itself: some are kept
    count = len(limit)
    places = np.append(np.where(bounds, np.cumsum(bounds) - 1, -1), -1)[groups.envelopes]
    group_of, level_of = np.nonzero(places >= 0)
    widest = np.argsort(days.upto[groups.clock[group_of], -1], kind="stable")  # the last one written stands
    group_of, level_of = group_of[widest], level_of[widest]
    budget_of = places[group_of, level_of]
    mode = np.full(count, FAST, np.int8)
    for sort in (THROTTLE, SHADE):  # one that any group would shade is shaded, one that all would leave alone is fast
        mode[budget_of[groups.mode[group_of] == sort]] = sort
    cap = np.zeros(count)
    cap[budget_of[groups.is_target[group_of]]] = target.MOST
    day = np.zeros(count, np.int64)
    day[budget_of] = groups.clock[group_of]
    later = np.zeros(count)
    np.maximum.at(later, budget_of, later_of_group[group_of])
    weeks = np.maximum((ends - days.ends[day]) / DAY_MS, 0.0)
    of_week = days.upto[day, -1] * np.minimum(weeks, 7.0)
    return Budgets(
        groups.envelope_id[bounds],
        begins,
        limit,
        spent,
        day,
        np.select([kind == _DAY, kind == _WEEK], [0.0, of_week], later),
        mode,
        _means(groups.price_micros, places, count),
        cap,
        first_levels(mode),
    ), places


def _means(of_group: Floats, places: NDArray[np.int64], count: int) -> Floats:
    """Return the mean over the groups beneath each budget, float64[count]."""
    group_of, level_of = np.nonzero(places >= 0)
    budget_of = places[group_of, level_of]
    found: Floats = np.bincount(budget_of, of_group[group_of], count) / np.maximum(
        np.bincount(budget_of, minlength=count), 1
    )
    return found


def _first_share(budgets: Budgets, slot_micros: Floats, days: Days, now_ms: int, slots_per_minute: float) -> Floats:
    """Return what each plan for the next minute is worth of every slot there is, were all of them won.

    Args: slot_micros: float64[m], what a slot that is won costs each budget about.
    """
    now = np.full(len(budgets), now_ms, np.int64)
    left = days.left(budgets.day, now) + budgets.later
    soon = days.traffic(budgets.day, now, now + MINUTE_MS)
    planned = (budgets.limit_micros - budgets.spent_micros) * soon / np.maximum(left, 1e-9)
    share: Floats = planned / np.maximum(slots_per_minute * slot_micros, 1e-9)
    return share


def _modes(rows: Mapping[str, NDArray[Any]]) -> NDArray[np.int8]:
    """Return how each group would spread a budget of its own."""
    is_fast = rows["pacing"] == PACINGS["PACING_MODE_FAST"]
    is_reach = rows["billing_event"] == BILLING_EVENTS["CPM"]
    has_bid = rows["bid_type"] != BID_TYPES["BID_TYPE_NO_BID"]
    return np.select([is_fast, is_reach & has_bid], [FAST, THROTTLE], SHADE).astype(np.int8)


def _prices(rows: Mapping[str, NDArray[Any]]) -> Floats:
    """Return what one billed event of each group costs about, micros of its currency."""
    billing = rows["billing_event"]
    bid = np.where(rows["bid_micros"] > 0, rows["bid_micros"], 0).astype(np.float64)
    bid = np.where(billing == BILLING_EVENTS["CPM"], bid / 1_000, bid)
    usual = np.array(PRICES_MICROS)[np.minimum(billing, len(PRICES_MICROS) - 1)]
    found: Floats = np.where((bid > 0) & (billing != BILLING_EVENTS["OCPM"]), bid, usual)
    return found


def _binding(
    budgets: Budgets, places: NDArray[np.int64], budget_bids: Floats, target_bids: Floats
) -> NDArray[np.bool_]:
    """Return which budgets rule some group's bid, or would as soon as they were lower, bool[m].

    A budget is not turned up while every group beneath it is held lower by its target's loop.
    """
    held = budget_bids > 1.1 * target_bids
    binds = np.zeros(len(budgets), np.bool_)
    for level in range(places.shape[1]):
        some = (places[:, level] >= 0) & ~held
        binds[places[some, level]] = True
    return binds


def _results(groups: Groups, totals: Mapping[int, GroupTotals]) -> tuple[Results, NDArray[np.intp]]:
    """Return the results of groups with a target that totals know, and where those groups are."""
    found = np.flatnonzero(groups.is_target)
    ids = groups.adgroup_id[found].tolist()
    there = found[[one in totals for one in ids]] if len(found) else found
    told = [totals[one] for one in ids if one in totals]
    return Results(
        groups.adgroup_id[there],
        groups.conversion_bid_micros[there],
        np.array([row.begins_at_ms for row in told], np.int64),
        np.array([row.spent_micros for row in told], np.int64),
        np.array([row.conversions + row.conversions_due_milli / 1_000 for row in told], np.float64),
    ), there
