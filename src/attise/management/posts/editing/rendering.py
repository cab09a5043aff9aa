"""Makes the video that is published of the one that was sent and its edits. The worker does this.

As ``media.encoding``: the source is judged in a limited child, ``ffmpeg`` renders in another, and the result is judged
like any file that someone sent. What is not changed is copied, not encoded again.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from attise.management.posts.editing.edits import Edits, length_ms
from attise.management.posts.editing.lettering import Lettering, draw_text
from attise.management.posts.editing.sounds import wav_of
from attise.management.posts.media import encoding as encode
from attise.management.posts.media import limited, sniff
from attise.management.posts.media.errors import UNREADABLE, MediaRefused
from attise.management.posts.media.inspection import Inspected, frames_of, inspect_video
from attise.management.posts.media.limits import ENCODING_LIMITS, VIDEO_LIMITS, EncodingLimits, VideoLimits
from attise.management.posts.media.messages import CommandJob, VideoFound, VideoJob

_FADE_S = 0.4
"""How long a sound takes to go at the end."""


def render_video(
    source: Path,
    work: Path,
    edits: Edits,
    *,
    limits: VideoLimits = VIDEO_LIMITS,
    encoding: EncodingLimits = ENCODING_LIMITS,
) -> Inspected:
    """Render the video at ``source`` with its edits; leave the result and its cover in the folder ``work``.

    Raises: MediaRefused, after which ``work`` is as it was; Outage when no ``ffmpeg`` is found or the disk is full.
    """
    with limited.opened(source) as file, limited.scratch_folder(work) as scratch:
        container = sniff.video_container(file.read(sniff.HEAD_BYTES))
        job = VideoJob(file=file.fileno(), scratch=str(scratch), container=container, limits=limits, copy=False)
        found = limited.ask(job, unreadable=UNREADABLE)
        if not isinstance(found, VideoFound):
            raise MediaRefused(UNREADABLE)
        rendered = scratch / encode.ENCODED_NAME
        command = [
            encode.ffmpeg_binary(),
            *encode.input_of(container, file.fileno(), limits, encoding, before=_cut(edits, found)),
            *_everything(found, edits, scratch, encoding),
            *encode.output_to(rendered, limits),
        ]
        status, _ = limited.run(
            CommandJob(command=command, process=encoding.process),
            process=encoding.process,
            scratch=scratch,
            file=file.fileno(),
        )
        encode.check_end(status, scratch, encoding)
        inspected = inspect_video(rendered, scratch, limits=limits)
        if edits.cover_ms is not None and inspected.stored is not None:
            at_ms = min(edits.cover_ms - edits.from_ms, max(inspected.duration_ms - 1, 0))
            covers = frames_of(
                inspected.stored, scratch, duration_ms=inspected.duration_ms, count=1, at_ms=max(at_ms, 0)
            )
            inspected = msgspec.structs.replace(inspected, cover=covers[0])
        return encode.move_out(inspected, scratch)


def _is_cut(edits: Edits) -> bool:
    return edits.from_ms > 0 or edits.to_ms is not None


def _cut(edits: Edits, found: VideoFound) -> list[str]:
    """Return where the source begins and how much of it is taken, to the picture."""
    if not _is_cut(edits):
        return []
    return ["-ss", _seconds(edits.from_ms), "-t", _seconds(length_ms(edits, found.duration_ms))]


def _everything(found: VideoFound, edits: Edits, scratch: Path, encoding: EncodingLimits) -> list[str]:
    """Return the other inputs, what is done to pictures and sound, and how they are encoded."""
    inputs: list[str] = []
    graph: list[str] = []
    tracks: list[str] = []
    if _is_cut(edits) or edits.texts:
        letterings = _letterings(found, edits, scratch, encoding)
        inputs += [word for one in letterings for word in ("-i", f"file:{one.path}")]
        graph += _pictures(found, edits, letterings, encoding)
        tracks += ["-map", "[pictures]", *encode.pictures_encoded(encoding)]
    else:
        tracks += encode.pictures_of(found, encoding)
    if edits.changes_sound or (_is_cut(edits) and found.audio_codec is not None):
        heard = found.audio_codec is not None and edits.own_percent > 0
        if edits.sound:
            sound = scratch / "sound-under.wav"
            sound.write_bytes(wav_of(edits.sound))
            inputs += ["-stream_loop", "-1", "-i", f"file:{sound}"]
        graph += _sounds(found, edits, heard, len(edits.texts) + 1)
        tracks += ["-map", "[sound]", *encode.sound_encoded(encoding)] if heard or edits.sound else ["-an"]
    else:
        tracks += encode.sound_of(found, encoding)
    return [*inputs, *(["-filter_complex", ";".join(graph)] if graph else []), *tracks]


def _letterings(found: VideoFound, edits: Edits, scratch: Path, encoding: EncodingLimits) -> list[Lettering]:
    width, height = encode.sides(found.width, found.height, encoding.max_long_side_px)
    return [
        draw_text(text, scratch / f"text-{number}.png", width=width, height=height)
        for number, text in enumerate(edits.texts)
    ]


def _pictures(found: VideoFound, edits: Edits, letterings: list[Lettering], encoding: EncodingLimits) -> list[str]:
    """Return the part of the graph that makes the pictures: each text lies over its own time and no other."""
    width, height = encode.sides(found.width, found.height, encoding.max_long_side_px)
    graph, name = [f"[0:V:0]scale={width}:{height},setsar=1[at0]"], "at0"
    for number, (text, drawn) in enumerate(zip(edits.texts, letterings, strict=True), start=1):
        when = f"gte(t,{_seconds(text.from_ms - edits.from_ms)})*lt(t,{_seconds(text.to_ms - edits.from_ms)})"
        graph.append(f"[{name}][{number}:v]overlay={drawn.left}:{drawn.top}:enable='{when}'[at{number}]")
        name = f"at{number}"
    return [*graph, f"[{name}]format=yuv420p[pictures]"]


def _sounds(found: VideoFound, edits: Edits, heard: bool, place: int) -> list[str]:
    """Return the part of the graph that makes the sound: its own, the one under it, or both."""
    length_s = _seconds(length_ms(edits, found.duration_ms))
    fade_s = _seconds(max(length_ms(edits, found.duration_ms) - round(_FADE_S * 1_000), 0))
    shape = "aresample=48000,aformat=channel_layouts=stereo"
    parts = []
    if heard:  # silence after it: it may end before the pictures do, or before the cut begins
        own = f"volume={edits.own_percent / 100},apad,atrim=0:{length_s}"
        parts.append(f"[0:a:{found.audio_track}]{shape},{own}[own]")
    if edits.sound:
        fade = f"afade=t=out:st={fade_s}:d={_FADE_S}"
        parts.append(f"[{place}:a]{shape},volume={edits.sound_percent / 100},atrim=0:{length_s},{fade}[under]")
    if heard and edits.sound:
        return [*parts, "[own][under]amix=inputs=2:duration=longest:normalize=0,alimiter=limit=0.95:level=0[sound]"]
    return [part.replace("[own]", "[sound]").replace("[under]", "[sound]") for part in parts]


def _seconds(at_ms: int) -> str:
    return f"{at_ms / 1_000:.3f}"
