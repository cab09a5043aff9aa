"""Why a file is refused: a stable code, a sentence with what was measured and what is allowed, and a next step.

Every reason about a quantity carries ``measured`` and ``limit``; the unit is in the sentence.
"""

from __future__ import annotations

from typing import Any

from attise.kernel.errors import N_, Kind, Reason, Refusal


class MediaRefused(Refusal):
    """A file that is not taken. ``params`` hold what was measured; ``field`` is the part of the form it came in."""

    def __init__(self, reason: Reason, *, field: str | None = "file", **params: Any) -> None:
        """Keep the reason and the values of its sentence."""
        super().__init__(reason, field=field, **params)

    @property
    def details(self) -> dict[str, Any]:
        """What was measured and what is allowed, for programs."""
        return dict(self.params)


NOT_A_FILE = Reason(
    "media_not_a_file",
    N_("This is not a file that can be read."),
    N_("Send the file itself, not a link or a folder."),
)
EMPTY = Reason(
    "media_empty",
    N_("The file is empty."),
    N_("Check the file on your device, then send it again."),
)
CONTAINER_NOT_ALLOWED = Reason(
    "media_container_not_allowed",
    N_("This file is not an mp4, mov or webm video, whatever its name says. Found: %(found)s."),
    N_("Export the video as mp4 (H.264 and AAC), then send it."),
    Kind.UNSUPPORTED,
)
TOO_LARGE = Reason(
    "media_too_large",
    N_("The video weighs %(measured)s bytes; at most %(limit)s are taken."),
    N_("Export it at a lower bit rate or resolution, then send it again."),
    Kind.TOO_LARGE,
)
INCOMPLETE = Reason(
    "media_incomplete",
    N_("The file stops early: it has %(measured)s bytes and announces %(limit)s."),
    N_("Send the whole file again; if it was copied, copy it again first."),
)
INDEX_MISSING = Reason(
    "media_index_missing",
    N_("The file has no index, so nothing in it can be found: the recording or the copy was cut."),
    N_("Let the recording or the export end, then send the whole file."),
)
UNREADABLE = Reason(
    "media_unreadable",
    N_("The file cannot be read as a video."),
    N_("Play it on your device; if it plays, export it again as mp4 (H.264 and AAC) and send that."),
)
EXTERNAL_REFERENCE = Reason(
    "media_external_reference",
    N_("The pictures or the sound of this video lie in another file, which it points to."),
    N_("Export the video as one self-contained file, then send that."),
)
BOMB = Reason(
    "media_bomb",
    N_("Opening this file takes more memory or room than any video of its length needs."),
    N_("Export it again with an ordinary program, then send that."),
)
CODEC = Reason(
    "media_codec",
    N_("The video is coded as %(found)s, which can be neither played nor converted here."),
    N_("Export it as mp4 (H.264 and AAC), then send that."),
    Kind.UNSUPPORTED,
)
STREAMS = Reason(
    "media_streams",
    N_("The file holds %(video)s video and %(audio)s sound tracks; one video and up to %(limit)s sounds are taken."),
    N_("Export it with one video track, then send that."),
)
TOO_SHORT = Reason(
    "media_too_short",
    N_("The video lasts %(measured)s s; at least %(limit)s s are needed."),
    N_("Send a longer video."),
)
TOO_LONG = Reason(
    "media_too_long",
    N_("The video lasts %(measured)s s; at most %(limit)s s are taken."),
    N_("Cut the video, then send it again."),
)
DIMENSIONS = Reason(
    "media_dimensions",
    N_("The picture is %(measured)s pixels; no side may be longer than %(limit)s."),
    N_("Export it at 1080 × 1920 or less, then send it again."),
)
FRAME_RATE = Reason(
    "media_frame_rate",
    N_("The video has %(measured)s pictures per second; at most %(limit)s are taken."),
    N_("Export it at 30 or 60 pictures per second, then send it again."),
)
TOOK_TOO_LONG = Reason(
    "media_took_too_long",
    N_("Looking at this file took longer than the %(limit)s s that a file is given."),
    N_("Export it again as mp4 (H.264 and AAC), smaller if you can, then send that."),
)
IMAGE_NOT_ALLOWED = Reason(
    "image_format_not_allowed",
    N_("This file is not a jpg, png or webp picture, whatever its name says. Found: %(found)s."),
    N_("Save the picture as jpg or png, then send it."),
    Kind.UNSUPPORTED,
)
IMAGE_TOO_LARGE = Reason(
    "image_too_large",
    N_("The picture weighs %(measured)s bytes; at most %(limit)s are taken."),
    N_("Save it smaller or as jpg, then send it again."),
    Kind.TOO_LARGE,
)
IMAGE_DIMENSIONS = Reason(
    "image_dimensions",
    N_("The picture has %(measured)s pixels in all; between 1 and %(limit)s are taken."),
    N_("Make it smaller, then send it again."),
)
IMAGE_UNREADABLE = Reason(
    "image_unreadable",
    N_("The file cannot be read as a picture."),
    N_("Open it on your device; if it shows, save it again as jpg or png and send that."),
)

BY_CODE: dict[str, Reason] = {
    reason.code: reason
    for reason in (
        NOT_A_FILE,
        EMPTY,
        CONTAINER_NOT_ALLOWED,
        TOO_LARGE,
        INCOMPLETE,
        INDEX_MISSING,
        UNREADABLE,
        EXTERNAL_REFERENCE,
        BOMB,
        CODEC,
        STREAMS,
        TOO_SHORT,
        TOO_LONG,
        DIMENSIONS,
        FRAME_RATE,
        TOOK_TOO_LONG,
        IMAGE_NOT_ALLOWED,
        IMAGE_TOO_LARGE,
        IMAGE_DIMENSIONS,
        IMAGE_UNREADABLE,
    )
}


def seconds(duration_ms: int) -> str:
    """Return a duration in seconds as people read it: ``0.8``, ``612``."""
    return f"{duration_ms / 1_000:.2f}".rstrip("0").rstrip(".")
