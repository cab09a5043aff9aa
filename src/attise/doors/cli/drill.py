"""``attise drill [NAME]``: what is promised, on real processes that are hurt meanwhile."""

from __future__ import annotations

import importlib
import json
from typing import Any

import click

from attise.doors.cli.opening import beside, no_data_option
from attise.kernel.house import Mode

MIXED = "mixed"
MODULES = {MIXED: "attise.proving.storm.drill", "revoke": "attise.proving.revoking"}
"""By name, what hurts and measures; imported once Django knows the house."""
EDGES = 2


@click.command()
@click.argument("name", type=click.Choice(sorted(MODULES)), default=MIXED)
@click.option("--seconds", default=60.0, show_default=True, type=click.FloatRange(1), help="About how long.")
@click.option("--seed", default=1, show_default=True, help="Of the mixed load and its kills.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON; progress goes to standard error.")
@no_data_option
def drill(name: str, *, seconds: float, seed: int, as_json: bool) -> None:
    """Serve a temporary house, hurt it, and say whether promises were kept; exit 1 when one was not.

    Without a name: mixed load while processes are killed, then what must hold, each with its value and its bound.
    """
    from attise.proving.serving import serve_sandbox

    more: dict[str, Any] = {"edges": EDGES, "seed": seed} if name == MIXED else {}
    with serve_sandbox(edges=EDGES, mode=Mode.DEMO) as served:  # which reads as seldom as a live house
        key = served.credentials()["host_key"]
        with beside(served.folder) as process:
            from attise.proving.place import Place

            proving = importlib.import_module(MODULES[name])
            place = Place(process.means, process.house, served.port, key, served.supervisor)
            found = proving.run(place, seconds=seconds, **more)
            told = list(proving.lines(found))
    for line in [json.dumps(proving.plain(found))] if as_json else told:
        click.echo(line)
    if not proving.is_kept(found):
        raise click.exceptions.Exit(1)
