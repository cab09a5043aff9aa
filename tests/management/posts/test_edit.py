"""An author edits a post; a grant holds its words; whichever comes second sees the first."""

from __future__ import annotations

import json
import threading

import pytest
from django.db import connection

from attise.kernel.errors import Refusal, Refusals
from attise.management.outbox.actions import unit
from attise.management.outbox.models import Change
from attise.management.posts import actions, queries

pytestmark = pytest.mark.django_db

DAY_MS = 86_400_000


def changes(post_id) -> list[tuple[str, str]]:
    rows = Change.objects.filter(object_id=post_id).order_by("version").values_list("kind", "body")
    return [(kind, json.loads(body).get("reason", "")) for kind, body in rows]


def refusal(*args, **kwargs) -> Refusal:
    with pytest.raises(Refusal) as refused:
        actions.edit_post(*args, **kwargs)
    return refused.value


def test_words_change_while_no_grant_holds_them(means, host, publish, clock):
    post = publish(caption="avant")
    clock.advance(seconds=5)
    edited = actions.edit_post(means, host, post_id=post.id, caption="après\nla fête")
    assert edited.caption == "après\nla fête"
    assert edited.modified_at_ms == post.modified_at_ms + 5000
    assert changes(post.id) == [("post_changed", "")] * 2


def test_words_are_held_until_the_second_the_last_grant_ends(means, host, publish, clock):
    post = publish(caption="avant")
    until_ms = clock.world_ms() + 7 * DAY_MS
    actions.lock_until(means, post_id=post.id, until_ms=until_ms)
    told = refusal(means, host, post_id=post.id, caption="après")
    assert (told.code, told.field) == ("caption_locked", "caption")
    assert told.params["until"].endswith("Z")
    clock.advance(seconds=7 * 86_400 - 0.001)
    assert refusal(means, host, post_id=post.id, caption="après").code == "caption_locked"
    assert queries.get_post(post.id).caption == "avant"
    clock.advance(seconds=0.001)
    assert actions.edit_post(means, host, post_id=post.id, caption="après").caption == "après"


def test_a_lock_without_end_is_told_without_a_date(means, host, publish):
    post = publish()
    actions.lock_until(means, post_id=post.id, until_ms=1 << 62)
    assert "revoke" in refusal(means, host, post_id=post.id, caption="x").reason.next_step
    actions.lock_until(means, post_id=post.id, until_ms=0)
    assert actions.edit_post(means, host, post_id=post.id, caption="x").caption == "x"


def test_visibility_is_not_held_by_a_grant_and_the_same_words_are_no_edit(means, host, publish):
    post = publish(caption="avant")
    actions.lock_until(means, post_id=post.id, until_ms=1 << 60)
    told = len(changes(post.id))
    assert actions.edit_post(means, host, post_id=post.id, caption=" avant ") == queries.get_post(post.id)
    assert len(changes(post.id)) == told
    assert (
        actions.edit_post(means, host, post_id=post.id, caption="avant", visibility="private").visibility == "private"
    )


def test_a_refused_edit_changes_nothing_of_it(means, host, publish):
    post = publish(caption="avant")
    actions.lock_until(means, post_id=post.id, until_ms=1 << 60)
    assert refusal(means, host, post_id=post.id, caption="après", visibility="private").code == "caption_locked"
    assert queries.get_post(post.id).visibility == "public"
    assert changes(post.id) == [("post_changed", "")]


def test_ads_stop_when_a_post_is_no_longer_public_and_may_run_again_when_it_is(means, host, publish):
    post = publish()
    for visibility in ("followers", "private", "public"):
        actions.edit_post(means, host, post_id=post.id, visibility=visibility)
    assert changes(post.id)[1:] == [
        ("post_stopped", "not_public"),
        ("post_stopped", "not_public"),
        ("post_changed", ""),
    ]


def test_a_post_shown_in_ads_alone_does_not_stop_with_its_visibility(means, host, publish):
    post = publish(ads_only=True)
    actions.edit_post(means, host, post_id=post.id, visibility="private")
    assert changes(post.id) == [("post_changed", "")] * 2


def test_a_grant_may_make_a_post_public_and_a_partnership_once(means, publish):
    post = publish(visibility="private")
    for _ in range(2):
        actions.make_public(means, post_id=post.id)
        actions.mark_partnership(means, post_id=post.id)
    after = queries.get_post(post.id)
    assert (after.visibility, after.partnership) == ("public", True)
    assert changes(post.id) == [("post_stopped", "not_public")] + [("post_changed", "")] * 2


@pytest.mark.parametrize("state", ["in_review", "hidden", "removed"])
def test_nothing_that_is_changed_of_a_stopped_post_makes_it_run_again(means, host, house, publish, state):
    """A reader that heard of the stop and then of the change still holds it stopped."""
    post = publish(caption="avant")
    actions.moderate_post(means, host, house=house, post_id=post.id, state=state, reason="signalée")
    actions.edit_post(means, host, post_id=post.id, caption="après")
    actions.edit_post(means, host, post_id=post.id, visibility="followers")
    actions.make_public(means, post_id=post.id)
    actions.mark_partnership(means, post_id=post.id)
    assert changes(post.id)[1:] == [("post_stopped", state)] * 5
    actions.moderate_post(means, host, house=house, post_id=post.id, state="live")
    assert changes(post.id)[-1] == ("post_changed", "")


def test_new_words_on_a_private_post_do_not_make_it_run(means, host, publish):
    post = publish(visibility="private")
    actions.edit_post(means, host, post_id=post.id, caption="après")
    assert changes(post.id) == [("post_stopped", "not_public")] * 2


def test_another_creators_post_does_not_exist(means, host, publish, make_creator):
    post = publish()
    other = make_creator("other")
    assert refusal(means, host, post_id=post.id, creator_id=other, caption="x").code == "not_found"
    assert refusal(means, host, post_id=5, caption="x").code == "not_found"


def test_what_is_wrong_is_told_at_once(means, host, publish):
    post = publish()
    with pytest.raises(Refusals) as refused:
        actions.edit_post(means, host, post_id=post.id, caption="a\x07", visibility="hidden")
    assert [item.code for item in refused.value.items] == ["text_characters", "visibility_unknown"]
    assert refusal(means, host, post_id=post.id).code == "empty_edit"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(8))
def test_race_an_edit_and_a_lock_are_one_after_the_other(means, host, publish, clock, round_):
    """Either the edit came first and its words are the locked ones, or it met the lock and was refused."""
    post = publish(caption="avant")
    start, seen = threading.Barrier(2), {}

    def edit():
        try:
            start.wait()
            actions.edit_post(means, host, post_id=post.id, caption="après")
            seen["edit"] = "done"
        except Refusal as refused:
            seen["edit"] = refused.code
        finally:
            connection.close()

    def grant():
        try:
            start.wait()
            with unit(means):
                held = actions.hold_post(post_id=post.id)
                seen["granted"] = held.caption
                actions.lock_until(means, post_id=post.id, until_ms=clock.world_ms() + DAY_MS)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for work in (edit, grant)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    after = queries.get_post(post.id)
    assert after.locked_until_ms == clock.world_ms() + DAY_MS
    assert (seen["edit"], seen["granted"], after.caption) in {
        ("done", "après", "après"),
        ("caption_locked", "avant", "avant"),
    }


@pytest.mark.django_db(transaction=True)
def test_race_an_edit_that_waits_for_a_grant_sees_its_lock(means, host, publish, clock):
    post = publish(caption="avant")
    locked, edit_began, seen = threading.Event(), threading.Event(), {}

    def grant():
        try:
            with unit(means):
                actions.lock_until(means, post_id=post.id, until_ms=clock.world_ms() + DAY_MS)
                locked.set()
                edit_began.wait(10)
                seen["edit before commit"] = seen.get("edit")
        finally:
            connection.close()

    def edit():
        try:
            locked.wait(10)
            edit_began.set()
            actions.edit_post(means, host, post_id=post.id, caption="après")
            seen["edit"] = "done"
        except Refusal as refused:
            seen["edit"] = refused.code
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for work in (grant, edit)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {"edit before commit": None, "edit": "caption_locked"}
    assert queries.get_post(post.id).caption == "avant"
