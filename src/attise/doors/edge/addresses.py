"""What an address asks for: whose error shape it speaks, and how large a body it takes."""

from __future__ import annotations

import enum
import re

from attise.kernel.limits import BODY_BYTES, EVENTS_BODY_BYTES, UPLOAD_BYTES, UPLOAD_ENVELOPE_BYTES
from attise.records.tag import COLLECT_PATH

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

EVENTS = "/v1/events"

_SLASHES = re.compile(r"/{2,}")
_UPLOADS = (
    re.compile(r"/v1/posts/?"),
    re.compile(r"/v1/unpublished/?"),
    re.compile(r"/v1/uploads/[0-9]+"),
    re.compile(r"/v1/bulk/.+"),
    re.compile(r"/open_api/v1\.3/file/.+"),
    re.compile(r"/creation/publier(?:/.*)?"),
    re.compile(r"/ads/comparaison/formats"),
    re.compile(r"/ads/creer/[0-9]+/importer"),
    re.compile(r"/ads/envois/[0-9]+"),
)


class Shape(enum.Enum):
    """The three ways in which a "no" is written."""

    DIALECT = "dialect"
    NATIVE = "native"
    PAGE = "page"


def canonical(path: str) -> str:
    """Return a decoded path with one slash where there were several, as the dialect's clients write them."""
    return _SLASHES.sub("/", path)


def shape_of(path: str) -> Shape:
    """Return the error shape of a canonical path."""
    if path.startswith("/open_api"):
        return Shape.DIALECT
    return Shape.NATIVE if path.startswith(("/v1/", "/sandbox/v1/", COLLECT_PATH)) else Shape.PAGE


def takes_files(path: str) -> bool:
    """Tell whether a canonical path takes files, and so a large body."""
    return any(pattern.fullmatch(path) for pattern in _UPLOADS)


def body_limit(path: str) -> int:
    """Return the bytes of body that a canonical path takes."""
    if path == EVENTS:
        return EVENTS_BODY_BYTES
    return UPLOAD_BYTES + UPLOAD_ENVELOPE_BYTES if takes_files(path) else BODY_BYTES


def is_inside(path: str) -> bool:
    """Tell whether a canonical path is for the house's own processes, and closed to the world."""
    return path == "/internal" or path.startswith("/internal/")
