"""A request with an idempotency key has one effect: repeated, at once with its copies, or killed anywhere."""

from __future__ import annotations

import pytest

from attise.kernel.limits import IDEMPOTENCY_LIFE_MS
from attise.management.idempotency.models import Key
from attise.management.posts.models import Post
from attise.management.viewers.models import Viewer
from tests.builders import a_creator, a_post
from tests.doors.native_api.conftest import Host, creator_of, errors_of
from tests.killing import kill_beside
from tests.races import at_once

pytestmark = pytest.mark.django_db


def test_a_repeated_request_is_answered_word_for_word_and_done_once(host):
    first = host.post("/v1/viewers", {"country": "FR"}, idempotency_key="a")
    again = host.post("/v1/viewers", b'{ "country" : "FR" }', idempotency_key="a")
    assert (first.status_code, again.status_code) == (201, 201)
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.content == first.content
    assert again.headers["Content-Type"] == first.headers["Content-Type"]
    assert Viewer.objects.count() == 1


def test_another_body_under_the_same_key_is_refused(host):
    host.post("/v1/viewers", {"country": "FR"}, idempotency_key="a")
    response = host.post("/v1/viewers", {"country": "DE"}, idempotency_key="a")
    assert response.status_code == 422
    assert errors_of(response) == [("Idempotency-Key", "idempotency_key_reused")]
    assert Viewer.objects.count() == 1


def test_a_key_of_one_address_or_credential_says_nothing_of_another(means, host):
    from attise.management.accounts.actions import make_host_key

    other = Host(make_host_key(means, name="other")[1])
    first = host.post("/v1/viewers", {}, idempotency_key="a")
    assert "Idempotency-Replayed" not in other.post("/v1/viewers", {}, idempotency_key="a").headers
    creator = {"handle": "lea", "display_name": "Léa"}
    assert "Idempotency-Replayed" not in host.post("/v1/creators", creator, idempotency_key="a").headers
    assert host.post("/v1/viewers", {}, idempotency_key="a").content == first.content
    assert Viewer.objects.count() == 2


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "a b", "cl\u00e9", "a\tb"])
def test_a_key_has_1_to_255_printable_characters(host, key):
    response = host.post("/v1/viewers", {}, idempotency_key=key)
    assert response.status_code == 400
    assert errors_of(response) == [("Idempotency-Key", "idempotency_key_form")]
    assert not Viewer.objects.exists()
    assert host.post("/v1/viewers", {}, idempotency_key="x" * 255).status_code == 201


def test_refused_requests_store_nothing_and_leave_the_key_free(host):
    for body, status in (({"country": "XX"}, 422), ({"colour": 1}, 422), (b"{", 400), ({"follows": ["5"]}, 422)):
        assert host.post("/v1/viewers", body, idempotency_key="a").status_code == status
        assert not Key.objects.exists()
    assert host.post("/v1/viewers", {"country": "FR"}, idempotency_key="a").status_code == 201


def test_a_bug_leaves_nothing_and_the_key_free(host, monkeypatch):
    from attise.management.viewers import actions

    real = actions.create_viewer

    def broken(means, **facts):
        real(means, **facts)
        raise AssertionError("after the row, before the answer")

    monkeypatch.setattr(actions, "create_viewer", broken)
    assert host.post("/v1/viewers", {}, idempotency_key="a").status_code == 500
    assert not Viewer.objects.exists()
    assert not Key.objects.exists()
    monkeypatch.undo()
    assert host.post("/v1/viewers", {}, idempotency_key="a").status_code == 201


def test_a_request_overtaken_by_its_own_repetition_is_undone(host, monkeypatch, clock, clip, media):
    """Looking at a file took longer than the lease: the repetition did the work, and the first one leaves no trace."""
    from attise.management.posts import actions

    real, meta, repeated = actions.publish_post, {"creator_id": creator_of(host)}, []

    def slow(*args, **kwargs):
        if not repeated:
            repeated.append(None)
            clock.advance(seconds=91)
            repeated.append(host.publish(meta, clip, idempotency_key="a"))
        return real(*args, **kwargs)

    monkeypatch.setattr(actions, "publish_post", slow)
    response = host.publish(meta, clip, idempotency_key="a")
    assert response.status_code == 409
    assert errors_of(response) == [("Idempotency-Key", "idempotency_hold_lost")]
    assert repeated[1].status_code == 201
    assert Post.objects.count() == 1
    assert host.publish(meta, clip, idempotency_key="a").content == repeated[1].content


def test_a_key_lives_a_day(host, clock):
    host.post("/v1/viewers", {}, idempotency_key="a")
    clock.advance(seconds=IDEMPOTENCY_LIFE_MS / 1000)
    assert "Idempotency-Replayed" not in host.post("/v1/viewers", {}, idempotency_key="a").headers
    assert Viewer.objects.count() == 2


def test_a_code_shown_once_is_replayed_to_its_own_request_and_stored_sealed(host, means):
    post = a_post(means, a_creator(means))
    path = f"/v1/posts/{post.id}/authorizations"
    code = host.post(path, {"days": 7}, idempotency_key="grant").json()["code"]
    assert host.post(path, {"days": 7}, idempotency_key="grant").json()["code"] == code
    assert code.encode() not in bytes(Key.objects.get().answer)


def test_a_batch_of_codes_is_kept_with_its_verdicts(host, means):
    from tests.doors.native_api.conftest import advertiser_of

    _, advertiser_id = advertiser_of(host)
    path = f"/v1/advertisers/{advertiser_id}/codes"
    first = host.post(path, {"codes": ["wrong"]}, idempotency_key="b")
    again = host.post(path, {"codes": ["wrong"]}, idempotency_key="b")
    assert again.content == first.content
    assert again.headers["Idempotency-Replayed"] == "true"


@pytest.mark.django_db(transaction=True)
def test_of_a_hundred_copies_at_once_one_makes_a_viewer(means, host):
    answers = at_once([lambda: Host(host.key).post("/v1/viewers", {}, idempotency_key="copies")] * 100)
    statuses = {answer.status_code for answer in answers}
    assert statuses <= {201, 409}
    assert Viewer.objects.count() == 1
    made = {answer.content for answer in answers if answer.status_code == 201}
    assert len(made) == 1
    fresh = [one for one in answers if one.status_code == 201 and "Idempotency-Replayed" not in one.headers]
    assert len(fresh) == 1
    for answer in answers:
        if answer.status_code == 409:
            assert int(answer.headers["Retry-After"]) >= 1
            assert errors_of(answer) == [("Idempotency-Key", "idempotency_key_running")]
    assert host.post("/v1/viewers", {}, idempotency_key="copies").content in made


def kill_everywhere(host, clock, kind, **job):
    """Run the script of kills on this test's database; returns what it saw."""
    seen = kill_beside(__file__, host_key=host.key, kind=kind, now_ms=clock.wire_ms(), **job)
    assert seen["wrong"] == []
    return seen


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("every", "least"), [(3, 3), pytest.param(1, 8, marks=pytest.mark.long)], ids=["some", "all"])
def test_killed_before_any_statement_it_is_done_once_by_whoever_repeats_it(host, clock, every, least):
    seen = kill_everywhere(host, clock, "viewer", every=every)
    assert seen["kills"] >= least
    assert seen["held"] >= least // 3, "killed while it held the key"
    assert seen["replayed"] >= 1 or every > 1, "killed between the commit and the answer"


@pytest.mark.django_db(transaction=True)
def test_killed_while_publishing_a_file_it_is_published_once(host, clock, clip, media):
    meta = {"creator_id": creator_of(host)}
    seen = kill_everywhere(host, clock, "post", upload=str(clip), meta=meta, every=4)
    assert seen["kills"] >= 3
