"""``attise give-back``: the operator gives charges of an advertiser back."""

from __future__ import annotations

import json
from pathlib import Path

import click

from attise.doors.cli.opening import data_option, open_for_command


@click.command()
@click.option("--advertiser", required=True, metavar="ID", help="The advertiser's identifier.")
@click.option(
    "--charge", "charges", required=True, multiple=True, metavar="KEY", help="A charge's key; may be repeated."
)
@click.option("--reason", required=True, type=click.Choice(["invalid_traffic", "billing_error"]), help="Why.")
@click.option("--note", default="", help="What the journal keeps beside it.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
@data_option
def give_back(
    advertiser: str, charges: tuple[str, ...], reason: str, note: str, data: Path | None, *, as_json: bool
) -> None:
    """Give charges back, all their parts at once and once each; exit code 1 when one of them was refused."""
    process = open_for_command(data)
    from attise.kernel.actor import COMMAND
    from attise.kernel.errors import Refusal
    from attise.kernel.ids import parse_id
    from attise.management.billing import actions

    try:
        answers = actions.give_back(
            process.means,
            COMMAND,
            advertiser_id=parse_id(advertiser) or 0,
            charge_keys=list(charges),
            reason=reason,
            note=note,
        )
    except Refusal as refusal:
        raise click.ClickException(f"{refusal.english} {refusal.reason.next_step}") from None
    told = [
        {
            "charge": one.charge_key,
            "outcome": one.outcome,
            "amount_micros": one.amount_micros,
            "code": None if one.refusal is None else one.refusal.code,
        }
        for one in answers
    ]
    if as_json:
        click.echo(json.dumps(told))
    else:
        for row in told:
            click.echo(f"{row['charge']}  {row['outcome']}  {row['amount_micros']}  {row['code'] or ''}".rstrip())
    if any(one.refusal is not None for one in answers):
        raise click.exceptions.Exit(1)
