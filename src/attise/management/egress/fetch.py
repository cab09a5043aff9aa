"""Fetches what is at an address into a file, within bounds of place, time and size."""

from __future__ import annotations

import hashlib
import http.client
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urljoin

from attise.kernel.clock import SystemClock
from attise.kernel.errors import Refusal
from attise.kernel.urls import NO_HOSTS, Hosts, Url, parse_address, read_url
from attise.management.egress.addresses import is_public
from attise.management.egress.errors import (
    ADDRESS_NOT_ALLOWED,
    FETCH_BROKEN,
    FETCH_NO_ANSWER,
    FETCH_REDIRECTS,
    FETCH_STATUS,
    FETCH_TOO_LARGE,
    FETCH_TOO_SLOW,
)
from attise.management.egress.wire import Deadline, Resolver, Wire, resolve

REDIRECTS = 3
PORTS = (80, 443)
BLOCK_BYTES = 1 << 16
AGENT = "Attise"
_REDIRECTIONS = frozenset({301, 302, 303, 307, 308})
_REAL = SystemClock()
"""Waits on other people's servers are real, whatever world time does."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was fetched: where it lies now, and from which address in the end."""

    path: Path
    size_bytes: int
    md5: str
    url: str


@dataclass(frozen=True, slots=True)
class _Errand:
    """What stays the same from hop to hop."""

    field: str
    schemes: tuple[str, ...]
    private_hosts: Hosts
    deadline: Deadline
    timeout_s: float
    resolver: Resolver
    trust: ssl.SSLContext | None

    def read(self, text: str) -> Url:
        """Read the address of one hop."""
        return read_url(text, field=self.field, schemes=self.schemes, plain_hosts=self.private_hosts, ports=PORTS)

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Tell what goes wrong on the wire as a refusal; our own disk is not on the wire."""
        try:
            yield
        except TimeoutError as error:
            raise Refusal(FETCH_TOO_SLOW, field=self.field, limit=f"{self.timeout_s:g}") from error
        except OSError as error:
            raise Refusal(FETCH_NO_ANSWER, field=self.field) from error
        except http.client.HTTPException as error:
            raise Refusal(FETCH_BROKEN, field=self.field) from error


def fetch(
    url: str,
    *,
    into: Path,
    field: str,
    max_bytes: int,
    timeout_s: float,
    schemes: tuple[str, ...] = ("https",),
    private_hosts: Hosts = NO_HOSTS,
    resolver: Resolver = socket.getaddrinfo,
    monotonic_s: Callable[[], float] = _REAL.monotonic_s,
    trust: ssl.SSLContext | None = None,
) -> Fetched:
    """Fetch ``url`` into the new file ``into``; when refused, there is no such file.

    ``timeout_s`` bounds the whole, names and redirects included. Ports are 80 and 443; ``private_hosts`` alone may have
    others, private addresses and plain ``http``. ``trust`` replaces the machine's list of certificate authorities.

    Raises: the refusals of ``read_url``, at ``field``; ``address_not_allowed``, ``fetch_no_answer``, ``fetch_status``,
    ``fetch_redirects``, ``fetch_too_large``, ``fetch_too_slow``, ``fetch_broken``.
    """
    errand = _Errand(field, schemes, private_hosts, Deadline(monotonic_s, timeout_s), timeout_s, resolver, trust)
    url_now = errand.read(url)
    for _ in range(REDIRECTS + 1):
        connection = _connect(url_now, errand)
        try:
            answer = _ask(connection, url_now, errand)
            if answer.status in _REDIRECTIONS:
                url_now = _redirected(url_now, answer, errand)
                continue
            return _keep(answer, url_now, errand, into, max_bytes)
        finally:
            connection.hang_up()
    raise Refusal(FETCH_REDIRECTS, field=field, limit=REDIRECTS)


def _connect(url: Url, errand: _Errand) -> Wire:
    """Open a connection to an address of the host that was checked: the very one, not its name again."""
    with errand.waiting():
        literal = parse_address(url.host) is not None
        found = [url.host] if literal else resolve(errand.resolver, url.host, url.port, errand.deadline)
    addresses = [parse_address(text) for text in found]
    if not errand.private_hosts.holds(url) and not all(one is not None and is_public(one) for one in addresses):
        # One private answer among public ones is a trick, not a choice.
        raise Refusal(ADDRESS_NOT_ALLOWED, field=errand.field)
    with errand.waiting():
        return Wire(_secure(_open(found, url.port, errand), url, errand), errand.deadline)


def _open(addresses: list[str], port: int, errand: _Errand) -> socket.socket:
    """Connect to the first address that answers. Raises: OSError, TimeoutError."""
    for place, address in enumerate(addresses, start=1):
        try:
            return socket.create_connection((address, port), timeout=errand.deadline.left_s())
        except TimeoutError:
            raise
        except OSError:
            if place == len(addresses):
                raise
    raise OSError("no address")


def _secure(connection: socket.socket, url: Url, errand: _Errand) -> socket.socket:
    """Put TLS on a connection, for the name that was asked for. Raises: OSError, TimeoutError."""
    if url.scheme != "https":
        return connection
    trust = errand.trust or ssl.create_default_context()
    try:
        connection.settimeout(errand.deadline.left_s())
        return trust.wrap_socket(connection, server_hostname=url.host)
    except BaseException:
        connection.close()
        raise


def _ask(wire: Wire, url: Url, errand: _Errand) -> http.client.HTTPResponse:
    """Ask for the target and return the answer, its body still to come."""
    connection = http.client.HTTPConnection(url.host, url.port)
    connection.sock = wire
    headers = {
        "Host": url.authority,
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        "Connection": "close",
        "User-Agent": AGENT,
    }
    with errand.waiting():
        connection.request("GET", url.target, headers=headers)
        return connection.getresponse()


def _redirected(url: Url, answer: http.client.HTTPResponse, errand: _Errand) -> Url:
    """Return where a redirect leads, read and checked like the first address."""
    try:
        return errand.read(urljoin(str(url), answer.headers.get("Location", "")))
    except ValueError as error:
        raise Refusal(FETCH_BROKEN, field=errand.field) from error


def _keep(answer: http.client.HTTPResponse, url: Url, errand: _Errand, into: Path, max_bytes: int) -> Fetched:
    """Write the body of an answer into a file, counting."""
    if answer.status != http.client.OK:
        raise Refusal(FETCH_STATUS, field=errand.field, status=answer.status)
    if answer.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        # Nobody asked for it, and unpacking is how a small answer becomes a large one.
        raise Refusal(FETCH_BROKEN, field=errand.field)
    try:
        with into.open("xb") as file:
            size, md5 = _copy(answer, errand, file, max_bytes)
    except BaseException:
        into.unlink(missing_ok=True)
        raise
    return Fetched(into, size, md5, str(url))


def _copy(answer: http.client.HTTPResponse, errand: _Errand, file: BinaryIO, max_bytes: int) -> tuple[int, str]:
    """Copy the body of an answer, all of it and no more than ``max_bytes``; return its size and MD5."""
    announced = answer.length
    digest = hashlib.md5(usedforsecurity=False)
    size = 0
    while block := _read(answer, errand):
        size += len(block)
        if max(size, announced or 0) > max_bytes:
            raise Refusal(FETCH_TOO_LARGE, field=errand.field, limit=max_bytes)
        digest.update(block)
        file.write(block)
    if announced is not None and size != announced:
        raise Refusal(FETCH_BROKEN, field=errand.field)
    return size, digest.hexdigest()


def _read(answer: http.client.HTTPResponse, errand: _Errand) -> bytes:
    """Return the next block of the body, empty at its end."""
    with errand.waiting():
        return answer.read(BLOCK_BYTES)
