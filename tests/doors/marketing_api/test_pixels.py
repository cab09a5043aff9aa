"""Pixels and mobile apps in the dialect: made, listed, changed, and counted only when there is something to count."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db
ANDROID = "https://play.google.com/store/apps/details?id=org.example.shop"
CODE = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@pytest.fixture
def mine(brand) -> dict[str, str]:
    return {"advertiser_id": str(brand.advertiser.id)}


@pytest.fixture
def create(api, mine):
    def create(name="Boutique", **more):
        answer = api.post("pixel/create", **mine, pixel_name=name, **more)
        assert answer["code"] == 0, answer
        return answer["data"]

    return create


class TestPixels:
    def test_a_pixel_is_made_with_its_script(self, create):
        made = create(pixel_category="ONLINE_STORE", partner_name="Studio")
        assert set(made["pixel_code"]) <= set(CODE)
        assert len(made["pixel_code"]) == 20
        assert (made["pixel_name"], made["pixel_category"], made["partner_name"]) == (
            "Boutique",
            "ONLINE_STORE",
            "Studio",
        )
        assert made["advanced_matching_fields"] == {"email": False, "phone_number": False}
        assert made["pixel_code"] in made["pixel_script"]
        assert '"http://testserver/attise.js"' in made["pixel_script"]

    def test_pixels_are_listed_oldest_first_with_exact_numbers(self, create, api, mine):
        made = [create(f"Site {number}")["pixel_id"] for number in range(3)]
        data = api.get("pixel/list", **mine, page_size=2)["data"]
        assert [row["pixel_id"] for row in data["pixels"]] == made[:2]
        assert data["page_info"] == {"page": 1, "page_size": 2, "total_number": 3, "total_page": 2}
        newest = api.get("pixel/list", **mine, order_by="LATEST_CREATE")["data"]["pixels"]
        assert [row["pixel_id"] for row in newest] == made[::-1]
        assert [row["pixel_setup_mode"] for row in newest] == ["DEVELOPER"] * 3

    def test_pixels_are_found(self, create, api, mine):
        shop, site = create("Boutique"), create("Site")

        def ids(**asked):
            answer = api.get("pixel/list", **mine, **asked)
            assert answer["code"] == 0, answer
            return [row["pixel_id"] for row in answer["data"]["pixels"]]

        assert ids(pixel_id=site["pixel_id"]) == [site["pixel_id"]]
        assert ids(code=shop["pixel_code"]) == [shop["pixel_id"]]
        assert ids(name="bouti") == [shop["pixel_id"]]
        assert ids(pixel_id="1790000000000000001") == []
        assert ids(filtering={"available_for_catalog_only": True}) == []
        assert ids(filtering={"available_for_catalog_only": False}) == [shop["pixel_id"], site["pixel_id"]]

    @pytest.mark.parametrize(
        ("body", "told"),
        [
            ({"pixel_name": ""}, "Missing required field(s): pixel_name"),
            ({"pixel_name": "x" * 41}, "pixel_name: This text has 41 characters"),
            ({"pixel_name": "Shop 😀"}, "pixel_name: A name holds no emoji"),
            ({"pixel_name": "x", "pixel_category": "SHOP"}, "pixel_category: SHOP is not a category"),
            ({"pixel_name": ["x"]}, "pixel_name: must be a string"),
        ],
    )
    def test_what_cannot_be_a_pixel_is_refused_by_its_field(self, api, mine, body, told):
        answer = api.post("pixel/create", **mine, **body)
        assert answer["code"] == 40002
        assert answer["message"].startswith(told), answer

    def test_a_pixel_is_changed(self, create, api, mine):
        made = create()
        body = {**mine, "pixel_id": made["pixel_id"], "pixel_name": "Site"}
        assert api.post("pixel/update", **body)["data"] == {}
        assert api.post("pixel/update", **body, advanced_matching_fields={"phone_number": False})["data"] == {}
        (row,) = api.get("pixel/list", **mine)["data"]["pixels"]
        assert (row["pixel_name"], row["advanced_matching_fields"]) == ("Site", {"email": True, "phone_number": False})
        assert api.post("pixel/update", **{**body, "pixel_id": "1790000000000000001"})["code"] == 40007
        assert api.post("pixel/update", **{**body, "pixel_name": "x" * 41})["message"].startswith("pixel_name: ")

    def test_only_those_who_edit_campaigns_make_them(self, brand, mine):
        for role, code in (("operator", 0), ("analyst", 40001), ("finance", 40001)):
            assert brand.client(role).post("pixel/create", **mine, pixel_name="x")["code"] == code
        assert brand.client("analyst").get("pixel/list", **mine)["code"] == 0

    def test_anothers_pixel_is_not_found_by_its_code(self, create, rival):
        made = create()
        theirs = {"advertiser_id": str(rival.advertiser.id)}
        found = rival.client().get("pixel/list", **theirs, code=made["pixel_code"])
        assert found["data"]["pixels"] == []


class TestEvents:
    PAID = {
        "event_type": "SHOPPING",
        "event_name": "Order",
        "statistic_type": "ONCE",
        "currency": "EUR",
        "currency_value": "49.9",
        "rules": [
            {
                "trigger": "TRIGGERTYPE_PAGEVIEW",
                "variable": "PAGE_PATH",
                "operator": "OPERATORTYPE_CONTAINS",
                "value": "/merci",
            }
        ],
    }

    @pytest.fixture
    def pixel_id(self, create):
        return create()["pixel_id"]

    @pytest.fixture
    def events(self, api, mine):
        def events():
            (row,) = api.get("pixel/list", **mine)["data"]["pixels"]
            return row["events"]

        return events

    def test_events_are_added_told_changed_and_deleted(self, api, mine, pixel_id, events):
        added = api.post(
            "pixel/event/create", **mine, pixel_id=pixel_id, pixel_events=[self.PAID, {"event_code": "Quiz"}]
        )
        ids = added["data"]["event_ids"]
        paid, own = events()
        assert [paid["event_id"], own["event_id"]] == ids
        assert paid == {
            "event_id": ids[0],
            "event_code": "Purchase",
            "name": "Order",
            "event_type": "SHOPPING",
            "optimization_event": "SHOPPING",
            "custom_event_type": None,
            "statistic_type": "ONCE",
            "currency": "EUR",
            "currency_value": "49.90",
            "deprecated": False,
            "rules": self.PAID["rules"],
        }
        assert (own["event_type"], own["custom_event_type"], own["optimization_event"]) == (None, "Quiz", None)
        (row,) = api.get("pixel/list", **mine)["data"]["pixels"]
        assert row["pixel_setup_mode"] == "STANDARD"
        change = {**mine, "event_id": ids[0], "event_name": "Paid", "currency": "JPY", "currency_value": "800"}
        assert api.post("pixel/event/update", **change)["data"] == {}
        assert (events()[0]["name"], events()[0]["currency_value"]) == ("Paid", "800")
        assert api.post("pixel/event/delete", **mine, event_id=ids[0])["data"] == {}
        assert [one["event_id"] for one in events()] == [ids[1]]
        assert api.post("pixel/event/delete", **mine, event_id=ids[0])["code"] == 40007

    @pytest.mark.parametrize(
        ("event", "told"),
        [
            ({}, "pixel_events[1].event_type: It is not said what this event is."),
            ({"event_type": "BUY"}, "pixel_events[1].event_type: BUY is not a kind of event"),
            ({"event_code": "-"}, "pixel_events[1].event_code: "),
            ({"event_type": "FORM", "event_name": "x" * 101}, "pixel_events[1].event_name: "),
            ({"event_type": "FORM", "currency": "XXX", "currency_value": "1"}, "pixel_events[1].currency: "),
            ({"event_type": "FORM", "currency": "EUR", "currency_value": "1.234"}, "pixel_events[1].currency_value: "),
            ({"event_type": "FORM", "event_name": "Order"}, "pixel_events[1].event_name: This pixel already has"),
            (
                {
                    "event_type": "FORM",
                    "rules": [{"trigger": "x", "variable": "ELEMENT", "operator": "y", "value": "z"}],
                },
                "pixel_events[1].rules[0].trigger: ",
            ),
            (
                {"event_type": "FORM", "rules": [{"trigger": "x"}]},
                "Missing required field(s): pixel_events[1].rules[0].",
            ),
            ({"event_type": "FORM", "statistic_type": "TWICE"}, "pixel_events[1].statistic_type: must be one of"),
        ],
    )
    def test_a_wrong_event_is_named_and_nothing_is_added(self, api, mine, pixel_id, events, event, told):
        answer = api.post("pixel/event/create", **mine, pixel_id=pixel_id, pixel_events=[self.PAID, event])
        assert answer["code"] == 40002
        assert answer["message"].startswith(told), answer["message"]
        assert events() == []

    def test_a_change_names_its_own_fields(self, api, mine, pixel_id):
        added = api.post("pixel/event/create", **mine, pixel_id=pixel_id, pixel_events=[self.PAID])
        here = {**mine, "event_id": added["data"]["event_ids"][0]}
        told = api.post("pixel/event/update", **here, event_name="x", currency="EUR", currency_value="x")["message"]
        assert told.startswith("currency_value: ")
        assert api.post("pixel/event/update", **here, event_name="")["message"].startswith("event_name: ")


class TestStatistics:
    def test_nothing_is_counted_until_something_reports(self, create, api, mine, rival):
        first, second = create()["pixel_id"], create()["pixel_id"]
        asked = {"pixel_ids": [second, first, "1790000000000000001"]}
        span = {"date_range": {"start_date": "2026-11-01", "end_date": "2026-12-01"}}
        data = api.get("pixel/event/stats", **mine, **asked, **span)["data"]
        assert data == {"list": [{"pixel_id": second, "statistics": []}, {"pixel_id": first, "statistics": []}]}
        theirs = {"advertiser_id": str(rival.advertiser.id)}
        assert rival.client().get("pixel/event/stats", **theirs, **asked, **span)["data"] == {"list": []}

    def test_what_a_connector_sends_is_understood(self, create, api, brand):
        """A bare id, days without quotes, and a span that ends before it starts."""
        pixel_id = create()["pixel_id"]
        query = (
            f"advertiser_id={brand.advertiser.id}&pixel_ids={pixel_id}"
            "&date_range=%7B%22start_date%22%3A2026-12-21%2C%22end_date%22%3A2026-11-22%7D"
        )
        answer = api.raw("GET", f"/open_api/v1.3/pixel/event/stats/?{query}")
        assert answer["data"] == {"list": [{"pixel_id": pixel_id, "statistics": []}]}

    @pytest.mark.parametrize(
        "asked",
        [
            {"date_range": {"start_date": "2026-11-01", "end_date": "2026-12-02"}},
            {"date_range": {"start_date": "2026-11-01"}},
            {"date_range": {"start_date": "2026-11-31", "end_date": "2026-12-01"}},
            {"pixel_ids": ["1"] * 11},
            {"pixel_ids": []},
        ],
    )
    def test_a_span_too_long_or_broken_is_refused(self, api, mine, asked):
        span = {"start_date": "2026-11-01", "end_date": "2026-11-02"}
        answer = api.get("pixel/event/stats", **{**mine, "pixel_ids": ["1"], "date_range": span, **asked})
        assert answer["code"] == 40002

    @pytest.mark.parametrize("objective", ["TRAFFIC", "WEB_CONVERSIONS", "SOMETHING_NEW"])
    def test_there_are_no_instant_pages(self, api, mine, objective):
        asked = {**mine, "objective_type": objective, "optimization_goal": "CLICK"}
        assert api.get("pixel/instant_page/event", **asked)["data"] == {"list": []}


class TestApps:
    def test_an_app_is_registered_told_and_corrected(self, api, mine):
        app_id = api.post("app/create", **mine, download_url=ANDROID)["data"]["app_id"]
        (row,) = api.get("app/list", **mine)["data"]["apps"]
        assert api.get("app/info", **mine, app_id=app_id)["data"] == {"app": row}
        told = {"app_id": app_id, "platform": "ANDROID", "package_name": "org.example.shop", "download_url": ANDROID}
        assert {name: row[name] for name in told} == told
        change = {**mine, "app_id": app_id, "download_url": f"{ANDROID}&hl=fr", "platform": "ANDROID"}
        assert api.post("app/update", **change)["data"] == {}
        assert api.get("app/info", **mine, app_id=app_id)["data"]["app"]["download_url"].endswith("hl=fr")
        assert api.get("app/list", **mine, app_platform_ids=["org.example.shop"])["data"]["apps"] != []
        assert api.get("app/list", **mine, app_platform_ids=["org.example.other"])["data"]["apps"] == []

    @pytest.mark.parametrize(
        ("body", "told"),
        [
            ({"download_url": "https://example.org/shop"}, "download_url: The platform and the app cannot be told"),
            ({"download_url": "ftp://example.org"}, "download_url: "),
            ({"download_url": ANDROID, "partner": "Adjust"}, "partner: this is not offered here."),
            ({"download_url": ANDROID, "tracking_url": {"click_url": "https://x"}}, "tracking_url: this is not"),
            ({"download_url": ANDROID, "enable_retargeting": "RETARGETING"}, "enable_retargeting: this is not"),
        ],
    )
    def test_what_cannot_be_registered_is_refused_by_its_field(self, api, mine, body, told):
        answer = api.post("app/create", **mine, **body)
        assert answer["code"] == 40002
        assert answer["message"].startswith(told), answer["message"]
        assert api.get("app/list", **mine)["data"] == {"apps": []}

    def test_an_app_is_registered_once(self, api, mine):
        app_id = api.post("app/create", **mine, download_url=ANDROID)["data"]["app_id"]
        again = api.post("app/create", **mine, download_url=ANDROID)
        assert again["code"] == 40002
        assert app_id in again["message"]

    def test_an_app_stays_the_same_app(self, api, mine):
        app_id = api.post("app/create", **mine, download_url=ANDROID)["data"]["app_id"]
        other = {"download_url": "https://apps.apple.com/app/id1234567", "platform": "IOS"}
        answer = api.post("app/update", **mine, app_id=app_id, **other)
        assert answer["code"] == 40002
        assert "platform: " in answer["message"]
        assert "download_url: " in answer["message"]

    def test_events_of_apps_are_left_out(self, api, mine):
        asked = {**mine, "app_id": "1", "optimization_goal": "INSTALL"}
        answer = api.get("app/optimization_event", **asked)
        assert answer["code"] == 40008
        assert "leaves out on purpose" in answer["message"]
