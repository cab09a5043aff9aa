"""``attise fund``: the operator says that an advertiser's money arrived."""

from __future__ import annotations

import json
from pathlib import Path

import click

from attise.doors.cli.opening import data_option, open_for_command


@click.command()
@click.option("--advertiser", required=True, metavar="ID", help="The advertiser's identifier.")
@click.option("--amount", required=True, help="A plain decimal in the advertiser's currency, such as 500 or 49.90.")
@click.option("--reference", default="", help="How statements name it, such as a bank's reference.")
@click.option("--key", default=None, help="Repeat the command with the same key and the money is added once.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
@data_option
def fund(advertiser: str, amount: str, reference: str, key: str | None, data: Path | None, *, as_json: bool) -> None:
    """Add a manual transfer to an advertiser's balance."""
    process = open_for_command(data)
    from attise.kernel.errors import Refusal
    from attise.kernel.ids import parse_id
    from attise.management.billing.actions import fund_by_hand
    from attise.management.billing.queries import balance_of_advertiser

    try:
        made = fund_by_hand(
            process.means, advertiser_id=parse_id(advertiser) or 0, amount=amount, reference=reference, key=key
        )
    except Refusal as refusal:
        raise click.ClickException(f"{refusal.english} {refusal.reason.next_step}") from None
    balance = balance_of_advertiser(process.means, advertiser_id=parse_id(advertiser) or 0)
    told = {
        "transaction_id": str(made.id),
        "advertiser_id": advertiser,
        "amount_micros": made.amount_micros,
        "available_micros": balance.available_micros,
        "currency": made.currency,
    }
    if as_json:
        click.echo(json.dumps(told))
        return
    for name, value in told.items():
        click.echo(f"{name:<18}{value}")
