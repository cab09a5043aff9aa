"""Media by signed links: whole files, one range, one answer for every bad link, and no one slowed by anyone."""

from __future__ import annotations

import contextlib
import hashlib
import threading
import time
from pathlib import Path

import pytest

from attise.kernel.chance import SystemChance
from tests.doors.rig import read_answer, until

KEY = "abcdefghijklmnopqrstuvwxyz"
MIB = 1024 * 1024


@pytest.fixture(scope="module")
def video(front) -> bytes:
    data = SystemChance().token(3 * MIB + 17)
    front.keep(KEY, "video.mp4", data)
    front.keep(KEY, "cover.jpg", b"\xff\xd8jpeg")
    return data


def test_a_link_gives_the_whole_file(front, video):
    answer = front.ask(front.link(KEY, "video.mp4", life_s=600))
    assert answer.status == 200
    assert answer.body == video
    assert answer.header("Content-Type") == "video/mp4"
    assert answer.header("Content-Disposition") == "inline"
    assert answer.header("X-Content-Type-Options") == "nosniff"
    assert answer.header("Accept-Ranges") == "bytes"
    assert "sandbox" in (answer.header("Content-Security-Policy") or "")
    age = (answer.header("Cache-Control") or "").removeprefix("private, max-age=")
    assert 590 <= int(age) <= 600
    assert front.ask(front.link(KEY, "cover.jpg")).header("Content-Type") == "image/jpeg"


def test_a_head_has_the_length_and_no_body(front, video):
    answer = front.ask(front.link(KEY, "video.mp4"), method="HEAD")
    assert (answer.status, answer.header("Content-Length"), answer.body) == (200, str(len(video)), b"")


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("0-0", 0, 0), ("5-10", 5, 10), ("1048576-", 1048576, None), ("-7", -7, None), ("10-99999999999", 10, None)],
)
def test_one_range_gives_those_bytes(front, video, asked, first, last):
    answer = front.ask(front.link(KEY, "video.mp4"), headers={"Range": f"bytes={asked}"})
    expected = video[first:] if last is None else video[first : last + 1]
    begin = first % len(video)
    assert answer.status == 206
    assert answer.body == expected
    assert answer.header("Content-Range") == f"bytes {begin}-{begin + len(expected) - 1}/{len(video)}"


def test_a_range_beyond_the_end_is_told_the_size(front, video):
    answer = front.ask(front.link(KEY, "video.mp4"), headers={"Range": f"bytes={len(video)}-"})
    assert answer.status == 416
    assert answer.header("Content-Range") == f"bytes */{len(video)}"


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "bytes=9-2", "lines=1-2", "bytes=x"])
def test_what_is_not_one_range_gives_the_whole(front, video, asked):
    answer = front.ask(front.link(KEY, "video.mp4"), headers={"Range": asked})
    assert (answer.status, len(answer.body)) == (200, len(video))


def test_a_file_that_the_client_has_is_not_sent_again(front, video):
    tag = front.ask(front.link(KEY, "video.mp4"), method="HEAD").header("ETag")
    for known in (tag, f'"other", W/{tag}', "*"):
        answer = front.ask(front.link(KEY, "video.mp4"), headers={"If-None-Match": known})
        assert (answer.status, answer.header("ETag")) == (304, tag)
    assert front.ask(front.link(KEY, "video.mp4"), headers={"If-None-Match": '"other"'}).status == 200


def test_a_range_is_given_only_of_the_file_that_was_meant(front, video):
    tag = front.ask(front.link(KEY, "video.mp4"), method="HEAD").header("ETag")
    same = front.ask(front.link(KEY, "video.mp4"), headers={"Range": "bytes=0-9", "If-Range": tag})
    assert same.status == 206
    for other in ('"other"', f"W/{tag}", "Sun, 22 Nov 2026 00:00:00 GMT"):
        answer = front.ask(front.link(KEY, "video.mp4"), headers={"Range": "bytes=0-9", "If-Range": other})
        assert (answer.status, len(answer.body)) == (200, len(video))


def test_every_bad_link_has_one_answer(front, video, tmp_path):
    good = front.link(KEY, "video.mp4")
    (front.house.media / KEY[:2] / KEY / "passwd.mp4").symlink_to("/etc/passwd")
    front.keep(KEY, "page.html", b"<script>")
    (front.house.media / KEY[:2] / KEY / "folder.mp4").mkdir()
    bad = [
        front.link(KEY, "video.mp4", life_s=-1),
        good.replace("/media/1", "/media/2", 1),
        good.replace(KEY, KEY[::-1]),
        good.replace("video.mp4", "cover.jpg"),
        good + "?x=1#",
        good.replace("video", "%76ideo"),
        good.replace("/media/", "/media//"),
        good.replace("/media/", "//media/"),
        "/media/",
        "/media/../secrets.json",
        "/media/%2e%2e/secrets.json",
        front.link(KEY, "absent.mp4"),
        front.link("z" * 26, "video.mp4"),
        front.link(KEY, "passwd.mp4"),
        front.link(KEY, "folder.mp4"),
        front.link(KEY, "page.html"),
        front.link(KEY, "video.mp4") + "/",
    ]
    answers = [front.ask(link) for link in bad if "?" not in link]
    assert {answer.status for answer in answers} == {404}
    bodies = {answer.body.replace((answer.header("X-Request-Id") or "").encode(), b"") for answer in answers}
    assert len(bodies) == 1


def test_a_link_is_for_reading(front, video):
    answer = front.ask(front.link(KEY, "video.mp4"), method="DELETE")
    assert (answer.status, answer.header("Allow")) == (405, "GET, HEAD")


def test_media_are_served_while_the_site_and_the_database_are_away(own_front):
    own_front.keep(KEY, "video.mp4", b"video")
    own_front.site.end()
    for name in ("", "-wal", "-shm"):
        own_front.house.database.with_name(own_front.house.database.name + name).unlink(missing_ok=True)
    assert own_front.ask(own_front.link(KEY, "video.mp4")).body == b"video"


def test_slow_readers_do_not_slow_the_next(front, video):
    """Two who stop reading in the middle; a third takes as long as alone, give or take noise of the machine."""
    size = 24 * MIB
    front.keep("m" * 26, "video.mp4", bytes(size))
    link = front.link("m" * 26, "video.mp4")

    def time_once() -> float:
        began = time.monotonic()
        assert len(front.ask(link).body) == size
        return time.monotonic() - began

    alone = min(time_once() for _ in range(3))
    slow = [front.door.connect() for _ in range(2)]
    stop = threading.Event()

    def sip(connection) -> None:
        connection.sendall(f"GET {link} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        while not stop.wait(0.05) and connection.recv(2_000):
            pass

    readers = [threading.Thread(target=sip, args=(connection,)) for connection in slow]
    for reader in readers:
        reader.start()
    try:
        beside = min(time_once() for _ in range(3))
    finally:
        stop.set()
        for reader in readers:
            reader.join()
        for connection in slow:
            connection.close()
    assert beside < 2 * alone + 0.1, f"alone {alone * 1000:.0f} ms, beside slow readers {beside * 1000:.0f} ms"


def test_a_reader_that_leaves_is_noticed(own_front):
    """Thirty who ask for a large file and leave: their files are closed."""
    own_front.keep(KEY, "video.mp4", bytes(64 * MIB))
    link = own_front.link(KEY, "video.mp4")
    for _ in range(30):
        with own_front.door.connect() as connection:
            connection.sendall(f"GET {link} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert connection.recv(100)

    def open_media() -> int:
        names = []
        for link in Path(f"/proc/{own_front.edge.process.pid}/fd").iterdir():
            with contextlib.suppress(FileNotFoundError):
                names.append(link.readlink().name)
        return names.count("video.mp4")

    assert until(lambda: open_media() == 0, "closed files")


def test_a_file_in_ranges_is_the_file(front, video):
    link = front.link(KEY, "video.mp4")
    whole = hashlib.md5(usedforsecurity=False)
    with front.door.connect() as connection:
        for first in range(0, len(video), 700_000):
            last = min(first + 700_000, len(video)) - 1
            connection.sendall(f"GET {link} HTTP/1.1\r\nHost: x\r\nRange: bytes={first}-{last}\r\n\r\n".encode())
            whole.update(read_answer(connection).body)
    assert whole.hexdigest() == hashlib.md5(video, usedforsecurity=False).hexdigest()
