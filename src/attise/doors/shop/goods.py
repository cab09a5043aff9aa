"""What the shop has on its shelves, and what a cart may hold. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CURRENCY: Final = "EUR"
MOST_OF_ONE: Final = 9
CART_CHARACTERS: Final = 200


@dataclass(frozen=True, slots=True)
class Good:
    """One thing on the shelves."""

    slug: str
    name: Promise
    said: Promise
    shelf: Promise
    price_micros: int

    @property
    def picture(self) -> str:
        """Its drawing, among the static files."""
        return f"shop/{self.slug}.svg"


GOODS: Final = {
    good.slug: good
    for good in (
        Good(
            "bowl",
            _("Stoneware bowl"),
            _("Turned by hand, glazed inside, left raw outside. Holds a soup for one, or apples for a week."),
            _("Table"),
            24_000_000,
        ),
        Good(
            "mug",
            _("Enamel mug"),
            _("Light, hard to break, and hot to the lips: wait a minute. 35 centilitres."),
            _("Table"),
            14_500_000,
        ),
        Good(
            "candle",
            _("Beeswax candle"),
            _("Smells of honey, drips little, burns for about thirty hours."),
            _("Around the house"),
            19_000_000,
        ),
        Good(
            "apron",
            _("Linen apron"),
            _("Two pockets, straps that cross at the back, softer with every wash."),
            _("Kitchen"),
            39_900_000,
        ),
        Good(
            "notebook",
            _("Sewn notebook"),
            _("96 pages that lie flat, paper that takes fountain pens."),
            _("Desk"),
            12_000_000,
        ),
        Good(
            "plant",
            _("Plant in a pot"),
            _("A pilea, easy to share: it makes small ones. Comes with its terracotta pot."),
            _("Around the house"),
            16_800_000,
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Line:
    """So many of one thing."""

    good: Good
    quantity: int

    @property
    def micros(self) -> int:
        """What they cost together."""
        return self.good.price_micros * self.quantity


@dataclass(frozen=True, slots=True)
class Cart:
    """What somebody put aside, in the order of the shelves."""

    lines: tuple[Line, ...] = ()

    @property
    def micros(self) -> int:
        """What all of it costs."""
        return sum(line.micros for line in self.lines)

    @property
    def count(self) -> int:
        """How many things it holds."""
        return sum(line.quantity for line in self.lines)

    def with_quantity(self, good: Good, quantity: int) -> Cart:
        """Return a cart with so many of a thing; none at all for 0."""
        kept = {line.good.slug: line.quantity for line in self.lines} | {good.slug: quantity}
        return cart_of(kept.items())

    def quantity_of(self, good: Good) -> int:
        """Return how many of a thing it holds."""
        return next((line.quantity for line in self.lines if line.good is good), 0)

    def __str__(self) -> str:
        """Return it as its cookie keeps it."""
        return ".".join(f"{line.good.slug}-{line.quantity}" for line in self.lines)


def cart_of(quantities: Iterable[tuple[str, int]]) -> Cart:
    """Return the cart of quantities by slug; what is not on the shelves is left out."""
    wanted = dict(quantities)
    return Cart(
        tuple(Line(good, min(wanted[slug], MOST_OF_ONE)) for slug, good in GOODS.items() if wanted.get(slug, 0) > 0)
    )


def read_cart(text: str) -> Cart:
    """Return the cart of a cookie, whatever somebody wrote into it."""
    if len(text) > CART_CHARACTERS:
        return Cart()
    parts = (part.partition("-") for part in text.split("."))
    return cart_of((slug, read_quantity(count)) for slug, _dash, count in parts)


def read_quantity(text: str) -> int:
    """Return a quantity as a form has it, 0 for what is none."""
    return min(int(text), MOST_OF_ONE) if text.isascii() and text.isdigit() and len(text) <= 2 else 0  # noqa: PLR2004
