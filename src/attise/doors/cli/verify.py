"""``attise verify``: recount from what was stored, and say the first difference."""

from __future__ import annotations

import json
from pathlib import Path

import click

from attise.doors.cli.opening import data_option, open_for_command


@click.command()
@click.argument("what", type=click.Choice(["authorizations"]), default="authorizations")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
@data_option
def verify(what: str, data: Path | None, *, as_json: bool) -> None:
    """Check that nothing was changed behind the house's back; exit code 1 at the first difference."""
    open_for_command(data)
    from attise.management.authorizations.verify import first_broken_history

    difference = first_broken_history()
    if as_json:
        click.echo(json.dumps({"what": what, "ok": difference is None, "difference": difference}))
    else:
        click.echo(f"{what}: {difference or 'every history is whole'}")
    if difference is not None:
        raise click.exceptions.Exit(1)
