"""One visit to the shop: its cart, what the visitor answered, and the pixel that the shop speaks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from attise.doors.shop.goods import Cart, read_cart
from attise.doors.site.means import means
from attise.kernel.house import Mode
from attise.management.pixels import queries as pixels
from attise.management.pixels.views import PixelView
from attise.measurement.ingest.log import EntryKind
from attise.measurement.ingest.sqlite_log import SqliteLog
from attise.records import click_link
from attise.records.click_link import PARAMETER, ClickLinks
from attise.records.decision import decode_decision

CART: Final = "boutique-cart"
"""The cookie of the cart: without it there is no shop, so nobody is asked."""
ANSWER: Final = "boutique-answer"
"""The cookie of the answer to the banner."""
GRANTED, REFUSED = "granted", "refused"
ANSWER_LIFE_S: Final = 180 * 86_400
"""Six months, then one is asked again."""
CART_LIFE_S: Final = 7 * 86_400


@dataclass(frozen=True, slots=True)
class ShopVisit:
    """What is known of a visitor."""

    request: HttpRequest
    cart: Cart
    answer: str
    """``granted``, ``refused``, or empty: nobody has answered."""
    pixel: PixelView | None
    asked: str
    """What links carry on, with its mark; empty where the shop's own pixel is meant."""

    def page(self, template: str, told: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
        """Return a page of the shop."""
        context = {"visit": self, "cart": self.cart, **(told or {})}
        return render(self.request, f"shop/{template}", context, status=status)


def visit_of(request: HttpRequest) -> ShopVisit:
    """Return the visit of a request. Raises: Http404 in a live house, which keeps no such shop."""
    if settings.HOUSE.mode is Mode.LIVE:
        raise Http404
    answer = request.COOKIES.get(ANSWER, "")
    code = request.GET.get("pixel", "")
    pixel = pixels.find_pixel_by_code(code)
    if pixel is None:
        pixel = _pixel_of_click(request.GET.get(PARAMETER, ""))
    asked = "" if pixel is None else f"?pixel={pixel.code}"
    if pixel is None:
        pixel = pixels.find_first_pixel()
    return ShopVisit(
        request,
        read_cart(request.COOKIES.get(CART, "")),
        answer if answer in {GRANTED, REFUSED} else "",
        pixel,
        asked,
    )


def keep_cart(response: HttpResponse, cart: Cart) -> HttpResponse:
    """Have a browser keep a cart, or forget it when it is empty."""
    if cart.lines:
        _keep(response, CART, str(cart), CART_LIFE_S)
    else:
        response.delete_cookie(CART, path="/boutique/")
    return response


def keep_answer(response: HttpResponse, answer: str) -> HttpResponse:
    """Have a browser keep an answer; a refusal removes what the tag kept."""
    _keep(response, ANSWER, answer, ANSWER_LIFE_S)
    if answer == REFUSED:
        response.delete_cookie("_attise")
    return response


def _keep(response: HttpResponse, name: str, value: str, life_s: int) -> None:
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(name, value, max_age=life_s, path="/boutique/", samesite="Lax", secure=secure)


def _pixel_of_click(click_id: str) -> PixelView | None:
    """Return the pixel of the advertiser whose ad led here, or None where that is not known."""
    decision_id = ClickLinks(means().secrets.key(click_link.PURPOSE)).decision_of(click_id) if click_id else None
    if decision_id is None:
        return None
    log = SqliteLog(settings.HOUSE.folder, may_write=False)
    try:
        body = log.find(EntryKind.DECISION, decision_id)
    finally:
        log.close()
    winner = None if body is None else decode_decision(body).winner
    if winner is None:
        return None
    found = pixels.search_pixels(winner.advertiser_id, page_size=1).items
    return found[0] if found else None
