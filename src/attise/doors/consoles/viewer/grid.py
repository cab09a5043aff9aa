"""Posts as a grid of covers, each a link to the post's own page, with how often it was viewed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from attise.doors.consoles import pictures
from attise.doors.consoles.viewer.cards import address_of_post
from attise.doors.site.means import means
from attise.management.posts.views import PostView
from attise.measurement.counters.queries import NOTHING, list_counts

PER_PAGE: Final = 24
"""Whole rows of two, three, four and six."""


def cells_of(found: Sequence[PostView]) -> list[dict[str, Any]]:
    """Return posts as ``parts/grid.html`` takes them. Cost: one statement."""
    counts = list_counts(post.id for post in found)
    return [
        {
            "post": post,
            "name": pictures.first_line(post),
            "url": address_of_post(post),
            "cover_url": pictures.cover_of(means(), post),
            "views": counts.get(post.id, NOTHING).of("views").total,
        }
        for post in found
    ]
