"""A host keeps its own files: one is fetched once, looked at, compared, and not kept."""

from __future__ import annotations

import dataclasses
import hashlib
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from attise.kernel.errors import Outage, Refusal, Refusals
from attise.kernel.house import House
from attise.management.posts import actions, links
from attise.management.posts.models import Media, Post

pytestmark = pytest.mark.django_db(transaction=True)


def md5(path) -> str:
    return hashlib.md5(path.read_bytes()).hexdigest()


@pytest.fixture
def server(clip, old_clip, photo, tmp_path):
    """The host's own server, which counts what it is asked."""
    for name, path in (("clip.mp4", clip), ("old.mp4", old_clip), ("photo.png", photo)):
        (tmp_path / name).write_bytes(path.read_bytes())
    (tmp_path / "page.mp4").write_text("<html>")
    asked = []

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *args):
            super().__init__(*args, directory=str(tmp_path))

        def log_message(self, *_):
            asked.append(self.path)

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.asked = asked
        server.base = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def listing_house(house, server):
    """The house, whose operator listed the host's server."""
    hosts = (f"127.0.0.1:{server.server_address[1]}",)
    return House(dataclasses.replace(house.settings, media_hosts=hosts), house.mode, house.seed)


@pytest.fixture
def publish_there(publish, listing_house, server):
    def publish_there(name, *, of_md5, in_house=listing_house, **draft):
        return publish(upload=None, in_house=in_house, media_url=f"{server.base}/{name}", media_md5=of_md5, **draft)

    return publish_there


def codes(refused) -> dict:
    items = refused.value.items if isinstance(refused.value, Refusals) else [refused.value]
    return {item.field: item.code for item in items}


def test_a_file_is_described_and_only_its_cover_is_kept(means, publish_there, server, clip, files):
    post = publish_there("clip.mp4", of_md5=md5(clip).upper())
    media = post.media
    assert post.state == "live"
    assert (media.source_url, media.signature_md5) == (f"{server.base}/clip.mp4", md5(clip))
    assert (media.size_bytes, media.width, media.height) == (clip.stat().st_size, 360, 640)
    assert files() == {f"{media.key[:2]}/{media.key}/cover.jpg"}
    assert server.asked == ["/clip.mp4"]
    assert links.link_video(means, media, 1000) == media.source_url
    assert links.link_cover(means, media, 1000).endswith("/cover.jpg")


def test_a_picture_of_a_carousel_is_described_and_nothing_is_kept(publish_there, photo, files):
    media = publish_there("photo.png", of_md5=md5(photo), format="carousel").media
    assert (media.kind, media.file_name, media.has_cover, media.width) == ("image", "image.png", False, 64)
    assert not files()


def test_deleting_such_a_post_removes_its_cover(means, host, listing_house, publish_there, files, clip):
    post = publish_there("clip.mp4", of_md5=md5(clip))
    actions.delete_post(means, host, house=listing_house, post_id=post.id)
    assert not files()


@pytest.mark.parametrize(
    ("name", "of_md5", "refusal"),
    [
        ("clip.mp4", "0" * 32, {"media_md5": "md5_mismatch"}),
        ("clip.mp4", "not one", {"media_md5": "md5_form"}),
        ("clip.mp4", None, {"media_md5": "field_required"}),
        ("missing.mp4", "0" * 32, {"media_url": "fetch_status"}),
        ("page.mp4", hashlib.md5(b"<html>").hexdigest(), {"media_url": "media_container_not_allowed"}),
        ("a#b", "0" * 32, {"media_url": "url_form"}),
    ],
)
def test_what_is_not_as_announced_is_refused(publish_there, files, name, of_md5, refusal):
    with pytest.raises((Refusal, Refusals)) as refused:
        publish_there(name, of_md5=of_md5)
    assert codes(refused) == refusal
    assert not files()
    assert not Media.objects.exists()


def test_a_video_that_no_browser_plays_is_not_converted_from_afar(publish_there, old_clip, files):
    with pytest.raises(Refusal) as refused:
        publish_there("old.mp4", of_md5=md5(old_clip))
    assert codes(refused) == {"media_url": "media_not_playable"}
    assert not files()


def test_nothing_is_fetched_for_a_draft_that_is_refused_anyway(publish_there, server, clip):
    with pytest.raises(Refusal) as refused:
        publish_there("clip.mp4", of_md5=md5(clip), caption="a\x00")
    assert codes(refused) == {"caption": "text_characters"}
    assert server.asked == []


def test_a_server_that_is_not_listed_is_not_reached(publish_there, house, server, clip):
    with pytest.raises(Refusal) as refused:
        publish_there("clip.mp4", of_md5=md5(clip), in_house=house)
    assert codes(refused) == {"media_url": "url_scheme"}
    assert server.asked == []


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://127.0.0.1/clip.mp4", "address_not_allowed"),
        ("https://169.254.169.254/latest/meta-data", "address_not_allowed"),
        ("https://[::ffff:127.0.0.1]/clip.mp4", "address_not_allowed"),
        ("https://127.0.0.1:8443/clip.mp4", "url_port"),
        ("https://2130706433/clip.mp4", "url_host"),
        ("file:///etc/passwd", "url_scheme"),
        ("", "url_form"),
    ],
)
def test_our_own_network_is_not_reached(publish, url, code):
    with pytest.raises(Refusal) as refused:
        publish(upload=None, media_url=url, media_md5="0" * 32)
    assert codes(refused) == {"media_url": code}
    assert not Post.objects.exists()


def test_a_list_of_hosts_that_cannot_be_read_is_the_operators_to_mend(publish_there, house, clip):
    wrong = House(dataclasses.replace(house.settings, media_hosts=("http://x/",)), house.mode, house.seed)
    with pytest.raises(Outage):
        publish_there("clip.mp4", of_md5=md5(clip), in_house=wrong)
