"""``attise unbilled``: what a restore left to be reconciled by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from attise.doors.cli.opening import data_option, open_for_command
from attise.doors.cli.speaking import words_of_terminal
from attise.kernel.clock import rfc3339
from attise.kernel.errors import N_

if TYPE_CHECKING:
    from attise.measurement.attribution.queries import FreeDecision, FreeSum

HELP = N_(
    "List what cost nothing because the house was restored.\n\nWhat comes of feeds that were answered before a restore "
    "is counted and free: it may have been charged, invoiced and paid in the days that are gone. By advertiser, with "
    "what it would have cost."
)
_ = words_of_terminal()


@click.command(help=_(HELP))
@click.option("--decisions", is_flag=True, help=_(N_("Every decision by itself.")))
@click.option("--json", "as_json", is_flag=True, help=_(N_("Print one line of JSON.")))
@data_option
def unbilled(data: Path | None, *, decisions: bool, as_json: bool) -> None:
    """List what is unbilled; see ``HELP``."""
    open_for_command(data)
    from attise.ledger.queries import list_restored
    from attise.ledger.rules import Free
    from attise.measurement.attribution.queries import iterate_free, sum_free

    restored = [
        {"restored_at": rfc3339(one.restored_at_ms), "backup_of": rfc3339(one.made_at_ms)} for one in list_restored()
    ]
    sums = [_worded(one) for one in sum_free(Free.RESTORED)]
    each = [_worded(one) for one in (iterate_free(Free.RESTORED) if decisions else ())]
    if as_json:
        told = {"restored": restored, "advertisers": sums, **({"decisions": each} if decisions else {})}
        click.echo(json.dumps(told))
        return
    for line in (*restored, *sums, *each):
        click.echo("  ".join(f"{name} {value}" for name, value in line.items()))


def _worded(one: FreeSum | FreeDecision) -> dict[str, object]:
    """Return a row with ids as text and times as dates."""
    said = {name: str(value) if name.endswith("_id") else value for name, value in one._asdict().items()}
    if isinstance(at_ms := said.pop("decided_at_ms", None), int):
        said["decided_at"] = rfc3339(at_ms)
    return said
