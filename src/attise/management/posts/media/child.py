"""The child process: one hostile file, one job, one answer on standard output.

Started by ``limited`` as ``python -m attise.management.posts.media.child JOB PARENT``. The walls stand before the media
library is loaded. Whatever happens inside, the exit is orderly or the kernel's; the parent lives with both.
"""

from __future__ import annotations

import errno
import os
import sys

import msgspec

from attise.management.posts.media import lockdown
from attise.management.posts.media.errors import BOMB, TOO_LARGE, MediaRefused
from attise.management.posts.media.messages import (
    NO_ROOM,
    Answer,
    CommandJob,
    Failed,
    FramesFound,
    FramesJob,
    ImageFound,
    Job,
    LookingJob,
    Refused,
    VideoFound,
    VideoJob,
    VideoWatched,
    WatchJob,
)

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


def main(arguments: list[str]) -> int:
    """Do the one job given and write the answer; the parent's number comes with it. Returns the exit status."""
    job = msgspec.json.decode(arguments[1], type=Job)
    process = job.process if isinstance(job, CommandJob) else job.limits.process
    lockdown.apply(process, parent=int(arguments[2]))
    if isinstance(job, CommandJob):
        os.execv(job.command[0], job.command)  # noqa: S606 - no shell is meant; the command is the parent's own
    try:
        os.write(1, msgspec.json.encode(_answer(job)))
    except OSError as error:
        if error.errno in _NO_ROOM:
            return NO_ROOM
        raise
    return 0


def _answer(job: LookingJob) -> Answer:
    """Do the job; every way to fail becomes an answer, but for a full disk.

    Raises: OSError of a full disk.
    """
    try:
        return _do(job)
    except MediaRefused as refusal:
        return Refused(code=refusal.code, params=refusal.params)
    except MemoryError:
        return Refused(code=BOMB.code, params={})
    except Exception as error:
        number = error.errno if isinstance(error, OSError) else None
        if number in _NO_ROOM:
            raise
        if number == errno.EFBIG:
            limits = job.limits
            return Refused(
                code=TOO_LARGE.code, params={"measured": limits.process.file_bytes, "limit": limits.max_bytes}
            )
        return Failed(what=repr(error)[:500])


def _do(job: LookingJob) -> VideoFound | FramesFound | VideoWatched | ImageFound:
    # The media library is loaded here, behind the walls.
    if isinstance(job, VideoJob):
        from attise.management.posts.media.video import look_at_video

        return look_at_video(job)
    if isinstance(job, FramesJob):
        from attise.management.posts.media.frames import take_frames

        return take_frames(job)
    if isinstance(job, WatchJob):
        from attise.management.posts.media.watching import watch

        return watch(job)
    from attise.management.posts.media.picture import look_at_picture

    return look_at_picture(job)


if __name__ == "__main__":
    sys.exit(main(sys.argv))
