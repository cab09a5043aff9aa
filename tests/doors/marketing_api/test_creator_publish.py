"""A creator's program publishes a video from an address: fetched once, kept, and live; or refused by name."""

from __future__ import annotations

import dataclasses
import hashlib
import shutil
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.conf import settings

from attise.management.accounts import actions as accounts
from attise.management.posts import queries
from attise.management.posts.media.clips import make_clip
from attise.management.posts.models import Media, Post
from tests.builders import a_creator
from tests.doors.marketing_api.conftest import Dialect
from tests.losing import losing

pytestmark = pytest.mark.django_db
BACK = "https://app.example.org/back"


@pytest.fixture(scope="module")
def films(tmp_path_factory):
    """A folder with files to fetch."""
    folder = tmp_path_factory.mktemp("films")
    make_clip(folder / "clip.mp4", seconds=2, seed=1, style="aurora")
    (folder / "page.mp4").write_text("<html>")
    (folder / "empty.mp4").write_bytes(b"")
    _old_film(folder / "old.mp4")
    return folder


def _old_film(path) -> None:
    """Make a video that no browser plays."""
    import av

    with av.open(str(path), "w", format="mp4") as target:
        stream = target.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = 96, 160, "yuv420p"
        for _ in range(30):
            target.mux(stream.encode(av.VideoFrame(96, 160, "yuv420p")))
        target.mux(stream.encode())


@pytest.fixture
def server(films, monkeypatch):
    """A server that the operator listed, which counts what it is asked."""
    asked = []

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *args):
            super().__init__(*args, directory=str(films))

        def log_message(self, *_):
            asked.append(self.path)

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as made:
        made.asked = asked
        made.base = f"http://127.0.0.1:{made.server_port}"
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        listed = dataclasses.replace(settings.HOUSE.settings, media_hosts=(f"127.0.0.1:{made.server_port}",))
        monkeypatch.setattr(settings.HOUSE, "settings", listed)
        yield made
        made.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def clean():
    yield
    for folder in (settings.HOUSE.media, settings.HOUSE.uploads):
        shutil.rmtree(folder)
        folder.mkdir(mode=0o700)


@pytest.fixture
def creator(means):
    return a_creator(means)


def a_token(means, brand, creator, *scopes: str) -> Dialect:
    more = {"scopes": scopes} if scopes else {}
    code = accounts.agree_creator(means, app_id=brand.app_id, creator_id=creator.id, redirect_uri=BACK, **more)
    made = accounts.exchange_creator(
        means, app_id=brand.app_id, secret=brand.app_secret, auth_code=code, redirect_uri=BACK
    )
    return Dialect(made.access_token)


@pytest.fixture
def app(means, brand, creator) -> Dialect:
    return a_token(means, brand, creator)


@pytest.fixture
def publish(app, creator, server):
    def publish(name: str = "clip.mp4", *, client: Dialect = app, **post_info):
        url = name if "://" in name else f"{server.base}/{name}"
        more = {"post_info": post_info} if post_info else {}
        return client.post("business/video/publish", business_id=str(creator.id), video_url=url, **more)

    return publish


def stored():
    return sorted(path.name for path in settings.HOUSE.media.glob("??/*/*"))


def test_a_video_is_fetched_once_kept_and_live(app, publish, server, creator, brand):
    answer = publish(caption="Une minute, une crème #spf")
    assert answer["code"] == 0, answer
    assert answer["data"].keys() == {"share_id"}
    assert server.asked == ["/clip.mp4"]
    post = queries.get_post(int(answer["data"]["share_id"]))
    assert (post.creator_id, post.state, post.format) == (creator.id, "live", "video")
    assert (post.caption, post.visibility, post.ads_only) == ("Une minute, une crème #spf", "public", False)
    assert (post.allow_comments, post.allow_duet, post.allow_stitch, post.partnership) == (True, True, True, False)
    assert stored() == ["cover.jpg", "video.mp4"]
    folder = settings.HOUSE.media / post.media.key[:2] / post.media.key
    kept = hashlib.md5((folder / "video.mp4").read_bytes()).hexdigest()
    assert (post.media.signature_md5, post.media.source_url) == (kept, "")


def test_what_was_published_is_authorized_like_any_other_post(app, publish, creator, brand):
    item = {"business_id": str(creator.id), "item_id": publish()["data"]["share_id"]}
    code = app.post("business/post/authorize/setting", **item, is_ad_promotable=True)["data"]["auth_code"]
    applied = brand.client().post("tt_video/authorize", advertiser_id=str(brand.advertiser.id), auth_code=code)
    assert applied["data"]["item_id"] == item["item_id"]
    listed = app.get("business/video/list", business_id=creator.id)["data"]["videos"]
    assert [row["item_id"] for row in listed] == [item["item_id"]]


@pytest.mark.parametrize("name", ["privacy_level", "privacy"])
@pytest.mark.parametrize(
    ("privacy", "visibility"),
    [("PUBLIC_TO_EVERYONE", "public"), ("FOLLOWER_OF_CREATOR", "followers"), ("SELF_ONLY", "private")],
)
def test_who_may_see_it_is_heard_by_either_name(publish, name, privacy, visibility):
    post = queries.get_post(int(publish(**{name: privacy})["data"]["share_id"]))
    assert post.visibility == visibility


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"disable_comment": True}, {"allow_comments": False}),
        ({"disable_duet": True}, {"allow_duet": False}),
        ({"disable_stitch": True}, {"allow_stitch": False}),
        ({"is_ads_only": True}, {"ads_only": True}),
        ({"is_branded_content": True}, {"partnership": True}),
        ({"is_brand_organic": True}, {"partnership": True}),
        ({"is_ai_generated": False, "upload_to_draft": False}, {"partnership": False}),
    ],
)
def test_each_switch_of_post_info_is_kept(publish, asked, said):
    post = queries.get_post(int(publish(**asked)["data"]["share_id"]))
    assert {name: getattr(post, name) for name in said} == said


@pytest.mark.parametrize(
    ("asked", "at"),
    [
        ({"privacy_level": "MUTUAL_FOLLOW_FRIENDS"}, "post_info.privacy_level"),
        ({"privacy": "MUTUAL_FOLLOW_FRIENDS"}, "post_info.privacy_level"),
        ({"privacy_level": "SELF_ONLY", "privacy": "PUBLIC_TO_EVERYONE"}, "post_info.privacy_level"),
        ({"privacy_level": "EVERYBODY"}, "post_info.privacy_level"),
        ({"is_ai_generated": True}, "post_info.is_ai_generated"),
        ({"upload_to_draft": True}, "post_info.upload_to_draft"),
        ({"disable_comment": "perhaps"}, "post_info.disable_comment"),
        ({"caption": "x" * 2_201}, "post_info.caption"),
        ({"caption": "a\u202eb"}, "post_info.caption"),
    ],
)
def test_what_cannot_be_published_so_is_refused_before_anything_is_fetched(publish, server, asked, at):
    answer = publish(**asked)
    assert (answer["code"], answer["message"].split(": ")[0], answer["data"]) == (40002, at, {})
    assert server.asked == []
    assert not Post.objects.exists()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("missing.mp4", 40002),
        ("page.mp4", 40908),
        ("empty.mp4", 40906),
        ("file:///etc/passwd", 40002),
        ("http://127.0.0.1:1/x.mp4", 40002),
        ("https://169.254.169.254/latest/meta-data", 40002),
        ("https://localhost/x.mp4", 40002),
        ("https://user:secret@example.org/x.mp4", 40002),
    ],
)
def test_an_address_without_a_video_for_us_is_refused_and_leaves_nothing(publish, name, code):
    answer = publish(name)
    assert (answer["code"], answer["message"].split(": ")[0]) == (code, "video_url"), answer
    assert not Post.objects.exists()
    assert not Media.objects.exists()
    assert stored() == []
    assert list(settings.HOUSE.media.glob(".new/*")) == []


def test_a_video_that_no_browser_plays_is_taken_and_encoded_later(publish):
    post = queries.get_post(int(publish("old.mp4")["data"]["share_id"]))
    assert post.state == "processing"
    assert len(list(settings.HOUSE.uploads.glob("*.pending"))) == 1


def test_the_address_is_asked_for(app, creator):
    answer = app.post("business/video/publish", business_id=str(creator.id))
    assert (answer["code"], answer["message"]) == (
        40002,
        "Missing required field(s): video_url. Add what is missing and send again.",
    )


def test_a_token_without_the_scope_and_anothers_account_publish_nothing(means, brand, creator, publish, app, server):
    without = a_token(means, brand, creator, "video.list", "biz.spark.auth")
    assert publish(client=without)["code"] == 40130
    assert brand.client().post("business/video/publish", business_id=str(creator.id), video_url="x")["code"] == 40105
    other = a_creator(means, handle="zoe")
    theirs = app.post("business/video/publish", business_id=str(other.id), video_url=f"{server.base}/clip.mp4")
    assert theirs["code"] == 40001
    assert server.asked == []


@pytest.mark.django_db(transaction=True)
def test_it_is_fetched_once_however_often_its_row_loses_to_another_transaction(publish, server, clock):
    with losing(clock, 2, table="posts_post") as lost:
        answer = publish()
    assert (answer["code"], len(lost.pauses)) == (0, 2)
    assert server.asked == ["/clip.mp4"]
    assert Post.objects.count() == Media.objects.count() == 1
    assert stored() == ["cover.jpg", "video.mp4"]
