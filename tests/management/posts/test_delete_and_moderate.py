"""A post goes, or is put away: decisions learn of it, its file is out of reach, and old links are dead."""

from __future__ import annotations

import json
import threading

import pytest
from django.db import connection

from attise.kernel.actor import Actor
from attise.kernel.errors import Refusal
from attise.management.outbox import queries as outbox
from attise.management.outbox.actions import unit
from attise.management.outbox.models import Change
from attise.management.posts import actions, links, queries, store
from attise.records.media_link import MediaLinks

pytestmark = pytest.mark.django_db(transaction=True)


def code(call, *args, **kwargs) -> str:
    with pytest.raises(Refusal) as refused:
        call(*args, **kwargs)
    return refused.value.code


def last_change() -> tuple[str, dict]:
    row = Change.objects.order_by("-version").first()
    return row.kind, json.loads(row.body)


@pytest.fixture
def follow(means, house, clock):
    """Tell whether a link that was made before still leads to a file."""

    def follow(path: str) -> bool:
        link = MediaLinks(means.secrets.key("media")).open(path, now_s=clock.wire_ms() // 1000)
        return link is not None and (house.media / link.key[:2] / link.key / link.name).is_file()

    return follow


def test_a_deleted_post_is_a_tombstone_without_a_file(means, house, publish, files, follow):
    post, host = publish(caption="adieu"), Actor("host", 1)
    link = links.link_video(means, post.media, 3_600_000)
    assert follow(link)
    actions.delete_post(means, host, house=house, post_id=post.id)
    assert not follow(link)
    assert not files()
    assert queries.get_post(post.id).state == "deleted"
    assert queries.list_posts_of_creator(post.creator_id).items == []
    assert last_change() == ("post_stopped", {"reason": "deleted", "creator_id": post.creator_id})


def test_a_deleted_post_is_gone_for_every_verb(means, host, house, publish, creator):
    post = publish()
    actions.delete_post(means, host, house=house, post_id=post.id)
    version = outbox.get_version()
    assert code(actions.delete_post, means, host, house=house, post_id=post.id) == "not_found"
    assert code(actions.edit_post, means, host, post_id=post.id, caption="x") == "not_found"
    assert code(actions.moderate_post, means, host, house=house, post_id=post.id, state="live") == "not_found"
    assert code(actions.make_public, means, post_id=post.id) == "not_found"
    assert code(publish, format="duet", of_post_id=post.id) == "not_found"
    actions.lock_until(means, post_id=post.id, until_ms=0)  # its grants end on their own
    assert outbox.get_version() == version


def test_a_locked_post_can_be_deleted_by_its_author_alone(means, host, house, publish, make_creator):
    post = publish()
    actions.lock_until(means, post_id=post.id, until_ms=1 << 60)
    other = make_creator("other")
    assert code(actions.delete_post, means, host, house=house, post_id=post.id, creator_id=other) == "not_found"
    actions.delete_post(means, host, house=house, post_id=post.id, creator_id=post.creator_id)
    assert queries.get_post(post.id).state == "deleted"


def test_a_deletion_that_is_undone_keeps_the_file(means, host, house, publish, files):
    post = publish()
    before = files()
    with pytest.raises(RuntimeError), unit(means):
        actions.delete_post(means, host, house=house, post_id=post.id)
        raise RuntimeError
    assert files() == before
    assert queries.get_post(post.id).state == "live"


def test_race_one_of_many_deletions_wins(means, host, house, publish):
    post = publish()
    start, told = threading.Barrier(6), []

    def delete():
        try:
            start.wait()
            actions.delete_post(means, host, house=house, post_id=post.id)
            told.append("deleted")
        except Refusal as refused:
            told.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=delete) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["deleted"] + ["not_found"] * 5
    assert Change.objects.filter(kind="post_stopped").count() == 1


def test_moderation_tells_decisions_and_the_author(means, host, house, publish, creator):
    post = publish()
    for state in ("in_review", "hidden"):
        view = actions.moderate_post(means, host, house=house, post_id=post.id, state=state, reason="signalée")
        assert (view.state, view.state_reason) == (state, "signalée")
        assert last_change() == ("post_stopped", {"reason": state, "creator_id": creator})
    view = actions.moderate_post(means, host, house=house, post_id=post.id, state="live")
    assert (view.state, view.state_reason) == ("live", "")
    assert last_change() == ("post_changed", {})
    notices = outbox.list_notices("creator", creator).items
    assert [(notice.kind, notice.body["state"]) for notice in notices] == [
        ("post_moderated", "live"),
        ("post_moderated", "hidden"),
        ("post_moderated", "in_review"),
    ]


def test_the_same_moderation_again_tells_nothing(means, host, house, publish):
    post = publish()
    for _ in range(2):
        actions.moderate_post(means, host, house=house, post_id=post.id, state="hidden", reason="spam")
    assert Change.objects.filter(kind="post_stopped").count() == 1


def test_moderation_needs_a_known_state_and_a_reason(means, host, house, publish):
    post = publish()
    for state, reason, expected in (
        ("deleted", "x", "state_not_moderation"),
        ("processing", "x", "state_not_moderation"),
        ("", "x", "state_not_moderation"),
        ("hidden", "", "field_required"),
        ("hidden", "r" * 201, "text_too_long"),
    ):
        assert (
            code(actions.moderate_post, means, host, house=house, post_id=post.id, state=state, reason=reason)
            == expected
        )
    assert queries.get_post(post.id).state == "live"


def test_links_to_a_removed_post_are_dead_until_it_lives_again(means, host, house, publish, follow):
    post = publish()
    link = links.link_video(means, post.media, 3_600_000)
    actions.moderate_post(means, host, house=house, post_id=post.id, state="removed", reason="contenu illégal")
    assert not follow(link)
    actions.moderate_post(means, host, house=house, post_id=post.id, state="live")
    assert follow(link)


def test_a_removed_post_that_is_deleted_leaves_no_file(means, host, house, publish, files):
    post = publish()
    actions.moderate_post(means, host, house=house, post_id=post.id, state="removed", reason="contenu illégal")
    assert all(name.startswith(store.HELD) for name in files())
    actions.delete_post(means, host, house=house, post_id=post.id)
    assert not files()


def test_race_moderators_who_disagree_leave_the_file_where_the_state_says(means, host, house, publish, follow):
    post = publish()
    link = links.link_video(means, post.media, 3_600_000)
    start = threading.Barrier(4)

    def moderate(state):
        try:
            start.wait()
            for _ in range(5):
                actions.moderate_post(means, host, house=house, post_id=post.id, state=state, reason="doute")
        finally:
            connection.close()

    threads = [threading.Thread(target=moderate, args=[state]) for state in ("removed", "live", "removed", "live")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert follow(link) == (queries.get_post(post.id).state == "live")
