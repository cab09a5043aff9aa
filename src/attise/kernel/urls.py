"""What an address may be: one strict reading for every address that someone else gives us.

Pure: nothing is resolved here. Media of a host's own server, landing pages and redirect addresses are all read by
``read_url``; what fetches them (``management.egress``) reads each hop of a redirect again. Two programs that read one
address differently are how a checked address becomes another one, so whatever browsers and libraries disagree about is
refused rather than guessed.
"""

from __future__ import annotations

import encodings.idna
import ipaddress
import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlsplit

from attise.kernel.errors import N_, Reason, Refusal

URL_CHARACTERS = 2_048
HOST_CHARACTERS = 253
LABEL_CHARACTERS = 63
DEFAULT_PORTS = {"https": 443, "http": 80}

URL_FORM = Reason(
    "url_form",
    N_("This address is not taken: %(rule)s."),
    N_("Copy the whole address, as it shows in the address bar of a browser."),
)
URL_SCHEME = Reason(
    "url_scheme",
    N_("This address must begin with %(choices)s."),
    N_("Use an address that begins so."),
)
URL_HOST = Reason(
    "url_host",
    N_("The server of this address is not taken: %(rule)s."),
    N_("Use the public name of the server, such as www.example.org."),
)
URL_PORT = Reason(
    "url_port",
    N_("The port %(port)s is not taken."),
    N_("Use the ordinary port of https."),
)
URL_TOO_LONG = Reason(
    "url_too_long",
    N_("This address has %(got)s characters; at most %(limit)s are taken."),
    N_("Use a shorter address."),
)

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*(?=:)")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_AUTHORITY = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^\[\]:@%]+)(?::(?P<port>[0-9]{1,5}))?")
_NEVER = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp"})
_AMBIGUOUS = frozenset("ßς\u200c\u200d")
"""Letters that the two standards of international names spell differently."""
_KEPT_IN_PATH = "/:@!$&'()*+,;=-._~%|[]"
_KEPT_IN_QUERY = _KEPT_IN_PATH + "?{}^`"


@dataclass(frozen=True, slots=True)
class Url:
    """An address that was read: every part in its one spelling."""

    scheme: str
    host: str
    """ASCII, lower case; an IPv6 address without its brackets."""
    port: int
    path: str
    query: str
    """Without its mark; empty when there is none."""
    fragment: str

    @property
    def authority(self) -> str:
        """The server, with its port where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if DEFAULT_PORTS.get(self.scheme) == self.port else f"{host}:{self.port}"

    @property
    def target(self) -> str:
        """What is asked of the server: path and query."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def is_address(self) -> bool:
        """Whether the server is named by a number rather than by a name."""
        return parse_address(self.host) is not None

    def __str__(self) -> str:
        """Return the address in its one spelling."""
        fragment = f"#{self.fragment}" if self.fragment else ""
        return f"{self.scheme}://{self.authority}{self.target}{fragment}"


@dataclass(frozen=True, slots=True)
class Hosts:
    """Servers that the operator listed by name, each with one port or with any (None)."""

    entries: frozenset[tuple[str, int | None]] = frozenset()

    @classmethod
    def parse(cls, names: Iterable[str]) -> Hosts:
        """Read ``name``, ``name:port``, ``[address]:port``. Raises: Refusal for what is none of these."""
        entries = set()
        for name in names:
            host, port = _read_authority(name.strip(), field="hosts")
            entries.add((host, port))
        return cls(frozenset(entries))

    def holds(self, url: Url) -> bool:
        """Tell whether the server of an address is listed."""
        return (url.host, None) in self.entries or (url.host, url.port) in self.entries


NO_HOSTS = Hosts()


def clean_url(
    text: str,
    *,
    field: str,
    schemes: Collection[str] = ("https",),
    plain_hosts: Hosts = NO_HOSTS,
    ports: Collection[int] | None = None,
    fragment: bool = True,
) -> str:
    """Return an address in its one spelling, or refuse it; as ``read_url`` but for whom needs the text."""
    return str(read_url(text, field=field, schemes=schemes, plain_hosts=plain_hosts, ports=ports, fragment=fragment))


def read_url(
    text: str,
    *,
    field: str,
    schemes: Collection[str] = ("https",),
    plain_hosts: Hosts = NO_HOSTS,
    ports: Collection[int] | None = None,
    fragment: bool = True,
) -> Url:
    """Read an address strictly.

    ``plain_hosts`` are listed by the operator: for them plain ``http``, names without a dot and every port are taken.
    ``ports`` are those taken elsewhere (any when None). ``fragment`` tells whether a ``#part`` is taken.

    Raises: ``url_form``, ``url_scheme``, ``url_host``, ``url_port``, ``url_too_long``.
    """
    parts = _split(text, field=field)
    host, port = _read_authority(parts.netloc, field=field)
    url = Url(
        scheme=parts.scheme,
        host=host,
        port=DEFAULT_PORTS.get(parts.scheme, 0) if port is None else port,
        path=quote(parts.path, safe=_KEPT_IN_PATH) or "/",
        query=quote(parts.query, safe=_KEPT_IN_QUERY),
        fragment=quote(parts.fragment, safe=_KEPT_IN_QUERY),
    )
    listed = plain_hosts.holds(url)
    if url.scheme not in schemes and not (listed and url.scheme == "http"):
        raise Refusal(URL_SCHEME, field=field, choices=" / ".join(f"{scheme}://" for scheme in schemes))
    if not listed:
        if not url.is_address and "." not in host:
            raise Refusal(URL_HOST, field=field, rule=N_("its name has no dot"))
        if ports is not None and url.port not in ports:
            raise Refusal(URL_PORT, field=field, port=url.port)
    if url.fragment and not fragment:
        raise Refusal(URL_FORM, field=field, rule=N_("it may not have a part after #"))
    if len(str(url)) > URL_CHARACTERS:
        raise Refusal(URL_TOO_LONG, field=field, got=len(str(url)), limit=URL_CHARACTERS)
    return url


def clean_deeplink(text: str, *, field: str) -> str:
    """Return an address that an app opens: https, or a scheme of an app's own such as ``myapp://product/12``.

    Never one that a browser would run, or read from its own machine. Raises: ``url_form``, ``url_scheme``,
    ``url_host``, ``url_too_long``.
    """
    scheme = _SCHEME.match(text)
    if scheme is not None and scheme[0].lower() == "https":
        return clean_url(text, field=field)
    parts = _split(text, field=field)
    if parts.scheme in _NO_APPS:
        raise Refusal(URL_SCHEME, field=field, choices="https:// / myapp://")
    rest = quote(text[len(parts.scheme) + len("://") :], safe=_KEPT_IN_QUERY + "#")
    link = f"{parts.scheme}://{rest}"
    if len(link) > URL_CHARACTERS:
        raise Refusal(URL_TOO_LONG, field=field, got=len(link), limit=URL_CHARACTERS)
    return link


_NO_APPS = frozenset(
    {"about", "blob", "chrome", "content", "data", "file", "filesystem", "ftp", "http", "intent", "jar", "javascript"}
    | {"mailto", "res", "resource", "sms", "tel", "vbscript", "view-source", "ws", "wss"}
)
"""Schemes that are a browser's own, run code, read files, or name another address within: none of them is an app's."""


def parse_address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return the address that a host is, in the one spelling of addresses, or None."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _split(text: str, *, field: str) -> SplitResult:
    """Return the parts of a text that has nothing invisible or ambiguous in it."""
    if len(text) > URL_CHARACTERS:
        raise Refusal(URL_TOO_LONG, field=field, got=len(text), limit=URL_CHARACTERS)
    for character in text:
        if unicodedata.category(character) in _NEVER:
            raise Refusal(URL_FORM, field=field, rule=N_("it holds a space, a control character or an invisible sign"))
    if "\\" in text:
        raise Refusal(URL_FORM, field=field, rule=N_("it holds a backslash"))
    scheme = _SCHEME.match(text)
    if scheme is None:
        raise Refusal(URL_FORM, field=field, rule=N_("it does not say https:// at its beginning"))
    if not text[scheme.end() :].startswith("://") or text[scheme.end() + 3 :].startswith("/"):
        # ``https:host`` and ``https:///host`` mean a server to browsers and none to libraries.
        kind = URL_FORM if scheme[0].lower() in DEFAULT_PORTS else URL_SCHEME
        rule = N_("it does not say https:// at its beginning")
        raise Refusal(kind, field=field, rule=rule, choices="https://")
    try:
        return urlsplit(text)
    except ValueError as error:
        raise Refusal(URL_HOST, field=field, rule=N_("it cannot be read")) from error


def _read_authority(text: str, *, field: str) -> tuple[str, int | None]:
    """Return host and port of ``host``, ``host:port`` or ``[address]:port``, with nobody's name before it."""
    if "@" in text:
        raise Refusal(URL_FORM, field=field, rule=N_("it holds a user name or a password"))
    match = _AUTHORITY.fullmatch(text)
    if match is None:
        raise Refusal(URL_HOST, field=field, rule=N_("it cannot be read"))
    port = None if match["port"] is None else int(match["port"])
    if port is not None and not (0 < port < 1 << 16 and str(port) == match["port"]):
        raise Refusal(URL_PORT, field=field, port=match["port"])
    return _read_host(match["host"], field=field), port


def _read_host(text: str, *, field: str) -> str:
    """Return a host in its one spelling."""
    if text.startswith("["):
        try:
            return str(ipaddress.IPv6Address(text[1:-1]))
        except ValueError as error:
            raise Refusal(URL_HOST, field=field, rule=N_("its address is not one")) from error
    if _AMBIGUOUS & set(text):
        raise Refusal(URL_HOST, field=field, rule=N_("its name has a letter that is spelled in two ways (ß, ς)"))
    labels = [_read_label(label, field=field) for label in re.split("[.\u3002\uff0e\uff61]", text)]
    host = ".".join(labels)
    if len(host) > HOST_CHARACTERS:
        raise Refusal(URL_HOST, field=field, rule=N_("its name is too long"))
    if _NUMBER.fullmatch(labels[-1]):
        # 2130706433, 0177.1 and 0x7f.1 are addresses to some programs: only four plain numbers are taken.
        try:
            return str(ipaddress.IPv4Address(host))
        except ValueError as error:
            raise Refusal(URL_HOST, field=field, rule=N_("its address is not one")) from error
    return host


def _read_label(text: str, *, field: str) -> str:
    """Return one label of a host name in ASCII, as a resolver is asked for it."""
    try:
        label = encodings.idna.ToASCII(text).decode("ascii").lower()
        encodings.idna.ToUnicode(label)
    except UnicodeError as error:
        raise Refusal(URL_HOST, field=field, rule=N_("its name cannot be read")) from error
    if len(label) > LABEL_CHARACTERS or not _LABEL.fullmatch(label):
        raise Refusal(URL_HOST, field=field, rule=N_("its name cannot be read"))
    return label


LOOPBACK = Hosts.parse(["127.0.0.1", "[::1]", "localhost"])
"""This machine: nobody listens in between."""
