"""What a post or a creator is about, as ids of interests. Pure.

Only rows of the committed table of interests can come out of here, and none of them tells of health, belief, politics,
orientation or origin. A post of a category that has a gate (dating, medicines, gambling…) is about nothing at all: to
have watched it must not become something that is known of a person.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache

from attise.records.lookups import categories, interests


def topics_of(category: str, tags: Iterable[str]) -> tuple[int, ...]:
    """Return the interests that a post's category and tags name, rising; tags say them in French, English or by slug.

    Args: category: a slug of ``records.lookups.categories``, or empty; tags: without their ``#``.
    """
    row = categories.find(category) if category else None
    if row is not None and row.gate != "none":
        return ()
    named = _named()
    found = {named[word] for word in (_plain(category), *map(_plain, tags)) if word in named}
    return tuple(sorted(found))


def topics_of_creator(slugs: Iterable[str]) -> tuple[int, ...]:
    """Return the interests that the categories of a creator name, rising."""
    return tuple(sorted({topic for slug in slugs for topic in topics_of(slug, ())}))


@cache
def above(topic: int) -> tuple[int, ...]:
    """Return an interest and the one it belongs to; empty for an id that is not in the table."""
    return tuple(row.id for row in interests.chain(topic))


@cache
def _named() -> dict[str, int]:
    """Return interests by their names in one spelling. Of two rows of one name, the first is meant."""
    found: dict[str, int] = {}
    for row in interests.all():
        for name in (row.slug, row.name_fr, row.name_en):
            found.setdefault(_plain(name), row.id)
    return found


def _plain(text: str) -> str:
    """Return a name without case, accents, spaces and signs."""
    letters = unicodedata.normalize("NFD", text.casefold())
    return "".join(sign for sign in letters if sign.isalnum())
