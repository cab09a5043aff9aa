"""``attise login``: a way in for whoever holds the machine."""

from __future__ import annotations

from pathlib import Path

import click

from attise.doors.cli.opening import data_option, open_for_command
from attise.doors.cli.supervisor_site import DEFAULT_ADDRESS
from attise.kernel.house import House

CONSOLES = ("operator", "advertiser", "creator", "viewer")


@click.command()
@click.option("--as", "role", type=click.Choice(CONSOLES), required=True, help="The console to land on.")
@click.option("--email", help="Whose account, when there are several people (default: the first one).")
@click.option("--handle", help="Whose account, by the handle of their creator, such as lea.peau.")
@click.option("--url", default=None, help="The address of the server (default: the public URL, else the one it has).")
@data_option
def login(*, role: str, email: str | None, handle: str | None, url: str | None, data: Path | None) -> None:
    """Print a sign-in link that works once, for 15 minutes."""
    if email is not None and handle is not None:
        raise click.UsageError("Say who by --email or by --handle, not both.")
    process = open_for_command(data)
    from attise.kernel.actor import COMMAND
    from attise.kernel.errors import Refusal
    from attise.management.accounts.actions import sign_in_link

    person_id = None
    if email is not None:
        person_id = _person_of_email(email)
    elif handle is not None:
        person_id = _person_of_handle(handle)
    base = url or process.house.settings.public_url or _served_at(process.house)
    try:
        secret = sign_in_link(process.means, console=role, person_id=person_id, by=COMMAND)
    except Refusal as refusal:
        raise click.ClickException(f"{refusal.english} {refusal.next_step}") from None
    click.echo(f"{base.rstrip('/')}/connexion/lien/{secret}")


def _person_of_email(email: str) -> int:
    from attise.management.accounts.queries import find_person_by_email

    person = find_person_by_email(email)
    if person is None:
        raise click.ClickException(f"Nobody here has the e-mail address {email}. The operator's page People lists all.")
    return person.id


def _person_of_handle(handle: str) -> int:
    from attise.management.accounts.queries import find_creator_by_handle

    creator = find_creator_by_handle(handle)
    if creator is None:
        raise click.ClickException(f"No creator here has the handle {handle}. The operator's page People lists them.")
    if creator.person_id is None:
        raise click.ClickException(f"Nobody signs in as @{creator.handle}: a program acts for it, over /v1.")
    return creator.person_id


def _served_at(house: House) -> str:
    """Return where the house is served now, or where it will be unless something else is said; then say so."""
    address = house.served_at
    if address is None:
        address = DEFAULT_ADDRESS
        click.echo(
            f"No server runs on {house.folder} now: this link is for one at {address} (or give --url).", err=True
        )
    return address
