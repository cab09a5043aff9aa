"""The host sets what holds in its house, reads every change of it, and stops every ad at once."""

from __future__ import annotations

import pytest

from tests.doors.native_api.conftest import errors_of

pytestmark = pytest.mark.django_db


def test_what_is_set_is_told_with_its_history(host):
    before = host.get("/v1/settings").json()
    assert before == {
        "least_budget_micros": 50_000_000,
        "grant_days": [7, 30, 60, 365],
        "review": "by_mode",
        "fee_ppm": 0,
        "languages": ["fr", "en"],
        "ads_stopped": False,
    }
    answer = host.patch("/v1/settings", {"fee_ppm": 100_000, "languages": ["en"], "note": "January."})
    assert answer.json() == {**before, "fee_ppm": 100_000, "languages": ["en"]}
    page = host.get("/v1/settings/changes?limit=1").json()
    assert [(one["name"], one["before"], one["after"], one["note"]) for one in page["items"]] == [
        ("languages", ["fr", "en"], ["en"], "January.")
    ]
    rest = host.get(f"/v1/settings/changes?cursor={page['next_cursor']}").json()["items"]
    assert [(one["name"], one["after"], one["actor"].split(":")[0]) for one in rest] == [("fee_ppm", 100_000, "host")]


def test_what_is_wrong_is_told_by_its_field(host):
    answer = host.patch("/v1/settings", {"fee_ppm": 600_000, "grant_days": [14], "note": ""})
    assert answer.status_code == 422
    assert errors_of(answer) == [
        ("grant_days", "field_invalid"),
        ("fee_ppm", "field_invalid"),
        ("note", "field_required"),
    ]
    assert host.patch("/v1/settings", {"note": "Nothing."}).status_code == 409


def test_every_ad_is_stopped_and_let_run_again(host):
    answer = host.post("/v1/delivery/stop", {"note": "A fault in our prices."})
    assert (answer.status_code, answer.json()["after"]) == (200, True)
    assert host.get("/v1/delivery").json()["ads_stopped"] is True
    assert host.get("/v1/settings").json()["ads_stopped"] is True
    assert host.post("/v1/delivery/stop", {"note": "Again."}).status_code == 409
    assert host.post("/v1/delivery/resume", {"note": "Mended."}).status_code == 200
    assert host.get("/v1/delivery").json()["ads_stopped"] is False
    acts = [one["action"] for one in host.get("/v1/journal?object_kind=setting").json()["items"]]
    assert acts == ["ads_resumed", "ads_stopped"]
