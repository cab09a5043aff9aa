"""An advertiser uploads files for its ads: signed, named, stored, and nobody else's."""

from __future__ import annotations

import hashlib
import threading

import pytest
from django.db import connection

from attise.kernel.errors import Refusal, Refusals
from attise.management.library import actions, queries, rules
from attise.management.library.models import Image, Video
from attise.management.posts import links
from attise.management.posts.actions import sweep_orphans
from attise.management.posts.actions.sweep import Swept

pytestmark = pytest.mark.django_db


def md5(path) -> str:
    return hashlib.md5(path.read_bytes()).hexdigest()


def codes(refused) -> dict:
    items = refused.value.items if isinstance(refused.value, Refusals) else [refused.value]
    return {item.field: item.code for item in items}


def test_a_video_is_stored_and_described(means, house, upload, advertiser, clip):
    video = upload(signature=md5(clip).upper())
    assert (video.advertiser_id, video.file_name) == (advertiser, "clip.mp4")
    assert video.video_id.startswith("v10033g5000")
    assert len(video.video_id) == 32
    media = video.media
    stored = (house.media / media.key[:2] / media.key / media.file_name).read_bytes()
    assert hashlib.md5(stored).hexdigest() == media.signature_md5
    assert (media.width, media.height, media.has_cover) == (360, 640, True)
    assert links.link_video(means, media, 1000).endswith("/video.mp4")
    assert queries.get_video(advertiser, video.video_id) == video


def test_an_image_is_stored_and_described(house, upload_image, advertiser, photo):
    image = upload_image(signature=md5(photo))
    assert (image.media.kind, image.media.width, image.media.height) == ("image", 64, 64)
    assert (house.media / image.media.key[:2] / image.media.key / "image.png").is_file()
    assert queries.get_image(advertiser, image.image_id) == image
    assert image.image_id.startswith("i10033g5000")


def test_a_video_that_no_browser_plays_is_encoded_at_once(upload, old_clip):
    media = upload(old_clip, signature=md5(old_clip)).media
    assert (media.file_name, media.video_codec) == ("video.mp4", "h264")


def test_what_was_not_signed_is_refused_and_leaves_nothing(upload, upload_image, files):
    for call in (upload, upload_image):
        with pytest.raises(Refusal) as refused:
            call(signature="0" * 32)
        assert codes(refused) == {"signature": "signature_mismatch"}
        with pytest.raises(Refusals) as refused:
            call(signature="md5", file_name="a\x00.mp4")
        assert codes(refused) == {"file_name": "text_characters", "signature": "signature_form"}
    assert not files()
    assert not Video.objects.exists()


def test_what_is_not_a_video_or_an_image_is_refused(upload, upload_image, clip, photo, files, tmp_path):
    drawing = tmp_path / "drawing.svg"
    drawing.write_text("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
    for call, path, code in (
        (upload, photo, "media_container_not_allowed"),
        (upload_image, clip, "image_format_not_allowed"),
        (upload_image, drawing, "image_format_not_allowed"),
        (upload, tmp_path / "missing", "media_not_a_file"),
    ):
        with pytest.raises(Refusal) as refused:
            call(path)
        assert codes(refused) == {"file": code}
    with pytest.raises(Refusal) as refused:
        upload(tmp_path / "missing", signature="0" * 32)
    assert codes(refused) == {"file": "media_not_a_file"}
    assert not files()


def test_an_advertiser_that_is_not_there_uploads_nothing(upload, files):
    with pytest.raises(Refusal) as refused:
        upload(advertiser_id=5)
    assert refused.value.code == "not_found"
    assert not files()


def test_the_same_name_again_gets_the_date(upload, upload_image, rival):
    names = [upload().file_name for _ in range(3)]
    assert names == ["clip.mp4", "clip_20260921141320000.mp4", "clip_20260921141320000_2.mp4"]
    assert upload(advertiser_id=rival).file_name == "clip.mp4"
    assert upload_image(file_name="clip.mp4").file_name == "clip.mp4"


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\clips\\été.mp4", "été.mp4"),
        ("%2e%2e%2fclip.mp4", "%2e%2e%2fclip.mp4"),
        ("<img src=x>.mp4", "<img src=x>.mp4"),
        (".mp4", ".mp4"),
        ("…" * 100, "…" * 100),
    ],
)
def test_a_file_name_is_a_label_and_names_nothing_on_the_disk(upload, files, name, label):
    video = upload(file_name=name)
    assert video.file_name == label
    assert files() == {f"{video.media.key[:2]}/{video.media.key}/{part}" for part in ("video.mp4", "cover.jpg")}


@pytest.mark.parametrize("name", ["", "   ", "folder/", "a\nb.mp4", "a\u202eb.mp4", "x" * 101, "x" * 10_000])
def test_a_file_name_that_cannot_be_shown_is_refused(upload, name):
    with pytest.raises(Refusal) as refused:
        upload(file_name=name)
    assert refused.value.field == "file_name"


def test_names_stay_within_their_limit():
    for name in ("x" * 100, "x" * 96 + ".mp4", "x." + "y" * 98, "." * 100):
        tried = list(rules.names_for(name, 1_790_000_000_000))
        assert len(set(tried)) == len(tried)
        assert all(len(one) <= 100 for one in tried)
    assert next(reversed(list(rules.names_for("x" * 96 + ".mp4", 0)))).endswith("_49.mp4")


def test_a_file_of_the_library_is_not_swept(means, house, upload):
    upload()
    assert sweep_orphans(means, house, older_than_ms=0) == Swept()


@pytest.mark.parametrize("call", [actions.upload_video_from, actions.upload_image_from])
@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://127.0.0.1/clip.mp4", "address_not_allowed"),
        ("https://169.254.169.254/", "address_not_allowed"),
        ("http://example.org/clip.mp4", "url_scheme"),
        ("file:///etc/passwd", "url_scheme"),
    ],
)
def test_a_file_at_an_address_is_fetched_under_the_rules_of_the_way_out(
    means, host, house, advertiser, files, call, url, code
):
    with pytest.raises(Refusal) as refused:
        call(means, host, house=house, advertiser_id=advertiser, url=url, file_name="clip.mp4")
    assert codes(refused) == {"url": code}
    assert not files()


@pytest.mark.django_db(transaction=True)
def test_race_files_of_one_name_all_get_in_under_names_of_their_own(upload_image, advertiser):
    start, names = threading.Barrier(4), []

    def work():
        try:
            start.wait()
            names.append(upload_image().file_name)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(names)) == 4
    assert "photo.png" in names
    assert Image.objects.filter(advertiser_id=advertiser).count() == 4
