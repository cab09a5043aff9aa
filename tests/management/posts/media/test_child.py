"""The child may use little, is told little, and whatever it does, the parent gets an answer or a refusal."""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import select
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from attise.kernel.errors import Outage
from attise.management.posts.media import limited
from attise.management.posts.media.errors import MediaRefused
from attise.management.posts.media.inspection import inspect_image, inspect_video
from attise.management.posts.media.limits import MIB, ImageLimits, ProcessLimits, VideoLimits
from attise.management.posts.media.messages import CommandJob

FOUND = {
    "type": "video_found",
    "stored": "mp4",
    "duration_ms": 1500,
    "width": 96,
    "height": 160,
    "fps_milli": 30000,
    "video_codec": "h264",
    "audio_codec": None,
    "audio_track": 0,
    "video_plays": True,
    "cover_width": 96,
    "cover_height": 160,
}


def say(**answer: object) -> str:
    return f"printf '%s' '{json.dumps({**FOUND, **answer})}'\n"


LEAVE = "echo film > stored; echo cover > cover.jpg\n"
FAULTS: dict[str, str] = {
    "crashes": "kill -SEGV $$",
    "aborts": "kill -ABRT $$",
    "ends without a word": "exit 0",
    "ends with an error": "exit 3",
    "says nonsense": "echo hello",
    "says something else": 'echo \'{"type": "image_found", "stored": "png", "width": 1, "height": 1}\'',
    "talks without end": "head -c 40000000 /dev/zero",
    "talks until it is stopped": "ulimit -f 100; yes",
    "says too little": 'echo \'{"type": "video_found"}\'',
    "says bytes that are no text": "printf '\\377\\376{}'",
    "refuses in words that nobody knows": 'echo \'{"type": "refused", "code": "because", "params": {}}\'',
    "refuses and keeps the numbers": 'echo \'{"type": "refused", "code": "media_too_long", "params": {}}\'',
    "refuses with words for another place": (
        'echo \'{"type": "refused", "code": "media_empty", "params": {"reason": "x", "field": "y"}}\''
    ),
    "leaves nothing": say(),
    "leaves no cover": "echo film > stored\n" + say(),
    "leaves an empty file": ": > stored; : > cover.jpg\n" + say(),
    "leaves a link to a secret": "ln -s /etc/passwd stored; echo x > cover.jpg\n" + say(),
    "leaves a pipe": "mkfifo stored; echo x > cover.jpg\n" + say(),
    "leaves a folder": "mkdir stored; echo x > cover.jpg\n" + say(),
    "leaves a cover that is a link": "echo film > stored; ln -s /etc/passwd cover.jpg\n" + say(),
    "claims a width below nothing": LEAVE + say(width=-5),
    "claims a codec with a tag in it": LEAVE + say(video_codec="<script>"),
    "claims a format that is not one": LEAVE + say(stored="../../x"),
}


@pytest.fixture
def taken_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    """A child that a hostile file has taken over: a program of the test's runs in its place."""

    def put(script: str) -> None:
        program = tmp_path / "program"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setattr(sys, "executable", str(program))

    return put


@pytest.mark.parametrize("name", FAULTS)
def test_whatever_a_child_does_is_a_refusal(name: str, work: Path, good_mp4: Path, taken_over) -> None:
    taken_over(FAULTS[name])
    with pytest.raises(MediaRefused) as caught:
        inspect_video(good_mp4, work)
    assert caught.value.code == "media_unreadable"
    assert list(work.iterdir()) == []


def test_the_signature_is_the_parents_own(work: Path, good_mp4: Path, taken_over) -> None:
    taken_over(LEAVE + say())
    inspected = inspect_video(good_mp4, work)
    assert inspected.signature_md5 == hashlib.md5(b"film\n").hexdigest()
    assert inspected.size_bytes == 5


def test_a_full_disk_is_not_the_files_fault(work: Path, good_mp4: Path, taken_over) -> None:
    taken_over("exit 75")
    with pytest.raises(Outage):
        inspect_video(good_mp4, work)
    assert list(work.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_not_the_files_fault(tmp_path: Path, good_mp4: Path) -> None:
    with pytest.raises(Outage):
        inspect_video(good_mp4, tmp_path / "nowhere")


def test_a_child_that_waits_is_ended_with_all_that_it_started(
    tmp_path: Path, work: Path, good_mp4: Path, taken_over
) -> None:
    note = tmp_path / "pids"
    os.mkfifo(note)
    reader = os.open(note, os.O_RDONLY | os.O_NONBLOCK)
    # Whoever is alive holds the pipe open for writing: its end is seen when all are gone.
    taken_over(f"exec 3>{note}\necho ready >&3\nsleep 600 &\nsleep 600")
    with pytest.raises(MediaRefused) as caught:
        inspect_video(good_mp4, work, limits=VideoLimits(process=ProcessLimits(wall_s=2)))
    assert caught.value.code == "media_took_too_long"
    assert heard_until_all_are_gone(reader) == b"ready\n"


def heard_until_all_are_gone(reader: int) -> bytes:
    """Return what was written into a pipe once nobody holds its other end."""
    heard = b""
    with os.fdopen(reader, "rb", buffering=0) as pipe:
        while select.select([pipe], [], [], 10)[0]:
            piece = pipe.read(100)
            if not piece:
                return heard
            heard += piece
    pytest.fail("something of the child lives on")


def test_a_child_dies_with_its_parent(tmp_path: Path, work: Path, good_mp4: Path) -> None:
    note = tmp_path / "note"
    os.mkfifo(note)
    reader = os.open(note, os.O_RDONLY | os.O_NONBLOCK)
    program = (
        "import sys\nfrom pathlib import Path\nfrom attise.management.posts.media import limited\n"
        "from attise.management.posts.media.limits import ProcessLimits\n"
        "from attise.management.posts.media.messages import CommandJob\n"
        "with limited.opened(Path(sys.argv[1])) as file:\n"
        "    process = ProcessLimits()\n"
        "    wait = CommandJob(command=['/bin/sh', '-c', 'exec >' + sys.argv[3] + '; echo ready; exec sleep 600'],"
        " process=process)\n"
        "    limited.run(wait, process=process, scratch=Path(sys.argv[2]), file=file.fileno())\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", program, good_mp4, work, note])
    try:
        assert select.select([reader], [], [], 30)[0]
        assert os.read(reader, 100) == b"ready\n"
    finally:
        parent.kill()
        parent.wait()
    assert heard_until_all_are_gone(reader) == b""


def run(program: str, work: Path, good: Path, process: ProcessLimits | None = None) -> tuple[int, str]:
    """Run a Python program where a child runs, and return its status and what it said."""
    with limited.opened(good) as file, limited.scratch_folder(work) as scratch:
        job = CommandJob(command=[sys.executable, "-c", program], process=process or ProcessLimits())
        status, said = limited.run(job, process=job.process, scratch=scratch, file=file.fileno())
    return status, said.decode().strip()


def test_the_kernel_holds_the_limits(work: Path, good_mp4: Path) -> None:
    program = (
        "import resource as r, os, json\n"
        "print(json.dumps([r.getrlimit(k) for k in (r.RLIMIT_CPU, r.RLIMIT_AS, r.RLIMIT_FSIZE, r.RLIMIT_CORE,"
        " r.RLIMIT_NOFILE)] + [os.nice(0), os.getpid() == os.getsid(0)]))"
    )
    _, said = run(program, work, good_mp4)
    cpu, memory, size, core, files, nice, leads = json.loads(said)
    assert cpu == [60, 65]
    assert memory == [1_536 * MIB] * 2
    assert size == [532 * MIB] * 2
    assert core == [0, 0]
    assert files == [64, 64]
    assert nice == os.nice(0) + 5
    assert leads


def test_the_kernel_ends_a_child_that_computes_for_ever(work: Path, good_mp4: Path) -> None:
    status, _ = run("while True: pass", work, good_mp4, ProcessLimits(cpu_s=1))
    assert status in limited.OUT_OF_TIME


def test_a_child_is_told_little(work: Path, good_mp4: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTISE_DATABASE_URL", "postgres://secret")
    monkeypatch.setenv("LD_PRELOAD_SECRET", "secret")
    read, write = os.pipe()
    os.set_inheritable(write, True)
    program = (
        "import os, json, sys\n"
        "print(json.dumps([sorted(os.environ), sorted(os.listdir('/proc/self/fd'), key=int), sys.stdin.read()]))"
    )
    try:
        _, said = run(program, work, good_mp4)
    finally:
        os.close(read)
        os.close(write)
    names, files, typed = json.loads(said)
    assert set(names) <= {"HOME", "LANG", "LC_CTYPE", "PATH", "PYTHONPATH", "TMPDIR"}
    assert len(files) == 5, "the standard three, the file, and the folder being listed"
    assert typed == ""


def test_a_child_is_out_of_the_network_where_the_kernel_allows_it(work: Path, good_mp4: Path) -> None:
    unshare = "import ctypes; l = ctypes.CDLL(None); print(l.unshare(0x40000000) and l.unshare(0x50000000))"
    probe = subprocess.run([sys.executable, "-c", unshare], check=True, capture_output=True, text=True)
    allowed = probe.stdout.strip() == "0"
    assert ctypes.CDLL(None).unshare is not None
    with socket.create_server(("127.0.0.1", 0)) as ear:
        program = (
            "import socket\n"
            f"try: socket.create_connection(('127.0.0.1', {ear.getsockname()[1]}), 5); print('reached')\n"
            "except OSError: print('alone')"
        )
        _, said = run(program, work, good_mp4)
        assert said == ("alone" if allowed else "reached")
        assert bool(select.select([ear], [], [], 0)[0]) != allowed


def test_pictures_meet_the_same_walls(tmp_path: Path, work: Path, taken_over) -> None:
    source = tmp_path / "x.png"
    source.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    taken_over("kill -SEGV $$")
    with pytest.raises(MediaRefused) as caught:
        inspect_image(source, work)
    assert caught.value.code == "image_unreadable"
    taken_over("sleep 600")
    with pytest.raises(MediaRefused) as caught:
        inspect_image(source, work, limits=ImageLimits(process=ProcessLimits(wall_s=0.2)))
    assert caught.value.code == "media_took_too_long"
    assert list(work.iterdir()) == []
