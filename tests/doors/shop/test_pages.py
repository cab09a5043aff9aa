"""The shop's pages: a cart that nobody can break, an answer that is kept, and nothing told of whoever refused."""

from __future__ import annotations

from hashlib import sha256

import pytest
from django.conf import settings
from django.test import Client

from attise.doors.shop import pages
from attise.doors.shop.goods import GOODS, MOST_OF_ONE, Cart, read_cart
from attise.kernel.actor import COMMAND
from attise.kernel.house import Mode
from attise.management.pixels import actions as pixels
from tests.doors.marketing_api.conftest import make_tenant

pytestmark = pytest.mark.django_db
BOWL, MUG = GOODS["bowl"], GOODS["mug"]


@pytest.fixture(autouse=True)
def sandbox(means, monkeypatch):
    monkeypatch.setattr(settings.HOUSE, "mode", Mode.SANDBOX)


@pytest.fixture
def visitor() -> Client:
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def told(monkeypatch) -> list:
    """What the shop's server reports."""
    found: list = []
    monkeypatch.setattr(pages, "report", lambda _means, pixel, told: found.append((pixel.code, *told)))
    return found


@pytest.fixture
def code(means) -> str:
    tenant = make_tenant(means, "Brand")
    return pixels.create_pixel(means, COMMAND, advertiser_id=tenant.advertiser.id, name="Shop").code


def add(visitor: Client, slug: str = "bowl", **more: str):
    return visitor.post("/boutique/panier", {"slug": slug, "quantity": "2", "add": "1", **more})


class TestCart:
    def test_it_holds_what_is_on_the_shelves_and_no_more_than_a_few(self):
        cart = Cart().with_quantity(BOWL, 2).with_quantity(MUG, 1)
        assert (cart.count, cart.micros, str(cart)) == (3, 62_500_000, "bowl-2.mug-1")
        assert read_cart(str(cart)) == cart
        assert cart.with_quantity(BOWL, 0).lines[0].good is MUG
        assert cart.with_quantity(BOWL, 500).quantity_of(BOWL) == MOST_OF_ONE

    @pytest.mark.parametrize(
        "text", ["", "bowl", "bowl-", "bowl--1", "bowl-x", "gold-1", "bowl-0", "bowl-1" * 100, "\0", "é-1", "bowl-٣"]
    )
    def test_whatever_a_cookie_says_is_a_cart(self, text):
        assert read_cart(text) == Cart()

    def test_it_is_filled_changed_and_emptied_by_forms(self, visitor):
        assert add(visitor).headers["location"] == "/boutique/panier"
        add(visitor, "mug")
        page = visitor.get("/boutique/panier").content.decode()
        assert "€77.00" in page
        visitor.post("/boutique/panier", {"slug": "bowl", "quantity": "0"})
        assert "€29.00" in visitor.get("/boutique/panier").content.decode()
        visitor.post("/boutique/panier", {"slug": "mug", "quantity": "0"})
        assert "It is empty." in visitor.get("/boutique/panier").content.decode()

    def test_what_is_not_on_the_shelves_is_not_found(self, visitor):
        assert add(visitor, "gold").status_code == 404
        assert visitor.get("/boutique/article/gold").status_code == 404
        assert visitor.post("/boutique/").status_code == 405


class TestAnswer:
    def test_it_is_asked_once_where_there_is_a_pixel(self, visitor, code):
        assert "shop-banner" in visitor.get("/boutique/").content.decode()
        answer = visitor.post("/boutique/choix", {"answer": "granted", "next": "/boutique/article/bowl"})
        assert answer.headers["location"] == "/boutique/article/bowl"
        page = visitor.get("/boutique/").content.decode()
        assert "shop-banner" not in page
        assert 'data-answer="granted"' in page
        assert f'data-pixel="{code}"' in page

    def test_without_a_pixel_there_is_neither_tag_nor_question(self, visitor):
        page = visitor.get("/boutique/").content.decode()
        assert 'src="/attise.js"' not in page
        assert "shop-banner" not in page

    @pytest.mark.parametrize("said", ["refused", "", "yes"])
    def test_anything_but_yes_is_no_and_removes_what_the_tag_kept(self, visitor, code, said):
        visitor.cookies["_attise"] = "a" * 32 + ".c"
        answer = visitor.post("/boutique/choix", {"answer": said})
        assert answer.cookies["boutique-answer"].value == "refused"
        assert answer.cookies["_attise"]["max-age"] == 0

    @pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "/operateur/", "\\x", "boutique/"])
    def test_it_leads_back_into_the_shop_alone(self, visitor, code, back):
        answer = visitor.post("/boutique/choix", {"answer": "granted", "next": back})
        assert answer.headers["location"] == "/boutique/"


class TestOrder:
    def order(self, visitor: Client, **more: str):
        add(visitor)
        return visitor.post("/boutique/commande", more)

    def test_it_empties_the_cart_and_its_address_says_what_it_was(self, visitor, code, told):
        answer = self.order(visitor)
        page = visitor.get(answer.headers["location"]).content.decode()
        assert "€48.00" in page
        assert 'data-event="Purchase"' in page
        assert visitor.get("/boutique/commande").headers["location"] == "/boutique/panier"
        assert visitor.get("/boutique/merci/forged").status_code == 404
        assert visitor.get(answer.headers["location"][:-1]).status_code == 404

    def test_the_server_tells_of_it_only_with_an_agreement(self, visitor, code, told):
        self.order(visitor, email="lea@example.org")
        visitor.post("/boutique/choix", {"answer": "refused"})
        self.order(visitor, email="lea@example.org")
        assert told == []
        visitor.post("/boutique/choix", {"answer": "granted"})
        visitor.cookies["_attise"] = "a" * 32 + ".E.C.P.1"
        answer = self.order(visitor, email=" Lea@Example.org ")
        ((pixel, one),) = told
        assert (pixel, one.event, one.has_consent) == (code, "Purchase", True)
        assert (one.click_id, one.browser_id) == ("E.C.P.1", "a" * 32)
        assert one.emails == [sha256(b"lea@example.org").hexdigest()]
        assert "lea@" not in str(one).lower()
        assert f'data-event-id="{one.event_id}"' in visitor.get(answer.headers["location"]).content.decode()

    @pytest.mark.parametrize("email", ["x", "a@b", "a b@c.d", "a@b.c" + "d" * 300])
    def test_an_address_that_is_none_is_told_and_the_cart_stays(self, visitor, code, told, email):
        visitor.post("/boutique/choix", {"answer": "granted"})
        assert self.order(visitor, email=email).status_code == 422
        assert told == []
        assert "€48.00" in visitor.get("/boutique/panier").content.decode()


class TestPixel:
    def test_a_pixel_may_be_named_and_links_carry_it_on(self, visitor, code, means):
        rival = make_tenant(means, "Rival")
        other = pixels.create_pixel(means, COMMAND, advertiser_id=rival.advertiser.id, name="Other").code
        page = visitor.get(f"/boutique/?pixel={other}").content.decode()
        assert f'data-pixel="{other}"' in page
        assert f'href="/boutique/article/bowl?pixel={other}"' in page
        for wrong in ("x", "é" * 20, "0" * 20, "\0" * 20):
            page = visitor.get("/boutique/", {"pixel": wrong, "ttclid": wrong}).content.decode()
            assert f'data-pixel="{code}"' in page
            assert 'href="/boutique/article/bowl"' in page


def test_a_live_house_keeps_no_such_shop(visitor, code, monkeypatch):
    monkeypatch.setattr(settings.HOUSE, "mode", Mode.LIVE)
    for path in ("/boutique/", "/boutique/article/bowl", "/boutique/panier", "/boutique/commande", "/boutique/merci/x"):
        assert visitor.get(path).status_code == 404, path
    assert visitor.post("/boutique/choix", {"answer": "granted"}).status_code == 404
