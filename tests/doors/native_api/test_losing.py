"""A request whose transaction loses to another is answered as if it had not, and does what it does once."""

from __future__ import annotations

import json

import pytest

from attise.kernel.limits import VERB_RETRIES
from attise.management.accounts.models import Creator
from attise.management.idempotency.models import Key
from attise.management.outbox import queries as outbox
from attise.management.posts import store
from attise.management.posts.models import Media, Post
from tests.doors.native_api.conftest import creator_of, errors_of
from tests.losing import FOR_EVER, losing

pytestmark = pytest.mark.django_db(transaction=True)
CREATOR = {"handle": "lea", "display_name": "Léa"}


def stored(house) -> list[str]:
    return sorted(path.parent.name for path in house.media.glob("??/*/video.mp4"))


@pytest.mark.parametrize("table", ["accounts_creator", "idempotency_key", "outbox_version"])
def test_a_request_with_a_key_that_loses_is_answered_and_done_once(host, clock, table):
    """Wherever it loses: as it takes its key, in its work, or as its changes get their numbers."""
    with losing(clock, 2, table=table) as lost:
        answer = host.post("/v1/creators", CREATOR, idempotency_key="k")
    assert answer.status_code == 201, answer.content
    assert len(lost.pauses) == 2
    assert Creator.objects.count() == 1
    assert outbox.get_version() == 1
    again = host.post("/v1/creators", CREATOR, idempotency_key="k")
    assert again.content == answer.content
    assert again.headers["Idempotency-Replayed"] == "true"


def test_a_request_without_a_key_is_done_once_too(host, clock):
    with losing(clock, 3, table="accounts_creator"):
        assert host.post("/v1/creators", CREATOR).status_code == 201
    assert Creator.objects.count() == 1


def test_a_request_that_loses_too_often_is_an_outage_that_leaves_nothing(host, clock):
    with losing(clock, FOR_EVER, table="accounts_creator") as lost:
        answer = host.post("/v1/creators", CREATOR, idempotency_key="k")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) >= 1
    assert errors_of(answer) == [(None, "unavailable")]
    assert len(lost.pauses) == VERB_RETRIES
    assert not Creator.objects.exists()
    assert not Key.objects.exists()
    assert host.post("/v1/creators", CREATOR, idempotency_key="k").status_code == 201


def test_a_file_is_judged_and_stored_once_however_often_its_row_loses(host, clock, clip, media):
    meta = {"creator_id": creator_of(host)}
    with losing(clock, 2, table="posts_post") as lost:
        answer = host.publish(meta, clip)
    assert len(lost.pauses) == 2
    assert answer.status_code == 201, answer.content
    row = Post.objects.get()
    assert stored(media) == [row.media.key]
    assert Media.objects.count() == 1
    assert list((media.media / store.NEW).glob("*")) == []


def test_files_of_a_deletion_that_loses_go_once_it_is_committed(host, clock, clip, media):
    post_id = host.publish({"creator_id": creator_of(host)}, clip).json()["post_id"]
    with losing(clock, 2, table="posts_post"):
        answer = host.delete(f"/v1/posts/{post_id}")
    assert (answer.status_code, answer.json()["state"]) == (200, "deleted")
    assert stored(media) == []
    assert host.delete(f"/v1/posts/{post_id}").status_code == 404


def test_a_deletion_that_is_given_up_leaves_its_files(host, clock, clip, media):
    post_id = host.publish({"creator_id": creator_of(host)}, clip).json()["post_id"]
    with losing(clock, FOR_EVER, table="posts_post"):
        assert host.delete(f"/v1/posts/{post_id}").status_code == 503
    assert len(stored(media)) == 1
    assert host.get(f"/v1/posts/{post_id}").json()["state"] == "live"


def test_a_line_of_a_bulk_that_loses_stops_no_other_and_is_done_once(host, clock):
    rows = [{"handle": f"creator{n}", "display_name": "C", "key": f"k{n}"} for n in range(3)]
    with losing(clock, 2, table="accounts_creator"):
        verdicts = host.bulk("creators", rows)
    assert [one["status"] for one in verdicts] == ["created"] * 3, json.dumps(verdicts)
    assert Creator.objects.count() == 3
