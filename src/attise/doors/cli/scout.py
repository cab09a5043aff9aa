"""``attise scout FILE…``: which posts deserve a boost, and by when, from files of any platform. It needs no house."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from attise.doors.cli import scout_files, scout_page, scout_table
from attise.doors.cli.opening import no_data_option
from attise.doors.cli.speaking import language_of, tongue_of
from attise.kernel.tongue import LANGUAGES, Language

MOMENT = "2026-11-20T14:00, or seconds since 1970"


def _zone(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise click.BadParameter(f"{value!r} is no time zone; try Europe/Paris.") from None
    return value


def _columns(_context: click.Context, _parameter: click.Parameter, values: Sequence[str]) -> dict[str, str]:
    from attise.measurement.scout.reading.tables import COLUMNS

    found = {}
    for value in values:
        what, is_told, name = value.partition("=")
        if not is_told or what not in COLUMNS or not name.strip():
            raise click.BadParameter(f"write THING=NAME, with one of {', '.join(COLUMNS)} as the thing.")
        found[what] = name
    return found


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--csv", "as_csv", is_flag=True, help="Print a table for a spreadsheet.")
@click.option("--html", "page", type=click.Path(dir_okay=False, path_type=Path), help="Write a page to this file.")
@click.option("--language", type=click.Choice(LANGUAGES), help="Default: that of the environment.")
@click.option("--now", help=f"When the question is asked: {MOMENT}. Default: the last look at any post.")
@click.option("--at", help=f"When looks that name no time were taken: {MOMENT}. Default: the file's name, or its date.")
@click.option("--zone", default="UTC", callback=_zone, help="The zone of times that name none, and of what is shown.")
@click.option(
    "--dates", type=click.Choice(["dmy", "mdy"]), help="The order in 03/04/2026, where the file leaves it open."
)
@click.option(
    "--column", "columns", multiple=True, callback=_columns, metavar="THING=NAME", help="A column of a CSV by its name."
)
@click.option("--top", type=click.IntRange(min=1), default=20, show_default=True, help="Posts in the terminal's table.")
@no_data_option
def scout(
    files: Sequence[Path],
    *,
    as_json: bool,
    as_csv: bool,
    page: Path | None,
    language: Language | None,
    now: str | None,
    at: str | None,
    zone: str,
    dates: str | None,
    columns: dict[str, str],
    top: int,
) -> None:
    """Rank posts by how they will grow. FILES, or folders of them, hold one or several looks at their counters.

    Known by content: the video list of the TikTok Display API, yt-dlp's info.json or JSON lines, what scrapers write,
    and CSV. Nothing leaves this machine. The exit code is 1 when no post could be read.
    """
    if as_json and as_csv:
        raise click.UsageError("--json and --csv: choose one.")
    from attise.measurement.scout.ranking import rank
    from attise.measurement.scout.reading.gathered import Asked, read

    moments = {name: _moment(name, text, zone, dates) for name, text in (("--now", now), ("--at", at))}
    found = read(files, Asked(columns, moments["--at"], zone, None if dates is None else dates == "dmy"))
    ranking = rank(found.posts, now_ms=moments["--now"])
    tongue = tongue_of(language or language_of(os.environ))
    if page is not None:
        _write(page, lambda: scout_page.page_of(ranking, found, tongue, zone))
    if as_json:
        click.echo(scout_files.json_of(ranking, found, zone))
    elif as_csv:
        click.echo(scout_files.csv_of(ranking, tongue, zone), nl=False)
    elif page is None:
        for line in scout_table.lines_of(ranking, found, tongue, zone, top=top, colour=None):
            click.echo(line)
    else:
        click.echo(str(page))
    if (as_json or as_csv or page is not None) and not ranking.posts:
        for line in scout_table.skipped_lines(found, tongue):
            click.echo(line, err=True)
    if not ranking.posts:
        raise click.exceptions.Exit(1)


def _moment(option: str, text: str | None, zone: str, dates: str | None) -> int | None:
    from attise.measurement.scout.reading.rows import BadRow
    from attise.measurement.scout.reading.values import moment_of

    if text is None:
        return None
    try:
        found = moment_of(text, zone=zone, day_first=dates != "mdy")
    except BadRow:
        found = None
    if found is None:
        raise click.BadParameter(f"write a moment: {MOMENT}.", param_hint=option)
    return found


def _write(path: Path, make: Callable[[], str]) -> None:
    try:
        path.write_text(make(), "utf-8")
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}.") from None
