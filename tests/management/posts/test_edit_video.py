"""A creator edits a video that waits: the worker renders it, advice is on the result, and that is what is published."""

from __future__ import annotations

import errno
from contextlib import suppress

import pytest

from attise.kernel.errors import Outage, Refusal, Refusals
from attise.management.posts import actions, store
from attise.management.posts.actions import PostDraft, look_over
from attise.management.posts.actions import render as rendering
from attise.management.posts.editing.edits import NOTHING, Edits, Text
from attise.management.posts.media.errors import UNREADABLE, MediaRefused
from attise.management.posts.models import Media, Post, Unpublished
from attise.management.posts.queries import find_preflight, get_post, get_unpublished

pytestmark = pytest.mark.django_db(transaction=True)
HALF = Edits(from_ms=500, to_ms=1_600, sound="neon", texts=(Text(text="Ah", from_ms=600, to_ms=1_000),))


@pytest.fixture
def hold(means, house, creator, clip):
    def made(upload=clip):
        return actions.hold_back(means, house=house, creator_id=creator, upload=upload, typed={})

    return made


@pytest.fixture
def edit(means, house, creator):
    def made(one, edits, creator_id=creator):
        return actions.edit_video(means, house=house, owner_id=creator_id, unpublished_id=one.id, edits=edits)

    return made


@pytest.fixture
def send(means, house, host, creator):
    def sent(one, **facts):
        return actions.publish_post(
            means, host, house=house, creator_id=creator, draft=PostDraft(**facts), unpublished_id=one.id
        )

    return sent


@pytest.fixture
def render(means, house):
    return lambda: actions.render_pending(means, house)


def code_of(act, *given, **named) -> str:
    with pytest.raises(Refusal) as refused:
        act(*given, **named)
    return refused.value.code


def test_advice_and_post_are_of_the_edited_video_and_the_one_that_was_sent_goes(
    means, house, hold, edit, send, render, files
):
    one = hold()
    assert actions.look_over_pending(means, house) == 1
    edited = edit(one, HALF)
    assert (edited.editing, edited.preflight.state) == ("waiting", "waiting")
    assert actions.look_over_pending(means, house) == 0, "what is about to be rendered is not looked over"
    assert (render(), render()) == (1, 0)
    shown = get_unpublished(one.id)
    assert (shown.editing, shown.media.duration_ms) == ("done", 2_000)
    assert abs(shown.edited.duration_ms - 1_100) <= 34
    assert shown.shown == shown.edited
    assert actions.look_over_pending(means, house) == 1
    assert abs(Unpublished.objects.get().seen["video"]["duration_ms"] - 1_100) <= 34
    post = send(one, caption="Court")
    assert (post.state, post.media.key, post.sound) == ("live", shown.edited.key, "Néon – Attise")
    assert find_preflight(post).state == "done"
    assert not store.folder_of(house, shown.media.key).exists()
    assert Media.objects.count() == 1
    assert {path.split("/")[1] for path in files()} == {shown.edited.key}


def test_a_sound_that_was_named_keeps_its_name(hold, edit, send, render):
    one = hold()
    edit(one, Edits(sound="marche"))
    render()
    assert send(one, sound="Chez moi").sound == "Chez moi"


def test_the_same_edits_change_nothing_and_other_ones_begin_anew(means, house, hold, edit, render):
    one = hold()
    edit(one, HALF)
    render()
    actions.look_over_pending(means, house)
    first = get_unpublished(one.id)
    assert edit(one, HALF) == first
    again = edit(one, Edits(to_ms=1_500))
    assert (again.editing, again.preflight.state) == ("waiting", "waiting")
    assert not store.folder_of(house, first.edited.key).exists()
    back = edit(one, NOTHING)
    assert (back.editing, back.edits, back.shown) == ("none", None, first.media)
    assert render() == 0
    assert actions.look_over_pending(means, house) == 1


def test_published_before_it_is_rendered_it_is_rendered_then(means, house, hold, edit, send, render):
    one = hold()
    edit(one, HALF)
    post = send(one, caption="Vite")
    assert (post.state, post.media, post.sound) == ("processing", None, "Néon – Attise")
    assert render() == 0
    assert not store.folder_of(house, one.media.key).exists()
    assert actions.encode_pending(means, house) == 1
    post = get_post(post.id)
    assert (post.state, Post.objects.get().pending_edits) == ("live", None)
    assert abs(post.media.duration_ms - 1_100) <= 34
    assert list(house.uploads.iterdir()) == []
    assert (Media.objects.count(), find_preflight(post).state) == (1, "waiting")


@pytest.mark.parametrize("fault", [errno.EXDEV, errno.EPERM])
def test_where_a_file_can_have_no_second_name_it_is_copied_for_the_worker(monkeypatch, means, house, hold, edit, fault):
    one = hold()
    edit(one, HALF)

    def refused(_path, _target):
        raise OSError(fault, "no second name")

    with monkeypatch.context() as patched:
        patched.setattr("pathlib.Path.hardlink_to", refused)
        stored = store.folder_of(house, one.media.key) / Media.objects.get().file_name
        name = store.keep_stored_pending(house, store.new_key(means.chance), stored)
    kept = store.pending_of(house, name)
    assert kept.read_bytes() == stored.read_bytes()
    assert kept.stat().st_ino != stored.stat().st_ino


def test_edits_that_change_while_they_are_rendered_are_rendered_as_they_are_now(monkeypatch, hold, edit, render):
    one = hold()
    edit(one, HALF)
    really = rendering.render_video

    def slow(*given, **named):
        edit(one, Edits(to_ms=1_200))
        return really(*given, **named)

    monkeypatch.setattr(rendering, "render_video", slow)
    assert render() == 0
    monkeypatch.undo()
    assert render() == 1
    assert abs(get_unpublished(one.id).edited.duration_ms - 1_200) <= 34


@pytest.mark.parametrize("fault", [MediaRefused(UNREADABLE), Outage("disk")])
def test_edits_that_come_while_others_fail_are_not_given_up_with_them(monkeypatch, hold, edit, render, fault):
    one = hold()
    edit(one, HALF)

    def fails(*given, **named):
        edit(one, Edits(to_ms=1_200))
        raise fault

    monkeypatch.setattr(rendering, "render_video", fails)
    with suppress(Outage):
        assert render() == 0
    monkeypatch.undo()
    assert (get_unpublished(one.id).editing, Unpublished.objects.get().rendering_tries) == ("waiting", 0)
    assert render() == 1
    assert get_unpublished(one.id).editing == "done"


def test_what_was_looked_at_before_it_was_edited_says_nothing_of_it(monkeypatch, means, house, hold, edit):
    one = hold()
    really = look_over.watch_and_hear

    def slow(*given, **named):
        edit(one, HALF)
        return really(*given, **named)

    monkeypatch.setattr(look_over, "watch_and_hear", slow)
    assert actions.look_over_pending(means, house) == 0
    assert get_unpublished(one.id).preflight.state == "waiting"


def test_what_no_browser_plays_is_converted_and_edited_then(house, hold, edit, send, render, old_clip):
    one = hold(old_clip)
    assert one.media is None
    assert code_of(edit, one, Edits(to_ms=1_100)) == "video_not_ready_to_edit"
    assert render() == 1
    assert list(house.uploads.iterdir()) == []
    assert get_unpublished(one.id).media.video_codec == "h264"
    edit(one, Edits(to_ms=1_100))
    assert render() == 1
    assert send(one).state == "live"


def test_what_cannot_be_converted_is_not_promised_to_be_edited_later(monkeypatch, hold, edit, render, old_clip):
    def refused(*given, **named):
        raise MediaRefused(UNREADABLE)

    one = hold(old_clip)
    monkeypatch.setattr(rendering, "encode_video", refused)
    assert (render(), render()) == (1, 0)
    assert code_of(edit, one, Edits(to_ms=1_100)) == "video_not_converted"


def test_edits_that_cannot_be_rendered_are_given_up_and_not_published(monkeypatch, hold, edit, send, render):
    def refused(*given, **named):
        raise MediaRefused(UNREADABLE)

    one = hold()
    edit(one, HALF)
    monkeypatch.setattr(rendering, "render_video", refused)
    assert (render(), render()) == (1, 0)
    assert get_unpublished(one.id).editing == "failed"
    assert code_of(send, one) == "edits_failed"
    edit(one, NOTHING)
    assert send(one).state == "live"


def test_wrong_edits_and_anothers_video_are_refused_and_change_nothing(hold, edit, make_creator):
    one = hold()
    with pytest.raises(Refusals):
        edit(one, Edits(from_ms=-1, sound="tube"))
    assert code_of(edit, one, HALF, creator_id=make_creator("noe")) == "not_found"
    assert Unpublished.objects.get().edits is None


def test_let_go_of_both_videos_go(means, house, creator, hold, edit, render, files):
    one = hold()
    edit(one, HALF)
    render()
    actions.let_go(means, house=house, owner_id=creator, unpublished_id=one.id)
    assert (Media.objects.count(), files()) == (0, set())
