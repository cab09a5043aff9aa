"""Facts are rolled up once each, by the advertiser's clock, and published so that nobody waits for anybody."""

from __future__ import annotations

import importlib
import itertools
import random
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.db.models import Sum

from attise.kernel.errors import Outage
from attise.kernel.limits import DAY_MS, FACTS_LIFE_MS, HOUR_MS
from attise.ledger import queries as books
from attise.measurement.attribution.models import AdHour
from attise.measurement.reports.actions import RolledUp, roll_up, tidy
from attise.measurement.reports.columnar import read_tables
from attise.measurement.reports.queries import get_watermark, list_files
from attise.measurement.reports.rollups.kinds import AUDIENCE, DAYS, HOURS, KINDS, OF_NAME, POSTS, SEEN
from attise.measurement.reports.rollups.manifest import FOLDER, Manifest, Part
from attise.measurement.reports.rollups.merging import FAN, LARGEST_ROWS, PERIOD_MS, size_of, tail_to_merge
from attise.measurement.reports.rollups.reading import newest
from tests.ledger.payers import an_envelope, fund
from tests.measurement.attribution.converted import tell
from tests.measurement.attribution.happened import ad_claims, claims, event, lived, open_budget
from tests.measurement.reports.facing import VIEWER, Facing

pytestmark = pytest.mark.django_db(transaction=True)


def rolled(facing: Facing, **said) -> int:
    """Export and roll up all there is; returns how many facts were rolled up."""
    facing.export()
    many = 0
    while True:
        done: RolledUp = roll_up(facing.means, facing.house, **said)
        many += done.facts
        if done.is_end:
            return many


def rows(facing: Facing, kind, statement: str) -> list[tuple[Any, ...]]:
    columns = read_tables(statement, newest(facing.house).table(kind))
    return list(zip(*[values.tolist() for values in columns.values()], strict=True))


def everything(facing: Facing) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all roll-ups, whatever parts they lie in."""
    return {kind.name: sorted(rows(facing, kind, kind.merged(kind.name))) for kind in KINDS}


def test_roll_ups_say_what_hours_and_the_ledger_say(means, facing):
    lived(means, facing, many=40)
    assert rolled(facing) > 20
    signals = ("impressions", "views", "views_6s", "completions", "clicks", "comments", "watch_ms", "doubted")
    sums = ", ".join(f"sum({name})::BIGINT AS {name}" for name in (*signals, "charged_micros"))
    expected = [
        (row["ad_id"], *(row[f"{name}__sum"] for name in (*signals, "spent_micros")))
        for row in AdHour.objects.values("ad_id")
        .annotate(*[Sum(name) for name in (*signals, "spent_micros")])
        .order_by("ad_id")
    ]
    for kind in (HOURS, DAYS, AUDIENCE):
        asked = f"SELECT ad_id, {sums} FROM {kind.name} WHERE NOT by_event GROUP BY ad_id ORDER BY ad_id"
        assert rows(facing, kind, asked) == expected
    spent = books.find_envelope("campaign:1", at_ms=means.clock.world_ms()).spent_micros
    assert sum(row[-1] for row in expected) == spent > 0
    of_posts = "SELECT sum(impressions)::BIGINT, count(DISTINCT creator_id) FROM posts"
    assert rows(facing, POSTS, of_posts) == [(next(row[1] for row in expected if row[0] == 901), 1)]


def test_a_day_is_the_advertisers_whatever_the_zone_and_the_season(means, facing, clock):
    """Two moments of one hour of UTC lie in two hours of Kolkata; a night of 25 hours in Paris is one day."""
    fund(means, 100_000_000)
    zones = {901: "Europe/Paris", 902: "Asia/Kolkata"}
    envelopes = {ad: (an_envelope(means, f"campaign:{ad}", None, zone=zone),) for ad, zone in zones.items()}
    for at in ("2026-10-24T22:10", "2026-10-25T00:10", "2026-10-25T01:40", "2026-10-25T22:50", "2026-10-25T23:10"):
        at_ms = round(datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp() * 1000)
        for ad in zones:
            of = claims(means, ad_claims(envelopes[ad], ad_id=ad), decided_at_ms=at_ms)
            facing.settle(event(means, "impression", of, after_s=1))
    rolled(facing)
    asked = "SELECT ad_id, local_day_ms, sum(impressions)::BIGINT AS n FROM days GROUP BY 1, 2 ORDER BY 1, 2"
    sunday_ms = round(datetime(2026, 10, 25, tzinfo=UTC).timestamp() * 1000)
    assert rows(facing, DAYS, asked) == [
        (901, sunday_ms, 4),
        (901, sunday_ms + DAY_MS, 1),
        (902, sunday_ms, 3),
        (902, sunday_ms + DAY_MS, 2),
    ]
    hours = (
        "SELECT (local_hour_ms - hour_ms)::BIGINT AS shift, count(*) FROM hours WHERE ad_id = 902 GROUP BY 1 ORDER BY 1"
    )
    assert rows(facing, HOURS, hours) == [(5 * HOUR_MS, 3), (6 * HOUR_MS, 2)]
    spent = {day: books.list_periods(envelopes[901][0])[place].spent_micros for place, day in enumerate("ab")}
    charged = "SELECT local_day_ms, sum(charged_micros)::BIGINT FROM days WHERE ad_id = 901 GROUP BY 1 ORDER BY 1"
    assert [row[1] for row in rows(facing, DAYS, charged)] == list(spent.values())


def test_what_comes_later_is_added_and_nothing_is_added_twice(means, facing, clock):
    envelopes = open_budget(means)
    seen = []
    for number in range(6):
        of = claims(means, ad_claims(envelopes), viewer=f"p{number % 4}")
        facing.decide(of)
        facing.settle(event(means, "impression", of, after_s=1), event(means, "click", of, after_s=2))
        assert (rolled(facing), rolled(facing)) == (1, 0)
        seen.append(everything(facing))
        clock.advance(seconds=60)
    assert all(one != other for one, other in itertools.pairwise(seen))
    parts = newest(facing.house).manifest.parts
    assert len(parts) < 5
    assert all(one.to_position == other.from_position for one, other in itertools.pairwise(parts))
    assert parts[-1].to_position == get_watermark().position
    reach = "SELECT count(DISTINCT viewer), sum(impressions)::BIGINT FROM seen"
    assert rows(facing, SEEN, reach) == [(4, 6)]
    assert rolled(facing, anew=True) == 6
    assert everything(facing) == seen[-1]


def test_a_conversion_counts_where_its_decision_was_and_where_it_happened(means, facing, clock):
    of = claims(means, ad_claims(open_budget(means)))
    facing.decide(of)
    facing.settle(event(means, "click", of, after_s=2))
    clock.advance(seconds=5 * 3_600)
    tell(facing, 1, of.decision_id, value_micros=5_000_000, currency="EUR")
    facing.settle()
    rolled(facing)
    asked = "SELECT by_event, event, touch, hour_ms, conversions, value_micros FROM hours WHERE event <> '' ORDER BY 1"
    (credited, happened) = rows(facing, HOURS, asked)
    assert (credited[0], credited[2:3], credited[4:]) == (False, ("click",), (1, 5_000_000))
    assert (happened[0], happened[4:]) == (True, (1, 5_000_000))
    assert happened[3] - credited[3] == 5 * HOUR_MS


def test_of_somebody_without_memory_each_decision_is_somebody(means, facing):
    envelopes = open_budget(means)
    for viewer in ("ann", "ann", "", ""):
        facing.settle(event(means, "impression", claims(means, ad_claims(envelopes), viewer=viewer), after_s=1))
    rolled(facing)
    assert rows(facing, SEEN, "SELECT count(DISTINCT viewer) FROM seen") == [(3,)]


def test_an_erased_person_leaves_sums_and_a_pseudonym_that_leads_nowhere(means, facing, clock):
    from attise.measurement.attribution.actions import forget_people

    envelopes = open_budget(means)
    of = claims(means, ad_claims(envelopes), viewer="ann")
    facing.decide(of, viewer=VIEWER)
    facing.settle(event(means, "impression", of, after_s=1))
    rolled(facing)
    before = everything(facing)
    forget_people({"ann"})
    assert (rolled(facing, anew=True), everything(facing)) == (1, before)
    assert rows(facing, SEEN, "SELECT viewer, impressions FROM seen") == [("ann", 1)]


def test_a_database_that_was_put_back_is_rolled_up_anew(means, facing):
    from attise.measurement.reports.models import File, Watermark

    of = claims(means, ad_claims(open_budget(means)))
    facing.settle(event(means, "impression", of, after_s=1))
    rolled(facing)
    before = Watermark.objects.values().get()
    facing.settle(event(means, "click", of, after_s=3))
    rolled(facing)
    File.objects.filter(from_position__gte=before["position"]).delete()
    Watermark.objects.update(**before)
    assert roll_up(means, facing.house).facts == 1
    assert rows(facing, HOURS, "SELECT impressions, clicks FROM hours") == [(1, 0)]


def test_facts_go_when_they_are_old_and_their_sums_stay(means, facing, clock):
    envelopes = open_budget(means)
    facing.settle(event(means, "impression", claims(means, ad_claims(envelopes)), after_s=1))
    facing.export()
    clock.advance(seconds=(FACTS_LIFE_MS + PERIOD_MS) // 1_000 + 1)
    tidy(means, facing.house)
    assert len(list_files()) == 1, "what is not rolled up stays"
    rolled(facing)
    facing.settle(event(means, "impression", claims(means, ad_claims(envelopes)), after_s=1))
    assert rolled(facing) == 1
    tidy(means, facing.house)
    assert [one.rows for one in list_files()] == [1]
    assert facing.ask("SELECT count(*) FROM facts") == [(1,)]
    for anew in (False, True):
        rolled(facing, anew=anew)
        assert rows(facing, DAYS, "SELECT sum(impressions)::BIGINT FROM days") == [(2,)]
        assert rows(facing, SEEN, "SELECT count(*) FROM seen") == [(1,)], "who was reached goes with the facts"
    old, new = newest(facing.house).manifest.parts
    assert old.period < new.period


def test_parts_are_added_up_as_they_grow_and_periods_stay_apart():
    parts: list[Part] = []
    written = 0
    for number in range(1_000):
        parts.append(Part(number, number + 1, number, period=number // 600, rows=10))
        many = tail_to_merge(parts)
        if many > 1:
            merged = parts[-many:]
            written += sum(one.rows for one in merged)
            parts[-many:] = [
                msgspec.structs.replace(
                    merged[-1], from_position=merged[0].from_position, rows=sum(one.rows for one in merged)
                )
            ]
    assert [one.period for one in parts] == sorted(one.period for one in parts)
    assert len(parts) <= 2 * (FAN - 1) * 5
    assert written <= 5 * 1_000 * 10


def test_parts_of_any_sizes_stay_few_and_large_ones_are_let_be():
    chance = random.Random(7)
    parts: list[Part] = []
    for number in range(2_000):
        rows = chance.choice((1, 7, 60, 900, 20_000, 2_000_000))
        parts.append(Part(number, number + 1, number, period=0, rows=rows))
        many = tail_to_merge(parts)
        together = sum(part.rows for part in parts[-many:])
        if many > 1:
            assert many >= FAN
            assert together <= LARGEST_ROWS
            parts[-many:] = [
                msgspec.structs.replace(parts[-1], from_position=parts[-many].from_position, rows=together)
            ]
        assert tail_to_merge(parts) == 1, "done at once, not little by little"
    least = LARGEST_ROWS // (2 * FAN)
    assert sum(part.rows < least for part in parts) <= 2 * (FAN - 1) * size_of(least)


def test_what_is_new_is_told_even_if_parts_cannot_become_one(means, facing, monkeypatch):
    envelopes = open_budget(means)
    for number in range(FAN):
        facing.settle(event(means, "impression", claims(means, ad_claims(envelopes), viewer=f"p{number}"), after_s=1))
        if number < FAN - 1:
            rolled(facing)
    assert len(newest(facing.house).manifest.parts) == FAN - 1
    facing.export()

    def full(*_arguments: Any, **_named: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(importlib.import_module("attise.measurement.reports.actions.roll_up"), "joined", full)
        with pytest.raises(Outage, match="No space left"):
            roll_up(means, facing.house)
    told = newest(facing.house).manifest
    assert len(told.parts) == FAN
    asked = "SELECT sum(impressions)::BIGINT FROM hours"
    assert rows(facing, HOURS, asked) == [(FAN,)]
    assert roll_up(means, facing.house) == RolledUp(0, is_end=True)
    after = newest(facing.house).manifest
    assert (len(after.parts), after.generation) == (1, told.generation + 1)
    assert rows(facing, HOURS, asked) == [(FAN,)]
    assert set().union(*(part.names() for part in told.parts)) <= {one.name for one in after.left}, (
        "somebody may read them"
    )


def test_a_part_says_which_hours_it_may_tell_of_and_those_that_become_one_say_it_together(means, facing, clock):
    envelopes = open_budget(means)
    hours = []
    for number in range(FAN):
        of = claims(means, ad_claims(envelopes), viewer=f"p{number}")
        facing.settle(event(means, "impression", of, after_s=1))
        rolled(facing)
        hours.append(of.decided_at_ms // HOUR_MS * HOUR_MS)
        told = newest(facing.house)
        assert rows(facing, HOURS, "SELECT MIN(hour_ms), MAX(hour_ms) FROM hours") == [(hours[0], hours[-1])]
        assert [one.may_tell_of((hours[0] - DAY_MS, hours[0] - HOUR_MS)) for one in told.manifest.parts] == [
            False
        ] * len(told.manifest.parts)
        if number < FAN - 1:
            few = told.table(HOURS, (hours[-1], hours[-1] + HOUR_MS))
            assert few.files == told.table(HOURS).files[-1:]
            assert not told.table(SEEN, (hours[-1] + DAY_MS, hours[-1] + 2 * DAY_MS)).files
        clock.advance(seconds=6 * 3_600)
    (whole,) = newest(facing.house).manifest.parts
    assert whole.first_ms is not None
    assert whole.last_ms is not None
    assert whole.first_ms <= hours[0] < hours[-1] <= whole.last_ms
    unknown = msgspec.structs.replace(whole, last_ms=None)
    assert unknown.may_tell_of((0, 1)), "of an older release: looked at whatever is asked"


READ = """
import sys, time
from pathlib import Path
from types import SimpleNamespace
from attise.measurement.reports.columnar import read_tables
from attise.measurement.reports.rollups.kinds import HOURS, SEEN
from attise.measurement.reports.rollups.reading import newest
house, seen = SimpleNamespace(folder=Path(sys.argv[1])), []
print("ready", flush=True)
while sys.stdin.readline().strip() != "end":
    found = newest(house)
    (hours,) = read_tables("SELECT sum(impressions)::BIGINT n FROM hours", found.table(HOURS))["n"].tolist()
    (reach,) = read_tables("SELECT sum(impressions)::BIGINT n FROM seen", found.table(SEEN))["n"].tolist()
    print(found.manifest.generation, hours, reach, flush=True)
"""


def test_another_process_reads_whole_generations_while_this_one_writes(means, facing, clock):
    """The reader takes its answers between any two publications, and a generation is the same from both its tables."""
    envelopes = open_budget(means)
    facing.settle(event(means, "impression", claims(means, ad_claims(envelopes)), after_s=1))
    rolled(facing)
    root = Path(__file__).parents[3]
    with subprocess.Popen(
        [sys.executable, "-c", READ, str(facing.folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": str(root / "src")},
    ) as reader:
        assert reader.stdin is not None
        assert reader.stdout is not None
        assert reader.stdout.readline() == "ready\n"
        told = []
        for number in range(2, 8):
            reader.stdin.write("go\n")
            reader.stdin.flush()  # it reads while what follows is written
            facing.settle(event(means, "impression", claims(means, ad_claims(envelopes)), after_s=1))
            rolled(facing, anew=number % 3 == 0)
            told.append(tuple(map(int, reader.stdout.readline().split())))
        reader.stdin.write("end\n")
        reader.stdin.close()
        assert reader.wait() == 0
    assert all(hours == reach for _, hours, reach in told)
    assert [hours for _, hours, _ in told] == sorted(hours for _, hours, _ in told)
    assert all(1 <= hours <= 7 for _, hours, _ in told)
    assert told[-1][0] > told[0][0]


def test_a_writer_beside_another_does_nothing_and_a_stranger_is_removed(means, facing, clock):
    from attise.kernel.alone import alone

    facing.settle(event(means, "impression", claims(means, ad_claims(open_budget(means))), after_s=1))
    facing.export()
    folder = facing.folder / FOLDER
    folder.mkdir()
    (folder / "hours-1-2-9.parquet").write_bytes(b"left by somebody who was killed")
    with alone(folder):
        assert roll_up(means, facing.house) == RolledUp(0, is_end=False)
    assert rolled(facing) == 1
    names = {path.name for path in folder.glob("*.parquet")}
    assert names == newest(facing.house).manifest.parts[0].names()
    assert Manifest().names() == {"manifest.json"}
    assert set(OF_NAME) == {name.partition("-")[0] for name in names}
