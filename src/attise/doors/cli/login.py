"""``attise login``: a way in for whoever holds the machine."""

from __future__ import annotations

from pathlib import Path

import click

from attise.doors.cli.opening import data_option, open_for_command

CONSOLES = ("operator", "advertiser", "creator", "viewer")


@click.command()
@click.option("--as", "role", type=click.Choice(CONSOLES), required=True, help="The console to land on.")
@click.option("--email", help="Whose account, when there are several people (default: the first one).")
@click.option("--url", default=None, help="The address of the server (default: the public URL, else port 8000 here).")
@data_option
def login(role: str, email: str | None, url: str | None, data: Path | None) -> None:
    """Print a sign-in link that works once, for 15 minutes."""
    process = open_for_command(data)
    from attise.kernel.errors import Refusal
    from attise.management.accounts.actions import sign_in_link

    base = url or process.house.settings.public_url or "http://127.0.0.1:8000"
    try:
        secret = sign_in_link(process.means, console=role, email=email)
    except Refusal as refusal:
        raise click.ClickException(refusal.english) from None
    click.echo(f"{base.rstrip('/')}/connexion/lien/{secret}")
