"""Addresses: which network one belongs to, under a name that leads nowhere, and which are on the operator's list."""

from __future__ import annotations

import hashlib
import ipaddress
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

PURPOSE: Final = "address-block"
FILE: Final = "listed-addresses.txt"
"""In the data folder: a network a line (``203.0.113.0/24``), ``#`` before remarks."""
MOST_LISTED: Final = 100_000
_BITS: Final = {4: 24, 6: 48}
_MEMORY: Final = 8_192

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class ListError(ValueError):
    """The operator's list cannot be read; the text says which line."""


@lru_cache(_MEMORY)
def address_of(text: str) -> Address | None:
    """Return an address by its text, an IPv4 one that is written as IPv6 as itself; None: it is no address."""
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found


class Blocks:
    """Names networks (/24, /48) of a day by a keyed hash: the same network has another name tomorrow."""

    def __init__(self, key: bytes) -> None:
        """Use the key of the house's secrets for ``PURPOSE``."""
        self._key = key
        self.name_of = lru_cache(_MEMORY)(self._name_of)
        """Return the name of an address's network on a day (number, UTC); empty for what is no address."""

    def _name_of(self, text: str, day: int) -> str:
        address = address_of(text)
        if address is None:
            return ""
        network = ipaddress.ip_network((address, _BITS[address.version]), strict=False)
        said = f"{day}/{network.network_address}".encode()
        return hashlib.blake2b(said, key=self._key, digest_size=9, person=b"attise/block").hexdigest()


class Listed:
    """Networks where nobody watches, as the operator lists them. Threads may share it."""

    def __init__(self, networks: Iterable[Network] = ()) -> None:
        """List these."""
        self._ranges: dict[int, tuple[list[int], list[int]]] = {}
        networks = tuple(networks)
        for version in _BITS:
            kept = list(ipaddress.collapse_addresses(one for one in networks if one.version == version))  # type: ignore[type-var]
            self._ranges[version] = (
                [int(one.network_address) for one in kept],
                [int(one.broadcast_address) for one in kept],
            )
        self.holds = lru_cache(_MEMORY)(self._holds)
        """Tell whether an address, by its text, is listed."""

    def __len__(self) -> int:
        """Return how many networks are listed, those side by side taken together."""
        return sum(len(first) for first, _ in self._ranges.values())

    def _holds(self, text: str) -> bool:
        address = address_of(text)
        if address is None:
            return False
        first, last = self._ranges[address.version]
        place = bisect_right(first, int(address)) - 1
        return place >= 0 and int(address) <= last[place]


def parse_list(text: str) -> Listed:
    """Return the networks of a list. Raises: ListError, with the line."""
    found: list[Network] = []
    for number, line in enumerate(text.splitlines(), 1):
        said = line.partition("#")[0].strip()
        if not said:
            continue
        try:
            found.append(ipaddress.ip_network(said, strict=False))
        except ValueError:
            raise ListError(f"line {number} is no network: {said[:60]!r}") from None
        if len(found) > MOST_LISTED:
            raise ListError(f"more than {MOST_LISTED} networks")
    return Listed(found)
