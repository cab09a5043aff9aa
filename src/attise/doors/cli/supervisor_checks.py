"""Where a house may be served, and how: ports that are free, and what production refuses."""

from __future__ import annotations

import ipaddress
import socket

from attise.kernel.house import HouseError, Settings, is_house

BACKLOG = 512
TRIES = 100


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach a host name or address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def objections_to(settings: Settings, host: str) -> list[str]:
    """Return what stands against serving on ``host``, each as a sentence for the operator; none for a house at home.

    Production is a host that others can reach, or a public https address: there debug, cookies over plain http, and a
    master secret lying beside what it seals are refused.
    """
    if is_loopback(host) and not settings.is_secure:
        return []
    found = []
    if settings.debug:
        found.append("ATTISE_DEBUG=1 shows the inside of the house: remove it.")
    if not settings.is_secure:
        found.append(
            f"Others can reach {host}, and sign-in cookies need https: set ATTISE_PUBLIC_URL to the https address of "
            "the proxy in front, or serve on 127.0.0.1."
        )
    if settings.secrets_file is None:
        what = (
            f"move secrets.json out of {settings.data} (mode 0600)"
            if is_house(settings)
            else "make a file with: attise secrets new FILE"
        )
        found.append(f"The secrets must not lie beside the data they seal: {what}, and name it in ATTISE_SECRETS_FILE.")
    return found


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on ``host`` and ``port``; 0 takes any free one. Raises: HouseError."""
    family, address = _found(host, port)
    try:
        return socket.create_server(address, family=family, backlog=BACKLOG)
    except OverflowError:
        raise HouseError(f"There is no port {port}; ports end at 65535.") from None
    except OSError as error:
        raise HouseError(
            f"Port {port} on {host} cannot be taken ({error.strerror}). Stop what uses it, or choose another with "
            "--port."
        ) from None


def _found(host: str, port: int) -> tuple[socket.AddressFamily, tuple[str, int]]:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror:
        raise HouseError(f"There is no host {host} here.") from None
    return family, (str(address[0]), int(address[1]))


def free_port(host: str, wanted: int) -> int:
    """Return ``wanted``, or the next port after it that is free on ``host``. Raises: HouseError when none is."""
    _found(host, wanted)
    for port in range(wanted, min(wanted + TRIES, 65_536)):
        try:
            listen(host, port).close()
        except HouseError:
            continue
        return port
    raise HouseError(f"No port from {wanted} on is free on {host}. Choose another with --port.")


def address_of(listener: socket.socket, host: str) -> str:
    """Return the address to open in a browser on this machine."""
    port = listener.getsockname()[1]
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - shown, not listened on
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
