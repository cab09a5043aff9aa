"""An advertiser registers its mobile apps by their pages in stores."""

from __future__ import annotations

import pytest

from attise.kernel.errors import Refusal
from attise.kernel.limits import MOBILE_APPS
from attise.management.pixels import actions, queries
from attise.management.pixels.models import MobileApp
from tests.management.pixels.conftest import HOST
from tests.races import at_once
from tests.refusals import refusals_of

pytestmark = pytest.mark.django_db
ANDROID = "https://play.google.com/store/apps/details?id=org.example.shop"
IOS = "https://apps.apple.com/fr/app/ma-boutique/id1234567890"
ELSEWHERE = "https://apps.example.org/shop"


@pytest.fixture
def register(means, advertiser):
    def register(download_url=ANDROID, *, advertiser_id=advertiser, **facts):
        return actions.register_app(means, HOST, advertiser_id=advertiser_id, download_url=download_url, **facts)

    return register


@pytest.mark.parametrize(
    ("address", "facts", "told"),
    [
        (ANDROID, {}, ("ANDROID", "org.example.shop", "org.example.shop")),
        (ANDROID, {"name": "Shop", "platform": "ANDROID"}, ("ANDROID", "org.example.shop", "Shop")),
        (IOS, {"store_id": "1234567890"}, ("IOS", "1234567890", "ma-boutique")),
        (ELSEWHERE, {"platform": "ANDROID", "store_id": "org.example.shop"}, ("ANDROID",) + ("org.example.shop",) * 2),
    ],
)
def test_an_app_is_known_by_its_page(register, advertiser, address, facts, told):
    app = register(address, **facts)
    assert (app.platform, app.store_id, app.name) == told
    assert app.download_url == address
    assert queries.get_app(advertiser, app.id) == app


@pytest.mark.parametrize(
    ("address", "facts", "told"),
    [
        ("http://play.google.com/store/apps/details?id=org.example.shop", {}, [("download_url", "url_scheme")]),
        ("javascript:alert(1)", {}, [("download_url", "url_scheme")]),
        ("", {}, [("download_url", "url_form")]),
        (ELSEWHERE, {}, [("download_url", "mobile_app_page")]),
        (ELSEWHERE, {"platform": "IOS"}, [("download_url", "mobile_app_page")]),
        (ELSEWHERE, {"platform": "ANDROID", "store_id": "shop"}, [("store_id", "mobile_app_store_id")]),
        (IOS, {"platform": "ANDROID"}, [("platform", "mobile_app_platform")]),
        (IOS, {"platform": "PC"}, [("platform", "mobile_app_platform")]),
        (IOS, {"store_id": "1234567891"}, [("store_id", "mobile_app_store_id")]),
        (IOS, {"name": "x" * 101}, [("name", "text_too_long")]),
        (IOS, {"advertiser_id": 1}, [("advertiser_id", "not_found")]),
    ],
)
def test_what_cannot_be_an_app_is_refused(register, address, facts, told):
    assert refusals_of(register, address, **facts) == told
    assert not MobileApp.objects.exists()


def test_an_app_is_registered_once_by_each_advertiser(register, rival):
    app = register()
    with pytest.raises(Refusal) as caught:
        register(f"{ANDROID}&hl=fr")
    assert (caught.value.code, caught.value.params) == ("mobile_app_taken", {"app_id": str(app.id)})
    assert register(advertiser_id=rival).id != app.id


def test_there_are_so_many_apps(register, advertiser):
    MobileApp.objects.bulk_create(
        MobileApp(
            id=place, advertiser_id=advertiser, store_id=str(place), platform="IOS", created_at_ms=0, modified_at_ms=0
        )
        for place in range(MOBILE_APPS)
    )
    assert refusals_of(register) == [(None, "mobile_apps_too_many")]


def test_an_apps_page_is_corrected_and_the_app_stays_the_same(means, clock, register, advertiser):
    app = register()
    here = {"advertiser_id": advertiser, "app_id": app.id}
    clock.advance(seconds=3)
    changed = actions.update_app(means, HOST, **here, download_url=f"{ANDROID}&hl=fr", platform="ANDROID", name="Shop")
    assert (changed.download_url, changed.name) == (f"{ANDROID}&hl=fr", "Shop")
    assert changed.modified_at_ms == app.modified_at_ms + 3_000
    told = refusals_of(actions.update_app, means, HOST, **here, download_url=IOS, platform="IOS", name="")
    assert told == [
        ("platform", "mobile_app_platform"),
        ("download_url", "mobile_app_other"),
        ("name", "field_required"),
    ]


def test_an_apps_page_stays_on_its_server_since_approved_ads_lead_there(means, register, advertiser):
    app = register()
    here = {"advertiser_id": advertiser, "app_id": app.id}
    told = [("download_url", "mobile_app_moved")]
    for url in (ELSEWHERE, "https://play.google.com/store/apps/dev?id=1"):
        assert refusals_of(actions.update_app, means, HOST, **here, download_url=url) == told
    own = register(ELSEWHERE, platform="ANDROID", store_id="org.example.other")
    here["app_id"] = own.id
    page = f"{ELSEWHERE}/android"
    assert actions.update_app(means, HOST, **here, download_url=page).download_url == page
    url = "https://apps.example.net/shop"
    assert refusals_of(actions.update_app, means, HOST, **here, download_url=url) == told


def test_anothers_app_does_not_exist(means, register, rival):
    app = register()
    absent = [("app_id", "not_found")]
    assert refusals_of(queries.get_app, rival, app.id) == absent
    assert refusals_of(actions.update_app, means, HOST, advertiser_id=rival, app_id=app.id, name="x") == absent
    assert queries.list_apps(rival) == []
    assert queries.find_app(rival, 2**70) is None


def test_apps_are_listed_newest_first_and_found_by_what_stores_call_them(register, advertiser):
    android, ios = register(), register(IOS)
    assert queries.list_apps(advertiser) == [ios, android]
    assert queries.list_apps(advertiser, store_ids=["1234567890", "x", "\0"]) == [ios]
    first = queries.page_apps(advertiser, limit=1)
    assert (first.items, first.after) == ([ios], ios.id)
    rest = queries.page_apps(advertiser, after=ios.id)
    assert (rest.items, rest.after) == ([android], None)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_register_one_app_at_once_one_does(register):
    def try_it():
        register()
        return "made"

    assert sorted(at_once([try_it] * 6)) == ["made"] + ["mobile_app_taken"] * 5
