"""Draws sample videos: short, vertical, coloured, with a beat. For worlds without people yet, and for tests.

The same arguments give the same bytes, with the same release of the media library.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Literal, get_args

import av
import av.container
from av.audio.frame import AudioFrame
from av.video.stream import VideoStream

from attise.kernel.chance import Chance, SeededChance
from attise.management.posts.media import clip_scenes, clip_sound
from attise.management.posts.media.clip_scenes import Scene, Style

STYLES: tuple[Style, ...] = get_args(Style)

_BEATS_MS = (460, 500, 540, 600)
_PIXELS_PER_BIT = 24
"""360 × 640 at 30 pictures a second: about 288 kbit/s at most."""
_SOUND_BPS = 56_000
_SOUND_FRAME = 960
"""Samples: 40 ms at the rate of the loop."""

Container = Literal["mp4", "webm"]
_SOUND_ENCODERS: dict[Container, Literal["aac", "libopus"]] = {"mp4": "aac", "webm": "libopus"}
_SOUND_OPTIONS: dict[Container, dict[str, str]] = {
    "mp4": {"flags": "+bitexact", "aac_coder": "fast"},
    "webm": {"flags": "+bitexact"},
}
_MUXING: dict[Container, dict[str, str]] = {
    "mp4": {"fflags": "+bitexact", "movflags": "faststart"},
    "webm": {"fflags": "+bitexact", "cues_to_front": "1"},
}


def make_clip(
    path: Path,
    *,
    seconds: float,
    seed: int,
    style: Style,
    width: int = 360,
    height: int = 640,
    fps: int = 30,
    with_sound: bool = True,
    container: Container = "mp4",
) -> None:
    """Draw a clip of ``seconds`` into ``path``; width and height are even.

    Cost: at 360 × 640, a second of one core and 300 kB for six seconds; twelve take 1.7 to 2.1 s and 570 kB.
    """
    chance = SeededChance(f"clip-{style}-{seed}")
    beat_ms = _BEATS_MS[int(chance.uniform() * len(_BEATS_MS))]
    scene = Scene(width, height, fps, beat_ms / 1_000, clip_scenes.choose_palette(chance), chance)
    count = round(seconds * fps)
    sound = _sound(chance, beat_ms, count * clip_sound.RATE_HZ // fps) if with_sound else iter(())
    with av.open(f"file:{path.absolute()}", "w", format=container, options=_MUXING[container]) as target:
        video = _add_video(target, scene, container)
        audio = target.add_stream(_SOUND_ENCODERS[container], rate=clip_sound.RATE_HZ) if with_sound else None
        if audio is not None:
            audio.layout, audio.bit_rate = "mono", _SOUND_BPS
            audio.codec_context.options = _SOUND_OPTIONS[container]
        heard = 0
        for number, picture in enumerate(clip_scenes.draw(style, scene, count), 1):
            target.mux(video.encode(picture))
            while audio is not None and heard * fps < number * clip_sound.RATE_HZ:
                frame = next(sound)
                heard += frame.samples
                target.mux(audio.encode(frame))
        target.mux(video.encode(None))
        if audio is not None:
            target.mux(audio.encode(None))


def _add_video(target: av.container.OutputContainer, scene: Scene, container: Container) -> VideoStream:
    """Add the track of pictures, small for what it shows."""
    bits_per_s = scene.width * scene.height * scene.fps // _PIXELS_PER_BIT
    options = {"threads": "1", "flags": "+bitexact", "g": str(scene.fps * 2)}
    if container == "mp4":
        rate = str(bits_per_s)
        options |= {"preset": "superfast", "crf": "26", "maxrate": rate, "bufsize": rate}
    else:
        options |= {"deadline": "realtime", "cpu-used": "8"}
    encoder: Literal["libx264", "libvpx"] = "libx264" if container == "mp4" else "libvpx"
    video = target.add_stream(encoder, rate=scene.fps, options=options)
    video.width, video.height, video.pix_fmt = scene.width, scene.height, "yuv420p"
    if container == "webm":
        video.bit_rate = bits_per_s
    return video


def _sound(chance: Chance, beat_ms: int, samples: int) -> Iterator[AudioFrame]:
    """Yield the loop again and again, in small frames, until ``samples`` are reached."""
    loop = clip_sound.loop(chance, beat_ms)
    at = 0
    while at < samples:
        length = min(_SOUND_FRAME, samples - at)
        start = at % len(loop)
        piece = (loop[start : start + length] + loop[:length])[:length]
        frame = AudioFrame(format="s16", layout="mono", samples=length)
        frame.planes[0].update(piece.tobytes())
        frame.sample_rate = clip_sound.RATE_HZ
        frame.pts, frame.time_base = at, Fraction(1, clip_sound.RATE_HZ)
        at += length
        yield frame
