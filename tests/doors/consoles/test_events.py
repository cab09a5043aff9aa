"""The page of pixels and events: what arrived and what became of it, its console, and the same through the API."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from django.conf import settings

from attise.doors.consoles import words
from attise.doors.consoles.advertiser.events import export
from attise.doors.consoles.advertiser.events import page as events_page
from attise.doors.consoles.advertiser.events.told import REFUSED, TEXTS, WHY
from attise.kernel.actor import COMMAND
from attise.kernel.limits import REFUSED_OF_PIXEL
from attise.management.accounts import actions as accounts
from attise.management.campaigns.queries import results_of
from attise.management.pixels.actions import create_pixel, register_app, update_pixel
from attise.measurement.attribution.actions import Settler
from attise.measurement.attribution.whose import BY_TOKENS
from attise.measurement.conversions.actions import sweep
from attise.measurement.conversions.models import Refused
from attise.measurement.conversions.rules import Unmatched
from attise.measurement.ingest.reported import receive
from attise.measurement.ingest.sqlite_log import SqliteLog
from attise.records.conversion import Source
from attise.records.conversion_facts import limits_of
from attise.records.web_events import WEB_EVENTS
from tests.browser.town import Town
from tests.converting import Converting

pytestmark = pytest.mark.django_db
HERE = "/ads/evenements"


@pytest.fixture
def town(brand) -> Town:
    return brand.town


@pytest.fixture
def pixel(town):
    return create_pixel(town.means, COMMAND, advertiser_id=town.advertiser.id, name="Boutique")


@pytest.fixture
def told(town, pixel, tmp_path) -> Converting:
    made = Converting(town.means, tmp_path, town.advertiser, pixel_id=pixel.id)
    yield made
    made.close()


@pytest.fixture
def settle(town):
    """Settle what the house's own log holds, as the process beside the pages does."""
    log = SqliteLog(settings.HOUSE.folder, may_write=False)
    settler = Settler(log, whose=BY_TOKENS, results_of=results_of)

    def to_the_end() -> None:
        while not settler.settle(town.means).is_end:
            pass

    yield to_the_end
    log.close()


def read(client, address: str = HERE, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, response.content[:300]
    return response.content.decode()


def rows(page: str, name: str = "Events, the newest first") -> list[str]:
    table = page.partition(f'aria-label="{name}"')[2].partition("</table>")[0]
    return [re.sub(r"<[^>]*>", " ", one) for one in table.split("<tr")[2:]]


class TestWords:
    def test_every_reason_has_words(self):
        assert set(WHY) == {one.value for one in Unmatched}

    def test_every_refusal_of_a_receipt_has_words_and_a_way_to_mend_it(self):
        named = set(re.findall(r"``([a-z]+_[a-z_]+)``", receive.__doc__ or "")) - {"decision_of", "click_link"}
        assert "conversion_value" in named
        assert named <= set(REFUSED)
        assert set(TEXTS) == {"text_too_long", "text_characters", "text_form"}
        for reason in REFUSED.values():
            assert "%(" not in reason.message % limits_of(reason), "nothing is kept of an event that would fill it"

    def test_every_kind_that_a_page_can_tell_has_a_name(self):
        assert {one.type for one in WEB_EVENTS if one.names} | {"OTHER"} <= set(words.EVENTS)
        assert set(events_page.APP_NAMES.values()) <= set(words.EVENTS)


class TestPixels:
    def test_none_yet_and_then_one_with_its_code(self, town, advertiser):
        assert "Make the pixel" in read(advertiser)
        made = advertiser.post(f"{HERE}/creer", {"name": "Shop"}, follow=True)
        page = made.content.decode()
        code = re.search(r"<code>([0-9A-V]{20})</code>", page).group(1)
        assert f"&quot;init&quot;, &quot;{code}&quot;" in page
        assert f"&quot;event_source_id&quot;: &quot;{code}&quot;" in page

    def test_a_name_that_is_none_keeps_what_was_typed(self, pixel, advertiser):
        page = advertiser.post(f"{HERE}/creer", {"name": ""})
        assert page.status_code == 422
        page = advertiser.post(f"{HERE}/{pixel.id}/nom", {"name": "x" * 90})
        assert page.status_code == 422
        assert "x" * 90 in page.content.decode()

    def test_it_is_renamed_paused_and_resumed(self, pixel, advertiser):
        assert (
            "Pixel paused"
            in advertiser.post(f"{HERE}/{pixel.id}/pause", {"pause": "oui"}, follow=True).content.decode()
        )
        page = advertiser.post(f"{HERE}/{pixel.id}/nom", {"name": "Atelier"}, follow=True).content.decode()
        assert "Atelier" in page
        assert "Resume the pixel" in page
        page = advertiser.post(f"{HERE}/{pixel.id}/pause", {"pause": "non"}, follow=True).content.decode()
        assert "Pause the pixel" in page


class TestWhatArrived:
    def test_each_event_says_what_became_of_it(self, told, ad, clock, advertiser):
        click = told.click(ad, post_id=ad.post.id)
        clock.advance(seconds=600)
        told.tell(click, event_id="order-1")
        told.tell(click, event_id="order-1", source=Source.SERVER, value_micros=41_800_000, currency="EUR")
        told.tell(click, event_id="order-1")
        told.tell(None, "Pageview", has_consent=False)
        told.tell(None, "AddToCart")
        told.tell(None, "AddToCart", click_id="E.C.stranger")
        told.tell(None, "Lead", doubt="declared_bot")
        told.tell(None, "Contact", is_test=True)
        clock.advance(days=8)
        told.tell(click, "Search")
        found = rows(read(advertiser))
        wanted = [
            ("Search done", "Outside the windows"),
            ("Contact", "not counted"),
            ("Form sent", "Doubted"),
            ("Added to cart", "none of ours"),
            ("Added to cart", "no click id"),
            ("Page viewed", "did not agree"),
            ("Purchase", "€41.80"),
        ]
        assert [all(part in row for part in parts) for row, parts in zip(found, wanted, strict=True)] == [True] * 7
        assert "tag and server merged, 1 duplicate" in found[-1]
        assert "click on" in found[-1]

    def test_they_are_narrowed_and_followed_page_by_page(self, told, advertiser):
        for number in range(30):
            told.tell(None, "AddToCart" if number % 2 else "ViewContent")
        page = read(advertiser)
        assert len(rows(page)) == 25
        older = re.search(r'href="(\?[^"]*apres=[^"]*)"', page).group(1).replace("&amp;", "&")
        assert len(rows(read(advertiser, HERE + older.partition("#")[0]))) == 5
        assert len(rows(read(advertiser, f"{HERE}?evenement=AddToCart"))) == 15
        assert rows(read(advertiser, f"{HERE}?etat=attribues")) == []
        assert len(rows(read(advertiser, f"{HERE}?etat=nonsense&apres=x&evenement=%00"))) == 25
        assert rows(read(advertiser, f"{HERE}?apres=5")) == []

    def test_refused_ones_say_why_and_how_to_mend_them(self, told, advertiser):
        told.refuse("Purchase", "contact_not_hashed", "email")
        told.refuse("Purchase", "a_code_of_tomorrow")
        page = read(advertiser)
        last, first = rows(page, "Refused events")
        assert "taken only as its SHA-256, in 64 hexadecimal digits" in first, "as whoever sent it was told"
        assert "SHA-256" in first
        assert "not as expected" in last

    def test_only_the_newest_refused_ones_are_kept_and_none_for_long(self, told, town, clock):
        for _ in range(REFUSED_OF_PIXEL + 3):
            told.refuse("Purchase", "conversion_value")
        assert Refused.objects.count() == REFUSED_OF_PIXEL
        clock.advance(days=8)
        sweep(town.means)
        assert not Refused.objects.exists()

    def test_a_file_holds_what_the_filters_keep(self, told, ad, pixel, clock, advertiser):
        click = told.click(ad, post_id=ad.post.id)
        clock.advance(seconds=60)
        told.tell(click, value_micros=41_800_000, currency="EUR", event_id="=1+1")
        told.tell(None, "Pageview")
        response = advertiser.get(f"{HERE}/{pixel.id}/exporter?format=intl&evenement=Purchase")
        assert response.headers["Content-Disposition"].startswith('attachment; filename="attise-events-')
        header, line = csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig")))
        told_of = dict(zip(header, line, strict=True))
        assert (told_of["As sent"], told_of["Value"], told_of["Status"], told_of["Ad"]) == (
            *("Purchase", "41.80", "Credited"),
            ad.name,
        )
        assert told_of["Event id"] == "'=1+1"

    @pytest.mark.parametrize(("events", "ends_early"), [(4, False), (5, True)])
    def test_a_file_that_ends_before_its_list_says_so(self, told, pixel, advertiser, monkeypatch, events, ends_early):
        monkeypatch.setattr(export, "MOST_ROWS", 4)
        monkeypatch.setattr(export, "PART", 2)
        for _ in range(events):
            told.tell(None, "Pageview")
        response = advertiser.get(f"{HERE}/{pixel.id}/exporter")
        _header, *lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
        assert ["Pageview" in line for line in lines[:4]] == [True] * 4
        assert ["the list goes on" in line for line in lines[4:]] == [True] * ends_early


class TestConsole:
    def test_a_test_event_shows_and_counts_for_nothing(self, pixel, settle, advertiser):
        sent = advertiser.post(f"{HERE}/{pixel.id}/essai", {"evenement": "AddToCart"}, follow=True)
        assert "Test event sent" in sent.content.decode()
        settle()
        console = read(advertiser, f"{HERE}/{pixel.id}/direct")
        assert "Added to cart" in console
        assert "not counted" in console
        counts = read(advertiser).partition('aria-label="Events by kind"')[2].partition("</table>")[0]
        assert re.findall(r'data-label="[^"]*">(\d+)<', counts) == ["0", "0", "0", "0", "1"]

    def test_it_answers_nothing_while_nothing_changes(self, told, pixel, advertiser):
        told.tell(None, "Pageview")
        console = read(advertiser, f"{HERE}/{pixel.id}/direct")
        again = re.search(r'hx-get="([^"]*)"', console).group(1)
        assert advertiser.get(again).status_code == 204
        told.refuse("Purchase", "conversion_value")
        assert "Refused" in read(advertiser, again)

    def test_a_paused_pixel_refuses_and_says_so(self, pixel, town, settle, advertiser):
        update_pixel(town.means, COMMAND, advertiser_id=town.advertiser.id, pixel_id=pixel.id, is_paused=True)
        page = advertiser.post(f"{HERE}/{pixel.id}/essai", {"evenement": "Purchase"}, follow=True).content.decode()
        assert "This pixel is paused" in page
        settle()
        assert "This pixel is paused" in read(advertiser, f"{HERE}/{pixel.id}/direct")


class TestApps:
    """What servers tell of an app, on the same page and by the same calls."""

    @pytest.fixture
    def app(self, town):
        url = "https://play.google.com/store/apps/details?id=example.soups"
        return register_app(town.means, COMMAND, advertiser_id=town.advertiser.id, download_url=url, name="Soups")

    def test_its_events_are_listed_tried_and_taken_along(self, app, settle, advertiser):
        page = read(advertiser)
        assert "Your apps" in page
        assert f'<span aria-current="true">{app.name}</span>' in page, "without a pixel, it is what is shown"
        assert f"&quot;event_source&quot;: &quot;app&quot;, &quot;event_source_id&quot;: &quot;{app.id}&quot;" in page
        assert "On your pages" not in page, "it has none"
        sent = advertiser.post(f"{HERE}/{app.id}/essai", {"evenement": "InstallApp"}, follow=True)
        assert "Test event sent" in sent.content.decode()
        settle()
        assert "App installed" in read(advertiser, f"{HERE}/{app.id}/direct")
        assert ["App installed" in row for row in rows(read(advertiser, f"{HERE}?pixel={app.id}"))] == [True]
        response = advertiser.get(f"{HERE}/{app.id}/exporter")
        assert "InstallApp" in b"".join(response.streaming_content).decode()

    def test_refused_ones_say_why_by_both_doors(self, app, town, settle, advertiser, client):
        _, key = accounts.make_host_key(town.means, name="Console")
        said = {"headers": {"Authorization": f"Bearer {key}"}, "content_type": "application/json"}
        here = f"/v1/advertisers/{town.advertiser.id}/apps/{app.id}"
        events = [{"event": "InstallApp", "event_id": "1"}, {"event": "Purchase", "event_id": "2", "value_micros": 5}]
        answer = client.generic("POST", f"{here}/events", json.dumps({"events": events}), **said)
        assert [one["status"] for one in answer.json()["results"]] == ["accepted", "rejected"], answer.content
        settle()
        taken = client.generic("GET", f"{here}/events?status=unmatched", **said).json()["items"]
        assert [(one["event"], one["event_id"]) for one in taken] == [("InstallApp", "1")]
        refused = client.generic("GET", f"{here}/refused-events", **said).json()["items"]
        # Tests share a log, and their clocks make the same ids: the newest is this one's.
        assert (refused[0]["event"], refused[0]["event_id"]) == ("Purchase", "2")
        other = f"/v1/advertisers/{town.advertiser.id}/apps/1/events"
        assert client.generic("GET", other, **said).status_code == 404
        page = read(advertiser, f"{HERE}?pixel={app.id}")
        assert "A value comes with its currency" in page


class TestByApi:
    @pytest.fixture
    def host(self, town, client):
        _, key = accounts.make_host_key(town.means, name="Console")

        def ask(method: str, address: str, **more):
            return client.generic(
                method, address, headers={"Authorization": f"Bearer {key}"}, content_type="application/json", **more
            )

        return ask

    def test_the_same_is_listed_with_codes(self, told, ad, pixel, town, clock, host):
        click = told.click(ad, post_id=ad.post.id)
        clock.advance(seconds=60)
        told.tell(click, value_micros=41_800_000, currency="EUR", event_id="order-1")
        told.tell(None, "Pageview", has_consent=False)
        told.refuse("Purchase", "conversion_value", "value")
        here = f"/v1/advertisers/{town.advertiser.id}/pixels/{pixel.id}"
        first = host("GET", f"{here}/events?limit=1").json()
        assert [(one["event"], one["status"], one["why"]) for one in first["items"]] == [
            ("Pageview", "unmatched", "no_consent")
        ]
        second = host("GET", f"{here}/events?limit=1&cursor={first['next_cursor']}").json()
        assert second["next_cursor"] is None
        (one,) = second["items"]
        assert (one["ad_id"], one["touch"], one["value_micros"]) == (str(ad.id), "click", 41_800_000)
        assert host("GET", f"{here}/events?status=credited&event=Purchase").json()["items"] == [one]
        assert host("GET", f"{here}/events?status=gone").status_code == 422
        refused = host("GET", f"{here}/refused-events").json()["items"]
        assert [(one["code"], one["field"]) for one in refused] == [("conversion_value", "value")]

    def test_a_pixel_is_renamed_and_paused(self, pixel, town, host):
        here = f"/v1/advertisers/{town.advertiser.id}/pixels/{pixel.id}"
        changed = host("PATCH", here, data='{"name": "Atelier", "paused": true}').json()
        assert (changed["name"], changed["paused"]) == ("Atelier", True)
        told = host("POST", f"{here}/events", data='{"events": [{"event": "Purchase"}]}').json()["results"]
        assert [(one["status"], one["errors"][0]["code"]) for one in told] == [("rejected", "pixel_paused")]
        assert host("PATCH", here, data='{"paused": false}').json()["paused"] is False
