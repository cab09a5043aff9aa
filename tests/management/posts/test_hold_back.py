"""A video is looked over before anybody sees it: it waits, is published as it was looked at, or is let go of."""

from __future__ import annotations

import pytest

from attise.kernel.errors import Refusal
from attise.management.posts import actions, store
from attise.management.posts.actions import PostDraft, holding_back
from attise.management.posts.media.errors import MediaRefused
from attise.management.posts.models import Media, Preflight, Unpublished
from attise.management.posts.queries import find_preflight, get_post, get_unpublished, list_unpublished

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hold(means, house, creator, clip):
    def made(upload=clip, **typed):
        return actions.hold_back(means, house=house, creator_id=creator, upload=upload, typed=typed)

    return made


@pytest.fixture
def send(means, house, host, creator):
    def sent(one, **facts):
        return actions.publish_post(
            means, host, house=house, creator_id=creator, draft=PostDraft(**facts), unpublished_id=one.id
        )

    return sent


def test_what_was_looked_at_is_what_is_published(means, house, hold, send, creator):
    one = hold(caption="Pâtes au citron")
    assert one.preflight.state == "waiting"
    assert actions.look_over_pending(means, house) == 1
    assert get_unpublished(one.id).preflight.report.ready == "1/5"
    actions.reword(means, owner_id=creator, unpublished_id=one.id, typed={"caption": "Mes pâtes. Et toi ?"})
    before = get_unpublished(one.id)
    assert before.preflight.report.ready == "3/5"
    post = send(one, caption="Mes pâtes. Et toi ?", visibility="followers")
    assert (post.state, post.visibility, post.media.key) == ("live", "followers", before.media.key)
    assert find_preflight(post).report.ready == "3/5"
    assert actions.look_over_pending(means, house) == 0, "it is not looked at twice"
    assert list_unpublished(creator) == []
    actions.sweep_orphans(means, house, older_than_ms=0)
    assert (store.folder_of(house, post.media.key) / "video.mp4").is_file()


def test_nothing_waits_for_the_look(means, house, hold, send):
    post = send(hold(), caption="At once")
    assert post.state == "live"
    assert find_preflight(post).state == "waiting"
    assert actions.look_over_pending(means, house) == 1
    assert find_preflight(post).state == "done"


def test_a_video_that_players_do_not_take_is_looked_at_as_it_came(means, house, hold, send, old_clip):
    one = hold(old_clip, caption="Moi")
    assert one.media is None
    actions.sweep_orphans(means, house, older_than_ms=0)
    assert actions.look_over_pending(means, house) == 1
    assert get_unpublished(one.id).preflight.report.duration_ms == 1_200
    post = send(one, caption="Moi")
    assert post.state == "processing"
    assert actions.encode_pending(means, house) == 1
    assert get_post(post.id).state == "live"


def test_it_is_published_once_and_by_its_creator(means, house, host, hold, send, make_creator, clip):
    one = hold()
    other = make_creator("other")
    for creator_id, more in ((other, {}), (one.creator_id, {"upload": clip})):
        with pytest.raises(Refusal) as refused:
            actions.publish_post(
                means, host, house=house, creator_id=creator_id, draft=PostDraft(), unpublished_id=one.id, **more
            )
        assert (refused.value.code, refused.value.field) == (
            "file_or_unpublished" if more else "not_found", "unpublished_id",
        )  # fmt: skip
    send(one)
    with pytest.raises(Refusal) as again:
        send(one)
    assert again.value.code == "not_found"


def test_after_a_day_it_is_let_go_of_with_its_file(means, house, hold, send, old_clip):
    kept, raw = hold(), hold(old_clip)
    means.clock.advance(seconds=holding_back.KEPT_MS / 1_000 - 60)
    assert actions.sweep_orphans(means, house).unpublished == 0
    post = send(hold())
    means.clock.advance(seconds=120)
    assert actions.sweep_orphans(means, house).unpublished == 2
    assert not store.folder_of(house, kept.media.key).exists()
    assert not list(house.uploads.iterdir())
    assert Media.objects.get().key == post.media.key
    with pytest.raises(Refusal):
        get_unpublished(raw.id)


def test_one_may_let_go_of_it_and_has_room_for_ten(means, house, hold, creator, photo, monkeypatch):
    one = hold()
    with pytest.raises(MediaRefused):
        hold(photo)
    monkeypatch.setattr(holding_back, "UNPUBLISHED", 1)
    with pytest.raises(Refusal) as refused:
        hold()
    assert refused.value.code == "too_many_unpublished"
    actions.let_go(means, house=house, owner_id=creator, unpublished_id=one.id)
    for table in (Unpublished, Media, Preflight):
        assert not table.objects.exists()
    assert not store.folder_of(house, one.media.key).exists()
    hold()
