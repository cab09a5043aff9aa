"""``attise bench NAME``: measure, with a ceiling and checks of the same run."""

from __future__ import annotations

import importlib
import json
import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from attise.doors.cli.opening import no_data_option, temporary_house

if TYPE_CHECKING:
    from attise.proving.result import Row

NAMES = (
    "ads",
    "decide",
    "dialect",
    "feed",
    "ingest",
    "ledger",
    "loading",
    "reports",
    "science",
    "scoreboard",
    "settle",
    "simulate",
    "snapshot",
    "targeting",
)
IN_PROCESS = frozenset({"feed", "ingest", "loading", "settle", "snapshot"})
"""Those that call what they measure in this process, with the means of a temporary house."""
SIMULATED_SEED = 7
COLUMNS = 80
FIGURES = (("per s", 10), ("ceiling", 10), ("ratio", 7), ("p50 ms", 9), ("p99 ms", 9))
"""What each column of figures is called, and its width."""
CASE_COLUMNS = COLUMNS - sum(width for _, width in FIGURES)
WHOLE_FROM = 10_000
"""From here on decimals say nothing and take room."""


@click.command()
@click.argument("name", type=click.Choice(NAMES))
@click.option("--quick", is_flag=True, help="Within 40 seconds on two cores.")
@click.option("--only", metavar="CASE", help="One case of science: prediction, calibration…")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON; progress goes to standard error.")
@no_data_option
def bench(name: str, *, quick: bool, only: str | None, as_json: bool) -> None:
    """Run one benchmark on a temporary data folder. The exit code speaks of correctness, not of speed."""
    if name == "science":
        rows = _science(only, quick=quick)
    elif name == "scoreboard":
        rows = _scoreboard(quick=quick)
    elif name == "simulate":
        rows = _simulate(quick=quick)
    elif name in IN_PROCESS:
        rows = _in_a_house(name, quick=quick)
    else:
        rows = importlib.import_module(f"attise.proving.{name}").run(quick=quick)
    if as_json:
        click.echo(json.dumps([row.plain() for row in rows]))
    else:
        for line in _drawn(name, rows):
            click.echo(line)
    if not all(row.ok for row in rows):
        raise click.exceptions.Exit(1)


def _science(only: str | None, *, quick: bool) -> Sequence[Row]:
    """Run the cases of ``proving.science``, or one of them; they need no house."""
    from attise.proving.science import cases

    if only is not None and only not in cases.CASES:
        raise click.BadParameter(f"choose one of {', '.join(cases.CASES)}.", param_hint="--only")
    return cases.run(quick=quick, only=only)


def _scoreboard(*, quick: bool) -> Sequence[Row]:
    """Run the cases of science that say what works, on the same seeds."""
    from attise.proving.science import scoreboard

    return scoreboard.run(quick=quick)


def _drawn(name: str, rows: Sequence[Row]) -> Iterator[str]:
    if name != "scoreboard":
        return table(rows)
    from attise.proving.science import scoreboard

    return scoreboard.lines(rows)


def _simulate(*, quick: bool) -> Sequence[Row]:
    """Live in a house by a seed, with kernels as a served house has them; they are compiled before any clock starts."""
    from attise.doors.cli.living import living_house
    from attise.serving import kernels

    kernels.use(compiles=True)
    with living_house(SIMULATED_SEED) as living:
        from attise.proving import simulate

        return simulate.run(living, living.open_first_time(), seed=SIMULATED_SEED, quick=quick)


def _in_a_house(name: str, *, quick: bool) -> Sequence[Row]:
    """Run a benchmark that works in this process, in a sandbox of its own that is removed afterwards."""
    with temporary_house() as process:
        measure = importlib.import_module(f"attise.proving.{name}").run
        rows: Sequence[Row] = measure(process.means, process.house, quick=quick)
        return rows


def table(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the lines of a table that a terminal of 80 columns shows whole: figures, and under them their checks."""
    yield "case".ljust(CASE_COLUMNS) + "".join(name.rjust(width) for name, width in FIGURES)
    for row in rows:
        case = f"{row.name}, {row.scale}"
        if len(case) >= CASE_COLUMNS:
            yield from textwrap.wrap(case, COLUMNS)
            case = ""
        values = (row.measured_per_s, row.ceiling_per_s, row.ratio, row.p50_ms, row.p99_ms)
        yield case.ljust(CASE_COLUMNS) + "".join(
            _figure(value).rjust(width) for value, (_, width) in zip(values, FIGURES, strict=True)
        )
        said = [f"{key}\N{NO-BREAK SPACE}{value}" for key, value in row.checks.items()]
        if row.client_bound:
            said.append("client_bound\N{NO-BREAK SPACE}true")
        if not row.ok:
            said.insert(0, "WRONG")
        for line in textwrap.wrap(", ".join(said), COLUMNS, initial_indent="  ", subsequent_indent="  "):
            yield line.replace("\N{NO-BREAK SPACE}", " ")


def _figure(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.0f}" if value >= WHOLE_FROM else str(value)
