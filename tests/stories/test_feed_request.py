"""A viewer's feed request is decided, from outside: the steps of docs/stories/a-feed-request-is-decided.md.

One sandbox is served for all of them; each makes viewers of its own.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from attise.doors.native_api.schemas.events import EventsAnswer
from attise.doors.native_api.schemas.feed import FeedAnswer
from attise.kernel.clock import SystemClock
from attise.kernel.house import Settings, open_house
from attise.kernel.limits import STATE_LIFE_MS
from attise.measurement.ingest.log import EntryKind
from attise.measurement.ingest.sqlite_log import SqliteLog
from attise.measurement.reports.columnar import read_columns
from attise.records.decision import decode_decision
from attise.records.event import decode_event
from attise.records.token import sealer_of
from attise.serving.delivery.memory import ViewerMemory, decode_memory
from tests.doors.cli.running import COMMAND, Served, made_by, serve
from tests.doors.rig import ROOT, Door, has_ended, listener, rig, until
from tests.stories.town_of_viewers import FeedTown, advertise, build, path_of


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FeedTown]:
    folder = tmp_path_factory.mktemp("feed")
    with rig(folder) as opened:
        yield build(serve(opened, folder / "house", "--sandbox"), folder)


def test_posts_and_an_ad_are_mixed_and_the_ad_is_its_creators_post(town):
    viewer_id = town.viewer()
    shown = [item for _ in range(3) for item in town.feed(viewer_id, session_id="a")]
    ads = [item for item in shown if item["kind"] == "ad"]
    assert 1 <= len(ads) <= 2, "the house's cap for one ad and one viewer"
    assert [item["kind"] for item in shown].index("ad") >= 3
    for item in ads:
        assert item["ad"]["ad_id"] == town.ad_id
        assert item["post_id"] == town.posts[0]
        assert item["ad"]["label"] == "Sponsorisé"
        assert item["ad"]["on_behalf_of"]
        assert item["ad"]["paid_by"]
    assert {item["post_id"] for item in shown} == set(town.posts)


def test_what_is_answered_is_what_the_api_describes(town):
    answer = town.ask("POST", "/v1/feed", town.somebody())
    told = FeedAnswer.model_validate_json(answer.body)
    assert len(told.items) == len({item.token for item in told.items})


def test_a_video_opens_by_its_link_and_a_click_leads_to_the_landing_page(town):
    (ad,) = until(lambda: town.ads(call="ads", count=1, **town.somebody()), "an ad")
    video = town.served.door.ask(path_of(ad["media_url"]), headers={"Range": "bytes=0-99"})
    assert (video.status, len(video.body)) == (206, 100)
    led = town.served.door.ask(path_of(ad["ad"]["click_url"]))
    assert led.status == 302
    to = urlsplit(dict(led.headers)["location"])
    assert (to.netloc, to.path) == ("shop.example", "/soups")
    assert parse_qs(to.query)["ttclid"]
    assert town.served.door.ask(path_of(ad["ad"]["click_url"]) + "A").status == 404
    why = town.served.door.ask(path_of(ad["ad"]["why_url"]), headers={"Accept-Language": "en"})
    assert (why.status, ad["ad"]["on_behalf_of"] in why.body.decode()) == (200, True)


def test_a_viewers_browser_asks_with_a_ticket_for_that_viewer_alone(town):
    viewer_id, other = town.viewer(), town.viewer()
    ticket = town.made(f"/v1/viewers/{viewer_id}/ticket", {})["ticket"]
    assert town.ask("POST", "/v1/feed", {}, key=ticket).status == 200
    assert town.ask("POST", "/v1/feed", {"viewer_id": other}, key=ticket).json["error"]["code"] == "ticket_of_one"
    assert town.ask("GET", f"/v1/viewers/{viewer_id}", key=ticket).status == 401


def test_who_is_elsewhere_or_unknown_sees_no_ad_for_france_and_a_minor_none_by_profile(town):
    for facts in ({"country": "DE"}, {}):
        assert town.ads(call="ads", count=3, viewer={"age": 30, **facts}) == []


def test_a_change_of_a_viewers_facts_binds_the_next_answers(town):
    viewer_id = town.viewer()
    assert town.feed(viewer_id)
    assert town.ask("PATCH", f"/v1/viewers/{viewer_id}", {"country": "DE"}).status == 200
    until(lambda: not town.ads(viewer_id, call="ads", count=1), "the change of facts")
    assert town.ask("DELETE", f"/v1/viewers/{viewer_id}").status == 200
    until(lambda: town.ask("POST", "/v1/feed", {"viewer_id": viewer_id}).status == 404, "the erasure")


def test_what_is_done_with_items_is_durable_once_it_is_answered(town):
    viewer_id = town.viewer()
    items = town.feed(viewer_id)
    (ad,) = [item for item in items if item["kind"] == "ad"][:1] or until(lambda: town.ads(viewer_id), "an ad")[:1]
    now_ms = SystemClock().wire_ms()
    events = [
        {"event_id": f"{viewer_id}-{place}", "type": "impression", "token": item["token"], "at_ms": now_ms}
        for place, item in enumerate(items)
    ]
    answer = town.ask("POST", "/v1/events", {"events": events})
    told = EventsAnswer.model_validate_json(answer.body)
    assert {result.status for result in told.results} == {"accepted"}
    assert {result["status"] for result in town.ask("POST", "/v1/events", {"events": events}).json["results"]} == {
        "duplicate"
    }
    ticket = town.made(f"/v1/viewers/{viewer_id}/ticket", {})["ticket"]
    left = {"ticket": ticket, "events": [{"event_id": "b", "type": "like", "token": ad["token"], "at_ms": now_ms}]}
    beacon = town.ask("POST", "/v1/events", json.dumps(left).encode(), **{"Content-Type": "text/plain"})
    assert [result["status"] for result in beacon.json["results"]] == ["accepted"]
    assert town.served.door.ask(path_of(ad["ad"]["click_url"])).status == 302

    def kept():
        log = SqliteLog(town.served.folder, may_write=False)
        try:
            found = [entry for batch in log.read(0, limit=10_000) for entry in batch.entries]
        finally:
            log.close()
        read = [decode_event(entry.body) for entry in found if entry.kind == EntryKind.EVENT]
        return [event for event in read if event.claims.feed_id == int(feed_of(ad))]

    def feed_of(item):
        claims = sealer_of(open_house(Settings(data=town.served.folder)).secrets).open(item["token"], now_ms=now_ms)
        return claims.feed_id

    clicks = until(lambda: [event for event in kept() if event.type == "click"], "the click")
    assert [str(event.claims.ad.ad_id) for event in clicks] == [town.ad_id]
    assert str(clicks[0].post_id) == town.posts[0]
    assert {"impression", "like", "click"} <= {event.type for event in kept()}

    def told_as_facts():
        # From the house's own files, by any reader of Parquet: the worker has written what settle counted.
        files = sorted((town.served.folder / "facts").glob("facts-*.parquet"))
        asked = f"SELECT * FROM facts WHERE decision_id = {ad['ad']['decision_id']}"
        found = read_columns(asked, files)
        return found if len(found["ad_id"]) else None

    facts = until(told_as_facts, "the facts")
    assert facts["has_decision"].all()
    assert set(facts["ad_id"].tolist()) == {int(town.ad_id)}
    assert set(facts["country"].tolist()) == {"FR"}


def test_who_hides_an_ad_meets_none_for_some_videos(town):
    viewer_id = town.viewer()
    (ad,) = until(lambda: town.ads(viewer_id, call="ads", count=1), "an ad")
    hidden = {"event_id": "h", "type": "hide", "token": ad["token"], "at_ms": SystemClock().wire_ms()}
    assert town.made("/v1/events", {"events": [hidden]})["results"][0]["status"] == "accepted"

    def is_quiet() -> bool:
        assert len(town.feed(viewer_id)) == 8, "the feed goes on"
        return 'attise_slots_total{outcome="after_hide"}' in town.served.door.ask("/metrics").body.decode()

    until(is_quiet, "the stretch without ads")


def test_every_decision_is_explained_in_words_in_two_languages(town):
    (ad,) = until(lambda: town.ads(call="ads", count=1, **town.somebody()), "an ad")
    decision_id = ad["ad"]["decision_id"]
    told = until(
        lambda: (found := town.ask("GET", f"/v1/decisions/{decision_id}")).status == 200 and found.json, "the record"
    )
    assert (told["ad_id"], told["post_id"]) == (town.ad_id, town.posts[0])
    assert told["billing_event"] == "CPC"
    assert 0 <= told["price_micros"] <= 400_000
    assert told["words"]["fr"] != told["words"]["en"]
    assert told["viewer"]["country"] == "FR"
    said = explained(town, decision_id)
    assert told["words"]["fr"] in said
    assert told["words"]["en"] in said
    assert town.ad_id in explained(town, decision_id, "--ad", town.ad_id, "--language", "en")
    assert decision_id in until(lambda: explained(town), "the newest, where none is named")
    nobody = town.feed(viewer={"country": "DE", "age": 30}, count=10)
    assert {item["kind"] for item in nobody} == {"organic"}


def explained(town: FeedTown, *words: str) -> str:
    """Return what the command says of a decision, or of the newest."""
    command = [sys.executable, *COMMAND[:-1], "explain", *words, "--data", str(town.served.folder)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_holdout_is_never_shown_the_campaign_and_leaves_ghosts_that_are_explained(town):
    viewers = [town.viewer() for _ in range(16)]
    path = f"/v1/campaigns/{town.campaign_id}"
    assert town.ask("PATCH", path, {"holdout_ppm": 500_000}).json["holdout_ppm"] == 500_000
    until(lambda: not town.ads(town.viewer(), call="ads", count=1), "the share, at the edge")
    held = [one for one in viewers if not town.ads(one, call="ads", count=1)]
    assert 0 < len(held) < len(viewers)
    assert not any(town.ads(one, call="ads", count=1) for one in held for _ in range(2)), "whatever they ask"
    assert town.ads(call="ads", count=1, **town.somebody()), "who has no memory is in no arm"
    ghosts = until(lambda: ghosts_of(town, held), "the records of ghosts")
    decision = town.ask("GET", f"/v1/decisions/{ghosts[-1]}").json
    assert decision["holdout"] == [{"ad_id": town.ad_id, "campaign_id": town.campaign_id}]
    assert (decision["ad_id"], decision["no_ad"], decision["dropped"]) == (None, "holdout", {"holdout": 1})
    assert "groupe témoin" in decision["words"]["fr"]
    assert "would have won" in explained(town, ghosts[-1], "--language", "en")
    assert town.ask("PATCH", path, {"holdout_ppm": 0}).status == 200
    for one in held:
        until(lambda one=one: town.ads(one, call="ads", count=1), "an ad for who is held out no more")


def ghosts_of(town: FeedTown, viewers: list[str]) -> list[str]:
    """Return the decisions in which each of some viewers left a ghost, once all did; else none."""
    log = SqliteLog(town.served.folder, may_write=False)
    entries = [entry for batch in log.read(0, limit=10_000) for entry in batch.entries]
    log.close()
    told = [decode_decision(entry.body) for entry in entries if entry.kind == EntryKind.DECISION]
    found = [one for one in told if one.ghosts]
    people = {one.viewer.pseudonym for one in found}
    return [str(one.decision_id) for one in found] if len(people) >= len(viewers) else []


def test_what_is_no_viewer_here_is_one_404_whatever_else_it_names(town):
    answers = set()
    for id_ in ("1000000000000000001", town.posts[0], town.ad_id, town.authorization_id, town.bundle["advertiser_id"]):
        answer = town.ask("POST", "/v1/feed", {"viewer_id": id_})
        error = answer.json["error"]
        error.pop("request_id")
        answers.add((answer.status, str(error)))
    assert len(answers) == 1
    assert answers.pop()[0] == 404


def test_two_edges_serve_one_house_each_with_what_it_knows_of_its_viewers(town, tmp_path):
    with listener() as public, rig(tmp_path) as opened:
        number = public.fileno()
        opened.start(
            *("-m", "attise.doors.edge", "--fd", str(number)),
            environ={"ATTISE_DATA": str(town.served.folder)},
            fds=(number,),
        )
        other = FeedTown(Served(None, Door(public.getsockname()[1]), town.served.folder, 0.0), town.bundle)
        until(lambda: other.ask("POST", "/v1/feed", {}).status == 200, "the second edge")
        (ad,) = until(lambda: other.ads(call="ads", count=1, **other.somebody()), "its ads")
        files = {path.name for path in town.served.folder.glob("viewers-*.sqlite3")}
        assert files == {"viewers-0.sqlite3", "viewers-1.sqlite3"}
        decision_id = ad["ad"]["decision_id"]
        until(lambda: town.ask("GET", f"/v1/decisions/{decision_id}").status == 200, "its record, by the first")
        assert town.served.door.ask(path_of(ad["ad"]["click_url"])).status == 302


def test_a_key_stops_everywhere(town):
    bundle = made_by(town.served, "token", "--json")
    assert town.ask("POST", "/v1/feed", {}, key=bundle["host_key"]).status == 200
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from attise.kernel.house import Settings\n"
        "from attise.doors.site.setup import open_process, prepare, release_process\n"
        "process = open_process(prepare(Settings(data=Path(sys.argv[1]))), 'command')\n"
        "from attise.management.accounts import queries\n"
        "from attise.management.accounts.actions import revoke_host_key\n"
        "revoke_host_key(process.means, host_key_id=queries.find_host_key(sys.argv[2]).id)\n"
        "release_process(process)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    subprocess.run(
        [sys.executable, "-c", code, str(town.served.folder), bundle["host_key"]], check=True, env=environment
    )
    until(lambda: town.ask("POST", "/v1/feed", {}, key=bundle["host_key"]).status == 401, "the key's stop")


def kept_memories(town: FeedTown) -> list[ViewerMemory]:
    """Return the running states that are on the disk."""
    with contextlib.closing(sqlite3.connect(town.served.folder / "viewers-0.sqlite3")) as kept:
        return [decode_memory(body) for (body,) in kept.execute("SELECT body FROM memory")]


def test_the_running_state_of_a_viewer_survives_the_edges_death(town):
    viewer_id = town.viewer()
    shown = sum(len(town.feed(viewer_id, session_id="long")) for _ in range(4))
    assert town.ads(viewer_id, call="ads", count=1) == [], "the cap of the day is reached"
    metrics = town.served.door.ask("/metrics").body.decode()
    assert "attise_running_states" in metrics
    assert 'attise_loaded{part="ads"}' in metrics
    assert 'attise_slots_total{outcome="ad"}' in metrics
    until(lambda: any(one.videos == shown and len(one.shown) for one in kept_memories(town)), "the next flush")
    edge = town.served.processes()["edge"]
    os.kill(edge, signal.SIGKILL)
    until(lambda: has_ended(edge), "the death")
    until(town.served.is_well, "another edge")
    until(lambda: town.ads(call="ads", count=1, **town.somebody()), "ads of the other edge")
    assert town.ads(viewer_id, call="ads", count=1) == [], "who was capped is capped"


def test_a_revocation_ends_the_ad_within_two_seconds_and_the_post_goes_on(town):
    clock = SystemClock()
    until(lambda: town.ads(call="ads", count=1, **town.somebody()), "an ad before it")
    revoked = town.ask("POST", f"/v1/authorizations/{town.authorization_id}/revoke", {"when": "now"})
    assert revoked.status == 200, revoked.body
    answered_s = clock.monotonic_s()
    last_ad_s = answered_s
    while clock.monotonic_s() < answered_s + STATE_LIFE_MS / 1_000 + 1:
        began_s = clock.monotonic_s()
        if town.ads(call="ads", count=1, **town.somebody()):
            last_ad_s = began_s
    assert last_ad_s - answered_s <= STATE_LIFE_MS / 1_000
    assert town.posts[0] in {item["post_id"] for item in town.feed(town.viewer(), count=9)}
    advertise(town)
    until(lambda: town.ads(call="ads", count=1, **town.somebody()), "an ad on a new grant")


def test_a_term_keeps_every_record_and_every_running_state(town):
    """The last of this story: the house is closed."""
    viewer_id = town.viewer()
    shown = until(lambda: town.ads(viewer_id, session_id="last"), "an ad")
    assert town.served.child.end() == 0, town.served.child.text
    log = SqliteLog(town.served.folder, may_write=False)
    for ad in shown:
        assert log.find(EntryKind.DECISION, int(ad["ad"]["decision_id"])) is not None
    log.close()
    assert {int(ad["post_id"]) for ad in shown} <= {
        post for memory in kept_memories(town) if memory.session_id == "last" for post in memory.seen_posts.tolist()
    }
