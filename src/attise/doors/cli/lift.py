"""``attise lift FILE``: what an ad changed, from a table of viewers of any platform. It needs no house."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from attise.doors.cli import lift_table
from attise.doors.cli.opening import no_data_option
from attise.doors.cli.speaking import language_of, tongue_of
from attise.kernel.errors import N_
from attise.kernel.tongue import LANGUAGES, Language
from attise.measurement.lift.comparing import Relative
from attise.measurement.lift.reading import COLUMNS, REASONS, ArmsRefused, Table, Told, read
from attise.measurement.lift.study import Study, study
from attise.measurement.scout.reading.rows import BadRow, Tally

WHY_ARMS = N_("The file has these arms: %(names)s. Two are compared; name the one that was held out with --held.")


def _part(_context: click.Context, _parameter: click.Parameter, value: float | None) -> float | None:
    if value is not None and not 0 < value < 100:  # noqa: PLR2004 - percent
        raise click.BadParameter("between 0 and 100, in percent.")
    return None if value is None else value / 100


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--language", type=click.Choice(LANGUAGES), help="Default: that of the environment.")
@click.option("--held", default="", metavar="ARM", help="The arm that was held out, where its name does not say.")
@click.option("--shown", default="", metavar="ARM", help="The arm that it is compared with, of several.")
@click.option(
    "--held-part", type=float, callback=_part, metavar="PERCENT", help="How large it was to be; checked by chance."
)
@click.option("--unit", metavar="COLUMN", help="Who is a viewer; rows of one are added up.")
@click.option("--arm", metavar="COLUMN", help="In which arm they are.")
@click.option("--outcome", metavar="COLUMN", help="What they did: a number, or yes and no.")
@click.option("--cost", metavar="COLUMN", help="What was spent on them.")
@click.option("--covariate", metavar="COLUMN", help="What they did before: narrows the interval where it tells much.")
@no_data_option
def lift(
    file: Path,
    *,
    as_json: bool,
    language: Language | None,
    held: str,
    shown: str,
    held_part: float | None,
    **columns: str | None,
) -> None:
    """Compare viewers who were shown something with those who were held out by chance.

    FILE is CSV with a row for each viewer: unit, arm, outcome, and cost and covariate where there are such; columns are
    known by their names in French or English. Rows that cannot be used are told with their lines. Nothing leaves this
    machine. The exit code is 1 when nothing could be compared.
    """
    tongue = tongue_of(language or ("en" if as_json else language_of(os.environ)))
    say = tongue.gettext
    tally = Tally()
    try:
        told = Told({name: column for name, column in columns.items() if column}, held, shown)
        table = read(file, told, tally)
    except BadRow as bad:
        _refuse(bad.reason, say(REASONS[bad.reason]) + (f" ({bad.detail})" if bad.detail else ""), as_json=as_json)
    except ArmsRefused as refused:
        names = ", ".join(refused.names) or say(N_("none"))
        _refuse("arms", say(WHY_ARMS) % {"names": names}, as_json=as_json)
    found = study(table.outcomes, table.is_held, held_part=held_part, money=table.money, before=table.before)
    if as_json:
        click.echo(json.dumps(told_of(found, table, tally), ensure_ascii=False))
    else:
        for line in lift_table.lines_of(found, table, tally, tongue):
            click.echo(line)


def told_of(found: Study, table: Table, tally: Tally) -> dict[str, Any]:
    """Return a comparison as programs read it; numbers in the units of the file, ``null`` where there is none."""
    effect, balance, cost, adjusted = found.effect, found.balance, found.cost, found.adjusted
    arms = {
        name: {
            "name": called,
            "viewers": arm.viewers,
            "outcomes": arm.events,
            "mean": arm.ratio,
        }
        for name, called, arm in (
            ("shown", table.shown_name, found.shown),
            ("held", table.held_name, found.held),
        )
    }
    return {
        "verdict": found.verdict,
        "arms": arms,
        "effect": {
            "difference": effect.difference,
            "interval": [effect.low, effect.high],
            "more_viewers_of_each_arm": effect.more_viewers,
        },
        "relative": None if found.relative is None else _relative(found.relative),
        "caused": {"outcomes": found.caused[0], "interval": list(found.caused[1:])},
        "cost_of_one_more": None if cost is None else {"each": cost.each, "interval": [cost.low, cost.high]},
        "balance": None
        if balance is None
        else {
            "expected": balance.expected,
            "found": balance.found,
            "p_value": balance.p_value,
            "is_right": balance.is_right,
        },
        "covariate": None if adjusted is None else {"explained": adjusted.explained, "is_used": adjusted.is_used},
        "detectable": found.detectable if math.isfinite(found.detectable) else None,
        "rows": table.rows,
        "skipped": [
            {"line": one.line, "reason": one.reason, "detail": one.detail, "message": REASONS[one.reason]}
            for one in tally.skipped
        ],
        "skipped_more": tally.more,
    }


def _relative(one: Relative) -> Mapping[str, float | Sequence[float]]:
    return {"part": one.part, "interval": [one.low, one.high]}


def _refuse(code: str, message: str, *, as_json: bool) -> None:
    """Say why nothing can be compared, and leave with 1."""
    if as_json:
        click.echo(json.dumps({"verdict": None, "error": {"code": code, "message": message}}, ensure_ascii=False))
    else:
        click.echo(message, err=True)
    raise click.exceptions.Exit(1)


assert set(COLUMNS) == {"unit", "arm", "outcome", "cost", "covariate"}, "each thing of a table has its option"
