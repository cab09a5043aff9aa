"""``attise world``: build the example world if it is not there, then serve it. ``make run`` is this."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import click

from attise.doors.cli.opening import data_option, settings_of
from attise.doors.cli.serve import HOST, PORT
from attise.doors.cli.supervisor_child import Role
from attise.doors.cli.welcome import links_in_words, login_command
from attise.doors.site.life import BOOK, is_kept, read_life
from attise.kernel.house import House, HouseError, Mode, open_house

DAYS, MOST_DAYS = 7.0, 28.0
BEHIND_DAYS = 7.0
SPEED, MOST_SPEED = 60.0, 3_600.0


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
    "--behind",
    type=click.FloatRange(0, MOST_DAYS),
    default=BEHIND_DAYS,
    show_default=True,
    help="Further days that are lived as fast as may be while it is served.",
)
@click.option(
    "--speed",
    type=click.FloatRange(1, MOST_SPEED),
    default=SPEED,
    show_default=True,
    help="How fast life goes on afterwards: seconds of the world in a second.",
)
@click.option("--still", is_flag=True, help="Nobody lives in it while it is served, and its clock is the machine's.")
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
    behind: float,
    speed: float,
    still: bool,
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
        begin_anew(house)
        links = _build(lock, seed, days, behind, videos)
        lives = not still and is_kept(house.folder)
        chosen = free_port(host, port) if port else 0
        if chosen != port:
            click.echo(f"Port {port} is taken; using {chosen}.", err=True)

        def welcome(address: str) -> None:
            if links:
                click.echo(links_in_words(links, settings.public_url or address, house.folder), err=True)
                click.echo(
                    "Nobody is shown their own ads: Watch too is @noe.teste, who may be shown yours. The others are "
                    f"you, @attise. As another: {login_command(house.folder)} creator --handle lea.peau; Operate, "
                    "People lists everybody.",
                    err=True,
                )
            if lives:
                click.echo(
                    f"Simulated people go on watching, at {speed:g} times; the operator's overview says how far they "
                    "are. --still: nobody does.",
                    err=True,
                )

        others = (Role("life", "attise.doors.cli.life", (str(speed),)),) if lives else ()
        code = supervisor.serve_locked(house, host, chosen, ready=welcome, others=others)
    ctx.exit(code)


def begin_anew(house: House) -> None:
    """Remove what the making of a world left that was cut short before anybody lived in it; nobody has seen it.

    Raises: HouseError, where that lies on a server.
    """
    life = read_life(house.folder)
    if life is None or life.phase != "making":
        return
    if house.settings.database_url is not None:
        raise HouseError(
            "The making of this world was cut short before it could be kept. Begin with an empty database."
        )
    click.echo("The making of this world was cut short: it is made anew.", err=True)
    for path in (*house.folder.glob(f"{house.database.name}*"), *house.folder.glob("events.sqlite3*")):
        path.unlink()
    for folder in (house.media, house.uploads):
        for path in folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    (house.folder / BOOK).unlink()


def _build(lock: int, seed: int, days: float, behind: float, videos: tuple[Path, ...]) -> dict[str, str]:
    """Build what is missing of the world, and return the links of whoever starts it, by console.

    In a process of its own: the supervisor stays light, and Django and the media library end with the building.
    """
    command = [sys.executable, "-m", "attise.doors.cli.world_build", str(seed), str(days), str(behind)]
    command += [str(path.absolute()) for path in videos]
    built = subprocess.run(  # noqa: S603 - our own module
        command, check=False, stdout=subprocess.PIPE, text=True, pass_fds=(lock,)
    )
    if built.returncode != 0:
        raise click.ClickException("The example world could not be built; see above. Run the command again to go on.")
    links: dict[str, str] = json.loads(built.stdout or "{}")
    return links
