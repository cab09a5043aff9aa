"""Runs a verb in children that are killed (SIGKILL) before the first, the second, the third… thing that leaves a trace.

Run by ``test_kill.py`` as ``python killed.py JOB``, on the database and in the folder of the test. What counts as a
step: every statement and commit, every rename, fsync, link, removal and new folder, every write of what is received.
Prints what it saw as JSON.
"""

from __future__ import annotations

import json
import os
import sys
from itertools import count
from pathlib import Path

JOB = json.loads(sys.argv[1])

import django  # noqa: E402
from django.conf import settings  # noqa: E402

settings.DATABASES["default"]["NAME"] = JOB["database"]
django.setup()

from django.db import connections  # noqa: E402

from attise.kernel.actor import Actor  # noqa: E402
from attise.kernel.chance import SystemChance  # noqa: E402
from attise.kernel.clock import SystemClock  # noqa: E402
from attise.kernel.ids import ClockIds  # noqa: E402
from attise.kernel.means import Means  # noqa: E402
from attise.management.posts import actions, store  # noqa: E402
from attise.management.posts.editing.edits import Edits  # noqa: E402
from attise.management.posts.models import Media, Post, Unpublished, Upload  # noqa: E402
from tests.dying import in_database, kill_at  # noqa: E402

HOUSE = settings.HOUSE
ACTOR = Actor("host", 1)
PIECE_BYTES = 20_000
TRACES = frozenset({"rename", "replace", "mkdir", "rmdir", "link", "unlink", "fsync", "chmod", "utime"})


def means() -> Means:
    clock = SystemClock()
    return Means(clock, SystemChance(), ClockIds(clock, os.getpid() % 1024), HOUSE.secrets)


def publish(upload: str) -> int:
    draft = actions.PostDraft(caption="jusqu'au bout")
    return actions.publish_post(
        means(), ACTOR, house=HOUSE, creator_id=JOB["creator_id"], draft=draft, upload=Path(upload)
    ).id


def hold_back(upload: str) -> int:
    """Keep a video that waits to be published, with edits."""
    asked = {"house": HOUSE, "creator_id": JOB["creator_id"]}
    one = actions.hold_back(means(), upload=Path(upload), typed={}, **asked)
    edits = Edits(to_ms=1_100)
    actions.edit_video(means(), house=HOUSE, owner_id=JOB["creator_id"], unpublished_id=one.id, edits=edits)
    return one.id


def is_trace(frame, event, arg) -> bool:
    """Tell of a trace in the folder of media or in the database, and of a commit that has ended."""
    if event != "c_call":
        return in_database(frame, event, arg)
    is_file = arg.__module__ == "posix" and arg.__name__ in TRACES
    return is_file or (frame.f_code.co_name == "_write" and arg.__name__ == "write")


def rows_without_their_file() -> list[str]:
    """Return what is wrong: every row of a post that lives must have its file where links or the worker look for it."""
    wrong = []
    for post in Post.objects.select_related("media").exclude(state="deleted"):
        if post.media is not None and not (store.folder_of(HOUSE, post.media.key) / post.media.file_name).is_file():
            wrong.append(f"post {post.id} is {post.state} without its file")
        if post.media is None and not store.pending_of(HOUSE, post.pending_file or "none").is_file():
            wrong.append(f"post {post.id} is {post.state} without a file to encode")
    for one in Unpublished.objects.select_related("media", "edited"):
        kept = [row for row in (one.media, one.edited) if row is not None]
        files = [store.folder_of(HOUSE, row.key) / row.file_name for row in kept]
        if not kept or not all(path.is_file() for path in files):
            wrong.append(f"{one.id} waits to be published without its file")
    wrong += [
        f"media {row.key} has no file"
        for row in Media.objects.exclude(id__in=Post.objects.filter(media__isnull=False).values("media"))
        if not (store.folder_of(HOUSE, row.key) / row.file_name).is_file()
    ]
    return wrong


def receive() -> None:
    """Receive the rest of a file in pieces, each of several parts, and keep what was told of each."""
    asked = {"owner_id": JOB["creator_id"], "upload_id": JOB["upload_id"]}
    data, view = Path(JOB["upload"]).read_bytes(), actions.get_upload(HOUSE, **asked)
    while not view.is_whole:
        piece = data[view.received_bytes : view.received_bytes + PIECE_BYTES]
        parts = [piece[at : at + PIECE_BYTES // 4] for at in range(0, len(piece), PIECE_BYTES // 4)]
        view = actions.receive(HOUSE, offset_bytes=view.received_bytes, parts=parts, **asked)
        Path(JOB["told"]).write_text(str(view.received_bytes))


def received_wrongly() -> list[str]:
    """Return what is wrong with what was received: it is a beginning of the file, no shorter than what was told."""
    told = int(Path(JOB["told"]).read_text()) if Path(JOB["told"]).exists() else 0
    name = Upload.objects.get(id=JOB["upload_id"]).file_name
    received = store.pending_of(HOUSE, name).read_bytes()
    wrong = [] if len(received) >= told else [f"{len(received)} bytes are there, {told} were told"]
    return wrong if Path(JOB["upload"]).read_bytes().startswith(received) else [*wrong, "other bytes are there"]


def prepare() -> int:
    """Make what the verb needs, and return the id of its post, 0 when it makes one."""
    if JOB["verb"] == "delete":
        return publish(JOB["upload"])
    if JOB["verb"] == "render":
        waiting = Unpublished.objects.filter(edited=None)
        waiting.update(rendering_tries=0)
        return waiting.values_list("id", flat=True).first() or hold_back(JOB["upload"])
    if JOB["verb"] == "encode":
        waiting = Post.objects.filter(state="processing")
        waiting.update(encoding_tries=0)  # what is shown here is where it may die, not how often
        return waiting.values_list("id", flat=True).first() or publish(JOB["upload"])
    return 0


def run(post_id: int) -> None:
    if JOB["verb"] == "publish":
        publish(JOB["upload"])
    elif JOB["verb"] == "receive":
        receive()
    elif JOB["verb"] == "render":
        actions.render_pending(means(), HOUSE)
    elif JOB["verb"] == "delete":
        actions.delete_post(means(), ACTOR, house=HOUSE, post_id=post_id)
    else:
        actions.encode_pending(means(), HOUSE)


def main() -> None:
    kills, wrong = 0, []
    for step in count(1, JOB["every"]):
        post_id = prepare()
        connections.close_all()
        child = os.fork()
        if child == 0:
            kill_at(step, is_trace)
            run(post_id)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        found = received_wrongly() if JOB["verb"] == "receive" else rows_without_their_file()
        wrong += [f"killed at step {step}: {what}" for what in found]
        if not os.WIFSIGNALED(status):
            wrong += [] if status == 0 else [f"step {step}: the child failed, status {status}"]
            break
        kills += 1
    sys.stdout.write(json.dumps({"kills": kills, "wrong": wrong}))


main()
