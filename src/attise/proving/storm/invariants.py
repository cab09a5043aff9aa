"""What must hold when processes were killed: each with its value and its bound, from what is durable and what was told.

Nothing here asks the code that it judges where it can count by itself: what was acknowledged is looked for by name,
and what was counted is held against the number of different things that could be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Final

from attise.kernel.limits import STATE_LIFE_MS
from attise.ledger import queries as books
from attise.ledger.rules import Free
from attise.ledger.verify import verify_ledger
from attise.management.accounts.payer import payer_of
from attise.management.accounts.queries import known_creators
from attise.management.campaigns import queries as campaigns
from attise.management.posts import queries as posts
from attise.management.posts.queries import creators_of
from attise.management.viewers.queries import known_pseudonyms
from attise.measurement.attribution.judging import TYPE_BITS
from attise.measurement.attribution.queries import OutcomeView
from attise.measurement.attribution.recount import recount
from attise.measurement.attribution.recount_conversions import recount_conversions
from attise.measurement.attribution.whose import Whose
from attise.measurement.counters.queries import list_counts
from attise.measurement.ingest.sqlite_log import SqliteLog
from attise.proving.place import Place
from attise.proving.storm.seen import COUNTED_BY_KEY, Seen
from attise.proving.storm.told import Told
from attise.proving.storm.town import FUNDS, Town

HEALED_S: Final = 30.0
"""Until all runs, and until everything is settled, after the load's end."""
BEYOND_DECISIONS: Final = 100
"""That one edge may have served beyond a budget; each that is started after a kill has its own part of it."""


@dataclass(frozen=True)
class Invariant:
    """One thing that must hold: ``value`` never above ``bound``."""

    name: str
    value: float
    bound: float
    unit: str = ""
    first: str = ""
    """The first thing that breaks it, in words."""

    @property
    def ok(self) -> bool:
        """Whether it holds."""
        return self.value <= self.bound

    def plain(self) -> dict[str, object]:
        """Return it as JSON takes it."""
        return {**asdict(self), "ok": self.ok}


def none_of(name: str, found: Iterable[object], unit: str) -> Invariant:
    """Return that there is nothing of a sort."""
    every = sorted(map(str, found))
    return Invariant(name, len(every), 0, unit, every[0] if every else "")


def of_answers(told: Told, seen: Seen) -> list[Invariant]:
    """Compare what was answered with what is in the log."""
    return [
        none_of("acknowledged events lost", told.events - seen.events, "events"),
        none_of("acknowledged conversions lost", told.conversions - seen.conversions, "conversions"),
        none_of("invalid events taken", told.invalid_taken, "events"),
        Invariant("answers of a server's fault", told.wrong_count, 0, "answers", told.wrong[0] if told.wrong else ""),
    ]


def of_comments(told: Told, post_ids: Iterable[int]) -> list[Invariant]:
    """Compare the comments that were acknowledged with those that there are."""
    rows: list[tuple[int, str]] = []
    for post_id in post_ids:
        after: int | None = None
        while True:
            page = posts.list_comments(post_id, with_hidden=True, after=after, limit=100)
            rows += [(row.id, row.text) for row in page.items if row.text in told.said]
            after = page.after
            if after is None:
                break
    texts = [text for _, text in rows]
    return [
        none_of("acknowledged comments lost", told.comments.keys() - {id_ for id_, _ in rows}, "comments"),
        none_of("comments made twice", {text for text in texts if texts.count(text) > 1}, "comments"),
    ]


def of_counts(seen: Seen) -> Invariant:
    """Compare counters with the number of different things that could have been counted."""
    over = {}
    post_ids = {post_id for post_id, _ in seen.keys} | seen.decisions_of.keys()
    for post_id, counts in list_counts(post_id for post_id in post_ids if post_id).items():
        most = {signal: len(seen.keys[post_id, signal]) for signal in COUNTED_BY_KEY.values()}
        most["impressions"] = len(seen.decisions_of[post_id])
        for signal, number in most.items():
            if counts.of(signal).total > number:
                over[f"{signal} of post {post_id}"] = counts.of(signal).total - number
    return Invariant("counted twice", sum(over.values()), 0, "events", next(iter(sorted(over)), ""))


def of_stops(told: Told, seen: Seen) -> list[Invariant]:
    """Look for decisions on what was revoked or paused, later than what was read may be believed."""
    by_ad: dict[int, list[int]] = defaultdict(list)
    for ad_id, at_ms in seen.decided:
        by_ad[ad_id].append(at_ms)
    found = []
    for what, name in (("revocation", "revoked grants decided on"), ("pause", "paused ads decided on")):
        late = [
            f"ad {ad_id}, {at_ms - stop.answered_ms} ms after the answer"
            for stop in told.stops
            if stop.what == what
            for ad_id in stop.ad_ids
            for at_ms in by_ad[ad_id]
            if stop.answered_ms + STATE_LIFE_MS < at_ms < (stop.ended_ms or 1 << 62)
        ]
        found.append(none_of(f"{name} after 2 s", late, "decisions"))
    return found


def of_budgets(place: Place, town: Town, told: Told) -> Invariant:
    """Compare the budgets that were acknowledged last with those that stand."""
    wrong = []
    for campaign_id, micros in told.budgets.items():
        payer = town.advertisers[0]
        stands = campaigns.get_campaign(place.means, advertiser_id=payer, campaign_id=campaign_id).budget_micros
        if stands != micros:
            wrong.append(f"campaign {campaign_id}: {micros} acknowledged, {stands} stands")
    return none_of("acknowledged budgets lost", wrong, "campaigns")


def of_money(place: Place, town: Town, outcomes: Iterable[OutcomeView], *, edges: int) -> list[Invariant]:
    """Look at the books, the envelopes, and what was charged for which decision; ``edges`` is how many there were."""
    unseen, free = [], defaultdict[int, list[int]](list)
    owner = {one.ad_id: one.advertiser_id for one in town.lent}
    charged: dict[int, int] = defaultdict(int)
    for one in outcomes:
        payer = owner.get(one.ad_id, 0)
        charged[payer] += one.charged_micros
        if one.outcome == "charged" and not one.counted & TYPE_BITS["impression"]:
            unseen.append(f"decision {one.decision_id}")
        if one.reason == Free.OVERDELIVERY:
            free[payer].append(one.decision_id)
    totals = books.list_totals()
    verdict = verify_ledger()
    return [
        Invariant("ledger imbalance", sum(abs(sum(one.by_kind.values())) for one in totals), 0, "micros"),
        none_of("ledger differences", [verdict.difference] if verdict.difference else [], "differences"),
        _overspent(place, town),
        none_of("charges without an impression", unseen, "charges"),
        none_of("charged and not in the books", _unbooked(town, charged), "advertisers"),
        _beyond(free, charged, edges),
    ]


def _overspent(place: Place, town: Town) -> Invariant:
    """Return by how much envelopes are overspent, in every period."""
    over, first = 0, ""
    for advertiser_id in town.advertisers:
        for state in books.list_envelopes_of(payer_of(advertiser_id), at_ms=place.means.clock.world_ms()):
            for period in books.list_periods(state.envelope.id):
                if period.limit_micros is not None and period.spent_micros > period.limit_micros:
                    over += period.spent_micros - period.limit_micros
                    first = first or f"{state.envelope.key} {period.period}"
    return Invariant("envelopes overspent", over, 0, "micros", first)


def _unbooked(town: Town, charged: Mapping[int, int]) -> list[str]:
    """Return advertisers whose outcomes say another sum than their account has paid."""
    wrong = []
    for advertiser_id, funds in zip(town.advertisers, FUNDS, strict=True):
        paid = funds - books.balance_of(payer_of(advertiser_id), "EUR")
        if paid != charged[advertiser_id]:
            wrong.append(f"advertiser {advertiser_id}: {charged[advertiser_id]} by outcomes, {paid} by the ledger")
    return wrong


def _beyond(free: Mapping[int, list[int]], charged: Mapping[int, int], edges: int) -> Invariant:
    """Return how much was served beyond a budget: decisions of the advertiser that had the most of them."""
    worst = max(free, key=lambda payer: len(free[payer]), default=0)
    most = BEYOND_DECISIONS * max(edges, 1)
    share = f"{charged[worst]} micros charged" if worst else ""
    return Invariant("decisions free beyond a budget", len(free[worst]) if worst else 0, most, "decisions", share)


def of_recounts(place: Place) -> list[Invariant]:
    """Tell everything anew from the log, as ``attise verify`` does."""
    log = SqliteLog(place.house.folder, may_write=False)
    try:
        whose = Whose(creators_of, known_creators)
        counters = recount(log, whose=whose)
        pages = recount_conversions(place.means, log, whose=whose, known=known_pseudonyms)
    finally:
        log.close()
    return [
        none_of("counters unlike a recount", [counters.difference] if counters.difference else [], "differences"),
        none_of("credits unlike a recount", [pages.difference] if pages.difference else [], "differences"),
    ]
