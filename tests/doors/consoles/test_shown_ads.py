"""What a viewer was shown and hid: listed with why, taken back, alike on their page and to their host."""

from __future__ import annotations

import json

import pytest
from django.conf import settings
from django.test import Client

from attise.doors.worker.settling import Settlement
from attise.kernel.errors import Refusal
from attise.management.accounts.actions import make_host_key
from attise.management.viewers.actions import hide_brand, viewer_of_person
from attise.management.viewers.hiding import Entry, brands_of, with_hidden, without_brand
from attise.management.viewers.queries import get_record
from tests.browser.town import session_of
from tests.doors.native_api.conftest import Host
from tests.measurement.attribution.happened import Happened, ad_claims, claims, event

PAGE = "/parametres/publicites"


def signed_in(town, person) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of(person.id)
    return client


def card(page: str, name: str) -> str:
    return " ".join(page.partition(f'<h2 id="{name}">')[2].partition("</section>")[0].split())


@pytest.mark.django_db(transaction=True)
def test_an_ad_that_is_hidden_is_listed_and_its_brand_comes_back_when_asked(town):
    means, brand = town.means, town.advertiser
    happened = Happened(means, settings.HOUSE.folder).emptied()
    settlement = Settlement(settings.HOUSE)
    viewer = viewer_of_person(means, person_id=town.lea.id)
    person = get_record(viewer.id).pseudonym
    post = town.a_post("Le matin")
    said = {"advertiser_id": brand.id, "is_spark": True, "billing_event": "CPV", "view_goal_ms": 6_000}
    of = [
        claims(means, ad_claims(ad_id=ad_id, **said), viewer=person, post_id=post.id, creator_id=post.creator_id)
        for ad_id in (901, 903)
    ]
    lea, stranger = signed_in(town, town.lea), signed_in(town, town.ines)
    host = Host(make_host_key(means, name="app")[1])
    here = f"/v1/viewers/{viewer.id}"

    assert "You have not seen any ad yet." in lea.get(PAGE).content.decode()
    happened.append([event(means, "impression", one, after_s=1) for one in of])
    happened.append([event(means, "hide", of[0], after_s=2), event(means, "click", of[1], after_s=3)])
    settlement.settle()
    settlement.tell_hidden()
    settlement.tell_hidden()

    # What was hidden: one ad, for good, by what decisions read.
    assert (get_record(viewer.id).hidden_ads, get_record(viewer.id).hidden_advertisers) == ((901,), ())
    hid_at_ms = get_record(viewer.id).hid_at_ms
    assert hid_at_ms == event(means, "hide", of[0], after_s=2).at_ms, "from here on there is no ad for some videos"
    page = lea.get(PAGE).content.decode()
    assert f"<b>{brand.company}</b> <small>One of its ads" in card(page, "brands")
    (told,) = host.get(f"{here}/hidden-advertisers").json()["items"]
    assert (told["advertiser_id"], told["advertiser"], told["all_ads"], told["ads"]) == (
        *(str(brand.id), brand.company, False, 1),
    )

    # What was shown, the latest first, each with why; nobody else's.
    shown = card(page, "shown")
    assert shown.count("@lea.peau") == 2
    items = host.get(f"{here}/ads").json()["items"]
    assert [(one["ad_id"], one["clicked"]) for one in items] == [("903", True), ("901", False)]
    first = host.get(f"{here}/ads?limit=1").json()
    assert [one["ad_id"] for one in host.get(f"{here}/ads?cursor={first['next_cursor']}").json()["items"]] == ["901"]
    why = f"{PAGE}/annonces/{of[0].decision_id}"
    assert why in page
    assert f"shown for <b>{brand.company}</b>" in lea.get(why).content.decode()
    assert [stranger.get(why).status_code, Client().get(why).status_code] == [404, 404]
    assert "You have not seen any ad yet." in stranger.get(PAGE).content.decode()
    mine = json.loads(lea.get("/parametres/donnees/exporter").content)
    assert (len(mine["ads_seen"]), mine["hidden_brands"][0]["ads"]) == (2, 1)

    # The whole brand goes, and comes back: by the page, then by the host.
    lea.post(f"{PAGE}/marques", {"marque": brand.id, "choix": "masquer"})
    assert (get_record(viewer.id).hidden_ads, get_record(viewer.id).hidden_advertisers) == ((), (brand.id,))
    assert "All of its ads" in card(lea.get(PAGE).content.decode(), "brands")
    lea.post(f"{PAGE}/marques", {"marque": brand.id, "choix": "montrer"})
    assert get_record(viewer.id).hidden_advertisers == ()
    put = host.put(f"{here}/hidden-advertisers/{brand.id}", {})
    assert [one["all_ads"] for one in put.json()["items"]] == [True]
    assert host.delete(f"{here}/hidden-advertisers/{brand.id}").json()["items"] == []

    # Wrong input changes nothing.
    assert host.put(f"{here}/hidden-advertisers/{brand.id + 1}", {}).status_code == 404
    assert host.put(f"/v1/viewers/{viewer.id + 1}/hidden-advertisers/{brand.id}", {}).status_code == 404
    for body in ({}, {"marque": "x", "choix": "masquer"}, {"marque": str(brand.id), "choix": "tout"}):
        assert lea.post(f"{PAGE}/marques", body).status_code == 302
    assert get_record(viewer.id).hidden_advertisers == ()
    with pytest.raises(Refusal):
        hide_brand(means, viewer_id=viewer.id, advertiser_id=7)

    # Who reports an ad wants none of its advertiser.
    happened.append([event(means, "report", of[1], after_s=4), event(means, "hide", of[1], person="gone", after_s=4)])
    settlement.settle()
    settlement.tell_hidden()
    assert get_record(viewer.id).hidden_advertisers == (brand.id,)
    happened.emptied().close()


def test_what_is_hidden_is_kept_once_and_within_its_limit():
    rows = with_hidden(with_hidden([], Entry(1, 10, 5)), Entry(1, 11, 6))
    assert with_hidden(rows, Entry(1, 10, 9)) == rows
    assert [(one.ads, one.is_whole, one.since_ms) for one in brands_of(rows)] == [(2, False, 5)]
    whole = with_hidden(rows, Entry(1, 0, 7))
    assert whole == [Entry(1, 0, 7)]
    assert with_hidden(whole, Entry(1, 12, 8)) == whole
    assert without_brand(with_hidden(whole, Entry(2, 20, 9)), 1) == [Entry(2, 20, 9)]
    many: list[Entry] = []
    for ad_id in range(1, 600):
        many = with_hidden(many, Entry(ad_id, ad_id, ad_id))
    assert (len(many), many[0].ad_id, many[-1].ad_id) == (500, 100, 599)
