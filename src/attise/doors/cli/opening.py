"""What commands share: the ``--data`` option, and opening the house for a command."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from attise.doors.site.setup import Process
from attise.kernel.house import Mode, Settings, open_house


def data_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--data DIR`` to a command, as ``data``."""
    return click.option(
        "--data",
        type=click.Path(file_okay=False, path_type=Path),
        help="The data folder (default: $ATTISE_DATA, else ./var/attise).",
    )(command)


def settings_of(data: Path | None) -> Settings:
    """Return the settings of the environment, with the folder of the command line."""
    settings = Settings.from_environ(os.environ)
    return settings if data is None else replace(settings, data=data.expanduser().absolute())


def open_for_command(data: Path | None, *, mode: Mode | None = None, role: str = "command") -> Process:
    """Open the data folder (made in ``mode`` if absent), bring its schema up to date, and return the open process.

    Its node number is given back when the command ends.
    """
    from attise.doors.site import means
    from attise.doors.site.setup import open_process, prepare, release_process

    settings = settings_of(data)
    open_house(settings, mode=mode)
    process = open_process(prepare(settings), role)
    click.get_current_context().call_on_close(lambda: release_process(process))
    means.install(process)
    return process
