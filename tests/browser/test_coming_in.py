"""Coming in: by a link that a scanner opened first, by a password, by the agreement that an app asks for."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import expect

from attise.management.accounts import actions as accounts
from tests.browser.town import PASSWORD

pytestmark = pytest.mark.browser


def test_a_link_opened_by_a_scanner_still_signs_its_person_in(visitors, town):
    link = town.link(town.lea, "creator")
    scanner = visitors.open(link, scripts=False)
    expect(scanner.get_by_role("heading", name="Sign in as Léa Peau")).to_be_visible()
    page = visitors.open(link, language="fr", expected=(410,))
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("heading", level=1, name="Vue d’ensemble")).to_be_visible()
    page.get_by_role("button", name="@lea.peau").click()
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_text("Session fermée.")).to_be_visible()
    page.goto(link)
    expect(page.get_by_role("heading", name="Ce lien ne fonctionne pas")).to_be_visible()


def test_a_wrong_password_keeps_the_address_and_the_way_back(visitors, town):
    page = visitors.open("/creation/autorisations", language="fr", expected=(422,))
    page.get_by_label("Adresse e-mail").fill("lea@example.org")
    page.get_by_label("Mot de passe").fill("pas le bon du tout")
    page.get_by_role("button", name="Se connecter").click()
    expect(page.locator(".errors")).to_be_focused()
    expect(page.locator(".errors")).to_contain_text("Cette adresse e-mail et ce mot de passe ne vont pas ensemble.")
    expect(page.get_by_label("Adresse e-mail")).to_have_value("lea@example.org")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Autorisations")).to_be_visible()


def test_whoever_came_by_a_link_gives_an_address_and_a_password_and_comes_back(visitors, town):
    first = accounts.create_person(town.means, email="operator@attise.invalid", display_name="Attise", is_operator=True)
    page = visitors.sign_in(first, "operator", language="fr")
    page.get_by_role("link", name="Choisir un mot de passe").click()
    expect(page.get_by_role("textbox", name="Adresse e-mail")).to_have_value("")
    page.get_by_role("textbox", name="Adresse e-mail").fill("Moi@Example.org")
    page.get_by_label("Nouveau mot de passe").fill("une longue phrase à moi")
    page.get_by_role("button", name="Garder ces identifiants").click()
    expect(page.get_by_text("Cette adresse et ce mot de passe ouvrent maintenant la session.")).to_be_visible()
    again = visitors.open("/operateur/cles", language="fr")
    again.get_by_label("Adresse e-mail").fill("moi@example.org")
    again.get_by_label("Mot de passe").fill("une longue phrase à moi")
    again.get_by_role("button", name="Se connecter").click()
    expect(again.get_by_role("heading", level=1, name="Clés d’hôte")).to_be_visible()


def test_language_and_theme_change_without_losing_the_page(visitors, town):
    town.a_post("Sérum C")
    page = visitors.sign_in(town.lea, "creator", "/creation/autorisations?etat=en-cours", language="fr")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1, name="Authorizations")).to_be_visible()
    assert page.url.endswith("/creation/autorisations?etat=en-cours")
    page.get_by_role("button", name="Theme").click()
    page.get_by_role("button", name="Dark").click()
    page.reload()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(19, 18, 17)"


@contextmanager
def app_server() -> Iterator[tuple[str, list[str]]]:
    """Run an app that is called back, then sends the browser on to its own first page, as apps do."""
    called: list[str] = []

    class Callback(BaseHTTPRequestHandler):
        def do_GET(self):
            called.append(self.path)
            page = b'<!doctype html><link rel="icon" href="data:,"><p>The app</p>'
            if self.path.startswith("/back"):
                self.send_response(302)
                self.send_header("Location", f"http://localhost:{self.server.server_port}/home")
            else:
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Callback)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/back?from=attise", called
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_an_app_gets_its_code_through_a_real_browser_whatever_it_does_next(visitors, town):
    with app_server() as (redirect_uri, called):
        app, secret = accounts.create_app(town.means, name="Rapports du lundi", redirect_uris=[redirect_uri])
        page = visitors.sign_in(town.ines, "advertiser", language="fr")
        visitors.elsewhere = ("http://127.0.0.1", "http://localhost")
        ask = "/portal/auth?" + urlencode({"app_id": app.id, "redirect_uri": redirect_uri, "state": "a b&c"})
        page.goto(ask)
        expect(page.get_by_role("heading", name="Rapports du lundi demande à agir pour vous")).to_be_visible()
        expect(page.get_by_text("Lire les rapports")).to_be_visible()
        expect(page.get_by_label("Maison Aubrée")).to_be_checked()
        page.get_by_role("button", name="Autoriser").click()
        page.wait_for_url("http://localhost:*/home")
        back = parse_qs(urlsplit(called[0]).query)
        assert (back["from"], back["state"]) == (["attise"], ["a b&c"])
        token, _ = accounts.exchange_oauth(town.means, app_id=app.id, secret=secret, auth_code=back["auth_code"][0])
        assert token.advertiser_ids == (town.advertiser.id,)
        page.goto(ask)
        page.get_by_role("button", name="Refuser").click()
        page.wait_for_url("http://localhost:*/home")
        assert parse_qs(urlsplit(called[-2]).query)["error"] == ["access_denied"]
