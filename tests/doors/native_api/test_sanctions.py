"""The host suspends and restores accounts, and reads what was done."""

from __future__ import annotations

import pytest

from tests.builders import a_creator, a_person
from tests.doors.native_api.conftest import advertiser_of, errors_of

pytestmark = pytest.mark.django_db


def test_each_sort_of_account_is_suspended_and_restored(host, means):
    ids = {
        "creators": a_creator(means).id,
        "advertisers": advertiser_of(host)[1],
        "people": a_person(means, "plain@example.org").id,
    }
    for sort, account_id in ids.items():
        here = f"/v1/{sort}/{account_id}"
        answer = host.post(f"{here}/suspend", {"reason": "Spam.", "strike": False})
        assert (answer.status_code, answer.json()["action"], answer.json()["strike"]) == (200, "suspended", False)
        assert host.post(f"{here}/suspend", {"reason": "Spam."}).status_code == 409
        assert host.post(f"{here}/restore", {"reason": "Heard."}).json()["subject_id"] == str(account_id)
        assert errors_of(host.post(f"{here}/suspend", {"reason": ""})) == [("reason", "field_required")]
    told = host.get("/v1/sanctions?limit=5").json()
    assert [one["subject"] for one in told["items"]] == ["login", "login", "advertiser", "advertiser", "creator"]
    rest = host.get(f"/v1/sanctions?cursor={told['next_cursor']}").json()["items"]
    assert [(one["subject"], one["action"], one["reason"]) for one in rest] == [("creator", "suspended", "Spam.")]


def test_a_suspended_creator_is_told_as_such(host, means):
    creator = a_creator(means)
    host.post(f"/v1/creators/{creator.id}/suspend", {"reason": "Spam."})
    assert host.get(f"/v1/creators/{creator.id}").json()["state"] == "suspended"
    post = {"creator_id": str(creator.id), "media_url": "https://media.example.org/v.mp4", "media_md5": "0" * 32}
    assert host.post("/v1/posts", post).status_code in {404, 409, 422}
