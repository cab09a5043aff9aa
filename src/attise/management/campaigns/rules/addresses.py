"""Where an ad may send its viewers: to a server that the whole internet reaches, never into their own network. Pure."""

from __future__ import annotations

from attise.kernel.errors import N_, Refusal
from attise.kernel.urls import NO_HOSTS, URL_HOST, Hosts, Url, clean_deeplink, parse_address, read_url
from attise.management.egress.addresses import is_public

_NEAR = (".localhost", ".local", ".internal", ".home.arpa")
"""Ends of names that mean another machine in every network. Source: RFC 6761, 6762, 8375; ICANN's ``.internal``."""


def clean_public_url(text: str, *, field: str, listed: Hosts = NO_HOSTS) -> str:
    """Return an https address on the public internet, or on a ``listed`` server, there without https too.

    Why: a viewer's browser that opens ``https://192.168.1.1/`` knocks at that viewer's own router. What a name leads to
    is not asked here: it may change in a minute. Raises: the refusals of addresses, ``url_host``.
    """
    url = read_url(text, field=field, plain_hosts=listed)
    if not listed.holds(url):
        _check_public(url, field)
    return str(url)


def clean_public_deeplink(text: str, *, field: str) -> str:
    """Return an address that an app opens; one of https is on the public internet. Raises: as above."""
    link = clean_deeplink(text, field=field)
    if link.startswith("https://"):
        _check_public(read_url(link, field=field), field)
    return link


def _check_public(url: Url, field: str) -> None:
    address = parse_address(url.host)
    if url.host.endswith(_NEAR) or (address is not None and not is_public(address)):
        raise Refusal(URL_HOST, field=field, rule=N_("it is not on the public internet"))
