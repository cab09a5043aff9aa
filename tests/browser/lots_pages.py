"""Draws for the pages that tell of them: none, one that was told, one that was made and lived on."""

from __future__ import annotations

from collections.abc import Callable

from attise.doors.site.promoted import weigh_promotions
from attise.management.campaigns.views import LotView
from tests.browser.town import Town
from tests.campaigns import fund
from tests.lots import a_lot, drawn, lived_on
from tests.promoting import promoted

CAPTIONS = (
    "Sérum C, un mois après, sans filtre",
    "Ma routine du matin en 12 secondes",
    "Trois erreurs que je ne fais plus",
    "Le masque du dimanche, testé au travail",
    "Peau sèche : ce qui a marché",
    "Avant, après : six semaines",
    "Une crème, deux peaux, même résultat ?",
    "Je réponds à vos questions sur le rétinol",
)


def told(town: Town, *, posts: int = 8, promoted: int = 3) -> LotView:
    """Name posts, and see the hash."""
    fund(town.means, town.advertiser.id, 5_000)
    made = [town.a_post(CAPTIONS[number % len(CAPTIONS)]) for number in range(posts)]
    return a_lot(town.means, town.advertiser.id, made, promoted=promoted, name="Tirage du 27 nov., 14 h 05")


def made(town: Town, *, posts: int = 8, promoted: int = 3, more: float = 1.0) -> LotView:
    """Draw it, and have its posts live on for five days."""
    lot = drawn(town.means, told(town, posts=posts, promoted=promoted))
    lived_on(town.means, lot.id, more=more)
    return lot


def lot_page(make: Callable[[Town], LotView], path: str = "/ads/a-booster/tirages/{}") -> Callable[[Town], str]:
    """Return what gives the address of a draw's page."""
    return lambda town: path.format(make(town).id)


def chosen_from(town: Town) -> str:
    """Return the sheet of a draw, with posts to choose."""
    lot = told(town)
    return f"/ads/a-booster/tirages/nouveau?de={lot.id}"


def what_ads_will_leave(town: Town) -> str:
    """Return the page of all promoted posts before the worker worked it out: a draw's, and others chosen by taste."""
    made(town)
    others = [town.a_post(CAPTIONS[number % len(CAPTIONS)]) for number in range(24)]
    promoted(town.means, others, advertiser_id=town.advertiser.id, shown=5)
    return "/ads/publications-promues"


def what_ads_left(town: Town) -> str:
    """Return the same page once that was done."""
    page = what_ads_will_leave(town)
    weigh_promotions(now_ms=town.clock.world_ms(), advertiser_id=town.advertiser.id)
    return page
