"""``attise rollup``: roll facts up now, or all of them anew."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Final

import click

from attise.doors.cli.opening import data_option, open_for_command
from attise.kernel.clock import rfc3339

PATIENCE: Final = 100
"""How often a command looks whether the worker is done."""
PAUSE_S: Final = 0.3


@click.command()
@click.option("--rebuild", is_flag=True, help="From nothing; readers see what there was until it is whole.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
@data_option
def rollup(data: Path | None, *, rebuild: bool, as_json: bool) -> None:
    """Add up what happened for reports, as the worker does all along; with --rebuild, every fact that is kept."""
    process = open_for_command(data)
    from attise.measurement.reports.actions import roll_up
    from attise.measurement.reports.rollups.reading import newest

    facts, waited = 0, 0
    while not (done := roll_up(process.means, process.house, anew=rebuild)).is_end:
        facts += done.facts
        if not done.facts:  # the worker holds the folder for its turn
            waited += 1
            if waited > PATIENCE:
                raise click.ClickException("another process is rolling up: try again when it is done")
            time.sleep(PAUSE_S)
    facts += done.facts
    manifest = newest(process.house).manifest
    at_ms = manifest.complete_to_ms
    told = {
        "facts": facts,
        "generation": manifest.generation,
        "parts": len(manifest.parts),
        "complete_to": rfc3339(at_ms) if at_ms else None,
    }
    if as_json:
        click.echo(json.dumps(told))
        return
    for name, value in told.items():
        click.echo(f"{name:<14}{'-' if value is None else value}")
