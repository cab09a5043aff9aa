"""``attise drill NAME``: what is promised, on real processes that are hurt meanwhile."""

from __future__ import annotations

import importlib
import json

import click

from attise.doors.cli.opening import beside
from attise.kernel.house import Mode

MODULES = {"revoke": "attise.proving.revoking"}
"""By name, what hurts and measures; imported once Django knows the house."""
EDGES = 2


@click.command()
@click.argument("name", type=click.Choice(sorted(MODULES)), default="revoke")
@click.option("--seconds", default=60.0, show_default=True, type=click.FloatRange(1), help="About how long.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON; progress goes to standard error.")
def drill(name: str, *, seconds: float, as_json: bool) -> None:
    """Serve a temporary house, hurt it, and say whether promises were kept; exit 1 when one was not."""
    from attise.proving.serving import serve_sandbox

    with serve_sandbox(edges=EDGES, mode=Mode.DEMO) as served:  # which reads as seldom as a live house
        key = served.credentials()["host_key"]
        with beside(served.folder) as process:
            proving = importlib.import_module(MODULES[name])
            found = proving.run(proving.Place(process.means, process.house, served.port, key), seconds=seconds)
    if as_json:
        click.echo(json.dumps(proving.plain(found)))
    else:
        for one in found:
            kept = "kept" if one.ok else "BROKEN"
            click.echo(
                f"{kept:<7}{one.name:<36} p50 {one.p50:6.0f}  p99 {one.p99:6.0f}  max {one.value:6.0f}  "
                f"bound {one.bound:6.0f} {one.unit}, {one.rounds} rounds"
            )
    if not all(one.ok for one in found):
        raise click.exceptions.Exit(1)
