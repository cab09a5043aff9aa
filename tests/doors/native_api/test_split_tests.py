"""A host compares two ad groups for an advertiser: drafts, launches, reads what came of it as a file too, ends it."""

from __future__ import annotations

import csv
from decimal import Decimal

import msgspec
import pytest
from django.conf import settings

from attise.doors.worker import weighing as worker
from attise.doors.worker.weighing import Weighing
from attise.kernel.actor import COMMAND
from attise.kernel.clock import rfc3339
from attise.kernel.errors import Outage
from attise.management.campaigns import queries
from attise.management.campaigns.models import Ad
from attise.management.library.models import Video
from attise.management.posts import actions as posts
from attise.management.posts.models import Media
from attise.measurement.lift.kept import LATE_MS
from attise.measurement.lift.models import SplitResult
from attise.measurement.reports.models import Watermark
from tests.builders import a_creator, a_post, an_advertiser
from tests.campaign_rows import a_code
from tests.campaigns import a_campaign, an_ad, an_adgroup, fund
from tests.measurement.attribution.happened import claims
from tests.measurement.lift.trial import Trial
from tests.measurement.reports.facing import decision_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(means):
    return a_post(means, a_creator(means))


@pytest.fixture
def advertiser(means):
    made = an_advertiser(means)
    fund(means, made.id)
    return made


@pytest.fixture
def groups(means, advertiser, post):
    """Two ad groups of one campaign, both with the same creator's post."""
    campaign = a_campaign(means, advertiser.id)
    identity_id = a_code(means, post, advertiser)
    made = [an_adgroup(means, campaign, name) for name in ("First", "Second")]
    for group in made:
        an_ad(means, group, identity_id, post.id)
    Ad.objects.update(review="approved")
    return made


@pytest.fixture
def tests(advertiser):
    return f"/v1/advertisers/{advertiser.id}/split-tests"


def draft(groups, **more):
    return {"name": "Two", "first_id": str(groups[0].id), "second_id": str(groups[1].id), "days": 14, **more}


@pytest.fixture
def trial(means, post):
    made = Trial(means, settings.HOUSE.folder).emptied()
    yield made.opened(post=post.id, creator=post.creator_id)
    made.emptied().close()


def live(trial, split_id, groups, *, people: int) -> None:
    """Every other viewer is shown the first side; those follow three times as often."""
    told = []
    for number in range(people):
        side, person = number % 2, f"v{number:04}"
        ad = msgspec.structs.replace(trial.ad, adgroup_id=groups[side].id)
        of = claims(trial.means, ad, viewer=person, post_id=trial.post, creator_id=trial.creator)
        trial.keep(msgspec.structs.replace(decision_of(of), splits=((split_id, side),)))
        told.append(trial.does(person, "impression", of=of, after_s=2))
        if number % (4, 12)[side] < 2:
            told.append(trial.does(person, "follow", of=of, after_s=9))
    trial.happens(told)


def test_a_test_is_drafted_launched_read_and_ended(host, means, tests, groups, trial):
    made = host.post(tests, draft(groups))
    assert made.status_code == 201, made.content
    split = made.json()
    at = f"/v1/split-tests/{split['split_id']}"
    assert (split["state"], split["starts_at"], split["differing"]) == ("draft", None, [])
    before = host.get(f"{at}/result").json()
    assert (before["measures"], before["first"], before["planned_by"]) == ([], None, "example")
    assert [one["signal"] for one in before["plans"]] == ["completions", "follows", "comments"]
    assert host.get(f"{at}/export").json()["error"]["code"] == "split_nothing_yet"
    running = host.post(f"{at}/launch").json()
    assert (running["state"], host.post(f"{at}/launch").json()["error"]["code"]) == ("running", "split_launched")
    assert host.get(tests).json()["items"] == [running]
    early = host.get(f"{at}/result").json()
    assert (early["data_until"], early["first"], early["measures"]) == (None, None, [])
    live(trial, int(split["split_id"]), groups, people=240)
    Watermark.objects.update(complete_to_ms=means.clock.world_ms())
    weighing = Weighing(settings.HOUSE)
    assert [weighing.turn(), weighing.turn()] == [1, 0], "nothing came since"
    found = host.get(f"{at}/result").json()
    assert found["data_until"] == rfc3339(means.clock.world_ms())
    assert (found["first"]["viewers"], found["second"]["viewers_reached"]) == (120, 120)
    assert found["balance"] == {"expected": 0.5, "found": 0.5, "p_value": 1.0, "is_right": True}
    follows = next(one for one in found["measures"] if one["measure"] == "follow_rate")
    assert (follows["first"], follows["second"]) == (0.5, pytest.approx(1 / 6))
    assert 0 < follows["difference"]["low"] < follows["difference"]["value"] < follows["difference"]["high"]
    assert follows["verdict"] == "too_little"  # 120 impressions of 5,000
    assert follows["lacking"] == {"of": "impressions", "more": 4_880, "days": None}
    file = host.get(f"{at}/export")
    lines = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].startswith('"measure","first","second","difference",')
    (row,) = [one for one in csv.reader(lines) if one[0] == "follow_rate"]
    assert [float(one) for one in row[1:3]] == [0.5, pytest.approx(1 / 6, abs=1e-6)]
    (standing,) = host.get(f"{tests}/standings").json()["items"]
    assert standing == {"split_test": running, "result": found}
    days = host.get(f"{at}/days").json()
    assert days["data_until"] == found["data_until"]
    (day,) = days["days"]
    assert (day["first"]["impressions"], day["second"]["follows"]) == (120, 20)
    rate = next(one["first"] for one in day["measures"] if one["measure"] == "follow_rate")
    assert rate["low"] < rate["value"] == 0.5 < rate["high"]
    lines = b"".join(host.get(f"{at}/days/export").streaming_content).decode("utf-8-sig").splitlines()
    told = list(csv.DictReader(lines))
    assert [(one["side"], one["impressions"]) for one in told] == [("first", "120"), ("second", "120")]
    charged_micros = found["first"]["charged_micros"] + found["second"]["charged_micros"]
    assert sum(Decimal(one["charged"]) for one in told) * 1_000_000 == charged_micros > 0
    assert host.post(f"{at}/end").json()["state"] == "over"
    assert host.delete(at).json()["error"]["code"] == "split_launched"
    means.clock.advance(seconds=8 * 86_400)
    assert host.get(f"{tests}/standings").json()["items"] == [], "it ended a week ago"


def test_one_that_cannot_be_worked_out_rests_as_the_others_do(host, means, tests, groups, clock, monkeypatch):
    split = host.post(tests, draft(groups)).json()
    host.post(f"/v1/split-tests/{split['split_id']}/launch")
    Watermark.objects.update(complete_to_ms=means.clock.world_ms())

    def fails(*_args, **_facts) -> None:
        raise Outage("facts")

    monkeypatch.setattr(worker, "weigh", fails)
    weighing = Weighing(settings.HOUSE)
    with pytest.raises(Outage):
        weighing.turn()
    assert weighing.turn() == 0, "others have their turn"
    monkeypatch.undo()
    clock.advance(seconds=31)
    assert weighing.turn() == 1


def test_the_oldest_of_many_tests_has_its_turn_too(host, means, tests, groups, trial, clock, monkeypatch):
    monkeypatch.setattr(worker, "LOOKED_AT", 1)
    made = []
    for _number in range(2):
        made.append(f"/v1/split-tests/{host.post(tests, draft(groups)).json()['split_id']}")
        host.post(f"{made[-1]}/launch")
        host.post(f"{made[-1]}/end")
        clock.advance(seconds=60)
    Watermark.objects.update(complete_to_ms=means.clock.world_ms())
    weighing = Weighing(settings.HOUSE)
    assert [weighing.turn() for _turn in range(4)] == [1, 1, 0, 0]
    assert None not in [host.get(f"{at}/result").json()["data_until"] for at in made]


def test_a_final_result_that_another_release_kept_is_worked_out_anew(host, means, tests, groups, trial, clock):
    at = f"/v1/split-tests/{host.post(tests, draft(groups)).json()['split_id']}"
    host.post(f"{at}/launch")
    host.post(f"{at}/end")
    clock.advance(seconds=LATE_MS // 1_000 + 1)
    Watermark.objects.update(complete_to_ms=means.clock.world_ms())
    assert [Weighing(settings.HOUSE).turn(), Weighing(settings.HOUSE).turn()] == [1, 0]
    assert SplitResult.objects.get().is_final
    SplitResult.objects.update(body=msgspec.msgpack.encode({"of": "another release"}))
    assert host.get(f"{at}/result").json()["data_until"] is None
    weighing = Weighing(settings.HOUSE)
    assert [weighing.turn(), weighing.turn()] == [1, 0]
    assert host.get(f"{at}/result").json()["data_until"] is not None


def test_what_was_said_on_the_ads_of_each_side_is_told_while_it_ran(host, means, tests, groups, post, clock):
    split = host.post(tests, draft(groups)).json()
    at = f"/v1/split-tests/{split['split_id']}"
    view = queries.get_split(advertiser_id=groups[0].advertiser_id, split_id=int(split["split_id"]))
    ads = [queries.ads_of_side(view, side) for side in (0, 1)]

    def said(text: str, ad_id: int) -> int:
        comment = {"comment_id": means.ids.next(), "post_id": post.id, "viewer_id": 7, "follows": ()}
        clock.advance(seconds=60)
        return posts.add_comment(means, **comment, text=text, event=b"", ad_id=ad_id).id

    said("Before", ads[0][0])
    assert host.get(f"{at}/comments").json()["items"] == []
    host.post(f"{at}/launch")
    said("In the feed", 0)
    first = [said("First", ads[0][0]), said("Again", ads[0][0])]
    hidden, _second = said("Hidden", ads[1][0]), said("Second", ads[1][0])
    posts.moderate_comment(means, COMMAND, post_id=post.id, comment_id=hidden, is_hidden=True)
    part = host.get(f"{at}/comments?limit=1").json()
    rest = host.get(f"{at}/comments?limit=1&cursor={part['next_cursor']}").json()
    assert [one["comment_id"] for one in part["items"] + rest["items"]] == [str(one) for one in first[::-1]]
    assert [one["text"] for one in host.get(f"{at}/comments?side=second").json()["items"]] == ["Second"]
    wrong = host.get(f"{at}/comments?side=third")
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (422, "side")


def test_a_test_of_foreign_or_unlike_things_is_refused_by_field(host, means, tests, groups):
    other = an_advertiser(means, name="Elsewhere")
    foreign = an_adgroup(means, a_campaign(means, other.id))
    told = host.post(tests, draft(groups, second_id=str(foreign.id)))
    assert (told.status_code, told.json()["error"]["field"]) == (404, "second_id")
    wrong = host.post(tests, draft(groups, second_id=str(groups[0].id), level="ad"))
    assert {one["code"] for one in wrong.json()["error"]["errors"]} == {"choice_unknown", "split_same_sides"}
    empty = an_adgroup(means, a_campaign(means, groups[0].advertiser_id, name="More"))
    split = host.post(tests, draft(groups, second_id=str(empty.id))).json()
    refused = host.post(f"/v1/split-tests/{split['split_id']}/launch")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "split_not_ready")
    assert host.delete(f"/v1/split-tests/{split['split_id']}").json() == {"removed": True}
    assert host.get(f"/v1/split-tests/{split['split_id']}").status_code == 404


def test_the_same_video_in_two_formats_is_drafted_in_one_call(host, means, tests, groups, advertiser):
    spark = queries.list_ads(means, advertiser_id=advertiser.id).items[-1]
    asked = {"name": "Two formats", "ad_id": str(spark.id), "video_id": a_video(means, advertiser), "days": 28}
    asked["display_name"] = "Aubrée"
    made = host.post(f"{tests}/formats", asked)
    assert made.status_code == 201, made.content
    split = made.json()
    assert (split["first"]["kinds"], split["second"]["kinds"]) == (["spark"], ["standard"])
    missing = host.post(f"{tests}/formats", {**asked, "video_id": "v10033g50000nobody"})
    assert (missing.status_code, missing.json()["error"]["field"]) == (404, "video_id")
    assert len(host.get(tests).json()["items"]) == 1


def a_video(means, advertiser) -> str:
    """Put a video into the library, of which nobody looks at the file."""
    media = Media.objects.create(
        id=means.ids.next(),
        key="k" * 26,
        kind="video",
        signature_md5="0" * 32,
        file_name="video.mp4",
        has_cover=True,
        size_bytes=10,
        duration_ms=9_000,
        width=360,
        height=640,
        created_at_ms=0,
    )
    named = {"video_id": "v10033g50000two", "file_name": "two.mp4", "created_at_ms": 0, "modified_at_ms": 0}
    return Video.objects.create(id=means.ids.next(), advertiser=advertiser, media=media, **named).video_id
