"""``attise bench reports``: drawn facts, a million a day, rolled up as a house does it, and what consoles ask of them.

``reports/raw`` groups every fact by campaign and day through the house's reader; its ceiling is the same SQL straight
on DuckDB, in turns, over the same files. ``reports/rollup`` asks what consoles and connectors ask, any advertiser, over
the roll-ups: no ceiling is promised, but a time is. Both are checked: what a report says of each advertiser is what the
facts add up to, to the micro, and reach is that of the facts' people. Rates and the ratio are by processor time of the
one thread that works, which others on the core do not lengthen; ``p50``, ``p99`` and ``p95_ms`` are by the clock.
``million_s`` is what the last million facts took to be rolled up, ``joined_cpu_s`` what it took for each million that
small parts became large ones once it was told, ``file_mib`` what the memory of a process grew by while it read a report
of ``file_rows`` rows as one that is written to a file is read.
"""

# ruff: noqa: S608 - all that is put into SQL here is ours

from __future__ import annotations

import datetime as dt
import multiprocessing
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

from attise.kernel.limits import DAY_MS
from attise.proving.result import Row, quantile

ROUNDS: Final = 5
ASKED, ASKED_QUICK = 400, 60
REACHED = 10
"""Advertisers whose reach is compared."""
PART: Final = 1_000_000
"""Facts of a file, and of one step of the roll-ups."""
WRITTEN_DAYS: Final = 10
"""Of a long report: about a million rows, whatever there is beyond."""
SCALES, SCALES_QUICK = (1_000_000, 10_000_000, 100_000_000), (1_000_000,)
ADVERTISERS, CAMPAIGNS, ADS, PEOPLE = 200, 2_000, 10_000, 500_000
FIRST: Final = dt.date(2026, 9, 1)
BEGIN_MS: Final = round(dt.datetime(2026, 9, 1, tzinfo=dt.UTC).timestamp() * 1000)
RAW: Final = (
    "SELECT campaign_id, decided_at_ms - decided_at_ms % 86400000 AS day, "
    + ", ".join(
        f"CAST(SUM({name}) AS BIGINT) AS {name}"
        for name in ("impressions", "views", "views_6s", "completions", "clicks", "likes", "charged_micros", "watch_ms")
    )
    + " FROM facts GROUP BY 1, 2"
)


def run(*, quick: bool) -> list[Row]:
    """Draw facts, roll them up part by part, and measure at each scale on the way."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="attise-bench-") as folder:
        grown = Grown(Path(folder))
        for scale in SCALES_QUICK if quick else SCALES:
            grown.grow(scale)
            rows += [_raw(grown, scale), _rollup(grown, scale, many=ASKED_QUICK if quick else ASKED)]
    return rows


class Grown:
    """A folder of drawn facts, rolled up; it knows no database."""

    def __init__(self, folder: Path) -> None:
        """Begin with nothing."""
        from attise.measurement.reports.folder import folder_of
        from attise.measurement.reports.rollups.manifest import NOTHING, rollups_folder

        self.house: Any = SimpleNamespace(folder=folder)
        self.facts, self.rollups = folder_of(self.house), rollups_folder(self.house)
        self.manifest = NOTHING
        self.rows = 0
        self.million_s = self.million_cpu_s = self.joined_cpu_s = 0.0

    def grow(self, rows: int) -> None:
        """Draw and roll up until there are so many facts."""
        while self.rows < rows:
            self._part()
            sys.stderr.write(f"\r{self.rows:,} facts")
        sys.stderr.write("\n")

    def _part(self) -> None:
        import msgspec

        from attise.measurement.reports.columnar import write_table
        from attise.measurement.reports.folder import FileView
        from attise.measurement.reports.rollups.growing import grown, joined
        from attise.measurement.reports.rollups.manifest import publish_manifest

        number = self.rows // PART
        file = FileView(number, number + 1, PART, 0, BEGIN_MS, BEGIN_MS)
        write_table(self.facts / file.name, drawn_facts(self.rows, PART, position=number + 1))
        run = [file]
        self.million_s, self.million_cpu_s, made = _timed(
            lambda: grown(self.manifest, run, folder=self.rollups, facts=self.facts)
        )
        # As a house does it: what is new is told, then small parts become one.
        publish_manifest(self.rollups, made)
        made = msgspec.structs.replace(made, generation=made.generation + 1)
        _, cpu_s, self.manifest = _timed(lambda: joined(made, folder=self.rollups))
        self.joined_cpu_s += cpu_s
        self._publish()
        self.rows += PART

    def _publish(self) -> None:
        """Publish the generation, and let go at once of what it does without: nobody else reads here."""
        import msgspec

        from attise.measurement.reports.folder import remove_strangers
        from attise.measurement.reports.rollups.manifest import publish_manifest

        publish_manifest(self.rollups, self.manifest)
        remove_strangers(self.rollups, self.manifest.names())
        self.manifest = msgspec.structs.replace(self.manifest, generation=self.manifest.generation + 1)

    @property
    def days(self) -> int:
        """How many days there are facts of."""
        return self.rows // PART

    @property
    def files(self) -> list[Path]:
        """The files of facts."""
        return sorted(self.facts.glob("facts-*.parquet"))


def drawn_facts(begin: int, many: int, *, position: int, a_day: int = PART) -> str:
    """Return the SQL of some facts: outcomes whose ads and people are drawn by multiplication, never by chance.

    A few campaigns have most of it; a person meets two ads a day; every advertiser's clock is Paris's.
    ``a_day``: how many there are of each day.
    """
    drawn = (
        f"SELECT i, (i * 2654435761 % 4294967296) / 4294967296.0 AS a, (i * 2246822519 % 4294967296) AS b, "
        f"(i * 3266489917 % 4294967296) AS c FROM range({begin}, {begin + many}) AS t(i)"
    )
    campaign = f"CAST(FLOOR(a * a * {CAMPAIGNS}) AS BIGINT)"
    ad = f"({campaign} * {ADS // CAMPAIGNS} + b % {ADS // CAMPAIGNS})"
    at = f"({BEGIN_MS} + i * {DAY_MS // a_day} + b % 400)"
    return (
        f"SELECT 'outcome' AS sort, CAST({position} AS BIGINT) AS position, i + 1 AS decision_id, "
        f"CAST({at} AS BIGINT) AS decided_at_ms, CAST({at} AS BIGINT) AS at_ms, CAST({ad} + 1 AS BIGINT) AS ad_id, "
        f"CAST({campaign} + 1 AS BIGINT) AS adgroup_id, CAST({campaign} + 1 AS BIGINT) AS campaign_id, "
        f"CAST({campaign} % {ADVERTISERS} + 1 AS BIGINT) AS advertiser_id, "
        f"CAST({campaign} + 1 AS BIGINT) AS post_id, CAST({campaign} % 97 + 1 AS BIGINT) AS creator_id, "
        f"TRUE AS is_paid, 'p' || CAST(c % {PEOPLE} AS VARCHAR) AS viewer, 'EUR' AS currency, "
        "CAST(1 AS BIGINT) AS impressions, CAST(1 AS BIGINT) AS views, CAST(b % 5 = 0 AS BIGINT) AS views_6s, "
        "CAST(b % 9 = 0 AS BIGINT) AS completions, CAST(c % 40 = 0 AS BIGINT) AS clicks, "
        "CAST(c % 25 = 0 AS BIGINT) AS likes, CAST(b % 30000 AS BIGINT) AS watch_ms, "
        "CAST(c % 20011 AS BIGINT) AS charged_micros, 'CLICK' AS optimization_goal, "
        "CASE c % 2 WHEN 0 THEN 'male' ELSE 'female' END AS gender, "
        "CASE c % 3 WHEN 0 THEN 'AGE_18_24' WHEN 1 THEN 'AGE_25_34' ELSE 'AGE_35_44' END AS age_group, "
        "'FR' AS country, CASE c % 4 WHEN 0 THEN 'FR-IDF' ELSE 'FR-OCC' END AS region, "
        "CASE c % 2 WHEN 0 THEN 'android' ELSE 'ios' END AS os, 'fr' AS language, TRUE AS has_decision, "
        f"CAST(7200000 AS BIGINT) AS decided_offset_ms, CAST(7200000 AS BIGINT) AS at_offset_ms FROM ({drawn}) AS d"
    )


def _raw(grown: Grown, scale: int) -> Row:
    """Group every fact, in turns with the engine alone over the same files."""
    import duckdb

    from attise.measurement.reports.columnar import read_columns

    files = grown.files
    names = ", ".join(f"'{path}'" for path in files)
    bare = RAW.replace("FROM facts", f"FROM read_parquet([{names}])")

    def straight() -> dict[str, Any]:
        with duckdb.connect(":memory:", config={"threads": 1}) as engine:
            found: dict[str, Any] = engine.execute(bare).fetchnumpy()
            return found

    ours, ceiling, walls = [], [], []
    mine = its = {"charged_micros": [0]}
    for _ in range(ROUNDS if scale <= PART else 3):
        wall_s, cpu_s, mine = _timed(lambda: read_columns(RAW, files))
        walls.append(wall_s)
        ours.append(cpu_s)
        _, cpu_s, its = _timed(straight)
        ceiling.append(cpu_s)
    fast, slow = statistics.median(ceiling), statistics.median(ours)
    agrees = int(sum(mine["charged_micros"])) == int(sum(its["charged_micros"]))
    return Row(
        "reports/raw",
        f"{scale:,} facts",
        round(scale / fast),
        round(scale / slow),
        round(fast / slow, 2),
        round(statistics.median(walls) * 1000, 1),
        round(max(walls) * 1000, 1),
        {"groups": len(mine["charged_micros"]), "same_sums": int(agrees)},
        ok=agrees,
    )


def _rollup(grown: Grown, scale: int, *, many: int) -> Row:
    """Ask what consoles ask, of any advertiser; then everything at once, and compare it with the facts."""
    from attise.measurement.reports.asking.answering import answer

    chance = random.Random(11)  # noqa: S311 - no secret
    walls, cpus = [], []
    for _ in range(many):
        asked = _any(chance, grown.days)
        wall_s, cpu_s, _answer = _timed(lambda asked=asked: answer(grown.house, asked, page=1, page_size=50))
        walls.append(wall_s)
        cpus.append(cpu_s)
    differing = _differing(grown)
    checks: dict[str, float | int | str] = {
        "p95_ms": round(quantile(walls, 0.95) * 1000, 1),
        "cpu_p95_ms": round(quantile(cpus, 0.95) * 1000, 1),
        "million_s": round(grown.million_s, 2),
        "million_cpu_s": round(grown.million_cpu_s, 2),
        "joined_cpu_s": round(grown.joined_cpu_s / (grown.rows // PART), 2),
        "parts": len(grown.manifest.parts),
        "differing": differing,
        **_written(grown),
    }
    return Row(
        "reports/rollup",
        f"{scale:,} facts",
        None,
        round(many / sum(cpus), 1),
        None,
        round(quantile(walls, 0.5) * 1000, 1),
        round(quantile(walls, 0.99) * 1000, 1),
        checks,
        ok=not differing,
    )


def _any(chance: random.Random, days: int) -> Any:
    """Return what a console or a connector asks: days of a campaign, a month of ads, hours of a day, an audience."""
    from attise.measurement.reports.asking.asked import Asked

    campaign = int(chance.random() ** 2 * CAMPAIGNS)
    of = {"advertiser_ids": (campaign % ADVERTISERS + 1,)}
    day = FIRST + dt.timedelta(days=chance.randrange(max(1, days - 6)))
    week = {**of, "first": day, "last": day + dt.timedelta(days=6)}
    metrics = ("spend", "impressions", "clicks", "ctr", "cpc", "cpm", "video_watched_6s", "likes", "result")
    one = {"campaign_id": frozenset({campaign + 1})}
    kinds: Sequence[Callable[[], Asked]] = (
        lambda: Asked(
            **week, level="AUCTION_CAMPAIGN", dimensions=("campaign_id", "stat_time_day"), metrics=metrics, among=one
        ),
        lambda: Asked(
            **of, level="AUCTION_AD", dimensions=("ad_id",), metrics=metrics, is_lifetime=True, order="spend"
        ),
        lambda: Asked(
            **of,
            level="AUCTION_AD",
            dimensions=("ad_id", "stat_time_hour"),
            metrics=metrics,
            first=day,
            last=day,
        ),
        lambda: Asked(
            **week,
            report_type="AUDIENCE",
            level="AUCTION_CAMPAIGN",
            dimensions=("campaign_id", "gender", "age"),
            metrics=metrics,
        ),
        lambda: Asked(
            **week,
            level="AUCTION_CAMPAIGN",
            dimensions=("campaign_id",),
            metrics=(*metrics, "reach", "frequency"),
            among=one,
        ),
    )
    return chance.choice(kinds)()


def _differing(grown: Grown) -> int:
    """Return how many of some sums reports say otherwise than the facts do: everything of everybody, and reach of some.

    Who was reached is asked of one advertiser at a time, as consoles do, of the largest and of others: everybody's at
    once is as many people as there are facts, which no report asks.
    """
    from attise.measurement.reports.asking.answering import answer
    from attise.measurement.reports.asking.asked import Asked
    from attise.measurement.reports.columnar import read_columns

    def told_of(*advertisers: int, metrics: tuple[str, ...]) -> dict[int, Mapping[str, Any]]:
        asked = Asked(
            level="AUCTION_ADVERTISER",
            advertiser_ids=advertisers,
            dimensions=("advertiser_id",),
            metrics=metrics,
            is_lifetime=True,
        )
        rows = answer(grown.house, asked, page=1, page_size=1_000).rows
        return {int(row.dimensions["advertiser_id"]): row.sums for row in rows}

    told = told_of(*range(1, ADVERTISERS + 1), metrics=("spend", "impressions", "clicks", "likes", "result"))
    summed = {"spent": "charged_micros", "impressions": "impressions", "clicks": "clicks", "likes": "likes"}
    sums = ", ".join(
        f"CAST(SUM({column}) AS BIGINT) AS {name}" for name, column in (summed | {"result": "clicks"}).items()
    )
    columns = read_columns(f"SELECT advertiser_id, {sums} FROM facts GROUP BY 1", grown.files)
    names = [name for name in columns if name != "advertiser_id"]
    rows = zip(*(columns[name].tolist() for name in ("advertiser_id", *names)), strict=True)
    differing = sum(
        told.get(one, {}).get(name) != value for one, *values in rows for name, value in zip(names, values, strict=True)
    )
    for one in range(1, ADVERTISERS + 1, ADVERTISERS // REACHED):
        wanted = f"SELECT COUNT(DISTINCT viewer) AS reach FROM facts WHERE advertiser_id = {one}"
        reach = read_columns(wanted, grown.files)["reach"].tolist()[0]
        differing += told_of(one, metrics=("reach",)).get(one, {}).get("reach", 0) != reach
    return differing


def _written(grown: Grown) -> dict[str, float | int]:
    """Return how many rows a long report has, and by how much the memory of a process grew that read them all."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        rows, before, after = pool.apply(_read_all, (str(grown.house.folder), grown.days))
    return {"file_rows": rows, "file_mib": round((after - before) / 1024, 1)}


def _read_all(folder: str, days: int) -> tuple[int, int, int]:
    """Read a report of every ad by day and audience; with the greatest memory after one row and after all."""
    from attise.measurement.reports.asking.answering import answer, iterate
    from attise.measurement.reports.asking.asked import Asked

    asked = Asked(
        level="AUCTION_AD",
        advertiser_ids=tuple(range(1, ADVERTISERS + 1)),
        dimensions=("ad_id", "gender", "age", "province_id", "stat_time_day"),
        report_type="AUDIENCE",
        metrics=("spend", "impressions", "clicks", "ctr"),
        first=FIRST,
        last=FIRST + dt.timedelta(days=min(days, WRITTEN_DAYS)),
    )
    house: Any = SimpleNamespace(folder=Path(folder))
    answer(house, asked, page=1, page_size=1)
    many, before = 0, _memory_kib()
    for rows in iterate(house, asked, at_once=1_000):
        many += sum(bool(row.told("ctr")) for row in rows)
    return many, before, _memory_kib()


def _memory_kib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _timed(act: Callable[[], Any]) -> tuple[float, float, Any]:
    """Return how long something took by the clock and by processor time, in seconds, and what it came to."""
    begin, cpu = time.perf_counter(), time.process_time()
    found = act()
    return time.perf_counter() - begin, time.process_time() - cpu, found
