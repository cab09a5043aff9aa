"""``attise secrets``: the one file that seals everything, made where an operator wants to keep it."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from attise.doors.cli.opening import data_option, settings_of
from attise.kernel.house import is_house
from attise.kernel.secrets import Secrets


@click.group()
def secrets() -> None:
    """Secrets of a house that others can reach: kept apart from the data they seal."""


@secrets.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@data_option
def new(file: Path, data: Path | None) -> None:
    """Make FILE, readable by you alone, with a new master secret; name it in ATTISE_SECRETS_FILE.

    A file that is there is never replaced.
    """
    settings, path = settings_of(data), file.expanduser().absolute()
    if path.resolve().is_relative_to(settings.data.resolve()):
        raise click.ClickException(
            f"{path} lies in the data folder, and a copy of the data would hold its own key. Name a file elsewhere."
        )
    try:
        Secrets.write_new(path)
    except FileExistsError:
        raise click.ClickException(
            f"{path} exists and stays as it is: what it sealed needs it. Name another file."
        ) from None
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}. Its folder must be there.") from None
    click.echo(f"ATTISE_SECRETS_FILE={shlex.quote(str(path))}")
    click.echo(
        "Set this for attise serve and for every other command of that house. Keep a copy of the file apart from the "
        "data: without it nothing sealed can be opened, and with both, anyone is you.",
        err=True,
    )
    if is_house(settings) and settings.secrets_file is None:
        click.echo(
            f"The house in {settings.data} has secrets of its own, and this file does not open it: for that one, move "
            "its secrets.json instead.",
            err=True,
        )
