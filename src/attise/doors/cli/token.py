"""``attise token``: what a program needs to begin, in one answer."""

from __future__ import annotations

import json
from pathlib import Path

import click

from attise.doors.cli.opening import data_option, open_for_command


@click.command()
@click.option(
    "--advertiser", default="Attise", show_default=True, help="The advertiser's name; the same finds the same."
)
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
@data_option
def token(advertiser: str, data: Path | None, *, as_json: bool) -> None:
    """Make an access token for the dialect and a host key for the native API; both are shown once.

    The advertiser is made if there is none of that name: in euros, on Paris time, with its payer set; in a sandbox and
    a demo with 10,000 of them, once.
    """
    process = open_for_command(data)
    from attise.management.accounts.actions import token_bundle
    from attise.management.billing.actions import give_test_credit

    bundle = token_bundle(process.means, process.house.mode, advertiser_name=advertiser)
    give_test_credit(process.means, process.house.mode, advertiser_id=int(bundle["advertiser_id"]))
    if as_json:
        click.echo(json.dumps(bundle))
        return
    for name, value in bundle.items():
        click.echo(f"{name:<14}{value}")
    click.echo("\nThe token, the secret and the key are not stored readable: keep them now.", err=True)
