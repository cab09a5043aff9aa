"""``attise serve``: everything on one port, or one role in the foreground."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from attise.doors.cli.opening import data_option, settings_of
from attise.doors.cli.supervisor_child import Role
from attise.kernel.house import Mode, open_house

HOST = "127.0.0.1"
PORT = 8000
ROLES = {
    "edge": Role("edge", "attise.doors.edge"),
    "site": Role("site", "attise.doors.cli.supervisor_site"),
    "settle": Role("settle", "attise.doors.worker", ("settle",)),
    "worker": Role("worker", "attise.doors.worker", ("worker",)),
}


@click.command(help="Serve everything on one port; with ROLE, one of edge, site, settle, worker alone.")
@click.argument("role", required=False, type=click.Choice(sorted(ROLES)))
@data_option
@click.option("--host", default=HOST, show_default=True, help="The address to listen on.")
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(0, 65_535), help="0 takes any free one.")
@click.option("--edges", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes on the public port.")
@click.option("--sandbox", is_flag=True, help="A folder for trying out: empty, repeatable, with a clock that moves.")
def serve(*, role: str | None, data: Path | None, host: str, port: int, edges: int, sandbox: bool) -> None:
    """Serve, and exit with the supervisor's code."""
    settings = settings_of(data)
    mode = Mode.SANDBOX if sandbox else None
    from attise.doors.cli import supervisor, supervisor_checks

    if role is None:
        sys.exit(supervisor.serve(settings, mode, host, port, edges=edges))
    from attise.doors.site.setup import export

    if role == "edge":
        supervisor.refuse_unsafe(settings, host)
        supervisor_checks.listen(host, port).close()  # before a house is made for nothing
    export(open_house(settings, mode=mode).settings)
    command = ROLES[role].command
    if role == "edge":
        command += ["--host", host, "--port", str(port)]
    sys.stderr.flush()
    os.execv(command[0], command)  # noqa: S606 - our own module, in place of this process
