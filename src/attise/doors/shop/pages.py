"""The pages of the shop. Each tells the tag what happens on it; whether that is passed on is the visitor's answer."""

from __future__ import annotations

import hashlib
import json
import re
from decimal import Decimal
from typing import Final
from urllib.parse import unquote

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from attise.doors.shop.goods import CURRENCY, GOODS, Cart, Good, Line, cart_of, read_quantity
from attise.doors.shop.visiting import GRANTED, REFUSED, ShopVisit, keep_answer, keep_cart, visit_of
from attise.doors.site.means import means
from attise.doors.site.reporting import report
from attise.kernel.chance import SystemChance
from attise.kernel.errors import Outage
from attise.kernel.money import MICROS
from attise.measurement.ingest.reported import Reported, ReportedContent

SALT: Final = "boutique"
EMAIL_CHARACTERS: Final = 254
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_KEPT_BY_TAG = re.compile(r"(?P<id>[0-9a-f]{32})\.(?P<click>.*)")
_ORDERS = SystemChance()
"""Names of orders are no part of the world: drawn from its chance, a purchase would change what follows."""


@require_safe
def shelves(request: HttpRequest) -> HttpResponse:
    """Show what there is."""
    return visit_of(request).page("shelves.html", {"goods": GOODS.values()})


@require_safe
def good(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one thing."""
    visit, found = visit_of(request), GOODS.get(slug)
    if found is None:
        raise Http404
    told = {"event": "ViewContent", "facts": _facts([Line(found, 1)])}
    return visit.page("good.html", {"good": found, "told": told, "added": _facts([Line(found, 1)])})


@require_http_methods(["GET", "HEAD", "POST"])
def cart(request: HttpRequest) -> HttpResponse:
    """Show the cart, or change how many of a thing it holds."""
    visit = visit_of(request)
    if request.method != "POST":
        return visit.page("cart.html")
    found = GOODS.get(request.POST.get("slug", ""))
    if found is None:
        raise Http404
    quantity = read_quantity(request.POST.get("quantity", ""))
    if "add" in request.POST:
        quantity = visit.cart.quantity_of(found) + max(quantity, 1)
    changed = visit.cart.with_quantity(found, quantity)
    return keep_cart(HttpResponseRedirect(reverse("shop_cart") + visit.asked), changed)


@require_http_methods(["GET", "HEAD", "POST"])
def order(request: HttpRequest) -> HttpResponse:
    """Ask for what an order needs, or take it."""
    visit = visit_of(request)
    if not visit.cart.lines:
        return HttpResponseRedirect(reverse("shop_cart") + visit.asked)
    told = {"event": "InitiateCheckout", "facts": _facts(visit.cart.lines)}
    if request.method != "POST":
        return visit.page("order.html", {"told": told})
    email = request.POST.get("email", "").strip()
    if email and (len(email) > EMAIL_CHARACTERS or not _EMAIL.fullmatch(email)):
        wrong = _("This is not an e-mail address. Correct it, or leave the field empty.")
        return visit.page("order.html", {"told": None, "email": email[:EMAIL_CHARACTERS], "wrong": wrong}, status=422)
    name = _ORDERS.token(6).hex()
    _report(visit, name, email)
    text = signing.dumps([name, [[line.good.slug, line.quantity] for line in visit.cart.lines]], salt=SALT)
    return keep_cart(HttpResponseRedirect(reverse("shop_thanks", args=[text]) + visit.asked), Cart())


@require_safe
def thanks(request: HttpRequest, text: str) -> HttpResponse:
    """Say what was ordered: the address of this page is all that there is of an order."""
    visit = visit_of(request)
    try:
        name, quantities = signing.loads(text, salt=SALT)
    except signing.BadSignature:
        raise Http404 from None
    ordered = cart_of((slug, quantity) for slug, quantity in quantities)
    told = {"event": "Purchase", "facts": _facts(ordered.lines), "event_id": name}
    return visit.page("thanks.html", {"ordered": ordered, "order_name": name, "told": told})


@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    """Keep what a visitor answered to the banner, and go back to where they were; anything else than yes is no."""
    visit_of(request)
    back = request.POST.get("next", "")
    is_ours = back.startswith("/boutique/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    given = GRANTED if request.POST.get("answer") == GRANTED else REFUSED
    return keep_answer(HttpResponseRedirect(back if is_ours else reverse("shop")), given)


def _facts(lines: tuple[Line, ...] | list[Line]) -> str:
    """Return what the tag is told of some things, as JSON."""
    return json.dumps(
        {
            "value": str(_units(sum(line.micros for line in lines))),
            "currency": CURRENCY,
            "contents": [
                {
                    "content_id": line.good.slug,
                    "content_name": str(line.good.name),
                    "content_category": str(line.good.shelf),
                    "price": str(_units(line.good.price_micros)),
                    "quantity": line.quantity,
                }
                for line in lines
            ],
        }
    )


def _report(visit: ShopVisit, name: str, email: str) -> None:
    """Tell of an order as a shop's server does, under the name that the page tells it by: the two are one.

    A person who refused is not told of. An order does not fail because its telling does.
    """
    if visit.pixel is None or visit.answer != GRANTED:
        return
    kept = _KEPT_BY_TAG.fullmatch(visit.request.COOKIES.get("_attise", ""))
    told = Reported(
        "Purchase",
        name,
        value=_units(visit.cart.micros),
        currency=CURRENCY,
        contents=[_content(line.good, line.quantity) for line in visit.cart.lines],
        click_id="" if kept is None else unquote(kept["click"]),
        browser_id="" if kept is None else kept["id"],
        emails=[hashlib.sha256(email.lower().encode()).hexdigest()] if email else [],
        page=visit.request.build_absolute_uri(),
        has_consent=True,
        agent=visit.request.headers.get("User-Agent", "")[:512],
    )
    try:
        report(means(), visit.pixel, [told])
    except Outage:
        return


def _content(found: Good, quantity: int) -> ReportedContent:
    return ReportedContent(found.slug, str(found.name), str(found.shelf), _units(found.price_micros), quantity)


def _units(micros: int) -> Decimal:
    return Decimal(micros) / MICROS
