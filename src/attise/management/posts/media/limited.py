"""Runs a job in a limited child process and brings back its answer, whatever the child does.

The parent hands over one open file by number, an empty scratch folder, and nothing else: a new session, an environment
of a few words, no standard input, standard output into a small file of the scratch folder so that a child that floods
it fills its own allowance and not the parent's memory.
"""

from __future__ import annotations

import contextlib
import logging
import os
import select
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import Any

import msgspec

import attise
from attise.kernel.errors import Outage, Reason
from attise.kernel.limits import MIB
from attise.management.posts.media.errors import BY_CODE, NOT_A_FILE, TOOK_TOO_LONG, MediaRefused
from attise.management.posts.media.limits import ProcessLimits
from attise.management.posts.media.messages import (
    ANSWER_BYTES,
    NO_ROOM,
    Answer,
    CommandJob,
    Failed,
    LookingJob,
    Refused,
)

_log = logging.getLogger(__name__)
_CHILD = "attise.management.posts.media.child"
OUT_OF_TIME = (-signal.SIGXCPU, -signal.SIGKILL)


@contextmanager
def opened(source: Path) -> Iterator[FileIO]:
    """Open a plain file, following no link and waiting for no pipe.

    Raises: MediaRefused(media_not_a_file).
    """
    try:
        number = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        raise MediaRefused(NOT_A_FILE) from error
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise MediaRefused(NOT_A_FILE)
    with FileIO(number) as file:
        yield file


@contextmanager
def scratch_folder(work: Path) -> Iterator[Path]:
    """Make a private folder under ``work`` with a name of its own, and leave nothing of it behind.

    Raises: Outage when ``work`` cannot be written.
    """
    try:
        folder = Path(tempfile.mkdtemp(prefix="media-", dir=work)).absolute()
    except OSError as error:
        raise Outage("the folder for media cannot be written", retry_after_s=60) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def ask(job: LookingJob, *, unreadable: Reason) -> Answer:
    """Run a job and return its good answer.

    Raises: MediaRefused for the child's refusals; media_took_too_long when time ran out; ``unreadable`` when the child
    crashed or answered nonsense. Outage when the disk is full.
    """
    process = job.limits.process
    status, said = run(job, process=process, scratch=Path(job.scratch), file=job.file)
    if status in OUT_OF_TIME:
        raise out_of_time(status, process)
    if status == NO_ROOM:
        raise no_room()
    try:
        answer: Answer = msgspec.json.decode(said, type=Answer)
    except msgspec.MsgspecError:
        answer = Failed(what=f"status {status}, {len(said)} bytes of no answer")
    if isinstance(answer, Failed):
        _log.warning("a media child failed: %s (status %s)", answer.what, status)
        raise MediaRefused(unreadable)
    if isinstance(answer, Refused):
        raise _refusal(answer, unreadable)
    return answer


def no_room() -> Outage:
    """Return what to raise when the disk is full."""
    return Outage("no room to store media", retry_after_s=60)


def is_full(folder: Path) -> bool:
    """Tell whether the disk under a folder has no room left to speak of."""
    return shutil.disk_usage(folder).free < MIB


def out_of_time(status: int, process: ProcessLimits) -> MediaRefused:
    """Return the refusal for a child that was ended: by the kernel for its share of the processor, or by the clock."""
    limit = process.cpu_s if status == -signal.SIGXCPU else round(process.wall_s)
    return MediaRefused(TOOK_TOO_LONG, limit=limit)


def run(
    job: LookingJob | CommandJob,
    *,
    process: ProcessLimits,
    scratch: Path,
    file: int,
    answer_bytes: int = ANSWER_BYTES,
) -> tuple[int, bytes]:
    """Start a child for ``job``, wait for its end or end it, and return its status and what it said.

    No more than ``answer_bytes`` is read of that. The status is negative when a signal ended the child, as
    ``subprocess`` has it.
    """
    command = [sys.executable, "-P", "-s", "-m", _CHILD, msgspec.json.encode(job).decode(), str(os.getpid())]
    with (scratch / "answer").open("w+b", buffering=0) as answer:
        child = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command,
            stdin=subprocess.DEVNULL,
            stdout=answer,
            stderr=subprocess.DEVNULL,
            cwd=scratch,
            env=_environment(scratch),
            pass_fds=(file,),
            start_new_session=True,
        )
        try:
            _wait(child, process.wall_s)
            status = child.wait(0)
        except subprocess.TimeoutExpired:
            status = -signal.SIGKILL
        finally:
            if child.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGKILL)
                child.wait()
        answer.seek(0)
        return status, answer.read(answer_bytes)


def _wait(child: subprocess.Popen[bytes], wall_s: float) -> None:
    """Wait until the child ends or the time is over, and wake at once when it does."""
    try:
        handle = os.pidfd_open(child.pid)
    except (AttributeError, OSError):  # an older or stricter kernel: look now and then instead
        child.wait(wall_s)
        return
    try:
        ended = select.poll()
        ended.register(handle, select.POLLIN)
        ended.poll(wall_s * 1_000)
    finally:
        os.close(handle)


def _environment(scratch: Path) -> dict[str, str]:
    """Return the few words that a child is told."""
    return {
        "HOME": str(scratch),
        "LANG": "C.UTF-8",
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(Path(attise.__file__).parent.parent),
        "TMPDIR": str(scratch),
    }


def _refusal(answer: Refused, unreadable: Reason) -> MediaRefused:
    """Return the child's refusal in the house's words; one that the house does not know is nonsense."""
    try:
        params: dict[str, Any] = dict(answer.params)
        refusal = MediaRefused(BY_CODE[answer.code], **params)
        (refusal.reason.message % params).encode()
    except (KeyError, TypeError, ValueError):
        _log.warning("a media child refused in unknown words: %s", answer.code)
        return MediaRefused(unreadable)
    return refusal
