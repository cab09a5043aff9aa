"""Reads of attribution: what came of decisions, up to where the log is settled, and up to where totals speak."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import msgspec
from django.db.models import Count, Sum

from attise.ledger import queries as ledger
from attise.ledger import storing
from attise.ledger.queries import has_touched, newest_touched
from attise.ledger.rules import Zone
from attise.measurement.attribution.acts import unpack
from attise.measurement.attribution.models import Ad, AdHour, Changed, Head, Outcome, Position, Settled, Step, Totals
from attise.measurement.attribution.reading import Mark
from attise.records.totals import POST, PostTotals, TotalsHead

AT_ONCE: Final = 500
"""Values of one statement."""


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """What came of one decision that chose an ad. ``counted`` and ``doubted`` are types as bits (``judging``)."""

    decision_id: int
    ad_id: int
    counted: int
    doubted: int
    doubt: str
    watch_ms: int
    charged_micros: int
    currency: str
    outcome: str
    """``charged``, ``free``, or empty: no charge was asked for."""
    reason: str


def get_head() -> TotalsHead:
    """Return up to where totals speak. Cost: one keyed read."""
    found = Head.objects.filter(id=1).values_list("version", "published_at_ms", "counted_to_ms").first()
    if found is None:
        raise AssertionError("the head row of attribution is missing")
    return TotalsHead(*found)


def find_outcome(decision_id: int) -> OutcomeView | None:
    """Return what came of a decision, or None where nothing has. Cost: one keyed read."""
    names = OutcomeView.__dataclass_fields__
    found = Outcome.objects.filter(decision_id=decision_id).values_list(*names).first()
    return None if found is None else OutcomeView(*found)


def list_outcomes(*, after: int = 0, limit: int = 1_000) -> list[OutcomeView]:
    """Return what came of decisions, by rising id, after one. Cost: one statement."""
    rows = Outcome.objects.filter(decision_id__gt=after).order_by("decision_id")
    return [OutcomeView(*row) for row in rows.values_list(*OutcomeView.__dataclass_fields__)[:limit]]


@dataclass(frozen=True, slots=True)
class PersonOutcome:
    """What one person did with an ad once, by pseudonym (empty: nobody who is known again)."""

    decision_id: int
    viewer: str
    counted: int
    """Types as bits (``judging``)."""
    charged_micros: int


def list_outcomes_of_ads(ad_ids: Collection[int]) -> list[PersonOutcome]:
    """Return what came of every decision that chose one of some ads, in their order. Cost: one pass over outcomes.

    For comparisons of a few ads in a small house: a large one reads its facts (``reports``).
    """
    names = tuple(PersonOutcome.__dataclass_fields__)
    rows = Outcome.objects.filter(ad_id__in=list(ad_ids)).order_by("decision_id").values_list(*names)
    return [PersonOutcome(*row) for row in rows]


def list_ad_hours(post_id: int, *, advertiser_id: int, signals: Sequence[str]) -> list[tuple[int, tuple[int, ...]]]:
    """Return what an advertiser's ads did for a post, by hour: when it begins, and some signals. Cost: two statements.

    The same events that the post's own hours count as paid, when they were done.
    """
    ads = list(Ad.objects.filter(post_id=post_id, advertiser_id=advertiser_id).values_list("ad_id", flat=True))
    rows = AdHour.objects.filter(ad_id__in=ads).order_by("hour_ms").values("hour_ms")
    sums = rows.annotate(**{f"sum_{name}": Sum(name) for name in signals})
    return [(row["hour_ms"], tuple(int(row[f"sum_{name}"]) for name in signals)) for row in sums]


def list_hours_of_ads(ad_ids: Iterable[int], signals: Sequence[str]) -> dict[int, list[tuple[int, tuple[int, ...]]]]:
    """Return what ads did by hour, by ad: when each hour begins, rising, and some signals. Cost: one statement."""
    rows = AdHour.objects.filter(ad_id__in=list(ad_ids)).order_by("hour_ms")
    found: dict[int, list[tuple[int, tuple[int, ...]]]] = {}
    for ad_id, hour_ms, *counts in rows.values_list("ad_id", "hour_ms", *signals):
        found.setdefault(ad_id, []).append((hour_ms, tuple(counts)))
    return found


def list_posts_shown(*, advertiser_id: int | None, limit: int) -> list[int]:
    """Return the posts that ads have shown, of an advertiser or of all, the newest first. Cost: one statement."""
    rows = Ad.objects.filter(post_id__gt=0)
    if advertiser_id is not None:
        rows = rows.filter(advertiser_id=advertiser_id)
    return list(rows.values_list("post_id", flat=True).distinct().order_by("-post_id")[:limit])


def list_promoters() -> list[int]:
    """Return the advertisers whose ads have shown posts. Cost: one statement."""
    rows = Ad.objects.filter(post_id__gt=0).values_list("advertiser_id", flat=True)
    return list(rows.distinct().order_by("advertiser_id"))


def get_mark() -> Mark:
    """Return up to where the log is settled. Cost: one keyed read."""
    return Mark(*Position.objects.values_list("position", "entries").get(id=1))


class SettledCounts(NamedTuple):
    """How many events were settled; of them, those that had been settled before, and those that were doubted."""

    events: int
    duplicates: int
    doubted: int


def count_settled() -> SettledCounts:
    """Return how many events were settled. Cost: one keyed read."""
    return SettledCounts(*Position.objects.values_list(*SettledCounts._fields).get(id=1))


def counted_keys(keys: Collection[bytes]) -> set[bytes]:
    """Return those of some events' keys under which something was counted, as long as that is kept. One statement."""
    return {bytes(key) for (key,) in storing.read(Settled, ("key",), column="key", values=list(keys))}


@dataclass(frozen=True, slots=True)
class Untold:
    """Up to where lists of what totals are still to tell reach, at one moment."""

    changed: int
    touched: int


def get_untold() -> Untold:
    """Return up to where there is something to tell. Cost: two statements."""
    return Untold(Changed.objects.order_by("-id").values_list("id", flat=True).first() or 0, newest_touched())


def is_told(upto: Untold) -> bool:
    """Tell whether totals say all that was settled and set up to a moment. Cost: two statements."""
    return not Changed.objects.filter(id__lte=upto.changed).exists() and not has_touched(upto=upto.touched)


class OutcomeStep(msgspec.Struct, frozen=True, gc=False):
    """What one batch added to an outcome (``models.Step``)."""

    position: int
    decision_id: int
    received_at_ms: int
    acts: Mapping[str, int]
    doubted: int
    doubt: str
    watch_ms: int
    charged_micros: int
    outcome: str
    reason: str


class OutcomeTerms(msgspec.Struct, frozen=True, gc=False):
    """Under whom a decision stands, and at which price: what its outcome says that does not change."""

    decided_at_ms: int
    ad_id: int
    adgroup_id: int
    campaign_id: int
    advertiser_id: int
    post_id: int
    creator_id: int
    viewer: str
    billing_event: str
    currency: str
    price_micros: int
    model_version: int


def list_steps(*, after: int, upto: int) -> list[OutcomeStep]:
    """Return the steps of a stretch of the log, in their order. Cost: one range of an index."""
    rows = Step.objects.filter(position__gt=after, position__lte=upto).order_by("id")
    return [
        OutcomeStep(position, decision_id, received_at_ms, unpack(bytes(acts)), *rest)
        for position, decision_id, received_at_ms, acts, *rest in rows.values_list(*OutcomeStep.__struct_fields__)
    ]


def find_step_position(*, after: int, number: int) -> int | None:
    """Return the position of the ``number``-th step beyond a position, or None where there are fewer."""
    rows = Step.objects.filter(position__gt=after).order_by("position").values_list("position", flat=True)
    return next(iter(rows[number - 1 : number]), None)


def terms_of(decision_ids: Iterable[int]) -> dict[int, OutcomeTerms]:
    """Return what outcomes say of decisions, those that there are. Cost: a keyed read each, 500 to a statement."""
    names = ("decision_id", *OutcomeTerms.__struct_fields__)
    return {
        decision_id: OutcomeTerms(*rest)
        for part in _parts(decision_ids)
        for decision_id, *rest in storing.read(Outcome, names, column="decision_id", values=part)
    }


def zones_of(ad_ids: Iterable[int]) -> dict[int, Zone]:
    """Return the zones of the advertisers of ads that something was counted of. Cost: two statements for 500 ads."""
    found: dict[int, Zone] = {}
    for part in _parts(ad_ids):
        envelope_of = dict(Ad.objects.filter(ad_id__in=part).values_list("ad_id", "envelope_id"))
        zones = ledger.zones_of(set(envelope_of.values()))
        found |= {ad_id: zones[envelope] for ad_id, envelope in envelope_of.items() if envelope in zones}
    return found


def post_totals(post_ids: Collection[int]) -> dict[int, PostTotals]:
    """Return what was counted of posts, as it was told last, of those that something was."""
    decode = msgspec.msgpack.Decoder(PostTotals).decode
    names = ("object_id", "kind", "body")
    return {
        object_id: decode(bytes(body))
        for part in _parts(post_ids)
        for object_id, kind, body in storing.read(Totals, names, column="object_id", values=part)
        if kind == POST
    }


def list_changed_posts(*, after: int, limit: int) -> tuple[list[int], int]:
    """Return posts whose totals changed above a version, and the version that these reach. Cost: two statements.

    Of more than ``limit`` the oldest versions, whole.
    """
    upto = get_head().version
    rows = Totals.objects.filter(version__gt=after, version__lte=upto, kind=POST).order_by("version")
    found = list(rows.values_list("version", "object_id")[:limit])
    if len(found) == limit and found[0][0] < found[-1][0]:
        upto = found[-1][0] - 1
    elif len(found) == limit:  # one publication told more of them: all of it
        upto = found[0][0]
        found = list(rows.filter(version=upto).values_list("version", "object_id"))
    return [post_id for version, post_id in found if version <= upto], upto


def _parts(values: Iterable[int]) -> Iterable[list[int]]:
    every = sorted(set(values))
    return (every[begin : begin + AT_ONCE] for begin in range(0, len(every), AT_ONCE))


class FreeSum(NamedTuple):
    """What was free for one reason, of one advertiser."""

    advertiser_id: int
    currency: str
    decisions: int
    micros: int
    """What it would have cost."""


class FreeDecision(NamedTuple):
    """One of them."""

    decision_id: int
    advertiser_id: int
    ad_id: int
    decided_at_ms: int
    currency: str
    micros: int


def sum_free(reason: str) -> list[FreeSum]:
    """Return what was free for a reason, by advertiser and currency. Cost: one pass over outcomes."""
    rows = Outcome.objects.filter(reason=reason).values_list("advertiser_id", "currency")
    told = rows.annotate(Count("decision_id"), Sum("price_micros")).order_by("advertiser_id", "currency")
    return [FreeSum(*row) for row in told]


def iterate_free(reason: str) -> Iterator[FreeDecision]:
    """Yield the decisions that were free for a reason, the oldest first. Cost: as above."""
    names = ("decision_id", "advertiser_id", "ad_id", "decided_at_ms", "currency", "price_micros")
    rows = Outcome.objects.filter(reason=reason).order_by("decision_id").values_list(*names)
    return (FreeDecision(*row) for row in rows.iterator())
