"""Comments stay at the post, wherever they were written, are counted once, and may be hidden."""

import pytest
from django.conf import settings

from attise.doors.site import event_log
from attise.doors.site.commenting import log_comments
from attise.doors.worker.settling import Settlement
from attise.kernel.errors import Outage
from attise.management.posts.models import Comment
from attise.management.viewers.models import Viewer
from attise.records.token import sealer_of
from tests.builders import a_creator, a_post
from tests.doors.native_api.conftest import errors_of
from tests.measurement.attribution.happened import Happened, ad_claims, claims, open_budget

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def log(means):
    made = Happened(means, settings.HOUSE.folder).emptied()
    yield made
    made.emptied().close()


@pytest.fixture
def post(means):
    return a_post(means, a_creator(means))


@pytest.fixture
def viewer_id(host) -> str:
    return host.post("/v1/viewers", {}).json()["viewer_id"]


def counted(host, post) -> dict:
    settlement = Settlement(settings.HOUSE)
    while not settlement.is_end:  # each time for a while only
        settlement.settle()
    return host.get(f"/v1/posts/{post.id}").json()["counters"]["comments"]


def test_comments_are_told_counted_by_their_way_and_hidden(host, means, post, viewer_id, log):
    here = f"/v1/posts/{post.id}/comments"
    first = host.post(here, {"viewer_id": viewer_id, "text": "  Où est-ce ?  "})
    assert (first.status_code, first.json()["text"], first.json()["state"]) == (201, "Où est-ce ?", "shown")
    pseudonym = Viewer.objects.get(id=int(viewer_id)).pseudonym
    sealed = claims(means, ad_claims(open_budget(means)), post_id=post.id, creator_id=post.creator_id, viewer=pseudonym)
    token = sealer_of(settings.HOUSE.secrets).seal(sealed)
    second = host.post(here, {"viewer_id": viewer_id, "text": "Encore !", "token": token})
    assert second.status_code == 201
    assert dict(Comment.objects.values_list("text", "ad_id")) == {"Où est-ce ?": 0, "Encore !": sealed.ad.ad_id}
    assert counted(host, post) == {"total": 2, "organic": 1, "paid": 1}
    assert [one["text"] for one in host.get(here).json()["items"]] == ["Encore !", "Où est-ce ?"]

    comment_id = first.json()["comment_id"]
    other = a_creator(means, handle="other.creator")
    refused = host.post(f"{here}/{comment_id}/moderation", {"state": "hidden", "creator_id": str(other.id)})
    assert refused.status_code == 404
    done = host.post(f"{here}/{comment_id}/moderation", {"state": "hidden", "creator_id": str(post.creator_id)})
    assert (done.status_code, done.json()["state"]) == (200, "hidden")
    assert [one["text"] for one in host.get(here).json()["items"]] == ["Encore !"]
    assert len(host.get(f"{here}?state=all").json()["items"]) == 2
    assert counted(host, post)["total"] == 2, "it was made"
    assert host.post(f"{here}/{comment_id}/moderation", {"state": "shown"}).json()["state"] == "shown"
    assert len(host.get(f"{here}?limit=1").json()["items"]) == 1

    assert host.delete(f"/v1/viewers/{viewer_id}").status_code == 200
    assert host.get(here).json()["items"] == []
    assert counted(host, post)["total"] == 2, "what was counted stays counted"


def test_a_comment_whose_entry_could_not_be_kept_is_counted_later_and_once(
    host, means, clock, post, viewer_id, log, monkeypatch
):
    append = event_log.append

    def fail(*_):
        raise Outage("event log")

    monkeypatch.setattr(event_log, "append", fail)
    assert host.post(f"/v1/posts/{post.id}/comments", {"viewer_id": viewer_id, "text": "a"}).status_code == 201
    assert counted(host, post)["total"] == 0
    monkeypatch.setattr(event_log, "append", append)
    assert log_comments(means) == 0, "whoever wrote it may still be at it"
    clock.advance(seconds=10)
    event = bytes(Comment.objects.get().event)
    assert log_comments(means) == 1
    assert counted(host, post) == {"total": 1, "organic": 1, "paid": 0}
    Comment.objects.update(event=event)
    assert log_comments(means) == 1
    assert counted(host, post)["total"] == 1
    assert log_comments(means) == 0


def test_what_cannot_be_commented_is_refused(host, means, post, viewer_id, log):
    here = f"/v1/posts/{post.id}/comments"
    other = host.post("/v1/viewers", {}).json()["viewer_id"]
    sealer = sealer_of(settings.HOUSE.secrets)
    pseudonym = Viewer.objects.get(id=int(other)).pseudonym
    of_other = sealer.seal(claims(means, post_id=post.id, viewer=pseudonym))
    of_other_post = sealer.seal(claims(means, post_id=5, viewer=Viewer.objects.get(id=int(viewer_id)).pseudonym))
    for body, field, code in (
        ({"text": ""}, "text", "field_required"),
        ({"text": "x" * 151}, "text", "text_too_long"),
        ({"token": "abc"}, "token", "token_malformed"),
        ({"token": of_other}, "token", "token_of_another"),
        ({"token": of_other_post}, "token", "post_mismatch"),
    ):
        answer = host.post(here, {"viewer_id": viewer_id, "text": "a", **body})
        assert (answer.status_code, errors_of(answer)) == (422, [(field, code)]), body
    assert host.post(here, {"viewer_id": "1000000000000000001", "text": "a"}).status_code == 404
    host.patch(f"/v1/posts/{post.id}", {"visibility": "private"})
    assert host.post(here, {"viewer_id": viewer_id, "text": "a"}).status_code == 404
    host.patch(f"/v1/posts/{post.id}", {"visibility": "followers"})
    assert host.post(here, {"viewer_id": viewer_id, "text": "a"}).status_code == 404
    host.patch(f"/v1/viewers/{viewer_id}", {"follows": [str(post.creator_id)]})
    assert host.post(here, {"viewer_id": viewer_id, "text": "a"}).status_code == 201
    from attise.management.posts.models import Post

    Post.objects.filter(id=post.id).update(allow_comments=False)
    assert errors_of(host.post(here, {"viewer_id": viewer_id, "text": "a"})) == [("post_id", "comments_closed")]
