"""What is said in a video, by a program that the operator has installed and named; none comes with the house.

The program gets the path of a wav file (mono, 16 kHz, 16 bits) as its last argument and prints what it heard: JSON with
``segments``, each with ``start`` in seconds and ``text``, or plain text. It runs in the same limited child process as
whatever reads files of others: no network, bounded time, memory and output.
"""

from __future__ import annotations

import logging
import shlex
import shutil
from pathlib import Path
from typing import Annotated, NamedTuple

import msgspec

from attise.kernel.limits import MIB
from attise.management.posts.media import limited
from attise.management.posts.media.limits import ProcessLimits
from attise.management.posts.media.messages import CommandJob
from attise.management.posts.preflight.report import Speech

_log = logging.getLogger(__name__)

SPEECH_LIMITS = ProcessLimits(
    cpu_s=240, wall_s=120, memory_bytes=8_192 * MIB, file_bytes=64 * MIB, open_files=256, nice=10
)
SPEECH_BYTES = 256 * 1024
"""What is read of the program's answer; ten minutes of talk take a twentieth of it."""
MOST_SEGMENTS = 2_000


class Segment(msgspec.Struct, frozen=True):
    """Some words and when they begin, in seconds; None when the program did not say."""

    text: Annotated[str, msgspec.Meta(max_length=SPEECH_BYTES)]
    start: Annotated[float, msgspec.Meta(ge=0, le=86_400)] | None = None


class _Said(msgspec.Struct, frozen=True):
    segments: Annotated[list[Segment], msgspec.Meta(max_length=MOST_SEGMENTS)]


class Heard(NamedTuple):
    """What was said, and whether it could be heard at all."""

    speech: Speech
    segments: tuple[Segment, ...] = ()


ABSENT = Heard("absent")


def hear_words(command: str, sound: Path, work: Path, *, limits: ProcessLimits = SPEECH_LIMITS) -> Heard:
    """Return what ``command`` hears in a wav file.

    A program that is not there, fails, takes too long or answers nonsense is *failed*: it is logged, and what hangs on
    it is not measured. Raises: Outage when ``work`` cannot be written.
    """
    try:
        program, *arguments = shlex.split(command)
    except ValueError:
        program, arguments = "", []
    path = shutil.which(program) if program else None
    if path is None:
        _log.warning("no speech is heard: there is no program %r", program or command)
        return Heard("failed")
    with limited.opened(sound) as file, limited.scratch_folder(work) as scratch:
        job = CommandJob(command=[path, *arguments, str(sound.absolute())], process=limits)
        status, said = limited.run(
            job, process=limits, scratch=scratch, file=file.fileno(), answer_bytes=SPEECH_BYTES + 1
        )
    if status != 0:
        _log.warning("no speech is heard: %s ended with status %s", path, status)
        return Heard("failed")
    return _read(path, said)


def _read(path: str, said: bytes) -> Heard:
    """Return what the program printed, as segments."""
    try:
        if len(said) > SPEECH_BYTES:
            raise ValueError("too long an answer")  # noqa: TRY301 - one way out for every sort of nonsense
        if said.lstrip().startswith(b"{"):
            segments = msgspec.json.decode(said, type=_Said).segments
        else:
            segments = [Segment(said.decode())]
    except ValueError as error:  # msgspec's errors and those of text that is no UTF-8 are of this kind
        _log.warning("no speech is heard: %s answered nonsense: %s", path, str(error)[:200])
        return Heard("failed")
    words = (Segment(segment.text.replace("\0", " ").strip(), segment.start) for segment in segments)
    return Heard("heard", tuple(segment for segment in words if segment.text))
