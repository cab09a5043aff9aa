"""``attise verify``: recount from what was stored, and say the first difference."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from attise.doors.cli.opening import data_option, open_for_command
from attise.kernel.house import House

if TYPE_CHECKING:
    from attise.measurement.attribution.whose import Whose


def _authorizations(_house: House) -> dict[str, Any]:
    from attise.management.authorizations.verify import first_broken_history

    return {"difference": first_broken_history()}


def _ledger(house: House) -> dict[str, Any]:
    from attise.ledger.heads import FILE, read_heads
    from attise.ledger.verify import verify_ledger

    verdict = verify_ledger(read_heads(house.folder / FILE))
    counted = {"batches": verdict.batches, "transfers": verdict.transfers, "charges": verdict.charges}
    return {"difference": verdict.difference, "counted": counted, "heads": verdict.heads}


def _counters(house: House) -> dict[str, Any]:
    from attise.measurement.attribution.recount import recount
    from attise.measurement.ingest.sqlite_log import SqliteLog

    with closing(SqliteLog(house.folder, may_write=False)) as log:
        found = recount(log, whose=_whose())
    counted = {"events": found.events, "whole_log": found.is_whole}
    return {"difference": found.difference, "counted": counted}


def _whose() -> Whose:
    from attise.management.accounts.queries import known_creators
    from attise.management.posts.queries import creators_of
    from attise.measurement.attribution.whose import Whose

    return Whose(creators_of, known_creators)


def _conversions(house: House) -> dict[str, Any]:
    from attise.doors.site.means import means
    from attise.management.viewers.queries import known_pseudonyms
    from attise.measurement.attribution.recount_conversions import recount_conversions
    from attise.measurement.ingest.sqlite_log import SqliteLog

    with closing(SqliteLog(house.folder, may_write=False)) as log:
        found = recount_conversions(means(), log, whose=_whose(), known=known_pseudonyms)
    counted = {"tellings": found.events, "whole_log": found.is_whole}
    return {"difference": found.difference, "counted": counted}


def _lots(_house: House) -> dict[str, Any]:
    from attise.management.campaigns.verify import first_wrong_lot

    difference, lots = first_wrong_lot()
    return {"difference": difference, "counted": {"lots": lots}}


def _reports(house: House) -> dict[str, Any]:
    from attise.management.accounts.payer import payer_of
    from attise.measurement.reports.recount import recount

    found = recount(house, payer_of=payer_of)
    return {"difference": found.difference, "counted": {"ads": found.ads, "spent_micros": found.spent_micros}}


def _invoices(_house: House) -> dict[str, Any]:
    from attise.management.invoices.verify import first_difference

    return {"difference": first_difference()}


CHECKS: dict[str, tuple[Callable[[House], dict[str, Any]], str]] = {
    "authorizations": (_authorizations, "every history is whole"),
    "conversions": (_conversions, "every touch, conversion and credit is what the log and the rows say"),
    "counters": (_counters, "every counter, state and charge is what the log of events says"),
    "ledger": (_ledger, "every transfer balances, every chain holds, every balance and spend is what was moved"),
    "lots": (_lots, "every lot chose what its seed says, and its seed is what was told before"),
    "reports": (_reports, "every report adds up to what hours of ads and the ledger say, to the micro"),
    "invoices": (_invoices, "every number follows the one before, every paper is whole and is what the ledger says"),
}
"""What can be checked, and what is said when it holds."""
INSTEAD = {
    "conversions": "credits alone were given anew, from the touches and names that stand",
    "counters": "counters in all were compared with those by the hour",
}
"""What is compared where the log does not tell all any more."""


@click.command()
@click.argument("what", type=click.Choice([*CHECKS, "all"]), default="all")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
@data_option
def verify(what: str, data: Path | None, *, as_json: bool) -> None:
    """Check that nothing was changed behind the house's back; exit code 1 at the first difference.

    Of the ledger, the head of each currency's chain is told: kept elsewhere, it shows a chain that was sewn up again.
    """
    house = open_for_command(data).house
    found = {name: CHECKS[name][0](house) for name in (CHECKS if what == "all" else [what])}
    differing = next((name for name, one in found.items() if one["difference"] is not None), None)
    if as_json:
        told = {
            "what": what,
            "ok": differing is None,
            "difference": found[differing]["difference"] if differing else None,
        }
        click.echo(json.dumps({**told, **({"checks": found} if what == "all" else found[what])}))
    else:
        for name, one in found.items():
            click.echo(f"{name}: {one['difference'] or CHECKS[name][1]}")
            if not one.get("counted", {}).get("whole_log", True):
                click.echo(f"  the log's beginning was let go of: {INSTEAD[name]}")
            for currency, head in one.get("heads", {}).items():
                click.echo(f"  {currency} {head}")
    if differing is not None:
        raise click.exceptions.Exit(1)
