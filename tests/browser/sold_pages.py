"""What pages of results and events are shown with: ads that brought something, and what a brand's pages told."""

from __future__ import annotations

import tempfile
from pathlib import Path

from attise.kernel.actor import COMMAND
from attise.management.campaigns import queries
from attise.records.conversion import Source
from tests.browser.brand import a_brand
from tests.browser.town import Town
from tests.converting import Converting


def sold(town: Town) -> dict[str, int]:
    """Let an ad of the brand be clicked some times and sell; returns the ids of the campaign and the ad."""
    brand = a_brand(town)
    wish = queries.AdWish(campaign_ids=[brand.ids["mixed"]], name="geste")
    ad = queries.page_ads(town.means, advertiser_id=town.advertiser.id, wish=wish, limit=1).items[0]
    with tempfile.TemporaryDirectory(prefix="attise-sold-") as folder:
        told = Converting(town.means, Path(folder), town.advertiser)
        clicks = [
            told.click(ad, post_id=ad.post.id, person=f"viewer-{number}", price_micros=310_000) for number in range(24)
        ]
        town.clock.advance(seconds=2_700)
        for number, click in enumerate(clicks[:14]):
            told.tell(click, "ViewContent", value_micros=34_900_000, currency="EUR")
            if number % 2:
                told.tell(click, "AddToCart", value_micros=34_900_000, currency="EUR")
            if number % 5 == 1:
                told.tell(click, value_micros=41_800_000, currency="EUR")
        told.close()
    return {"campaign": brand.ids["mixed"], "ad": ad.id}


def events(town: Town) -> str:
    """Return the page of events of a pixel that was told of all sorts of things, beside one that is paused."""
    from attise.management.pixels.actions import create_pixel, update_pixel

    mine = {"advertiser_id": town.advertiser.id}
    pixel = create_pixel(town.means, COMMAND, name="Boutique en ligne", **mine)
    other = create_pixel(town.means, COMMAND, name="Blog", **mine)
    update_pixel(town.means, COMMAND, pixel_id=other.id, is_paused=True, **mine)
    brand = a_brand(town)
    wish = queries.AdWish(campaign_ids=[brand.ids["mixed"]], name="geste")
    ad = queries.page_ads(town.means, advertiser_id=town.advertiser.id, wish=wish, limit=1).items[0]
    with tempfile.TemporaryDirectory(prefix="attise-events-") as folder:
        told = Converting(town.means, Path(folder), town.advertiser, pixel_id=pixel.id)
        click = told.click(ad, post_id=ad.post.id)
        town.clock.advance(seconds=600)
        euros = {"currency": "EUR"}
        told.tell(click, "ViewContent", value_micros=34_900_000, **euros)
        told.tell(click, "AddToCart", value_micros=34_900_000, **euros)
        told.tell(None, "Pageview", has_consent=False)
        told.tell(None, "Pageview")
        told.refuse("Purchase", "contact_not_hashed", "email")
        town.clock.advance(seconds=60)
        told.tell(click, event_id="order-1042")
        told.tell(click, event_id="order-1042", source=Source.SERVER, value_micros=41_800_000, **euros)
        told.tell(click, event_id="order-1042", source=Source.SERVER, value_micros=41_800_000, **euros)
        told.tell(None, is_test=True, value_micros=49_900_000, **euros)
        told.refuse("Purchase", "conversion_currency_missing", "currency")
        told.close()
    return f"/ads/evenements?pixel={pixel.id}"


def sold_campaigns(town: Town) -> str:
    """Return the table of campaigns, one of which sold."""
    sold(town)
    return "/ads/campagnes"


def sold_ad(town: Town) -> str:
    """Return the page of an ad that sold."""
    return f"/ads/annonces/{sold(town)['ad']}"
