"""What may happen on an advertiser's page or in its app: the names that are sent, and the kinds that goals speak of.

Place: pixels name a kind, ad groups a goal, events carry a name; all three meet here. Names are case-sensitive. A name
that is not here is the advertiser's own: it is counted, and no ad group can be optimized for it.
"""

from __future__ import annotations

import msgspec


class WebEvent(msgspec.Struct, frozen=True):
    """One kind of event on a page."""

    type: str
    """As pixels and ad groups name it: ``SHOPPING``."""
    names: tuple[str, ...] = ()
    """As tags send it, the present name first."""
    is_goal: bool = True
    """Whether an ad group can be optimized for it."""
    is_old: bool = False
    """Whether another kind has taken its place; it is still taken."""


WEB_EVENTS = (
    WebEvent("ON_WEB_DETAIL", ("ViewContent",)),
    WebEvent("ON_WEB_CART", ("AddToCart",)),
    WebEvent("ON_WEB_ADD_TO_WISHLIST", ("AddToWishlist",)),
    WebEvent("INITIATE_ORDER", ("InitiateCheckout",)),
    WebEvent("ADD_BILLING", ("AddPaymentInfo",)),
    WebEvent("SHOPPING", ("Purchase", "CompletePayment")),
    WebEvent("ON_WEB_ORDER", ("PlaceAnOrder",), is_old=True),
    WebEvent("ON_WEB_REGISTER", ("CompleteRegistration",)),
    WebEvent("ON_WEB_SEARCH", ("Search",)),
    WebEvent("ON_WEB_SUBSCRIBE", ("Subscribe",)),
    WebEvent("FORM", ("Lead", "SubmitForm")),
    WebEvent("CONSULT", ("Contact",)),
    WebEvent("DOWNLOAD_START", ("Download",)),
    WebEvent("BUTTON", ("ClickButton",), is_old=True),
    WebEvent("PAGE_VIEW", ("Pageview",), is_goal=False),
    WebEvent("VIEW", is_goal=False),
    *(
        WebEvent(kind, is_goal=False, is_old=True)
        for kind in (
            "DOWNLOAD_BUTTON",
            "DOWNLOAD_DETAIL",
            "FORM_BUTTON",
            "FORM_DETAIL",
            "PHONE",
            "PHONE_BUTTON",
            "PHONE_DETAIL",
        )
    ),
)
APP_EVENTS = (WebEvent("INSTALL", ("InstallApp",), is_goal=False),)
"""Kinds that happen in apps alone; what else happens there has the names of pages."""
BY_TYPE = {event.type: event for event in WEB_EVENTS}
BY_NAME = {name: event for event in (*WEB_EVENTS, *APP_EVENTS) for name in event.names}
