"""A sandbox: world time moved by hand, and a clean start that keeps the credentials."""

from __future__ import annotations

import json

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

from attise.doors.native_api import emptying
from attise.doors.native_api import sandbox as sandbox_door
from attise.doors.site import means as site_means
from attise.doors.worker.exporting import Exporting
from attise.doors.worker.settling import Settlement
from attise.kernel.clock import rfc3339
from attise.kernel.errors import Outage
from attise.management.accounts.actions import create_app, issue_token, make_host_key
from attise.management.accounts.queries import find_host_key, find_token
from attise.management.authorizations.models import HistoryEntry
from attise.management.outbox.models import Change, Version
from attise.management.posts.models import Post, Unpublished
from attise.management.processes.models import Process, WorldClock
from attise.management.snapshots.actions import folder_of, write_file
from attise.management.snapshots.actions import follow as follow_changes
from attise.management.snapshots.queries import get_position
from attise.measurement.attribution.models import Head
from attise.measurement.attribution.queries import get_head
from attise.measurement.attribution.recount import recount
from attise.measurement.attribution.recount_conversions import recount_conversions
from attise.measurement.counters.queries import counts_of
from attise.measurement.reports import actions as reports
from attise.measurement.reports.queries import list_files
from attise.records.change import ChangeKind
from tests.builders import a_creator, a_post, an_advertiser
from tests.campaign_rows import a_group_of, a_spark_ad
from tests.doors.native_api.conftest import Host, advertiser_of, creator_of, errors_of
from tests.doors.native_api.specimens import a_decision
from tests.measurement.attribution.happened import POST, Happened, ad_claims, claims, event, open_budget
from tests.races import at_once
from tests.snapshot_reader import Reader, settle
from tests.snapshot_reader import change as tell

pytestmark = pytest.mark.django_db


def test_elsewhere_there_is_nothing_at_these_addresses(host, stranger):
    for path, body in (("clock", {"advance_s": 1}), ("reset", None)):
        response = host.post(f"/sandbox/v1/{path}", body)
        assert response.status_code == 404
        assert errors_of(response) == [(None, "not_a_sandbox")]
        assert stranger.post(f"/sandbox/v1/{path}", body).status_code == 401
    assert WorldClock.objects.get().version == 0
    assert host.post("/sandbox/v1/traffic", {"viewers": 1, "hours": 1}).status_code == 404
    assert host.get("/v1/life").status_code == 404


@pytest.mark.parametrize(
    ("field", "body"),
    [
        ("viewers", {"viewers": 0, "hours": 1}),
        ("viewers", {"viewers": 2_001, "hours": 1}),
        ("hours", {"viewers": 1, "hours": 0}),
        ("hours", {"viewers": 1, "hours": 169}),
    ],
)
@pytest.mark.usefixtures("sandbox")
def test_traffic_has_bounds(host, field, body):
    response = host.post("/sandbox/v1/traffic", body)
    assert response.status_code == 422
    assert [named for named, _ in errors_of(response)] == [field]


@pytest.mark.usefixtures("sandbox")
def test_traffic_waits_for_whoever_settles_and_for_other_traffic(host, monkeypatch):
    asked = {"viewers": 1, "hours": 1}
    assert host.post("/sandbox/v1/traffic", asked).status_code == 503, "nobody settles here"
    monkeypatch.setattr(sandbox_door, "is_alive", lambda *_: True)
    with sandbox_door._one_at_a_time():
        assert host.post("/sandbox/v1/traffic", asked).status_code == 503
    monkeypatch.setattr(sandbox_door, "TRAFFIC", "attise.nowhere")
    assert host.post("/sandbox/v1/traffic", asked).status_code == 503, "its process failed"


def test_the_clock_moves_world_time_and_leaves_wire_time(host, sandbox, clock):
    before_world, before_wire = clock.world_ms(), clock.wire_ms()
    answer = host.post("/sandbox/v1/clock", {"advance_s": 86_400})
    assert answer.status_code == 200
    assert answer.json() == {"now": rfc3339(before_world + 86_400_000)}
    assert (clock.world_ms(), clock.wire_ms()) == (before_world + 86_400_000, before_wire)
    assert host.post("/sandbox/v1/clock", {"advance_s": 0}).json() == answer.json()
    assert WorldClock.objects.get().version == 2


def test_a_grant_expires_when_its_days_are_skipped(host, sandbox, means):
    post = a_post(means, a_creator(means))
    made = host.post(f"/v1/posts/{post.id}/authorizations", {"days": 7}).json()
    path = f"/v1/authorizations/{made['authorization_id']}"
    host.post("/sandbox/v1/clock", {"advance_s": 7 * 86_400 - 1})
    assert host.get(path).json()["state"] == "issued"
    host.post("/sandbox/v1/clock", {"advance_s": 1})
    assert host.get(path).json()["state"] == "expired"


@pytest.mark.parametrize("advance", [-1, 1.0, "60", True, None, 10**12, 1e3])
def test_time_moves_by_whole_seconds_forward(host, sandbox, advance):
    response = host.post("/sandbox/v1/clock", {"advance_s": advance})
    assert response.status_code == 422
    assert errors_of(response) == [("advance_s", "field_invalid")]
    assert WorldClock.objects.get().version == 0


def test_world_time_ends_before_dates_do(host, sandbox):
    ten_years = {"advance_s": 10 * 365 * 86_400}
    answers = [host.post("/sandbox/v1/clock", ten_years) for _ in range(9)]
    assert [answer.status_code for answer in answers] == [200] * 7 + [422] * 2
    assert errors_of(answers[-1]) == [("advance_s", "field_invalid")]


@pytest.mark.django_db(transaction=True)
def test_the_answer_waits_for_every_live_process_that_must_follow(host, sandbox, clock, means):
    now = clock.wire_ms()
    for node, (role, seen) in enumerate(
        {"edge": now, "worker": now, "settle": now, "command": now, "site": now}.items()
    ):
        Process.objects.create(node=node, role=role, holder=role, seen_at_ms=seen)
    Process.objects.create(node=9, role="worker", holder="dead", seen_at_ms=now - 60_000)
    waited, counted = [], []
    happened = Happened(means, settings.HOUSE.folder).emptied()
    happened.append([event(means, "share", event_id=f"{number}", person=f"p{number}") for number in range(5)])
    settlement = Settlement(settings.HOUSE)

    def follow():
        """Be the processes: acknowledge one after the other, once the clock has moved."""
        while not waited:
            version = WorldClock.objects.get().version
            behind = Process.objects.filter(node__in=(0, 1, 2), clock_version__lt=version).order_by("node").first()
            if behind is not None:
                Process.objects.filter(node=behind.node).update(clock_version=version)
            elif version:
                while follow_changes(means, holder="a test"):
                    pass
                settlement.settle()
                settlement.publish()
                told = {"applied_version": Version.objects.get().n, "applied_delta": get_position().number}
                Process.objects.filter(node=0).update(**told, applied_totals=get_head().version)

    def move():
        answer = host.post("/sandbox/v1/clock", {"advance_s": 60})
        acknowledged = list(Process.objects.filter(node__in=(0, 1, 2)).values_list("clock_version", flat=True))
        waited.append(answer.status_code)
        edge = Process.objects.get(node=0)
        counted.append(counts_of(POST).of("shares").total)
        return answer.status_code, acknowledged, (edge.applied_version, edge.applied_delta)

    moved, _ = at_once([move, follow])
    assert moved == (200, [1, 1, 1], (Version.objects.get().n, get_position().number))
    assert counted == [5], "what was accepted before the call is settled"
    happened.close()


def test_an_edge_that_has_not_read_what_the_clock_led_to_is_waited_for(host, sandbox, clock, means, monkeypatch):
    """It acknowledged the clock; changes, deltas and totals that came of it are another matter."""
    monkeypatch.setattr(sandbox_door, "TURNS", 3)
    tell(means, ChangeKind.POST_CHANGED, 1)
    version = Version.objects.get().n
    Process.objects.create(
        node=0, role="edge", holder="edge", seen_at_ms=clock.wire_ms(), clock_version=9, applied_version=version - 1
    )
    assert host.post("/sandbox/v1/clock", {"advance_s": 60}).status_code == 503
    Process.objects.update(applied_version=version)
    assert host.post("/sandbox/v1/clock", {"advance_s": 60}).status_code == 200
    Head.objects.update(version=5)
    assert host.post("/sandbox/v1/clock", {"advance_s": 60}).status_code == 503
    Process.objects.update(applied_totals=5)
    Process.objects.create(node=1, role="worker", holder="worker", seen_at_ms=clock.wire_ms(), clock_version=9)
    assert host.post("/sandbox/v1/clock", {"advance_s": 60}).status_code == 503, "the worker has made no delta yet"
    while follow_changes(means, holder="a test"):
        pass
    assert host.post("/sandbox/v1/clock", {"advance_s": 60}).status_code == 503, "the edge has not read it"
    Process.objects.filter(node=0).update(applied_delta=get_position().number)
    assert host.post("/sandbox/v1/clock", {"advance_s": 60}).status_code == 200


def test_a_process_that_does_not_follow_is_an_outage(host, sandbox, clock, monkeypatch):
    Process.objects.create(node=0, role="worker", holder="stuck", seen_at_ms=clock.wire_ms())
    monkeypatch.setattr(sandbox_door, "TURNS", 3)
    response = host.post("/sandbox/v1/clock", {"advance_s": 60})
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) >= 1
    assert errors_of(response) == [(None, "unavailable")]
    assert Outage("x").retry_after_s == 1


def test_a_reset_keeps_credentials_and_deletes_the_rest_with_its_files(host, sandbox, clip, media, means):
    _, second_key = make_host_key(means, name="second")
    advertiser = an_advertiser(means)
    app, _ = create_app(means, name="SDK", redirect_uris=["https://app.example.org/back"])
    _, token = issue_token(means, app_id=app.id, person_id=None, advertiser_ids=[advertiser.id], scopes=[1])
    bc_id, advertiser_id = advertiser_of(host)
    meta = {"creator_id": creator_of(host)}
    post = host.publish(meta, clip, idempotency_key="p").json()
    code = host.post(f"/v1/posts/{post['post_id']}/authorizations", {"days": 7}).json()["code"]
    host.post(f"/v1/advertisers/{advertiser_id}/codes", {"codes": [code]})
    host.post("/v1/viewers", {"external_id": "u1"})
    files = [path for path in media.media.rglob("*") if path.is_file()]
    assert files
    version = Version.objects.get().n

    answer = host.post("/sandbox/v1/reset")
    assert answer.status_code == 200
    assert answer.json()["deleted_rows"] > 5

    assert find_host_key(second_key) is not None
    assert find_token(token) is not None
    assert host.get(f"/v1/advertisers/{advertiser_id}").status_code == 200
    assert host.get(f"/v1/business-centers/{bc_id}").status_code == 200
    for path in (f"/v1/posts/{post['post_id']}", f"/v1/creators/{meta['creator_id']}"):
        assert host.get(path).status_code == 404
    assert host.get("/v1/viewers").json()["items"] == []
    assert host.get(f"/v1/advertisers/{advertiser_id}/posts").json()["items"] == []
    assert not HistoryEntry.objects.exists()
    for name in emptied_tables():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT COUNT(*) FROM "{name}"')
            assert cursor.fetchone() == (0,), name
    told = set(Change.objects.filter(version__gt=version).values_list("kind", "object_id"))
    assert ("post_stopped", int(post["post_id"])) in told
    assert ("creator_stopped", int(meta["creator_id"])) in told
    assert Version.objects.get().n == version + len(told)
    # Everything can be made again, under the same names.
    assert host.publish({"creator_id": creator_of(host)}, clip, idempotency_key="p").status_code == 201


@pytest.mark.django_db(transaction=True)
def test_files_go_once_the_rows_are_gone(host, sandbox, clip, media):
    host.publish({"creator_id": creator_of(host)}, clip)
    assert [path for path in media.media.rglob("*") if path.is_file()]
    assert host.post("/sandbox/v1/reset").status_code == 200
    assert [path for path in media.media.rglob("*") if path.is_file()] == []


@pytest.mark.django_db(transaction=True)
def test_a_reset_forgets_what_was_decided_and_tells_edges_whom_to_forget(host, sandbox, media, means):
    decision_id = a_decision(means)
    viewer_id = int(host.post("/v1/viewers", {}).json()["viewer_id"])
    assert host.get(f"/v1/decisions/{decision_id}").status_code == 200
    assert host.post("/sandbox/v1/reset").status_code == 200
    assert host.get(f"/v1/decisions/{decision_id}").status_code == 404
    body = Change.objects.filter(kind="viewer_changed", object_id=viewer_id).latest("version").body
    assert json.loads(body)["erased"] is True


@pytest.mark.django_db(transaction=True)
def test_a_reset_forgets_facts_and_models_and_what_happens_then_is_told(host, sandbox, media, means):
    happened = Happened(means, settings.HOUSE.folder).emptied()
    exporting = Exporting(settings.HOUSE)
    folder, models = settings.HOUSE.folder / "facts", settings.HOUSE.folder / "models"
    models.mkdir(exist_ok=True)
    (models / "1.model").touch()
    envelopes = open_budget(means)
    happened.settle(event(means, "impression", claims(means, ad_claims(envelopes)), after_s=1))
    exporting.export()
    assert len(list(folder.glob("*.parquet"))) == len(list_files()) == 1
    assert host.post("/sandbox/v1/reset").status_code == 200
    assert (list(folder.glob("*.parquet")), list_files(), models.exists()) == ([], [], False)
    unpaid = claims(means, ad_claims(billing_event="CPC"))
    happened.settle(event(means, "impression", unpaid, after_s=1))
    exporting.export()
    assert [one.rows for one in list_files()] == [1]
    reports.remove_files(settings.HOUSE)
    happened.emptied().close()


@pytest.mark.django_db(transaction=True)
def test_after_a_reset_the_log_is_whole_though_some_of_it_was_not_settled(host, sandbox, media, means, monkeypatch):
    happened = Happened(means, sandbox.folder).emptied()
    asked = {"whose": happened.whose}
    happened.settle(event(means, "play", claims(means)))
    for person in ("bob", "cleo"):  # two batches that nobody has settled
        happened.append([event(means, "play", claims(means, viewer=person))])
    remove = emptying._remove_files

    def remove_later(*given):
        """Something is received, and settled, between the emptied tables and the emptied log."""
        happened.append([event(means, "share", post_id=700, person="dan")])
        happened.settle()
        remove(*given)

    monkeypatch.setattr(emptying, "_remove_files", remove_later)
    assert host.post("/sandbox/v1/reset").status_code == 200
    monkeypatch.setattr(emptying, "_remove_files", remove)
    assert recount(happened.log, **asked).is_whole
    happened.settle(event(means, "save", post_id=700, person="eve"))
    told = recount(happened.log, **asked)
    assert (told.difference, told.is_whole, told.events) == (None, True, 2)
    pages = recount_conversions(means, happened.log, known=set, **asked)
    assert (pages.difference, pages.is_whole) == (None, True)
    counted = counts_of(POST)
    assert [counted.of(one).total for one in ("views", "shares", "saves")] == [0, 1, 1], "of before nothing counts"
    for _ in range(2):  # emptied again, also with a log that holds nothing
        assert host.post("/sandbox/v1/reset").status_code == 200
        assert recount(happened.log, **asked).is_whole
    happened.settle(event(means, "save", post_id=700, person="eve"))
    told = recount(happened.log, **asked)
    assert (told.difference, told.is_whole, told.events) == (None, True, 1)
    happened.emptied().close()


@pytest.mark.django_db(transaction=True)
def test_after_a_reset_nothing_runs_and_snapshots_begin_again(host, sandbox, clip, media, means):
    """Deltas went with the rest, their numbers did not: whoever had read some begins again from a new file."""
    house, advertiser = settings.HOUSE, an_advertiser(means)
    ad = a_spark_ad(means, a_group_of(means, advertiser), a_post(means, a_creator(means)))
    tell(means, ChangeKind.AD_CHANGED, ad.id)
    settle(means)
    write_file(means, house)
    reader = Reader.from_nothing()
    reader.catch_up()
    assert list(reader.fold.ads()) == [ad.id]
    assert host.post("/sandbox/v1/reset").status_code == 200
    assert list(folder_of(house).glob("*.snapshot")) == []
    reader.catch_up()
    assert reader.fold.ads() == {}
    host.publish({"creator_id": creator_of(host)}, clip)
    settle(means)
    fresh = Reader.from_file_of_now(means, house)
    assert fresh.fold.ads() == {}
    assert len(fresh.fold.posts()) == 1
    assert reader.catch_up()[-1].number == fresh.number


def test_after_a_reset_histories_refuse_to_be_changed_as_before(host, sandbox, means):
    from django.db import DatabaseError, transaction

    host.post("/sandbox/v1/reset")
    post = a_post(means, a_creator(means))
    host.post(f"/v1/posts/{post.id}/authorizations", {"days": 7})
    for change in (lambda rows: rows.update(verb="forged"), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change(HistoryEntry.objects.all())


@pytest.mark.django_db(transaction=True)
def test_a_reset_removes_uploads_that_wait_of_posts_and_of_videos_to_be_looked_over(host, sandbox, media, means):
    creator = a_creator(means)
    a_post(means, creator, media=None, state="processing", pending_file="of-a-post")
    Unpublished.objects.create(id=means.ids.next(), creator=creator, pending_file="of-a-look", kept_at_ms=0)
    for name in ("of-a-post", "of-a-look", "being-received"):
        (media.uploads / name).touch()
    assert host.post("/sandbox/v1/reset").status_code == 200
    assert [one.name for one in media.uploads.iterdir()] == ["being-received"]
    fields = [field for model in apps.get_models() for field in model._meta.local_fields]
    waiting = {field.model._meta.db_table for field in fields if field.name == "pending_file"}
    assert waiting == set(emptying._UPLOADS), "every table that names an upload is asked for it"


def emptied_tables() -> set[str]:
    return {model._meta.db_table for model in apps.get_models(include_auto_created=True)} - emptying.KEPT


def test_what_stays_is_a_table_that_is_there_and_points_at_nothing_that_goes():
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    assert tables >= emptying.KEPT
    for model in apps.get_models(include_auto_created=True):
        if model._meta.db_table in emptying.KEPT:
            targets = {
                field.related_model._meta.db_table
                for field in model._meta.get_fields()
                if field.many_to_one and field.concrete
            }
            assert targets <= emptying.KEPT, model


def test_what_decisions_must_forget_is_told_by_names_that_are_there():
    with connection.cursor() as cursor:
        for table, which, _ in emptying._STOPS:
            cursor.execute(f'SELECT id FROM "{table}" WHERE {which}')
            assert cursor.fetchall() == []


def test_a_reset_that_fails_leaves_everything(host, sandbox, means, monkeypatch):
    post = a_post(means, a_creator(means))
    host.post(f"/v1/posts/{post.id}/authorizations", {"days": 7})

    def broken(*_):
        raise AssertionError("in the middle")

    monkeypatch.setattr(emptying, "_remove_files", lambda *_: None)
    monkeypatch.setattr(emptying.transaction, "on_commit", broken)
    assert host.post("/sandbox/v1/reset").status_code == 500
    assert Post.objects.count() == 1
    assert HistoryEntry.objects.count() == 1


def test_the_site_follows_the_clock_that_another_process_moved(host, sandbox, clock):
    WorldClock.objects.update(offset_ms=3_600_000, version=1)
    before = clock.world_ms()
    assert host.get("/v1/viewers").status_code == 200
    assert site_means.means().clock.world_ms() == before + 3_600_000
    assert Host(host.key).post("/sandbox/v1/clock", {"advance_s": 0}).json() == {"now": rfc3339(before + 3_600_000)}
