"""How one-time links are shown to whoever started a house."""

from __future__ import annotations

import shlex
from pathlib import Path

from attise.kernel.house import DEFAULT_DATA

OTHER = "other"
"""The link of an example world by which its first person watches as somebody else, who is shown their ads."""
NAMES = {"viewer": "Watch", "creator": "Create", "advertiser": "Advertise", "operator": "Operate", OTHER: "Watch too"}


def login_command(folder: Path) -> str:
    """Return the command that makes other links to a house, as it is typed where the house was started."""
    where = "" if folder == Path(DEFAULT_DATA).absolute() else f" --data {shlex.quote(str(folder))}"
    return f"attise login{where} --as"


def links_in_words(links: dict[str, str], address: str, folder: Path) -> str:
    """Return the one-time links as the person who started the house reads them."""
    lines = [f"  {NAMES[console]:<10} {address}/connexion/lien/{secret}" for console, secret in links.items()]
    later = f"{login_command(folder)} ROLE"
    head = f"Sign in with one of these links (each works once, for 15 minutes; later: {later}):"
    return "\n".join([head, *lines])
