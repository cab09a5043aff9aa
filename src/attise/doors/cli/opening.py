"""What commands share: the ``--data`` option, whether they need it or not, and opening the house for a command."""

from __future__ import annotations

import os
import shlex
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from attise.doors.site.setup import Process
from attise.kernel.house import HouseError, Mode, Settings, is_house, open_house


def data_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--data DIR`` to a command, as ``data``."""
    return click.option(
        "--data",
        type=click.Path(file_okay=False, path_type=Path),
        help="The data folder (default: $ATTISE_DATA, else ./var/attise).",
    )(command)


def no_data_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--data DIR`` to a command that needs no house or makes one of its own: all commands take it."""
    return click.option(
        "--data", type=click.Path(file_okay=False), expose_value=False, help="Taken as by every command; not used here."
    )(command)


def settings_of(data: Path | None) -> Settings:
    """Return the settings of the environment, with the folder of the command line."""
    settings = Settings.from_environ(os.environ)
    return settings if data is None else replace(settings, data=data.expanduser().absolute())


def need_house(settings: Settings) -> None:
    """Refuse a folder that holds no house: only what serves makes one, since it alone is told for what.

    Raises: HouseError, which names the folder and the commands that make one.
    """
    if not is_house(settings):
        folder = shlex.quote(str(settings.data))
        raise HouseError(
            f"There is no house in {settings.data}. Make one first: attise serve --data {folder} (with --sandbox to "
            f"try things out), or attise world --data {folder} for one with examples; or name another with --data."
        )


def open_for_command(data: Path | None, *, role: str = "command") -> Process:
    """Open the house of a data folder, bring its schema up to date, and return the open process.

    A command never makes a house. Its node number is given back when it ends. Raises: HouseError.
    """
    from attise.doors.site import means
    from attise.doors.site.setup import open_process, prepare, release_process

    settings = settings_of(data)
    need_house(settings)
    process = open_process(prepare(settings), role)
    click.get_current_context().call_on_close(lambda: release_process(process))
    means.install(process)
    return process


@contextmanager
def temporary_house() -> Iterator[Process]:
    """Open a new sandbox on the embedded store, whatever the environment says, and remove it in the end."""
    with tempfile.TemporaryDirectory(prefix="attise-bench-") as folder:
        forget_environment()
        settings = Settings(data=Path(folder) / "data")
        open_house(settings, mode=Mode.SANDBOX)
        with beside(settings.data) as process:
            yield process


@contextmanager
def beside(folder: Path) -> Iterator[Process]:
    """Open a house on the embedded store beside whoever serves it, whatever the environment says."""
    from attise.doors.site import means
    from attise.doors.site.setup import open_process, prepare, release_process

    forget_environment()
    process = open_process(prepare(Settings(data=folder)), "command")
    means.install(process)
    try:
        yield process
    finally:
        release_process(process)


def forget_environment() -> None:
    """Leave this process no setting of the house that its command was started for."""
    for name in [name for name in os.environ if name.startswith("ATTISE_")]:
        del os.environ[name]
