"""Categories of posts and of advertisers, and which of them may be advertised.

Place: posts and advertisers name one; grants refuse some; review and delivery read the gate.
Owns: `data/categories.csv`. A category without gate that is also an interest has the slug of
that interest, so that what viewers watch and what creators publish are one vocabulary.

The gate is the product's default for all ads, in France's terms; `law` says where it comes
from when a text commands it. It is a means for the operator, not a legal opinion:

- `none`: may be advertised;
- `review`: a person looks at every ad before it runs;
- `adult_only`: shown only to viewers known to be 18 or older;
- `banned`: refused.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from attise.records.lookups.table import Table

Gate = Literal["none", "adult_only", "banned", "review"]


class Category(msgspec.Struct, frozen=True, kw_only=True):
    """One category of post or advertiser; `law` is a citation or empty."""

    slug: str
    name_fr: str
    name_en: str
    gate: Gate
    law: str = ""


TABLE = Table("categories.csv", Category, lambda row: (row.slug,))


def all() -> tuple[Category, ...]:  # noqa: A001 - read as `categories.all()`
    """Return every category, ungated ones first."""
    return TABLE.rows


def get(slug: str) -> Category:
    """Return the category of this slug. Raises: KeyError when there is none."""
    return TABLE.get(slug)


def find(text: str) -> Category | None:
    """Return the category whose slug is exactly `text`, or None."""
    return TABLE.find(text)
