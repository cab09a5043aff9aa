"""What every command of ``attise`` takes alike."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from attise.doors.cli import COMMANDS, cli


def leaves(command: click.Command) -> Iterator[click.Command]:
    """Yield what is run: the command itself, or those of a group."""
    if isinstance(command, click.Group):
        for beneath in command.commands.values():
            yield from leaves(beneath)
    else:
        yield command


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_takes_the_data_folder(name):
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    for leaf in leaves(command):
        assert [one.opts for one in leaf.params if one.name == "data"] == [["--data"]]
