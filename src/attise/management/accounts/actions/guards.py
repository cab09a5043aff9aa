"""Who is counted when somebody guesses: the e-mail address that is tried, and the address it is tried from."""

from __future__ import annotations

import ipaddress

from attise.kernel.limits import SIGN_IN_FAILURES
from attise.management.attempts.actions import Guard, Limit

LIMITS = (
    Limit(SIGN_IN_FAILURES, minutes=5),
    Limit(2 * SIGN_IN_FAILURES, minutes=30),
    Limit(4 * SIGN_IN_FAILURES, minutes=240),
)
"""After ten failures a wait of minutes, after twenty of half an hour, after forty of hours."""
IPV6_PREFIX = 64
"""One subscriber has at least that many addresses."""


def guards_of(kind: str, email: str | None, address: str) -> list[Guard]:
    """Return the guards of an attempt; an e-mail that is none, or an address nobody stated, is not counted."""
    guards = []
    if email is not None:
        guards.append(email_guard(kind, email))
    if address:
        guards.append(Guard(f"{kind}_from", _network(address), LIMITS))
    return guards


def email_guard(kind: str, email: str) -> Guard:
    """Return the guard of one e-mail address."""
    return Guard(kind, email, LIMITS)


def _network(address: str) -> str:
    """Return whom an address stands for: itself, or for IPv6 the network of its subscriber."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:64].encode(errors="replace").decode()
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((int(parsed), IPV6_PREFIX), strict=False))
    return str(parsed)
