"""``attise world``: build the example world if it is not there, then serve it. ``make run`` is this."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import click

from attise.doors.cli.opening import data_option, settings_of
from attise.doors.cli.serve import HOST, PORT
from attise.doors.cli.welcome import links_in_words, login_command
from attise.kernel.house import Mode, open_house

DAYS, MOST_DAYS = 3.0, 28.0


@click.command()
@data_option
@click.option("--host", default=HOST, show_default=True, help="The address to listen on.")
@click.option("--port", default=PORT, type=click.IntRange(0, 65_535), help="8000; the next free one when it is taken.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=7, show_default=True, help="Who lives in it.")
@click.option(
    "--days",
    type=click.FloatRange(0, MOST_DAYS),
    default=DAYS,
    show_default=True,
    help="Days that are lived before it is served; 0: a few examples alone.",
)
@click.option(
    "--video",
    "videos",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="A clip of your own to be published in the place of drawn ones; several times for several.",
)
@click.pass_context
def world(
    ctx: click.Context,
    *,
    data: Path | None,
    host: str,
    port: int,
    seed: int,
    days: float,
    videos: tuple[Path, ...],
) -> None:
    """Serve an example house in which creators, brands and viewers live; made the first time, kept afterwards."""
    from attise.doors.cli import supervisor
    from attise.doors.cli.supervisor_checks import free_port
    from attise.doors.site.setup import export

    settings = settings_of(data)
    supervisor.refuse_unsafe(settings, host)
    free_port(host, port)  # before anything is made; which one it is going to be is chosen when it is wanted
    house = open_house(settings, mode=Mode.DEMO)
    export(house.settings)
    # One lock from the first brick to the end of serving; a builder whose parent is killed holds it to its own end.
    with house.serve_lock() as lock:
        links = _build(lock, seed, days, videos)
        chosen = free_port(host, port) if port else 0
        if chosen != port:
            click.echo(f"Port {port} is taken; using {chosen}.", err=True)

        def welcome(address: str) -> None:
            if links:
                click.echo(links_in_words(links, settings.public_url or address, house.folder), err=True)
                click.echo(
                    f"You are the creator @attise there. As another: {login_command(house.folder)} creator --handle "
                    "lea.peau (or noe.teste); Operate, People lists everybody.",
                    err=True,
                )

        code = supervisor.serve_locked(house, host, chosen, ready=welcome)
    ctx.exit(code)


def _build(lock: int, seed: int, days: float, videos: tuple[Path, ...]) -> dict[str, str]:
    """Build what is missing of the world, and return the links of whoever starts it, by console.

    In a process of its own: the supervisor stays light, and Django and the media library end with the building.
    """
    command = [sys.executable, "-m", "attise.doors.cli.world_build", str(seed), str(days)]
    command += [str(path.absolute()) for path in videos]
    built = subprocess.run(  # noqa: S603 - our own module
        command, check=False, stdout=subprocess.PIPE, text=True, pass_fds=(lock,)
    )
    if built.returncode != 0:
        raise click.ClickException("The example world could not be built; see above. Run the command again to go on.")
    links: dict[str, str] = json.loads(built.stdout or "{}")
    return links
