"""``attise demo``: the main job end to end in a house of its own, headless, by a seed."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import click

from attise.doors.cli.opening import no_data_option
from attise.kernel.errors import Refusal, Refusals
from attise.kernel.money import format_amount

DAYS: Final = 3.0
LEAST_DAYS, MOST_DAYS = 1.0, 28.0
UNITS: Final = ("micros", "ppm")
MOST_VIEWERS: Final = 10_000_000
WEIGHT: Final = click.FloatRange(0, 2)


@click.command()
@click.option(
    "--seed", type=click.IntRange(0, 2**31 - 1), default=7, show_default=True, help="The same, the same life."
)
@click.option(
    "--days",
    type=click.FloatRange(LEAST_DAYS, MOST_DAYS),
    default=DAYS,
    show_default=True,
    help="How long it is lived.",
)
@click.option(
    "--video",
    "videos",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="A clip of your own to be published in the place of drawn ones; several times for several.",
)
@click.option("--native", type=WEIGHT, help="What a creator's name draws above a brand's; 0.45 unless it is said.")
@click.option("--likes", type=WEIGHT, help="What the likes that people see draw; 0.06 unless it is said.")
@click.option("--comments", type=WEIGHT, help="What comments under a post draw; 0.02 unless it is said.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON; progress goes to standard error.")
@no_data_option
def demo(
    *,
    seed: int,
    days: float,
    videos: tuple[Path, ...],
    native: float | None,
    likes: float | None,
    comments: float | None,
    as_json: bool,
) -> None:
    """Publish, let posts spread, scout, authorize, boost, deliver, settle, and compare Spark with a standard ad.

    Nothing is kept: the house is made for the time of it. Every number is what it counted or charged. What makes a
    creator's post draw more than a copy of it are three weights; 0 turns one off.
    """
    said = {"native": native, "herding": likes, "comments": comments}
    draws = {name: weight for name, weight in said.items() if weight is not None}
    try:
        told = _run(seed, days, videos, draws, quiet=as_json)
    except (Refusal, Refusals) as refused:
        raise click.ClickException(str(refused)) from None
    if as_json:
        click.echo(json.dumps(told))
    else:
        _show(told)
    if not told["ok"]:
        raise click.exceptions.Exit(1)


def _run(seed: int, days: float, videos: Sequence[Path], draws: dict[str, float], *, quiet: bool) -> dict[str, Any]:
    """Live, and return what the contract says: no time of the wall, no path, no port is in it."""
    from attise.doors.cli.living import living_house

    with living_house(seed) as living:
        from attise.doors.cli.verify import CHECKS
        from attise.simulator.beginning import begin
        from attise.simulator.drawing import Size
        from attise.simulator.job import Job, lengths_of

        _say("a house, and who lives in it")
        size = Size(viewers=900, creators=20, posts=80, advertisers=6, days=days, **draws)
        clips = lengths_of(videos, living.house.uploads) if videos else None
        made = begin(living, size, seed=seed, own=living.open_first_time(), tell=lambda _done, _what: None, clips=clips)

        def tell(step: dict[str, Any]) -> None:
            _say(step["name"])
            if not quiet:
                _show_step(step)

        job = Job(living, made, days, tell)
        comparison = job.run()
        _say("verify")
        verify = {name: check(living.house)["difference"] for name, (check, _) in CHECKS.items()}
    is_right = all(step["ok"] for step in job.steps) and not any(verify.values())
    return {
        "seed": seed,
        "days": days,
        "steps": job.steps,
        "comparison": comparison,
        "verify": {name: difference or "ok" for name, difference in verify.items()},
        "ok": is_right,
    }


def _say(what: str) -> None:
    sys.stderr.write(f"attise demo: {what}\n")
    sys.stderr.flush()


def _show_step(step: dict[str, Any]) -> None:
    click.echo(f"{step['name']}: {'ok' if step['ok'] else 'NOT OK'}")
    for name, value in step["numbers"].items():
        click.echo(f"  {_named(name)}: {_in_units(name, value)}")


def _show(told: dict[str, Any]) -> None:
    """Show what the steps left: the comparison, and whether everything holds."""
    click.echo("Spark beside standard, each among viewers who could not be shown the other:")
    for name, one in told["comparison"].items():
        if name == "viewers":
            click.echo(f"  viewers: {_plain(one)}")
            continue
        low, high = one["interval"]
        if not one["enough"]:
            said = f"not enough data yet: {_more(one['more_viewers_of_each'])}"
        elif one["differs"]:
            said = f"differ by {one['difference']:+.4f} ({low:+.4f} to {high:+.4f})"
        else:
            said = f"not told apart ({low:+.4f} to {high:+.4f}); {_more(one['more_viewers_of_each'])}"
        click.echo(f"  {name.replace('_', ' ')}: {one['spark']:.4f} and {one['standard']:.4f}, {said}")
    click.echo(f"verify: {_plain(told['verify'])}")
    click.echo("ok" if told["ok"] else "NOT OK")


def _more(viewers: int) -> str:
    """Return how many more viewers a comparison asks for, where that could be had."""
    if viewers > MOST_VIEWERS:
        return "no number of viewers that could be had would tell"
    return f"about {viewers:,} more viewers of each"


def _named(name: str) -> str:
    """Return a number's name as people say it: the unit is said with the value."""
    for unit in UNITS:
        name = name.removesuffix(f"_{unit}")
    return name.replace("_", " ")


def _in_units(name: str, value: Any) -> str:
    """Return a number with its unit: money as amounts, shares in percent."""
    if name.endswith("_micros"):
        return f"\N{EURO SIGN}{format_amount(value, exponent=2)}"
    if name.endswith("_ppm"):
        return f"{(Decimal(value) / 10_000).normalize():f} %"
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_plain(one)}" for name, one in value.items())
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
