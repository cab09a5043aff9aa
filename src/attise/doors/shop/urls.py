"""Addresses of the shop, under ``/boutique/``."""

from __future__ import annotations

from django.urls import URLPattern, path

from attise.doors.shop import pages

urlpatterns: list[URLPattern] = [
    path("", pages.shelves, name="shop"),
    path("article/<slug:slug>", pages.good, name="shop_good"),
    path("panier", pages.cart, name="shop_cart"),
    path("commande", pages.order, name="shop_order"),
    path("merci/<str:text>", pages.thanks, name="shop_thanks"),
    path("choix", pages.answer, name="shop_answer"),
]
