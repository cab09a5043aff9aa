"""A host names posts for an advertiser, has chance choose, and reads what came of those chosen beside the others."""

from __future__ import annotations

import csv
import hashlib

import pytest

from attise.kernel.limits import DAY_MS, HOUR_MS
from attise.management.campaigns.models import Ad
from attise.measurement.attribution.models import AdHour
from attise.measurement.counters.models import Hour
from tests.builders import a_creator, a_post, an_advertiser
from tests.campaign_rows import a_code
from tests.campaigns import fund
from tests.doors.native_api.conftest import errors_of
from tests.lots import lived_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def advertiser(means):
    made = an_advertiser(means)
    fund(means, made.id)
    return made


@pytest.fixture
def posts(means, advertiser):
    creator = a_creator(means)
    made = [a_post(means, creator) for _ in range(8)]
    for post in made:
        a_code(means, post, advertiser)
    return made


@pytest.fixture
def lots(advertiser):
    return f"/v1/advertisers/{advertiser.id}/lots"


def draft(posts, **facts):
    return {
        "post_ids": [str(one.id) for one in posts],
        "promoted": 3,
        "name": "Soups",
        "budget_micros": 50_000_000,
        "days": 3,
        "call_to_action": "LEARN_MORE",
        "landing_page_url": "https://shop.example/soups",
        **facts,
    }


def test_a_lot_is_announced_drawn_and_drawn_again_by_whoever_reads_it(host, posts, lots):
    told = host.post(lots, draft(posts))
    lot = told.json()
    assert (told.status_code, lot["state"], lot["seed"], lot["can_tell"]) == (201, "announced", None, True)
    assert lot["most_micros"] == 3 * 3 * 50_000_000
    assert {one["is_promoted"] for one in lot["posts"]} == {None}
    at = f"/v1/lots/{lot['lot_id']}"
    assert host.get(f"{at}/result").json()["in_all"] is None
    assert errors_of(host.get(f"{at}/export")) == [("lot_id", "lot_not_drawn")]
    drawn = host.post(f"{at}/draw").json()
    assert (drawn["state"], drawn["commitment"]) == ("running", lot["commitment"])
    assert host.post(f"{at}/draw").json() == drawn == host.get(at).json() == host.get(lots).json()["items"][0]

    ids = sorted(int(one["post_id"]) for one in drawn["posts"])
    text = f"{drawn['seed']}:{drawn['promoted']}:{','.join(map(str, ids))}"
    assert hashlib.sha256(text.encode()).hexdigest() == lot["commitment"]
    hashes = {one: hashlib.sha256(f"{drawn['seed']}:{one}".encode()).hexdigest() for one in ids}
    chosen = {str(one) for one in sorted(ids, key=hashes.__getitem__)[:3]}
    assert chosen == {one["post_id"] for one in drawn["posts"] if one["is_promoted"]}
    made = set(map(str, Ad.objects.values_list("id", flat=True)))
    assert {one["ad_id"] for one in drawn["posts"]} - {None} == made
    assert host.delete(at).json()["error"]["code"] == "lot_drawn"


def test_what_came_of_it_is_told_as_figures_and_as_a_file(host, means, posts, lots, advertiser):
    lot = host.post(f"/v1/lots/{host.post(lots, draft(posts)).json()['lot_id']}/draw").json()
    lived_on(means, int(lot["lot_id"]))
    at = f"/v1/lots/{lot['lot_id']}"
    found = host.get(f"{at}/result").json()
    effect = found["in_all"]["effect"]
    assert effect["draws"] == 56
    assert effect["low"] < 1.0 < effect["high"]
    assert effect["differs"]
    assert (found["state"], found["shown"], found["left_out_shown"], found["gone"]) == ("over", 3, 0, 0)
    assert found["during"]["organic"] + found["after"]["organic"] == found["in_all"]["organic"]
    assert sum(one["organic_since"] for one in found["posts"] if one["is_promoted"]) == found["in_all"]["organic"]
    assert found["after"]["paid"] == 0 < found["during"]["paid"]
    assert [one["without"] is None for one in found["steps"]] == sorted(
        (one["without"] is None for one in found["steps"]), reverse=True
    )
    exported = host.get(f"{at}/export")
    rows = list(csv.DictReader(b"".join(exported.streaming_content).decode("utf-8-sig").splitlines()))
    assert [row["post_id"] for row in rows] == [one["post_id"] for one in lot["posts"]]
    promoted = [row for row in rows if row["drawn"] == "promoted"]
    assert sum(int(row["organic_views_since"]) for row in promoted) == found["in_all"]["organic"]
    assert {row["seed"] for row in rows} == {lot["seed"]}
    together = host.get(f"/v1/advertisers/{advertiser.id}/lots-together").json()
    assert (together["lots"], together["promoted"], together["left_out"]) == (1, 3, 5)
    assert together["effect"]["part"] == effect["part"]


def test_before_anything_can_be_told_it_says_nothing(host, posts, lots, advertiser):
    lot = host.post(f"/v1/lots/{host.post(lots, draft(posts)).json()['lot_id']}/draw").json()
    found = host.get(f"/v1/lots/{lot['lot_id']}/result").json()
    assert (found["during"], found["after"], found["in_all"]) == (None, None, None)
    assert host.get(f"/v1/advertisers/{advertiser.id}/lots-together").json()["effect"] is None


def test_a_post_that_was_left_out_and_is_shown_or_goes_is_said(host, means, posts, lots):
    lot = host.post(f"/v1/lots/{host.post(lots, draft(posts)).json()['lot_id']}/draw").json()
    lived_on(means, int(lot["lot_id"]))
    left = [one["post_id"] for one in lot["posts"] if not one["is_promoted"]]
    hour_ms = means.clock.world_ms() // HOUR_MS * HOUR_MS - DAY_MS
    Hour.objects.create(subject_id=int(left[0]), hour_ms=hour_ms, is_paid=True, views=9, impressions=9)
    type(posts[0]).objects.filter(id=int(left[1])).update(state="deleted")
    found = host.get(f"/v1/lots/{lot['lot_id']}/result").json()
    assert (found["left_out_shown"], found["gone"]) == (1, 1)
    assert len(found["posts"]) == 8
    assert AdHour.objects.count() == 3 * 24 * 2


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"promoted": 8}, ("promoted", "field_invalid")),
        ({"budget_micros": 1_000_000}, ("budget_micros", "budget_too_low_per_day")),
        ({"landing_page_url": "ftp://x"}, ("landing_page_url", "creative_url_invalid")),
    ],
)
def test_what_is_wrong_is_told_when_it_is_announced(host, posts, lots, facts, told):
    answer = host.post(lots, draft(posts, **facts))
    assert answer.status_code == 422
    assert told[0] in {field for field, _code in errors_of(answer)}, errors_of(answer)


def test_posts_that_the_advertiser_may_not_use_are_named(host, means, posts, lots):
    foreign = a_post(means, a_creator(means, handle="other"))
    hidden = a_post(means, foreign.creator, visibility="private")
    assert errors_of(host.post(lots, draft([*posts, foreign]))) == [("post_ids[8]", "lot_post_not_usable")]
    nowhere = host.post(lots, draft([*posts, hidden]))
    assert (nowhere.status_code, errors_of(nowhere)) == (404, [("post_ids[8]", "not_found")])


def test_a_lot_that_is_not_drawn_is_let_go_of(host, posts, lots):
    lot = host.post(lots, draft(posts)).json()
    assert host.delete(f"/v1/lots/{lot['lot_id']}").json() == {"removed": True}
    assert host.get(f"/v1/lots/{lot['lot_id']}").status_code == 404
    assert host.get(lots).json()["items"] == []
