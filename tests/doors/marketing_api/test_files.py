"""Videos and images that an advertiser uploads for its ads: real files, through real forms."""

from __future__ import annotations

import hashlib
import re
import shutil
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from attise.management.posts.media.clips import make_clip
from attise.records.media_link import MediaLinks

pytestmark = pytest.mark.django_db
VIDEO_KEYS = {
    *("video_id", "material_id", "file_name", "format", "duration", "width", "height", "size", "bit_rate", "fps"),
    *("signature", "video_cover_url", "preview_url", "preview_url_expire_time", "displayable", "allow_download"),
    *("allowed_placements", "create_time", "modify_time", "flaw_types", "fix_task_id"),
}
IMAGE_KEYS = {
    *("image_id", "image_url", "width", "height", "size", "format", "signature", "material_id", "file_name"),
    *("displayable", "create_time", "modify_time"),
}


@pytest.fixture(scope="module")
def clip(tmp_path_factory) -> bytes:
    path = tmp_path_factory.mktemp("clips") / "clip.mp4"
    make_clip(path, seconds=2, seed=1, style="aurora")
    return path.read_bytes()


@pytest.fixture(scope="module")
def photo(tmp_path_factory) -> bytes:
    import av

    path = tmp_path_factory.mktemp("photos") / "photo.png"
    with av.open(str(path), "w", format="image2") as target:
        stream = target.add_stream("png", rate=1)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "rgb24"
        target.mux(stream.encode(av.VideoFrame(64, 64, "rgb24")))
        target.mux(stream.encode())
    return path.read_bytes()


@pytest.fixture(autouse=True)
def clean():
    yield
    for folder in (settings.HOUSE.media, settings.HOUSE.uploads):
        shutil.rmtree(folder)
        folder.mkdir(mode=0o700)


NAMED = ("file_name: ", "upload_type: ", "flaw_detect: ", "Missing required field(s): video_url")


def md5(raw: bytes) -> str:
    return hashlib.md5(raw, usedforsecurity=False).hexdigest()


@pytest.fixture
def upload(brand, api, clip):
    def upload(name: str = "clip.mp4", raw: bytes = clip, **more):
        return api.form(
            "file/video/ad/upload",
            advertiser_id=str(brand.advertiser.id),
            video_file=SimpleUploadedFile(name, raw, "video/mp4"),
            **more,
        )

    return upload


@pytest.fixture
def upload_image(brand, api, photo):
    def upload_image(name: str = "photo.png", raw: bytes = photo, **more):
        return api.form(
            "file/image/ad/upload",
            advertiser_id=str(brand.advertiser.id),
            image_file=SimpleUploadedFile(name, raw, "image/png"),
            **more,
        )

    return upload_image


def behind(url: str) -> bytes:
    """Return the bytes that a link leads to, as the edge would serve them."""
    from attise.doors.site.means import means

    path = re.sub(r"^http://testserver", "", url)
    link = MediaLinks(means().secrets.key("media")).open(path, now_s=means().clock.wire_ms() // 1000)
    return Path(settings.HOUSE.media / link.key[:2] / link.key / link.name).read_bytes()


def test_a_video_is_kept_as_the_sdk_sends_it(upload, clip):
    answer = upload(
        upload_type="UPLOAD_BY_FILE", video_signature=md5(clip), file_name="Été.mp4", flaw_detect="True",
        auto_fix_enabled="False",
    )  # fmt: skip
    assert answer["code"] == 0, answer
    (row,) = answer["data"]
    assert row.keys() == VIDEO_KEYS
    assert (row["file_name"], row["format"], row["displayable"]) == ("Été.mp4", "mp4", True)
    assert row["duration"] == pytest.approx(2, abs=0.2)
    assert row["create_time"].endswith("Z")
    assert md5(behind(row["preview_url"])) == row["signature"]
    assert behind(row["video_cover_url"])[:2] == b"\xff\xd8"


def test_links_live_six_hours(upload, clock):
    (row,) = upload()["data"]
    assert row["preview_url_expire_time"] == "2026-09-21 20:13:20"
    clock.advance(seconds=6 * 3600 + 1)
    with pytest.raises(AttributeError):
        behind(row["preview_url"])


def test_a_second_file_of_the_same_name_is_dated(upload, api, brand):
    first, second = upload()["data"][0], upload()["data"][0]
    assert first["file_name"] == "clip.mp4"
    assert re.fullmatch(r"clip_\d{17}\.mp4", second["file_name"])
    assert first["video_id"] != second["video_id"]
    found = api.get("file/video/ad/search", advertiser_id=brand.advertiser.id)["data"]
    assert {row["video_id"] for row in found["list"]} == {first["video_id"], second["video_id"]}
    assert found["page_info"]["total_number"] == 2


@pytest.mark.parametrize(
    ("raw", "more", "code"),
    [
        (None, {"video_signature": "0" * 32}, 40900),
        (None, {"video_signature": "x"}, 40900),
        (b"", {}, 40906),
        (b"GIF89a not a video", {}, 40908),
        (b"\x00" * 5_000, {}, 40908),
        (None, {"file_name": "x" * 101}, 40002),
        (None, {"upload_type": "UPLOAD_BY_MAGIC"}, 40002),
        (None, {"upload_type": "UPLOAD_BY_URL"}, 40002),
        (None, {"upload_type": "UPLOAD_BY_FILE_ID", "file_id": "1"}, 40002),
        (None, {"flaw_detect": "maybe"}, 40002),
        (None, {"upload_type": "UPLOAD_BY_URL", "video_url": "http://127.0.0.1:1/x.mp4"}, 40002),
        (None, {"upload_type": "UPLOAD_BY_URL", "video_url": "file:///etc/passwd"}, 40002),
    ],
)
def test_what_is_refused_has_its_code(upload, clip, raw, more, code):
    answer = upload(raw=clip if raw is None else raw, **more)
    assert (answer["code"], answer["data"]) == (code, {})
    assert answer["message"].startswith(("video_file: ", "video_signature: ", "video_url: ", *NAMED))


def test_a_file_is_asked_for(brand, api):
    mine = str(brand.advertiser.id)
    assert api.form("file/video/ad/upload", advertiser_id=mine)["message"].startswith(
        "Missing required field(s): video"
    )
    assert api.form("file/video/ad/upload", advertiser_id=mine, video_file="text")["code"] == 40002
    assert api.post("file/video/ad/upload", advertiser_id=mine, video_file="text")["code"] == 40002
    assert api.form("file/video/ad/upload")["code"] == 40002


def test_a_video_is_named_again_by_its_id(upload, brand, rival):
    (row,) = upload()["data"]
    again = upload(upload_type="UPLOAD_BY_VIDEO_ID", video_id=row["video_id"])
    assert again["data"][0]["video_id"] == row["video_id"]
    theirs = {"advertiser_id": str(rival.advertiser.id), "upload_type": "UPLOAD_BY_VIDEO_ID"}
    assert rival.client().form("file/video/ad/upload", **theirs, video_id=row["video_id"])["code"] == 40007


def test_only_those_who_edit_upload(brand, clip):
    body = {"advertiser_id": str(brand.advertiser.id)}
    for role, code in (("operator", 0), ("analyst", 40001), ("finance", 40001)):
        file = SimpleUploadedFile("clip.mp4", clip)
        assert brand.client(role).form("file/video/ad/upload", **body, video_file=file)["code"] == code


def test_info_and_search_tell_ones_own_alone(upload, upload_image, brand, rival, api):
    (video,), image = upload()["data"], upload_image()["data"]
    mine = {"advertiser_id": brand.advertiser.id}
    theirs = {"advertiser_id": rival.advertiser.id}
    asked = {"video_ids": [video["video_id"], "v10033nothing"]}
    assert [row["video_id"] for row in api.get("file/video/ad/info", **mine, **asked)["data"]["list"]] == [
        video["video_id"]
    ]
    assert rival.client().get("file/video/ad/info", **theirs, **asked)["data"] == {"list": []}
    asked = {"image_ids": [image["image_id"]]}
    assert len(api.get("file/image/ad/info", **mine, **asked)["data"]["list"]) == 1
    assert rival.client().get("file/image/ad/info", **theirs, **asked)["data"] == {"list": []}
    for kind in ("video", "image"):
        assert len(api.get(f"file/{kind}/ad/search", **mine)["data"]["list"]) == 1
        assert rival.client().get(f"file/{kind}/ad/search", **theirs)["data"]["list"] == []
    assert api.get("file/video/ad/info", **mine, video_ids=["v"] * 61)["code"] == 40002


def test_searching_videos(upload, brand, api):
    row = upload("Plage.mp4")["data"][0]
    upload("Neige.mp4")
    ask = {"advertiser_id": brand.advertiser.id}

    def names(**filtering):
        answer = api.get("file/video/ad/search", **ask, filtering=filtering)
        assert answer["code"] == 0, answer
        return [one["file_name"] for one in answer["data"]["list"]]

    assert names() == ["Neige.mp4", "Plage.mp4"]
    assert names(video_name="plage") == ["Plage.mp4"]
    assert names(video_ids=[row["video_id"]]) == ["Plage.mp4"]
    assert names(material_ids=[row["material_id"]]) == ["Plage.mp4"]
    assert names(width=row["width"], height=row["height"]) == ["Neige.mp4", "Plage.mp4"]
    assert names(ratio=[round(row["width"] / row["height"], 4)]) == ["Neige.mp4", "Plage.mp4"]
    assert names(ratio=[9]) == []
    assert names(displayable=False) == []
    by_name = api.get("file/video/ad/search", **ask, sort_field="file_name", sort_type="DESC", page_size=1000)["data"]
    assert [one["file_name"] for one in by_name["list"]] == ["Plage.mp4", "Neige.mp4"]
    assert api.get("file/video/ad/search", **ask, sort_field="colour")["code"] == 40002
    assert api.get("file/video/ad/search", **ask, page_size=1001)["code"] == 40002
    assert api.get("file/video/ad/search", **ask, filtering={"ratio": ["wide"]})["code"] == 40002


def test_an_image_is_kept_and_becomes_the_picture_of_an_identity(upload_image, photo, brand, api):
    image = upload_image(image_signature=md5(photo))["data"]
    assert image.keys() == IMAGE_KEYS
    assert (image["width"], image["height"], image["file_name"]) == (64, 64, "photo.png")
    assert md5(behind(image["image_url"])) == image["signature"]
    body = {"advertiser_id": str(brand.advertiser.id), "display_name": "Brand", "image_uri": image["image_id"]}
    identity_id = api.post("identity/create", **body)["data"]["identity_id"]
    (row,) = api.get("identity/get", advertiser_id=brand.advertiser.id)["data"]["identity_list"]
    assert row["identity_id"] == identity_id
    assert behind(row["profile_image"]) == behind(image["image_url"])


@pytest.mark.parametrize(("asked", "given"), [({"poster_number": 3}, 3), ({"poster_number": 1}, 1), ({}, 10)])
def test_covers_are_suggested_from_along_the_video(upload, brand, api, asked, given):
    import av

    (row,) = upload()["data"]
    ask = {"advertiser_id": brand.advertiser.id, "video_id": row["video_id"], **asked}
    answer = api.get("file/video/suggestcover", **ask)
    assert answer["code"] == 0, answer
    covers = answer["data"]["list"]
    assert len({cover["id"] for cover in covers}) == given
    assert len({behind(cover["url"]) for cover in covers}) == given
    for cover in covers:
        assert cover.keys() == {"id", "width", "height", "url"}
        with av.open(str(_file_behind(cover["url"]))) as picture:
            frame = next(picture.decode(video=0))
        assert (frame.width, frame.height) == (cover["width"], cover["height"])
    again = api.get("file/video/suggestcover", **ask)["data"]["list"]
    assert [cover["id"] for cover in again] == [cover["id"] for cover in covers]


def test_suggestions_are_asked_for_within_bounds_and_of_ones_own_videos(upload, brand, rival, api):
    ask = {"advertiser_id": brand.advertiser.id, "video_id": upload()["data"][0]["video_id"]}
    for number in (0, 11):
        refused = api.get("file/video/suggestcover", **ask, poster_number=number)
        assert (refused["code"], refused["message"].split(":")[0]) == (40002, "poster_number")
    theirs = rival.client().get("file/video/suggestcover", **{**ask, "advertiser_id": rival.advertiser.id})
    assert theirs["code"] == 40007


def _file_behind(url: str) -> Path:
    from attise.doors.site.means import means

    link = MediaLinks(means().secrets.key("media")).open(
        url.removeprefix("http://testserver"), now_s=means().clock.wire_ms() // 1000
    )
    return settings.HOUSE.media / link.key[:2] / link.key / link.name


class TestByAddress:
    """A file at an address is fetched once, under the house's rules for others' servers."""

    @pytest.fixture
    def address(self, clip, monkeypatch):
        class Server(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Length", str(len(clip)))
                self.end_headers()
                self.wfile.write(clip)

            def log_message(self, *args):
                pass

        server = HTTPServer(("127.0.0.1", 0), Server)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/films/plage.mp4"
        server.shutdown()
        thread.join()
        server.server_close()

    def test_a_private_network_is_not_reached(self, brand, api, address):
        body = {"advertiser_id": str(brand.advertiser.id), "upload_type": "UPLOAD_BY_URL", "video_url": address}
        answer = api.post("file/video/ad/upload", **body)
        assert (answer["code"], answer["message"].split(":")[0]) == (40002, "video_url")

    def test_a_listed_host_is_fetched(self, brand, api, address, monkeypatch):
        import dataclasses

        listed = dataclasses.replace(settings.HOUSE.settings, media_hosts=("127.0.0.1",))
        monkeypatch.setattr(settings.HOUSE, "settings", listed)
        body = {"advertiser_id": str(brand.advertiser.id), "upload_type": "UPLOAD_BY_URL", "video_url": address}
        answer = api.post("file/video/ad/upload", **body)
        assert answer["code"] == 0, answer
        assert answer["data"][0]["file_name"] == "plage.mp4"
