"""``attise bench NAME``: measure, with a ceiling and checks of the same run."""

from __future__ import annotations

import importlib
import json

import click
from rich.console import Console
from rich.table import Table

NAMES = ("dialect",)


@click.command()
@click.argument("name", type=click.Choice(NAMES))
@click.option("--quick", is_flag=True, help="Within 40 seconds on two cores.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON; progress goes to standard error.")
def bench(name: str, *, quick: bool, as_json: bool) -> None:
    """Run one benchmark on a temporary data folder. The exit code speaks of correctness, not of speed."""
    rows = importlib.import_module(f"attise.proving.{name}").run(quick=quick)
    if as_json:
        click.echo(json.dumps([row.plain() for row in rows]))
    else:
        table = Table("case", "scale", "per s", "ceiling", "ratio", "p50 ms", "p99 ms", "checks")
        for row in rows:
            checks = "\n".join(f"{key} {value}" for key, value in row.checks.items())
            figures = (row.measured_per_s, row.ceiling_per_s, row.ratio, row.p50_ms, row.p99_ms)
            table.add_row(row.name, row.scale, *map(str, figures), checks, style=None if row.ok else "red")
        Console().print(table)
    if not all(row.ok for row in rows):
        raise click.exceptions.Exit(1)
