"""Events that servers report: each judged by itself, durable in the log, nobody's contact in plain."""

from __future__ import annotations

from hashlib import sha256

import pytest
from django.conf import settings

from attise.doors.site import event_log
from attise.kernel.clock import to_datetime
from attise.kernel.errors import Outage
from attise.measurement.conversions.actions import settle
from attise.measurement.ingest.sqlite_log import SqliteLog
from attise.records import click_link
from attise.records.click_link import ClickLinks
from attise.records.conversion import Content, Conversion, Source, decode_conversion

pytestmark = pytest.mark.django_db
DIGEST = sha256(b"lea@example.org").hexdigest()


@pytest.fixture
def kept():
    """Return what the log has taken since the test began."""
    log = SqliteLog(settings.HOUSE.folder, may_write=True)
    begin = log.end()

    def kept() -> list[Conversion]:
        batches = log.read(begin, limit=1_000)
        return [decode_conversion(one.body) for batch in batches for one in batch.entries if one.kind == "conversion"]

    yield kept
    log.close()


@pytest.fixture
def code(api, brand) -> str:
    made = api.post("pixel/create", advertiser_id=str(brand.advertiser.id), pixel_name="Boutique")
    return made["data"]["pixel_code"]


@pytest.fixture
def now_s(clock) -> int:
    return clock.world_ms() // 1000


@pytest.fixture
def track(api, code):
    def track(*events, **more):
        return api.post("event/track", **{"event_source": "web", "event_source_id": code, "data": list(events), **more})

    return track


class TestEventTrack:
    def test_a_purchase_is_kept_whole(self, track, kept, now_s, means, brand, api):
        click = ClickLinks(means.secrets.key(click_link.PURPOSE)).click_id(4_000)
        answer = track(
            {
                "event": "Purchase",
                "event_time": now_s - 60,
                "event_id": "order-1",
                "user": {"ttclid": click, "email": DIGEST, "phone": [DIGEST], "ip": "203.0.113.9", "locale": "fr"},
                "properties": {
                    "value": 59.97,
                    "currency": "EUR",
                    "contents": [{"content_id": "mug", "price": 19.99, "quantity": 3}],
                },
                "page": {"url": "https://shop.example/merci?x=1", "referrer": "https://x.example"},
            }
        )
        assert (answer["code"], answer["data"]) == (0, {})
        (one,) = kept()
        assert (one.event, one.event_id, one.source) == ("Purchase", "order-1", Source.SERVER)
        assert (one.advertiser_id, one.at_ms) == (brand.advertiser.id, (now_s - 60) * 1000)
        assert (one.value_micros, one.currency) == (59_970_000, "EUR")
        assert one.contents == (Content("mug", price_micros=19_990_000, quantity=3),)
        assert (one.decision_id, one.page_host, one.has_consent) == (4_000, "shop.example", True)
        assert one.emails == one.phones == (bytes.fromhex(DIGEST),)
        assert len(one.block) == 18
        assert (one.agent, one.doubt) == ("", "")

    def test_what_a_program_did_is_kept_and_doubted(self, track, kept, now_s):
        user = {"user_agent": "Mozilla/5.0 (compatible; Googlebot/2.1)", "ip": "no address"}
        assert track({"event": "Lead", "event_time": now_s, "user": user})["code"] == 0
        (one,) = kept()
        assert (one.doubt, one.doubt_rule.partition(":")[2].strip(), one.block) == ("declared_bot", "googlebot", "")
        assert len(one.agent) == 18

    def test_a_contact_in_plain_refuses_its_event_with_a_clear_word(self, track, kept, now_s):
        event = {"event": "Lead", "event_time": now_s, "user": {"email": "lea@example.org"}}
        answer = track(event)
        assert answer["code"] == 40062
        assert answer["message"].startswith("data[0].user.email: A contact is taken only as its SHA-256")
        assert "lea@" not in answer["message"]
        assert kept() == []

    def test_one_wrong_event_costs_the_others_nothing(self, track, kept, now_s):
        good = {"event": "AddToCart", "event_time": now_s, "event_id": "a"}
        answer = track(
            good,
            {"event": "Lead", "event_time": now_s, "user": {"phone": "0612345678"}},
            {"event": "Purchase", "event_time": now_s, "properties": {"value": 10}},
            {"event": "Purchase"},
            "Purchase",
            {"event": "Purchase", "event_time": now_s - 30 * 86_400},
            {**good, "event_id": "b"},
        )
        assert answer["code"] == 20001
        failed = answer["data"]["failed_events"]
        assert [(one["order_in_request"], one["error_code"]) for one in failed] == [
            *((1, 40062), (2, 40002), (3, 40002), (4, 40002), (5, 40002))
        ]
        assert failed[1]["error_message"].startswith("data[2].properties.currency: ")
        assert failed[2]["error_message"].startswith("Missing required field(s): data[3].event_time")
        assert failed[4]["error_message"].startswith("data[5].event_time: ")
        assert [one.event_id for one in kept()] == ["a", "b"]

    def test_a_thousand_are_taken_and_one_more_refuses_them_all(self, track, kept, now_s):
        events = [{"event": "ViewContent", "event_time": now_s, "event_id": str(n)} for n in range(1_001)]
        assert track(*events)["code"] == 40002
        assert kept() == []
        assert track(*events[:1_000])["code"] == 0
        assert len(kept()) == 1_000
        assert track()["code"] == 40002

    def test_limited_use_keeps_the_event_and_nobody_in_it(self, track, kept, now_s):
        user = {"email": DIGEST, "ttp": "b-1"}
        assert track({"event": "Lead", "event_time": now_s, "user": user, "limited_data_use": True})["code"] == 0
        (one,) = kept()
        assert (one.has_consent, one.emails, one.browser_id) == (False, (), b"")

    def test_a_test_event_is_marked(self, track, kept, now_s):
        assert track({"event": "Lead", "event_time": now_s}, test_event_code="TEST1")["code"] == 0
        assert [one.is_test for one in kept()] == [True]

    def test_an_app_reports_under_its_own_id_and_another_s_is_not_there(self, track, kept, now_s, api, brand):
        store = "https://play.google.com/store/apps/details?id=org.example.shop"
        made = api.post("app/create", advertiser_id=str(brand.advertiser.id), download_url=store)
        app_id = made["data"]["app_id"]
        install = {"event": "InstallApp", "event_time": now_s, "event_id": "device-1"}
        assert track(install, event_source="app", event_source_id=app_id)["code"] == 0
        assert [(one.event, str(one.pixel_id), one.source) for one in kept()] == [("InstallApp", app_id, Source.SERVER)]
        for nobodys in (str(int(app_id) + 1), "0", "9" * 19, "org.example.shop", "9" * 30):
            answer = track(install, event_source="app", event_source_id=nobodys)
            assert (answer["code"], len(kept())) == (40007, 1), answer

    @pytest.mark.parametrize("source", ["offline", "crm"])
    def test_only_pages_and_apps_report_here(self, track, kept, now_s, source):
        answer = track({"event": "Lead", "event_time": now_s}, event_source=source)
        assert (answer["code"], answer["message"][:14]) == (40002, "event_source: ")
        assert kept() == []

    def test_values_that_nothing_is_worth_are_refused(self, track, kept, now_s):
        for value in (-1, "1e3", "12,50", True, [1], 10**12, float("1e300")):
            properties = {"value": value, "currency": "EUR"}
            answer = track({"event": "Purchase", "event_time": now_s, "properties": properties})
            assert (answer["code"], answer["message"][:24]) == (40002, "data[0].properties.value")
        assert kept() == []


class TestWho:
    def test_a_token_is_asked(self, code):
        from tests.doors.marketing_api.conftest import Dialect

        body = {"event_source": "web", "event_source_id": code, "data": [{"event": "Lead", "event_time": 1}]}
        assert Dialect().post("event/track", **body)["code"] == 40104
        assert Dialect("x").post("event/track", **body)["code"] == 40105

    def test_anothers_pixel_is_told_like_none(self, code, rival, brand, now_s, kept):
        event = {"event": "Lead", "event_time": now_s}
        for client in (rival.client(), brand.client("admin")):
            answers = [
                client.post("event/track", event_source="web", event_source_id=one, data=[event])
                for one in ("0123456789ABCDEFGHIJ", "x", "é" * 20)
            ]
            assert {(one["code"], one["message"]) for one in answers} == {(40007, answers[0]["message"])}
        foreign = rival.client().post("event/track", event_source="web", event_source_id=code, data=[event])
        assert (foreign["code"], foreign["message"]) == (40007, answers[0]["message"])
        assert rival.client().post("pixel/track", pixel_code=code, event="Lead")["code"] == 40007
        assert rival.client().post("pixel/batch", pixel_code=code, batch=[{"event": "Lead"}])["code"] == 40007
        assert kept() == []

    def test_only_those_who_edit_campaigns_report(self, code, brand, kept):
        for role, told in (("operator", 0), ("analyst", 40001), ("finance", 40001)):
            assert brand.client(role).post("pixel/track", pixel_code=code, event="Lead")["code"] == told
        assert len(kept()) == 1


class TestOlderForm:
    EVENT = {
        "event": "CompletePayment",
        "event_id": "order-1",
        "context": {
            "user": {"email": DIGEST, "phone_number": DIGEST, "external_id": DIGEST, "ttp": "b-1"},
            "ad": {"callback": "E.C.P.1"},
            "page": {"url": "https://shop.example/a"},
            "ip": "203.0.113.9",
            "user_agent": "Mozilla/5.0",
        },
        "properties": {"contents": [{"content_id": "a", "price": 5}], "currency": "EUR", "value": 5},
    }

    @pytest.mark.parametrize(
        "spelling", ["{:%Y-%m-%dT%H:%M:%SZ}", "{:%Y-%m-%d %H:%M:%S}", "{:%Y-%m-%dT%H:%M:%S+00:00}"]
    )
    def test_one_event(self, api, code, kept, clock, spelling):
        at_ms = clock.world_ms() - 60_000
        timestamp = spelling.format(to_datetime(at_ms))
        answer = api.post("pixel/track", pixel_code=code, timestamp=timestamp, **self.EVENT)
        assert (answer["code"], answer["data"]) == (0, {})
        (one,) = kept()
        assert (one.event, one.at_ms // 1000, one.click_id) == ("CompletePayment", at_ms // 1000, "E.C.P.1")
        assert one.emails == one.phones == one.external_ids == (bytes.fromhex(DIGEST),)
        assert (one.value_micros, one.page_host) == (5_000_000, "shop.example")

    def test_without_a_time_it_happened_now(self, api, code, kept, clock):
        assert api.post("pixel/track", pixel_code=code, **self.EVENT)["code"] == 0
        assert kept()[0].at_ms == clock.world_ms()

    def test_many(self, api, code, kept):
        wrong = {**self.EVENT, "context": {"user": {"email": "a@b.c"}}}
        late = {**self.EVENT, "timestamp": "yesterday"}
        answer = api.post("pixel/batch", pixel_code=code, batch=[self.EVENT, wrong, late, {}])
        assert answer["code"] == 20001
        failed = answer["data"]["failed_events"]
        assert [(one["order_in_request"], one["error_code"]) for one in failed] == [(1, 40062), (2, 40002), (3, 40002)]
        assert failed[0]["error_message"].startswith("batch[1].context.user.email: ")
        assert failed[1]["error_message"].startswith("batch[2].timestamp: ")
        assert len(kept()) == 1

    def test_a_wrong_one_alone_is_refused_by_its_field(self, api, code, kept):
        answer = api.post("pixel/track", pixel_code=code, event="Lead", context={"user": {"email": "a@b.c"}})
        assert (answer["code"], answer["message"][:20]) == (40062, "context.user.email: ")
        assert kept() == []


def test_what_was_told_is_told_by_pixel_event_stats_once_it_is_settled(track, code, api, brand, kept, now_s, clock):
    day = f"{to_datetime(clock.world_ms()):%Y-%m-%d}"
    (pixel,) = api.get("pixel/list", advertiser_id=str(brand.advertiser.id), code=code)["data"]["pixels"]

    def stats(**span):
        asked = {"pixel_ids": [pixel["pixel_id"]], "date_range": {"start_date": day, "end_date": day, **span}}
        answer = api.get("pixel/event/stats", advertiser_id=str(brand.advertiser.id), **asked)
        assert answer["code"] == 0, answer
        return answer["data"]["list"][0]["statistics"]

    buy = {"event": "CompletePayment", "event_time": now_s, "event_id": "a"}
    track(buy, buy, {"event": "Quiz.done", "event_time": now_s})
    track({**buy, "event_id": "b"}, test_event_code="T")
    assert stats() == []
    settle(kept(), results_of=lambda _: {})
    nothing = {"browser_event_total_count": 0, "attributed_count": 0}
    assert stats() == [
        {
            "pixel_event_type": "SHOPPING",
            "custom_event_type": None,
            "total_count": 1,
            "server_event_total_count": 1,
            "preview_count": 1,
            **nothing,
        },
        {
            "pixel_event_type": "CUSTOM",
            "custom_event_type": "Quiz.done",
            "total_count": 1,
            "server_event_total_count": 1,
            "preview_count": 0,
            **nothing,
        },
    ]
    assert stats(start_date="9999-12-30", end_date="9999-12-31") == []


def test_while_the_log_is_away_nothing_is_said_to_be_kept(api, code, monkeypatch):
    def away(*_args, **_more):
        raise Outage("event log")

    monkeypatch.setattr(event_log, "append", away)
    assert api.post("pixel/track", pixel_code=code, event="Lead")["code"] == 50002
