"""``attise bench decide``: one ad decision in process, with a model, caps, budgets and a record, at any number of ads.

A house of ``simulator.drawn_house``; viewers come back, and what they were shown is remembered.

- ``decide``: one slot decided. Ceiling: the search alone (a viewer's query and the best ads for it) in the same rounds.
  ``cpu`` is the thread's own time: what it takes where nothing else wants the core. Checked while it runs: every winner
  meets the plain rules of targeting, passes no cap by a plain count of what was shown, has budget, and pays no more
  than its bid; those dropped and the winner are all ads; one in a hundred is decided again from its record alike.
- ``winners among the candidates``: for how many viewers the winner at the chosen number of candidates is that of
  a contest of many more. Promised: 98 of 100.
- ``two slots``: both of an answer, at once.
- ``flat bids``: all bids alike, so that bounds tell little.
"""

from __future__ import annotations

import gc
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import Final

from attise.kernel.limits import DAY_MS, HOUR_MS, MINUTE_MS
from attise.proving.result import Row, quantile
from attise.records.decision import Contender, Decision, encode_decision, request_again
from attise.records.feed import FeedRequest, ViewerContext
from attise.serving import kernels
from attise.serving.delivery.decide import decide_slots
from attise.serving.delivery.memory import NEW, ViewerMemory, answered
from attise.serving.delivery.policy import Policy
from attise.serving.targeting.matching import matches
from attise.serving.targeting.query import compile_query
from attise.serving.targeting.retrieve import retrieve
from attise.simulator.drawn_house import DrawnHouse, draw_house
from attise.simulator.targeted_ads import draw_viewers

NOW_MS: Final = 1_790_000_000_000
SEED: Final = 1
VIEWERS: Final = 300
MILLION: Final = 1_000_000
PROMISED_P50_US: Final = 200
PROMISED_P99_US: Final = 800
PROMISED_RECALL: Final = 0.98
MANY_CANDIDATES: Final = 4_096
STEP_MS: Final = 1_500
"""World time between two requests: a viewer comes back every eight minutes or so, and meets the caps."""
AGAIN_EVERY: Final = 100
SLOT: Final = 3


@dataclass(slots=True)
class Checks:
    """What must not happen, counted."""

    decisions: int = 0
    ads: int = 0
    wrong_targets: int = 0
    cap_violations: int = 0
    without_budget: int = 0
    price_above_bid: int = 0
    unaccounted: int = 0
    decided_again: int = 0
    differs_again: int = 0
    shown: dict[str, list[tuple[Contender, int]]] = field(default_factory=lambda: defaultdict(list))

    @property
    def faults(self) -> int:
        """Everything that is not right."""
        return (
            self.wrong_targets
            + self.cap_violations
            + self.without_budget
            + self.price_above_bid
            + self.unaccounted
            + self.differs_again
        )

    def look_at(self, house: DrawnHouse, request: FeedRequest, decision: Decision, memory: ViewerMemory) -> None:
        """Judge one decision by the plain rules; counts what is wrong."""
        self.decisions += 1
        self.unaccounted += sum(count for _, count in decision.dropped) + decision.is_ad != decision.live
        if self.decisions % AGAIN_EVERY == 0:
            self.decided_again += 1
            request_from_record = request_again(decision, follows=request.viewer.follows)
            again = decide_slots(request_from_record, house.state, memory, decision.moment.slots or (SLOT,))
            self.differs_again += encode_decision(decision) not in {encode_decision(one) for one in again}
        winner, claims = decision.winner, decision.claims
        if winner is None or claims is None:
            return
        self.ads += 1
        record = house.record(winner.ad_id)
        self.wrong_targets += bool(matches(record, request.viewer, request.now_ms))
        before = self.shown[request.viewer.pseudonym]
        self.cap_violations += passes_a_cap(winner, before, record.group.frequency, request.now_ms)
        self.without_budget += bool(house.spent_envelopes & set(claims.envelopes))
        bid = winner.bid_micros if winner.billing_event != "CPM" else winner.bid_micros / 1_000
        self.price_above_bid += not 0 <= claims.price_micros <= bid or decision.price_ecpm > winner.offer
        before.append((winner, request.now_ms))

    def told(self) -> dict[str, float | int | str]:
        """Return the counts, by name."""
        return {
            "decisions": self.decisions,
            "ads": self.ads,
            "wrong_targets": self.wrong_targets,
            "cap_violations": self.cap_violations,
            "without_budget": self.without_budget,
            "price_above_bid": self.price_above_bid,
            "unaccounted": self.unaccounted,
            "decided_again": self.decided_again,
            "differs_again": self.differs_again,
        }


def passes_a_cap(winner: Contender, before: list[tuple[Contender, int]], frequency: int, now_ms: int) -> bool:
    """Tell, by a plain count, whether one more impression passes a cap of the house or of the ad group."""

    def count(name: str, span_ms: int) -> int:
        wanted = getattr(winner, name)
        return sum(now_ms - at_ms < span_ms and getattr(shown, name) == wanted for shown, at_ms in before)

    if frequency and count("adgroup_id", winner.frequency_days * DAY_MS) >= frequency:
        return True
    own = not frequency and (count("ad_id", DAY_MS) >= 2 or count("campaign_id", DAY_MS) >= 4)  # noqa: PLR2004 - as promised
    of_advertiser = count("advertiser_id", 7 * DAY_MS) >= 10 or count("advertiser_id", 10 * MINUTE_MS) > 0  # noqa: PLR2004
    return own or of_advertiser


@dataclass(slots=True)
class Times:
    """Seconds, by decision."""

    took: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    search: list[float] = field(default_factory=list)
    search_cpu: list[float] = field(default_factory=list)


def measure(house: DrawnHouse, many: int, *, slots: tuple[int, ...] = (SLOT,)) -> tuple[Times, Checks]:
    """Decide ``many`` requests of viewers who come back, timed beside the search alone, and judge each."""
    viewers = draw_viewers(VIEWERS, SEED)
    memories: dict[str, ViewerMemory] = {}
    times, checks = Times(), Checks()
    state, policy, segments = house.state, house.state.policy, house.state.segments
    searched, _ = policy.breadth(state.size)
    now_ms = NOW_MS
    for number in range(many):
        viewer = viewers[number % VIEWERS]
        now_ms += STEP_MS if number % VIEWERS else HOUR_MS // 4
        request = _request(number, viewer, now_ms)
        memory = memories.get(viewer.pseudonym, NEW)
        cpu, begin = time.thread_time(), time.perf_counter()
        decisions = decide_slots(request, state, memory, slots)
        times.took.append(time.perf_counter() - begin)
        times.cpu.append(time.thread_time() - cpu)
        cpu, begin = time.thread_time(), time.perf_counter()
        queries = [compile_query(segment, viewer, now_ms) for segment in segments]
        retrieve(segments, queries, searched, most_blocks=policy.most_blocks)
        times.search.append(time.perf_counter() - begin)
        times.search_cpu.append(time.thread_time() - cpu)
        for decision in decisions:
            checks.look_at(house, request, decision, memory)
        posts = [0 if one.winner is None else one.winner.post_id for one in decisions]
        after = answered(memory, posts, list(enumerate(decisions)), session_id="s", now_ms=now_ms)
        memories[viewer.pseudonym] = after
    return times, checks


def recall(house: DrawnHouse, many: int) -> tuple[float, int]:
    """Return for what share of viewers the winner is that of a contest of many more candidates, and of how many.

    Both contests explore nothing: the question is of the search.
    """
    policy = replace(
        house.state.policy, candidates=MANY_CANDIDATES, least_candidates=MANY_CANDIDATES, most_searched=MANY_CANDIDATES
    )
    wide = replace(house.state, policy=policy)
    same = asked = 0
    for number, viewer in enumerate(draw_viewers(many, SEED + 1)):
        request = _request(number, viewer, NOW_MS)
        (few,), (all_of_them,) = (decide_slots(request, state, None, (SLOT,)) for state in (house.state, wide))
        if all_of_them.winner is None or all_of_them.is_exploration or few.is_exploration:
            continue
        asked += 1
        same += few.winner is not None and few.winner.ad_id == all_of_them.winner.ad_id
    return same / max(1, asked), asked


def run(*, quick: bool) -> list[Row]:
    """Measure every case at every scale."""
    kernels.use(compiles=True)
    policy = Policy()
    scales = (10_000, 100_000) if quick else (1_000, 10_000, 100_000, MILLION)
    many = 1_200 if quick else 6_000
    rows = []
    for scale in scales:
        sys.stderr.write(f"bench decide: drawing {scale} ads\n")
        house = draw_house(scale, SEED, now_ms=NOW_MS, policy=policy)
        gc.collect()
        gc.freeze()
        measure(house, VIEWERS)  # whoever is like another was asked for before, as in a house that runs
        rows.append(_row("decide", scale, *measure(house, many)))
        found, asked = recall(house, many // 4)
        rows.append(_recall_row(scale, policy, found, asked))
        rows.append(_row("two slots", scale, *measure(house, many // 3, slots=(SLOT, SLOT + 6))))
        gc.unfreeze()
    flat = draw_house(scales[-1], SEED, now_ms=NOW_MS, policy=policy, is_flat=True)
    rows.append(_row("decide, flat bids", scales[-1], *measure(flat, many // 3)))
    return rows


def _row(name: str, scale: int, times: Times, checks: Checks) -> Row:
    per_s, ceiling = (len(some) / sum(some) for some in (times.cpu, times.search_cpu))
    said: dict[str, float | int | str] = {
        "cpu_p50_us": _us(times.cpu, 0.5),
        "cpu_p99_us": _us(times.cpu, 0.99),
        "search_cpu_p50_us": _us(times.search_cpu, 0.5),
        "promised_p50_us": PROMISED_P50_US,
        "promised_p99_us": PROMISED_P99_US,
        **checks.told(),
    }
    p50, p99 = (round(quantile(times.took, share) * 1000, 4) for share in (0.5, 0.99))
    return Row(
        f"decide/{name}",
        f"{scale} ads",
        round(ceiling, 1),
        round(per_s, 1),
        round(per_s / ceiling, 3),
        p50,
        p99,
        said,
        ok=checks.faults == 0 and checks.ads > 0,
    )


def _recall_row(scale: int, policy: Policy, found: float, asked: int) -> Row:
    said: dict[str, float | int | str] = {
        "recall": round(found, 4),
        "promised_recall": PROMISED_RECALL,
        "candidates": policy.breadth(scale)[1],
        "searched": policy.breadth(scale)[0],
        "of_candidates": MANY_CANDIDATES,
        "asked": asked,
    }
    name = "decide/winners among the candidates"
    return Row(name, f"{scale} ads", None, round(found, 4), None, 0.0, 0.0, said, ok=found >= PROMISED_RECALL)


def _request(number: int, viewer: ViewerContext, now_ms: int) -> FeedRequest:
    seed = (number * 0x9E3779B97F4A7C15 + SEED) & ((1 << 64) - 1)
    ids = tuple(range(number * 10, number * 10 + 10))
    return FeedRequest(number, viewer, len(ids), now_ms, NOW_MS, seed, ids, "s")


def _us(seconds: list[float], share: float) -> float:
    return round(quantile(seconds, share) * 1e6, 1)
