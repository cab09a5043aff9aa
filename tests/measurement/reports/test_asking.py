"""What a report says is what facts say, counted again by hand, and what was charged; what cannot be told is refused."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from attise.kernel.errors import Refusals
from attise.ledger import queries as books
from attise.measurement.reports.actions import roll_up
from attise.measurement.reports.asking.answering import Answer, answer
from attise.measurement.reports.asking.asked import Asked, check
from attise.measurement.reports.asking.dimensions import AUDIENCE, IDS, LEVELS, OF_TYPE
from attise.measurement.reports.asking.metrics import METRICS, SUMS, Form
from attise.measurement.reports.asking.statement import moments_of
from attise.measurement.reports.rollups.reading import newest
from attise.records.fact import COLUMNS
from attise.records.web_events import BY_NAME
from tests.ledger.payers import an_envelope, fund
from tests.measurement.attribution.converted import tell
from tests.measurement.attribution.happened import ad_claims, claims, event
from tests.measurement.reports.facing import VIEWERS, Facing

PARIS, KOLKATA = "Europe/Paris", "Asia/Kolkata"
ZONE = {1: PARIS, 2: KOLKATA}
SPOKEN = (
    *("spend", "clicks", "likes", "reach", "conversion", "real_time_conversion"),
    *("result", "complete_payment", "total_purchase_value"),
)
COUNTED = (
    *("spent", "impressions", "clicks", "likes", "reach", "conversion", "real_time_conversion"),
    *("result", "complete_payment", "value_of_complete_payment"),
)
SOUGHT = {"CLICK": "clicks", "REACH": "impressions", "FOLLOWERS": "follows"}
"""What counts as a result of each goal of these facts; of the others conversions do, which outcomes have none of."""
FIRST = dt.date(2026, 10, 24)


def live(facing: Facing, chance: random.Random, many: int) -> None:
    """Two advertisers in two zones, over the night of 25 hours: what viewers do, and what they buy."""
    means = facing.means
    envelopes = {}
    for advertiser, zone in ZONE.items():
        fund(means, 1_000_000_000, payer=f"advertiser:{advertiser}")
        payer = f"advertiser:{advertiser}"
        envelopes[advertiser] = (an_envelope(means, f"campaign:{advertiser}", None, payer=payer, zone=zone),)
    begin_ms = round(dt.datetime(2026, 10, 24, 20, tzinfo=dt.UTC).timestamp() * 1000)
    for number in range(many):
        advertiser = chance.choice([1, 1, 2])
        ad = ad_claims(
            envelopes[advertiser],
            ad_id=(ad_id := 900 + 10 * advertiser + chance.randrange(3)),
            advertiser_id=advertiser,
            campaign_id=800 + 10 * advertiser + ad_id % 2,
            adgroup_id=700 + 10 * advertiser + ad_id % 2,
            is_spark=bool(ad_id % 2),
            billing_event=chance.choice(["OCPM", "CPC"]),
            price_micros=chance.randrange(1, 99_999),
        )
        who = chance.choice(VIEWERS)
        viewer = chance.choice(["ann", "bob", "cid", ""])
        # Later and later, and some of any time: so parts of the roll-ups are of other hours, and some of them meet.
        hour = chance.randrange(30) if number > many // 2 and number % 5 == 0 else number * 30 // many
        of = claims(means, ad, viewer=viewer, decided_at_ms=begin_ms + hour * 3_600_000 + chance.randrange(3_600_000))
        if chance.random() < 0.9:
            facing.decide(of, viewer=who, optimization_goal=chance.choice(["CLICK", "REACH", "FOLLOWERS", "CONVERT"]))
        kinds = ["impression", "view_6s", "complete", "click", "like", "follow", "share", "p50"]
        sent = [event(means, kind, of, after_s=number % 9 + 1) for kind in chance.sample(kinds, chance.randrange(1, 5))]
        facing.settle(*sent)
        if number % 4 == 0:
            name = chance.choice(["Purchase", "CompletePayment", "AddToCart", "Mine"])
            at_ms = of.decided_at_ms + chance.randrange(20 * 3_600_000)
            said = {"event": name, "at_ms": at_ms, "advertiser_id": advertiser, "currency": "EUR"}
            tell(facing, 5_000 + number, of.decision_id, f"order-{number}", value_micros=7_000_001, **said)
            facing.settle()
        if number % 15 == 0:
            facing.export()
            roll_up(means, facing.house)
    facing.export()
    while not roll_up(means, facing.house).is_end:
        pass


def recounted(facts: list[dict[str, Any]], asked: Asked) -> dict[tuple[str, ...], dict[str, int]]:
    """The sums of a report, counted from facts by plain Python and the calendar of each zone."""
    found: dict[tuple[str, ...], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    people: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for fact in facts:
        if fact["ad_id"] == 0 or fact["advertiser_id"] not in asked.advertiser_ids:
            continue
        if any(fact[column] not in ids for column, ids in asked.among.items()):
            continue
        if any(fact[column] in ids for column, ids in asked.without.items()):
            continue
        if asked.countries is not None and fact["country"] not in asked.countries:
            continue
        is_conversion = fact["sort"] == "conversion"
        for moment, is_own in (("decided_at_ms", False), ("at_ms", True)):
            if is_own and not is_conversion:
                continue
            zone = "UTC" if asked.in_utc else ZONE[fact["advertiser_id"]]
            when = dt.datetime.fromtimestamp(fact[moment] / 1000, ZoneInfo(zone))
            if not asked.is_lifetime and not asked.first <= when.date() <= asked.last:
                continue
            said = {
                **{name: str(fact[name]) for name in (*IDS, "post_id")},
                "stat_time_day": f"{when:%Y-%m-%d} 00:00:00",
                "stat_time_hour": f"{when:%Y-%m-%d %H}:00:00",
                "gender": fact["gender"].upper() or "NONE",
                "age": fact["age_group"] or "NONE",
                "country_code": fact["country"] or "NONE",
                "province_id": "3012874" if fact["region"] else "-1",
                "platform": {"android": "ANDROID", "ios": "IPHONE", "": "UNKNOWN"}.get(fact["os"], "PC"),
                "language": fact["language"] or "NONE",
                "placement": "PLACEMENT_TIKTOK",
            }
            key = tuple(said[name] for name in asked.dimensions)
            row, own = found[key], "real_time_" if is_own else ""
            if is_conversion:
                if fact["is_counted"]:
                    row[f"{own}conversion"] += fact["conversions"] * fact["is_result"]
                    if not is_own and fact["optimization_goal"] not in SOUGHT:
                        row["result"] += fact["conversions"] * fact["is_result"]
                    if not is_own and getattr(BY_NAME.get(fact["event"]), "type", "") == "SHOPPING":
                        row["complete_payment"] += fact["conversions"]
                        row["value_of_complete_payment"] += fact["value_micros"]
                continue
            for name, column in (("spent", "charged_micros"), ("clicks", "clicks"), ("impressions", "impressions")):
                row[name] += fact[column]
            row["likes"] += fact["likes"]
            row["result"] += fact[SOUGHT.get(fact["optimization_goal"], "conversions")]
            if fact["impressions"]:
                people[key].add(fact["viewer"] or f"#{fact['decision_id']}")
    for key, met in people.items():
        found[key]["reach"] = len(met)
    rows = {key: {name: row[name] for name in COUNTED} for key, row in found.items()}
    return {key: row for key, row in rows.items() if any(row.values())}


def drawn(chance: random.Random) -> Asked:
    """Any report that may be asked for."""
    while True:
        level = chance.choice(list(LEVELS))
        report_type = chance.choice(["BASIC", "AUDIENCE", "BC"])
        among = {"campaign_id": frozenset({811, 820}), "ad_id": frozenset({911, 912, 920, 999})}
        asked = Asked(
            report_type=report_type,
            level=level,
            advertiser_ids=chance.choice([(1,), (2,), (1, 2)]),
            dimensions=tuple(
                chance.sample(OF_TYPE[report_type], chance.randrange(min(4, len(OF_TYPE[report_type]) + 1)))
            ),
            metrics=SPOKEN,
            first=FIRST + dt.timedelta(days=chance.randrange(3)),
            last=FIRST + dt.timedelta(days=chance.randrange(3)),
            is_lifetime=chance.random() < 0.3,
            in_utc=chance.random() < 0.2,
            among=dict(chance.sample(sorted(among.items()), chance.randrange(2))),
            without=chance.choice([{}, {}, {"adgroup_id": frozenset({711})}]),
            countries=chance.choice([None, None, frozenset({"FR", "DE"})]),
            with_totals=chance.random() < 0.3,
        )
        try:
            check(asked)
        except Refusals:
            continue
        return asked


def all_pages(house: Any, asked: Asked, size: int) -> Answer:
    """The whole report, turned page by page."""
    first = answer(house, asked, page=1, page_size=size)
    rows = list(first.rows)
    for page in range(2, first.many // size + 3):
        rows += answer(house, asked, page=page, page_size=size).rows
    return replace(first, rows=rows)


@pytest.mark.django_db(transaction=True)
def test_any_report_says_what_facts_say_and_its_spend_is_the_ledgers(means, facing):
    chance = random.Random(8)
    live(facing, chance, 60)
    names = list(COLUMNS)
    facts = [dict(zip(names, row, strict=True)) for row in facing.ask(f"SELECT {', '.join(names)} FROM facts")]
    parts, passed_over = newest(facing.house).manifest.parts, 0
    for _ in range(60):
        asked = drawn(chance)
        moments = moments_of(asked)
        passed_over += moments is not None and any(not part.may_tell_of(moments) for part in parts)
        told = all_pages(facing.house, asked, size=7)
        compared = {tuple(row.dimensions.values()): {name: row.sums[name] for name in COUNTED} for row in told.rows}
        assert len(compared) == len(told.rows) == told.many, asked
        assert compared == recounted(facts, asked), asked
        if told.totals is not None:
            assert told.totals.sums["spent"] == sum(row.sums["spent"] for row in told.rows)
    assert passed_over > 5, "a report of some days leaves files of other days closed"
    for advertiser in ZONE:
        whole = Asked(level="AUCTION_AD", advertiser_ids=(advertiser,), dimensions=("ad_id",), is_lifetime=True)
        spent = sum(row.sums["spent"] for row in answer(facing.house, whole, page=1, page_size=1_000).rows)
        assert spent == 1_000_000_000 - books.balance_of(f"advertiser:{advertiser}", "EUR") > 0
        envelope = books.find_envelope(f"campaign:{advertiser}", at_ms=means.clock.world_ms()).envelope.id
        for period in books.list_periods(envelope):
            day = dt.date.fromisoformat(period.period)
            by_day = replace(whole, is_lifetime=False, first=day, last=day)
            rows = answer(facing.house, by_day, page=1, page_size=1_000).rows
            assert sum(row.sums["spent"] for row in rows) == period.spent_micros, "a day is that of its budget"


@pytest.mark.django_db(transaction=True)
def test_rows_are_ordered_as_asked_and_pages_never_overlap(means, facing):
    live(facing, random.Random(2), 25)
    asked = Asked(
        level="AUCTION_AD",
        advertiser_ids=(1, 2),
        dimensions=("ad_id", "stat_time_day"),
        metrics=("spend", "ctr", "cpc"),
        first=FIRST,
        last=FIRST + dt.timedelta(days=2),
    )
    for order, is_rising in (("spend", False), ("ctr", True), ("cpc", False), ("stat_time_day", True), ("", False)):
        wanted = replace(asked, order=order, is_rising=is_rising)
        rows = all_pages(facing.house, wanted, size=4).rows
        assert rows == answer(facing.house, wanted, page=1, page_size=1_000).rows
        if order in METRICS:
            numbers = [float(text) for row in rows if (text := row.told(order)) != "-"]
            assert numbers == sorted(numbers, reverse=not is_rising)
            undefined = [row.told(order) == "-" for row in rows]
            assert undefined == sorted(undefined), "what is undefined comes last"


def test_what_cannot_be_told_is_refused_by_its_field_or_pair():
    asked = Asked(
        level="AUCTION_AD", advertiser_ids=(1,), dimensions=("ad_id", "stat_time_day"), first=FIRST, last=FIRST
    )
    month = FIRST + dt.timedelta(days=30)
    wrong = {
        ("report_metric", "metrics"): {"metrics": ("spend", "'; DROP TABLE facts; --")},
        ("report_dimension", "dimensions"): {"dimensions": ("ad_id", "gender")},
        ("report_level", "dimensions"): {"dimensions": ("campaign_id",)},
        ("report_span_missing", "start_date"): {"first": None},
        ("report_span_missing", "end_date"): {"last": None},
        ("report_span_backwards", "end_date"): {"last": FIRST - dt.timedelta(days=1)},
        ("report_span", "end_date"): {"last": month},
        ("report_order", "order_field"): {"order": "clicks"},
        ("report_pair", "query_lifetime"): {"is_lifetime": True},
        ("report_pair", "enable_total_metrics"): {"with_totals": True, "dimensions": ("ad_id", "country_code")},
        ("report_pair", "dimensions"): {"dimensions": ("stat_time_day", "stat_time_hour", "country_code")},
    }
    for (code, field), said in wrong.items():
        with pytest.raises(Refusals) as caught:
            check(replace(asked, **said))
        assert (caught.value.items[0].code, caught.value.items[0].field) == (code, field), said
    for fine in (
        {"last": FIRST + dt.timedelta(days=29)},
        {"is_lifetime": True, "dimensions": ("ad_id",), "first": None, "last": None},
        {"dimensions": ("ad_id",), "last": FIRST + dt.timedelta(days=364)},
        {"report_type": "AUDIENCE", "dimensions": ("ad_id", "gender", "age", "stat_time_day")},
    ):
        check(replace(asked, **fine))


def test_every_metric_is_a_formula_over_known_sums_and_rates_are_of_sums():
    assert len(METRICS) > 90
    assert {name for metric in METRICS.values() for name in metric.sums} <= SUMS.keys()
    assert not [name for name, metric in METRICS.items() if metric.over and metric.form in (Form.ZERO, Form.NONE)]
    sums = dict.fromkeys(SUMS, 0) | {"impressions": 3_000, "clicks": 40, "spent": 12_345_678, "watch_ms": 9_999}
    told = {name: METRICS[name].told(sums, "EUR") for name in ("ctr", "cpc", "cpm", "spend", "spend_micros", "cpm")}
    assert told == {"ctr": "1.33", "cpc": "0.31", "cpm": "4.12", "spend": "12.35", "spend_micros": "12345678"}
    assert METRICS["spend"].told(sums, "JPY") == "12"
    assert METRICS["spend"].told(sums, "") == "-", "money of two currencies is no sum"
    assert METRICS["average_video_play"].told(sums, "EUR") == "-", "nothing to divide by"
    assert METRICS["average_video_play"].told(sums | {"views": 2}, "EUR") == "5.00"
    assert (METRICS["purchase"].told(sums, "EUR"), METRICS["gross_impressions"].told(sums, "EUR")) == ("0", "-")
    assert set(AUDIENCE) <= set(OF_TYPE["AUDIENCE"])
