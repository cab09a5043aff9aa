"""How one-time links are shown to whoever started a house."""

from __future__ import annotations

NAMES = {"viewer": "Watch", "creator": "Create", "advertiser": "Advertise", "operator": "Operate"}


def links_in_words(links: dict[str, str], address: str) -> str:
    """Return the one-time links as the person who started the house reads them."""
    lines = [f"  {NAMES[console]:<10} {address}/connexion/lien/{secret}" for console, secret in links.items()]
    head = "Sign in with one of these links (each works once, for 15 minutes; later: attise login --as ROLE):"
    return "\n".join([head, *lines])
