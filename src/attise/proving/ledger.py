"""``attise bench ledger``: charging through the open book, in process, on the embedded store.

The ceiling of a round is the same rows, of the same batches, inserted as they are into tables of the same columns and
indexes: what the database would do if nothing had to be judged, bounded, summed or sealed. Rounds are interleaved and
medians quoted. A recount is measured at the end, over everything that was charged.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attise.kernel.chance import SeededChance
from attise.kernel.clock import SystemClock
from attise.kernel.ids import ClockIds
from attise.kernel.means import Means
from attise.proving.result import Row, quantile
from attise.records.charge import Charge

if TYPE_CHECKING:
    from attise.kernel.house import House

BATCH = 200
PAYERS = 20
CREATORS = 50
PRICE_MICROS = 8_700
DECIDED_AT_MS = 1_790_000_000_000
"""When the first event was decided; each of the others a millisecond later."""
SHARE_MICROS = 1_000
BOUNDS = (("campaign", "day"), ("campaign:week", "week"), ("adgroup", "day"), ("grant", "grant"))
"""With the balance, five envelopes bound each charge."""
ROWS = {"ledger_transfer": "batch_id", "ledger_entry": "transfer_id", "ledger_charge": "batch_id"}
"""Tables of a batch's rows, and the column by which those of one round are found."""


def run(*, quick: bool) -> list[Row]:
    """Charge batches of 200 events beside the same rows inserted raw, then recount."""
    batches = 20 if quick else 100
    with _house() as house:
        clock = SystemClock()
        means = Means(clock, SeededChance("bench"), ClockIds(clock, 1), house.secrets)
        bounds = _open(means)
        return _measure(means, bounds, rounds=5, batches=batches)


@contextmanager
def _house() -> Iterator[House]:
    """Open a house in a temporary folder, in this process; nothing of the caller's settings reaches it."""
    folder = Path(tempfile.mkdtemp(prefix="attise-bench-"))
    for name in [name for name in os.environ if name.startswith("ATTISE_")]:
        del os.environ[name]
    os.environ.update({"ATTISE_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "attise.doors.site.settings"})
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    try:
        call_command("migrate", verbosity=0)
        yield settings.HOUSE
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _open(means: Means) -> list[tuple[int, ...]]:
    """Fund payers without end and open their limits; returns the envelopes that bound each payer's events."""
    from django.db import transaction

    from attise.kernel.actor import COMMAND
    from attise.ledger import actions as ledger

    found = []
    with transaction.atomic(), ledger.batch(means, "EUR"):
        for number in range(PAYERS):
            payer, micros = f"advertiser:{number}", 10**14
            ledger.open_account(means, key=payer, currency="EUR", is_prepaid=True)
            entries = {payer: micros, "outside:bench": -micros}
            ledger.move(means, COMMAND, key=f"fund:{number}", currency="EUR", reason="funding", entries=entries)
            opened = [
                ledger.open_envelope(
                    means,
                    key=f"{name}:{number}",
                    kind=kind,
                    payer=payer,
                    currency="EUR",
                    timezone="Europe/Paris",
                    limit_micros=10**13,
                )
                for name, kind in BOUNDS
            ]
            found.append(tuple(one.id for one in opened))
    return found


def _measure(means: Means, bounds: list[tuple[int, ...]], *, rounds: int, batches: int) -> list[Row]:
    from attise.ledger.verify import verify_ledger

    speeds, ceilings, times_ms, wrong = [], [], [], 0
    serial = 0
    for round_ in range(rounds):
        _tell(f"round {round_ + 1} of {rounds}")
        first = means.ids.next()
        begin = time.perf_counter()
        for _ in range(batches):
            asked = [_event(means, bounds, serial + number) for number in range(BATCH)]
            took_s, fine = _timed(lambda asked=asked: _charge(means, asked))  # type: ignore[misc]
            serial += BATCH
            wrong += 0 if fine else 1
            times_ms.append(took_s * 1000)
        speeds.append(batches * BATCH / (time.perf_counter() - begin))
        ceilings.append(batches * BATCH / _insert_raw(first, batches))
    again = _charge(means, [_event(means, bounds, number) for number in range(BATCH)], is_repeated=True)
    _tell("recount")
    begin = time.perf_counter()
    verdict = verify_ledger()
    recounted = time.perf_counter() - begin
    speed, ceiling = statistics.median(speeds), statistics.median(ceilings)
    checks: dict[str, float | int | str] = {
        "batches_wrong": wrong,
        "repeats_charged": 0 if again else 1,
        "difference": verdict.difference or "none",
        "charges": verdict.charges,
    }
    ok = wrong == 0 and again and verdict.difference is None and verdict.charges == serial
    scale = f"{BATCH} a batch, {len(BOUNDS) + 1} envelopes"
    charged = Row(
        "ledger/charge",
        scale,
        round(ceiling, 1),
        round(speed, 1),
        round(speed / ceiling, 3),
        round(quantile(times_ms, 0.5), 2),
        round(quantile(times_ms, 0.99), 2),
        checks,
        ok,
    )
    counted = Row(
        "ledger/recount",
        f"{serial} charges",
        None,
        round(serial / recounted, 1),
        None,
        round(recounted * 1000, 2),
        round(recounted * 1000, 2),
        {"difference": verdict.difference or "none"},
        verdict.difference is None,
    )
    return [charged, counted]


def _event(means: Means, bounds: list[tuple[int, ...]], number: int) -> Charge:
    return Charge(
        key=f"{number:012d}:impression",
        envelopes=bounds[number % PAYERS],
        amount_micros=PRICE_MICROS,
        legs=((f"creator:{number % CREATORS}", SHARE_MICROS), ("house:revenue", PRICE_MICROS - SHARE_MICROS)),
        decided_at_ms=DECIDED_AT_MS + number,
        received_at_ms=means.clock.wire_ms(),
    )


def _charge(means: Means, asked: list[Charge], *, is_repeated: bool = False) -> bool:
    """Charge a batch in a transaction of its own; returns whether every answer is the expected one."""
    from django.db import transaction

    from attise.ledger import actions as ledger

    with transaction.atomic(), ledger.batch(means, "EUR") as book:
        answers = ledger.charge_many(book, asked)
    return all((one.outcome, one.is_repeated) == ("charged", is_repeated) for one in answers)


def _timed(act: Callable[[], bool]) -> tuple[float, bool]:
    begin = time.perf_counter()
    fine = act()
    return time.perf_counter() - begin, fine


def _insert_raw(first: int, batches: int) -> float:
    """Insert the rows of the last round into tables beside theirs, a transaction a batch; returns the seconds."""
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        rows = {table: _rows_since(cursor, table, column, first) for table, column in ROWS.items()}
        for table in ROWS:
            _make_beside(cursor, table)
        places = {table: ", ".join(["%s"] * len(found[0])) for table, found in rows.items()}
        begin = time.perf_counter()
        for number in range(batches):
            with transaction.atomic():
                for table, found in rows.items():
                    part = len(found) // batches
                    cursor.executemany(
                        f"INSERT INTO beside_{table} VALUES ({places[table]})",  # noqa: S608 - our own names
                        found[number * part : (number + 1) * part],
                    )
        took_s = time.perf_counter() - begin
        for table in ROWS:
            cursor.execute(f"DROP TABLE beside_{table}")
    return took_s


def _rows_since(cursor: Any, table: str, column: str, first: int) -> list[tuple[Any, ...]]:
    cursor.execute(f"SELECT * FROM {table} WHERE {column} > %s ORDER BY {column}", [first])  # noqa: S608 - as above
    rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _make_beside(cursor: Any, table: str) -> None:
    """Make a table of the same columns, with indexes on the same columns."""
    cursor.execute(f"CREATE TABLE beside_{table} AS SELECT * FROM {table} WHERE 0")  # noqa: S608 - as above
    cursor.execute("SELECT name FROM pragma_index_list(%s)", [table])
    for number, (index,) in enumerate(cursor.fetchall()):
        cursor.execute("SELECT name FROM pragma_index_info(%s) ORDER BY seqno", [index])
        columns = ", ".join(name for (name,) in cursor.fetchall())
        cursor.execute(f"CREATE INDEX beside_{table}_{number} ON beside_{table} ({columns})")


def _tell(what: str) -> None:
    sys.stderr.write(f"bench ledger: {what}\n")
    sys.stderr.flush()
