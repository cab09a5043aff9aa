"""Every address the dialect is known to have, served or not: ``known_paths.txt``, one ``METHODS path`` a line.

``tools/dialect_paths.py`` compares the list with the official SDK. An address that is known and not served answers
40008; which of those will never be served, because their product is left out on purpose, is told here by prefix.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

OUT_OF_SCOPE = (
    "app/optimization_event",
    "campaign/gmv_max/",
    "catalog/",
    "gmv_max/",
    "identity/live/",
    "offline/",
    "playable/",
    "store/",
    "tool/open_url",
)
"""Shop and catalog ads, live, playable ads, offline event sets, events of apps, links of reserved ads."""

FILE = "known_paths.txt"


@cache
def known() -> dict[str, frozenset[str]]:
    """Return the methods of every known path, by path."""
    text = resources.files("attise.doors.marketing_api").joinpath(FILE).read_text("utf-8")
    found: dict[str, frozenset[str]] = {}
    for line in text.splitlines():
        *methods, path = line.split()
        found[path] = frozenset(methods)
    return found


def methods_of(path: str) -> frozenset[str]:
    """Return the methods of a path, none when it is not known."""
    return known().get(path, frozenset())


def is_out_of_scope(path: str) -> bool:
    """Tell whether a known path belongs to a product that is left out on purpose."""
    return path.startswith(OUT_OF_SCOPE)
