"""Apache Spark and DuckDB say the same, group by group: every shared report, every roll-up, and facts themselves.

``ATTISE_RECORD=1`` writes what was compared, and how long each took, to ``docs/equal-answers.md``.
"""

from __future__ import annotations

import datetime as dt
import itertools
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from attise.kernel.house import Settings
from attise.measurement.reports import application, columnar, distributed
from attise.measurement.reports.asking.answering import answer, iterate
from attise.measurement.reports.asking.asked import Asked, check
from attise.measurement.reports.asking.dimensions import LEVELS
from attise.measurement.reports.asking.metrics import METRICS
from attise.measurement.reports.columnar import Table, facts_table
from attise.measurement.reports.engines import engine_of
from attise.measurement.reports.folder import FileView, folder_of
from attise.measurement.reports.rollups.growing import grown
from attise.measurement.reports.rollups.kinds import KINDS
from attise.measurement.reports.rollups.manifest import NOTHING, publish_manifest, rollups_folder
from attise.measurement.reports.rollups.reading import newest
from attise.proving.reports import ADVERTISERS, BEGIN_MS, FIRST, RAW, drawn_facts
from tests.distributed.standalone import Standalone, standalone

pytestmark = [pytest.mark.long, pytest.mark.spark, pytest.mark.timeout(3_600)]
pyspark = pytest.importorskip("pyspark", reason="needs the extra 'spark': make test-long PART=spark")
LOG = Path(__file__).parents[2] / "docs" / "equal-answers.md"
FACTS = 50_000
"""Of each of two files; every eleventh brings a conversion too. Together they are of ``DAYS`` days."""
DAYS = 6
EVENTS = ("Purchase", "AddToCart", "Pageview", "InstallApp", "Something rare")
CONVERTED = f"""
    SELECT * REPLACE (
        'conversion' AS sort, decided_at_ms + (decision_id % 200) * 3600000 AS at_ms,
        0::BIGINT AS impressions, 0::BIGINT AS views, 0::BIGINT AS views_6s, 0::BIGINT AS completions,
        0::BIGINT AS clicks, 0::BIGINT AS likes, 0::BIGINT AS watch_ms, 0::BIGINT AS charged_micros,
        (CASE WHEN decision_id % 22 = 0 THEN 1 ELSE -1 END)::BIGINT AS conversions,
        (decision_id % 3 > 0) AS is_counted, (decision_id % 5 > 0) AS is_result,
        {list(EVENTS)}[1 + decision_id % {len(EVENTS)}] AS event,
        ['click', 'view', 'engaged'][1 + decision_id % 3] AS touch,
        (decision_id % 10007 * 1000)::BIGINT AS value_micros,
        CASE WHEN decision_id % 7 = 0 THEN 'USD' ELSE 'EUR' END AS value_currency
    ) FROM facts WHERE decision_id % 11 = 0
    UNION ALL SELECT * FROM facts
"""


@dataclass
class Compared:
    """What was asked of both, how many groups both told, and how long each took."""

    rows: list[tuple[str, int, float, float]] = field(default_factory=list)

    def same(self, what: str, ours: Callable[[], list[Any]], theirs: Callable[[], list[Any]]) -> None:
        begin = time.perf_counter()
        mine = ours()
        between = time.perf_counter()
        other = theirs()
        end = time.perf_counter()
        assert mine, f"{what}: nothing to compare"
        assert len(mine) == len(other), what
        for one, another in zip(mine, other, strict=True):
            assert one == another, what
        sys.stderr.write(f"{what}: {len(mine)} groups, {between - begin:.2f} and {end - between:.2f} s\n")
        self.rows.append((what, len(mine), between - begin, end - between))


@dataclass(frozen=True)
class Houses:
    """One folder of facts and roll-ups, asked by DuckDB and by Spark."""

    duck: Any
    spark: Any
    cluster: Standalone

    @property
    def engine(self) -> Any:
        return engine_of(self.spark)


@pytest.fixture(scope="module")
def houses(tmp_path_factory) -> Iterator[Houses]:
    folder = tmp_path_factory.mktemp("cluster")
    data = folder / "data"
    data.mkdir()
    with standalone(folder) as cluster:
        os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
        distributed.PATIENCE_S = 1_800  # the machine may have much else to do
        settings = Settings(data, report_engine="spark", spark_master=cluster.url, spark_cores=2)
        houses = Houses(SimpleNamespace(folder=data), SimpleNamespace(folder=data, settings=settings), cluster)
        draw(houses.duck)
        yield houses
        from pyspark.sql import SparkSession

        session = SparkSession.getActiveSession()
        if session is not None:
            session.stop()


def draw(house: Any) -> None:
    """Write two files of facts, outcomes and conversions, and roll them up with DuckDB in two parts that stay two."""
    manifest = NOTHING
    for number in range(2):
        file = FileView(number, number + 1, FACTS, 0, BEGIN_MS + number * 60 * 86_400_000, BEGIN_MS)
        outcomes = house.folder / "outcomes.parquet"
        columnar.write_table(outcomes, drawn_facts(number * FACTS, FACTS, position=number + 1, a_day=2 * FACTS // DAYS))
        columnar.write_table(folder_of(house) / file.name, CONVERTED, facts_table([outcomes]))
        manifest = grown(manifest, [file], folder=rollups_folder(house), facts=folder_of(house))
    assert len(manifest.parts) == 2
    publish_manifest(rollups_folder(house), manifest)


@pytest.fixture(scope="module")
def compared(houses) -> Iterator[Compared]:
    found = Compared()
    yield found
    if os.environ.get("ATTISE_RECORD"):
        LOG.write_text(told(found, houses.cluster))


def told(found: Compared, cluster: Standalone) -> str:
    import duckdb

    state = cluster.state()
    lines = [
        "# Equal answers: Apache Spark and DuckDB",
        "",
        "Written by `ATTISE_RECORD=1 make test-long PART=spark`, over the same drawn outcomes and their conversions",
        f"({2 * FACTS:,} and {2 * FACTS // 11:,}): DuckDB {duckdb.__version__} with one thread, and PySpark",
        f"{pyspark.__version__} on a standalone master with {state['aliveworkers']} workers of one core each, all on",
        f"one machine of {os.cpu_count()} cores whose load was {os.getloadavg()[2]:.0f}. All of it was equal, row",
        "by row and in order; the first question to Spark waits for Java.",
        "",
        "| asked of both | groups | DuckDB, s | Spark, s |",
        "| --- | --- | --- | --- |",
        *(f"| {what} | {many:,} | {ours:.2f} | {theirs:.2f} |" for what, many, ours, theirs in found.rows),
        "",
        f"{len(found.rows)} questions, {sum(row[1] for row in found.rows):,} groups, no difference.",
    ]
    return "\n".join(lines) + "\n"


NUMBERS = tuple(name for name, metric in METRICS.items() if metric.is_number)
SOME = (
    *(
        "spend",
        "spend_micros",
        "impressions",
        "clicks",
        "ctr",
        "cpc",
        "video_watched_6s",
        "likes",
        "reach",
        "frequency",
    ),
    *("result", "conversion", "real_time_conversion", "complete_payment", "total_complete_payment_value"),
    "vta_conversion",
)


def reports() -> Iterator[tuple[str, Asked]]:
    """Yield every shape of report: levels by spans, by who was reached, by order, and of a Business Center."""
    everyone = {"advertiser_ids": tuple(range(1, ADVERTISERS, 9)), "metrics": SOME}
    days = {"first": FIRST, "last": FIRST + dt.timedelta(days=6)}
    hour = {"first": FIRST + dt.timedelta(days=1), "last": FIRST + dt.timedelta(days=1)}
    some = {"among": {"campaign_id": frozenset(range(1, 400))}, "without": {"adgroup_id": frozenset({19, 28})}}
    shapes: tuple[tuple[tuple[str, ...], dict[str, Any]], ...] = (
        ((), {"is_lifetime": True, "order": "ctr"}),
        (("stat_time_day",), {**days, "order": "spend"}),
        (("stat_time_hour",), {**hour, **some}),
        (("stat_time_hour",), {**hour, **some, "in_utc": True, "order": "cpc", "is_rising": True}),
        (("country_code",), days),
        (("gender", "age"), {**days, "report_type": "AUDIENCE", "order": "frequency"}),
        (("province_id", "stat_time_day"), {**days, **some, "report_type": "AUDIENCE"}),
        (("platform", "language", "placement"), {**days, "report_type": "AUDIENCE", "countries": frozenset({"FR"})}),
    )
    for level, name in LEVELS.items():
        for dimensions, asked in shapes:
            by = (name, *dimensions)
            where = " in UTC" if asked.get("in_utc") else ""
            yield f"{level}: {', '.join(by)}{where}", Asked(**everyone, **asked, level=level, dimensions=by)
    every = {**everyone, "metrics": NUMBERS}
    yield "every metric", Asked(**every, is_lifetime=True, level="AUCTION_CAMPAIGN", dimensions=("campaign_id",))
    center = {"report_type": "BC", "level": "AUCTION_ADVERTISER"}
    yield (
        "BC: stat_time_day, country_code",
        Asked(**everyone, **days, **center, dimensions=("stat_time_day", "country_code")),
    )
    yield "totals of everything", Asked(**everyone, level="AUCTION_ADVERTISER", dimensions=(), is_lifetime=True)


def test_every_report_says_the_same_group_by_group(houses, compared):
    for what, asked in reports():
        check(asked)
        compared.same(
            f"report {what}",
            lambda asked=asked: rows(houses.duck, asked),
            lambda asked=asked: rows(houses.spark, asked),
        )
    assert "attise" in houses.cluster.applications()


def test_pages_and_totals_are_those_of_the_whole(houses, compared):
    asked = next(reports())[1]
    asked = Asked(**{name: getattr(asked, name) for name in asked.__slots__} | {"with_totals": True})
    for page in (1, 2):
        mine, other = (answer(house, asked, page=page, page_size=7) for house in (houses.duck, houses.spark))
        assert mine == other
        assert mine.rows
        assert mine.totals is not None
    assert answer(houses.spark, asked, page=10_000, page_size=7).many == mine.many


def test_every_roll_up_and_the_facts_are_the_same(houses, compared):
    facts = facts_table(sorted(folder_of(houses.duck).glob("facts-*.parquet")))
    raw = f"{RAW} ORDER BY 1, 2"
    compared.same(
        "facts by campaign and day", lambda: read(columnar, raw, facts), lambda: read(houses.engine, raw, facts)
    )
    mine = newest(houses.duck)
    theirs = SimpleNamespace(folder=houses.duck.folder / "other")
    theirs.folder.mkdir()
    manifest = NOTHING
    begin = time.perf_counter()
    for number, file in enumerate(facts.files):
        view = FileView(number, number + 1, FACTS, 0, BEGIN_MS + number * 60 * 86_400_000, BEGIN_MS)
        assert view.name == file.name
        manifest = grown(
            manifest, [view], folder=rollups_folder(theirs), facts=folder_of(houses.duck), engine=houses.engine
        )
    took_s = time.perf_counter() - begin
    publish_manifest(rollups_folder(theirs), manifest)
    for kind in KINDS:
        every = ", ".join(str(place + 1) for place in range(len(kind.columns)))
        whole = f"SELECT {', '.join(kind.columns)} FROM {kind.name} ORDER BY {every}"
        compared.same(
            f"roll-up {kind.name}, made by either",
            lambda kind=kind, whole=whole: read(columnar, whole, mine.table(kind)),
            lambda kind=kind, whole=whole: read(columnar, whole, newest(theirs).table(kind)),
        )
        merged = f"SELECT * FROM ({kind.merged('parts')}) AS t ORDER BY {every}"
        parts = Table("parts", kind.columns, mine.table(kind).files)
        compared.same(
            f"roll-up {kind.name}, its parts added up",
            lambda merged=merged, parts=parts: read(columnar, merged, parts),
            lambda merged=merged, parts=parts: read(houses.engine, merged, parts),
        )
    compared.rows.append(("(making all six roll-ups of both files on Spark)", 0, 0.0, took_s))


def test_who_asks_all_day_does_not_grow(houses):
    """Neither sessions nor plans of questions that were answered are held on to."""
    from pyspark import SparkContext

    asked = [asked for _, asked in itertools.islice(reports(), 5)]

    def held_mib() -> float:
        java = SparkContext._active_spark_context._jvm
        java.System.gc()
        memory = java.java.lang.Runtime.getRuntime()
        return (memory.totalMemory() - memory.freeMemory()) / (1 << 20)

    after = []
    for turn in range(4):
        for one in asked:
            first = one.first if one.is_lifetime else FIRST + dt.timedelta(days=turn)
            answer(houses.spark, replace(one, first=first), page=1, page_size=10)
        after.append(held_mib())
    sys.stderr.write(f"the driver holds {', '.join(f'{mib:.0f}' for mib in after)} MiB\n")
    assert after[-1] - after[1] < 2 * len(asked), after
    assert len(application._free) <= 2


def rows(house: Any, asked: Asked) -> list[Any]:
    return [row for some in iterate(house, asked, at_once=1_000) for row in some]


def read(engine: Any, sql: str, table: Table) -> list[tuple[Any, ...]]:
    return list(
        zip(*(np.ma.filled(column, -1).tolist() for column in engine.read_tables(sql, table).values()), strict=True)
    )


def test_what_a_cluster_refuses_is_an_outage(houses):
    from attise.kernel.errors import Outage

    with pytest.raises(Outage, match="Apache Spark"):
        houses.engine.read_tables("SELECT nobody FROM hours", newest(houses.duck).table(KINDS[0]))
