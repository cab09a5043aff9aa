"""Reels for tests: portrait films whose every hard cut is known, and what looks like a cut and is none.

Scenes are painted with numpy: soft textures as of walls, skin and leaves, things that move in front, a camera that
shakes, pans or whips, grain; then encoded by the media library. One seed gives one reel.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.frame import VideoFrame

WIDTH, HEIGHT = 144, 256
_MARGIN = 2
"""How many times the picture the painted ground is wide and high, for the camera to move over."""
_CLOCK = 90_000


@dataclass(frozen=True, slots=True)
class Kind:
    """A sort of reel: what its shots are like, and what happens between them that is no hard cut."""

    name: str
    light: float = 1.0
    grain: float = 2.0
    shake: float = 0.4
    """Pixels at 144 of width, as a standard deviation from picture to picture."""
    pan: float = 0.6
    """The fastest camera, in pixels of 144 for a thirtieth of a second."""
    things: float = 1.5
    """The fastest thing, likewise."""
    shot_s: tuple[float, float] = (0.7, 1.9)
    flashes: int = 0
    dissolves: float = 0.0
    """The part of passages between shots that are dissolves or fades through black."""
    whips: float = 0.0
    """The part of shots in which the camera whips round once."""
    alike: bool = False
    """Whether shots are of one place with the same colours, framed anew."""
    is_variable: bool = False
    """Whether pictures come at uneven times, some left out."""
    rates: tuple[int, ...] = (24, 25, 30, 50, 60)
    quality: int = 24


KINDS = (
    Kind("plain"),
    Kind("variable rate", is_variable=True, rates=(24, 30, 60)),
    Kind("flashes", flashes=3),
    Kind("dissolves", dissolves=0.5),
    Kind("shake", shake=4.0),
    Kind("fast", pan=5.0, things=12.0, whips=0.5),
    Kind("dark", light=0.12, grain=3.0, shake=0.8),
    Kind("alike", alike=True),
    Kind("quick", shot_s=(0.3, 0.6)),
    Kind("poor", quality=40, grain=4.0),
)
BY_NAME = {kind.name: kind for kind in KINDS}


@dataclass(frozen=True, slots=True)
class Reel:
    """A film and its truth: when each picture is shown, and which pictures begin a shot after a hard cut."""

    path: Path
    shown_s: tuple[float, ...]
    cuts: tuple[int, ...]

    @property
    def cuts_s(self) -> list[float]:
        """When the cuts are."""
        return [self.shown_s[number] for number in self.cuts]


def make_reel(path: Path, kind: Kind, seed: int, *, seconds: float, width: int = WIDTH, height: int = HEIGHT) -> Reel:
    """Paint and encode a reel. Cost: about 0.3 s for each second of 30 pictures."""
    chance = np.random.default_rng([seed, KINDS.index(kind)])
    rate = int(chance.choice(kind.rates))
    total = round(seconds * rate)
    pictures, cuts = _shoot(kind, chance, rate, total)
    shown = _times(kind, chance, rate, total)
    left_out = _left_out(kind, chance, cuts, total)
    kept = [number for number in range(total) if number not in left_out]
    _encode(path, kind, [pictures[number] for number in kept], [shown[number] for number in kept], width, height)
    places = {number: place for place, number in enumerate(kept)}
    return Reel(path, tuple(shown[number] for number in kept), tuple(places[cut] for cut in cuts))


def found_of(truth: Reel, found_s: list[float], *, within: int = 2) -> tuple[int, int, int]:
    """Return how many cuts were found (at most ``within`` pictures away), how many were missed, how many are false."""
    shown = np.array(truth.shown_s)
    places = sorted(int(np.abs(shown - at).argmin()) for at in found_s)
    left = list(truth.cuts)
    hits = 0
    for place in places:
        near = [cut for cut in left if abs(cut - place) <= within]
        if near:
            left.remove(min(near, key=lambda cut: abs(cut - place)))
            hits += 1
    return hits, len(left), len(places) - hits


def f1_of(hits: int, missed: int, false: int) -> float:
    """Return the harmonic mean of precision and recall; 1 where there was nothing to find and nothing was."""
    return 1.0 if not hits + missed + false else 2 * hits / (2 * hits + missed + false)


# ---- shooting


def _shoot(kind: Kind, chance: np.random.Generator, rate: int, total: int) -> tuple[list[np.ndarray], list[int]]:
    """Return the pictures and where hard cuts are."""
    place = _Place(chance) if kind.alike else None
    pictures: list[np.ndarray] = []
    cuts: list[int] = []
    least = max(rate // 5, 4)
    while len(pictures) < total:
        length = max(round(chance.uniform(*kind.shot_s) * rate), 5)
        if total - len(pictures) - length < least:  # what would remain is too short for a shot
            length = total - len(pictures)
        shot = _shot(kind, chance, rate, length, place or _Place(chance))
        if pictures and chance.random() < kind.dissolves:
            _dissolve(chance, rate, pictures, shot)
        elif not pictures or _differs(pictures[-1], shot[0], kind):
            if pictures:
                cuts.append(len(pictures))
            pictures += shot
    pictures = pictures[:total]
    for _ in range(kind.flashes):
        _flash(chance, rate, pictures, cuts)
    return pictures, cuts


def _differs(before: np.ndarray, after: np.ndarray, kind: Kind) -> bool:
    """Tell whether anybody would see a cut between two pictures."""
    return float(np.abs(before.astype(int) - after.astype(int)).mean()) > 255 * kind.light * 0.06


def _dissolve(chance: np.random.Generator, rate: int, pictures: list[np.ndarray], shot: list[np.ndarray]) -> None:
    """Let one shot become another over 0.25 to 0.7 s, straight or through black."""
    length = min(round(chance.uniform(0.25, 0.7) * rate), len(shot) - 1, len(pictures) - 1)
    through_black = chance.random() < 0.4
    for step in range(length):
        part = (step + 1) / (length + 1)
        before, after = pictures[step - length].astype(np.float32), shot[step].astype(np.float32)
        if through_black:
            mixed = before * max(1 - 2 * part, 0) + after * max(2 * part - 1, 0)
        else:
            mixed = before * (1 - part) + after * part
        pictures[step - length] = mixed.astype(np.uint8)
    pictures += shot[length:]


def _flash(chance: np.random.Generator, rate: int, pictures: list[np.ndarray], cuts: list[int]) -> None:
    """Put a flash well inside a shot: one to four pictures towards white, or a strobe, or one that fades."""
    room = round(rate * 0.25)
    for _ in range(40):
        at = int(chance.integers(room, len(pictures) - room))
        if all(abs(at - cut) > room for cut in cuts):
            break
    else:
        return
    sort = chance.integers(3)
    if sort == 0:
        strength = [float(chance.uniform(0.7, 1.0))] * int(chance.integers(1, 4))
    elif sort == 1:
        strength = [0.9, 0.0, 0.9, 0.0, 0.9][: int(chance.integers(3, 6))]
    else:
        strength = [1.0, 0.8, 0.5, 0.25, 0.1]
    for step, part in enumerate(strength):
        lit = pictures[at + step].astype(np.float32)
        pictures[at + step] = (lit + (255 - lit) * part).astype(np.uint8)


class _Place:
    """A place to film: its ground, larger than the picture, and its light."""

    def __init__(self, chance: np.random.Generator) -> None:
        self.ground = _texture(chance, HEIGHT * _MARGIN, WIDTH * _MARGIN)
        self.tint = _colour(chance)
        self.contrast = chance.uniform(0.5, 1.0)


def _shot(kind: Kind, chance: np.random.Generator, rate: int, length: int, place: _Place) -> list[np.ndarray]:
    """Film ``length`` pictures of a place."""
    pace = 30 / rate
    at = chance.uniform([0, 0], [HEIGHT * (_MARGIN - 1), WIDTH * (_MARGIN - 1)])
    drift = chance.uniform(-kind.pan, kind.pan, 2) * pace
    things = [_Thing(chance, kind.things * pace) for _ in range(int(chance.integers(1, 5)))]
    whip_at = int(chance.integers(length)) if chance.random() < kind.whips else None
    whip_length = max(round(0.25 * rate), 3)
    whip_way = chance.choice([-1.0, 1.0])
    zoom, zoom_step = 1.0, chance.uniform(-0.004, 0.004) * pace
    gain, gain_step = 1.0, chance.uniform(-0.004, 0.004) * pace
    pictures = []
    for number in range(length):
        at += drift
        if whip_at is not None and 0 <= number - whip_at < whip_length:
            at[1] += whip_way * WIDTH * 0.16 * pace
        seen = at + chance.normal(0, kind.shake * np.sqrt(pace), 2)
        picture = _crop(place.ground, seen, zoom) * place.contrast + place.tint * (1 - place.contrast)
        for thing in things:
            thing.paint(picture, seen)
        picture = picture * (kind.light * gain) + chance.normal(0, kind.grain, picture.shape[:2])[..., None]
        pictures.append(np.clip(picture, 0, 255).astype(np.uint8))
        zoom, gain = zoom + zoom_step, gain + gain_step
    return pictures


class _Thing:
    """Something that moves before the ground: an oval or a box with a texture of its own."""

    def __init__(self, chance: np.random.Generator, speed: float) -> None:
        self.half = chance.uniform([12, 8], [70, 45])
        self.at = chance.uniform([0, 0], [HEIGHT, WIDTH])
        self.step = chance.uniform(-speed, speed, 2)
        self.is_oval = chance.random() < 0.6
        side = 160
        self.skin = _texture(chance, side, side) * 0.4 + _colour(chance) * 0.6
        self.moved = chance.uniform(0, 0.3)

    def paint(self, picture: np.ndarray, camera: np.ndarray) -> None:
        """Paint it where it is, and move it on; at an edge it turns back."""
        for axis, side in ((0, HEIGHT), (1, WIDTH)):
            if not -0.2 * side < self.at[axis] < 1.2 * side:
                self.step[axis] *= -1
                self.at[axis] = min(max(self.at[axis], -0.2 * side), 1.2 * side)
        self.at += self.step
        middle = self.at - (camera % 3) * self.moved
        top, left = np.floor(middle - self.half).astype(int)
        bottom, right = np.ceil(middle + self.half).astype(int)
        y0, y1, x0, x1 = max(top, 0), min(bottom, HEIGHT), max(left, 0), min(right, WIDTH)
        if y0 >= y1 or x0 >= x1:
            return
        skin = self.skin[y0 - top : y1 - top, x0 - left : x1 - left]
        if not self.is_oval:
            picture[y0:y1, x0:x1] = skin
            return
        ys, xs = np.ogrid[y0:y1, x0:x1]
        inside = ((ys - middle[0]) / self.half[0]) ** 2 + ((xs - middle[1]) / self.half[1]) ** 2 < 1
        picture[y0:y1, x0:x1][inside] = skin[inside]


def _texture(chance: np.random.Generator, height: int, width: int) -> np.ndarray:
    """Return a coloured ground: noise of several sizes, as float32[height, width, 3]."""
    out = np.zeros((height, width, 3), np.float32)
    steep = chance.uniform(0.45, 0.8)
    for octave in range(2, 8):
        cells = 2**octave
        small = chance.normal(0, 1, (cells + 1, max(cells * width // height, 1) + 1, 3)).astype(np.float32)
        grey = small.mean(axis=2, keepdims=True) * 1.4
        out += _stretched(0.35 * small + grey, height, width) * steep**octave
    out = (out - out.mean()) / (out.std() + 1e-6)
    out = out * chance.uniform(25, 55) + _colour(chance)
    if chance.random() < 0.4:  # edges, as of furniture and houses
        for _ in range(int(chance.integers(3, 12))):
            y, x = int(chance.integers(height)), int(chance.integers(width))
            out[y : y + int(chance.integers(8, 160)), x : x + int(chance.integers(8, 120))] += chance.uniform(-60, 60)
    return np.clip(out, 0, 255)


def _stretched(small: np.ndarray, height: int, width: int) -> np.ndarray:
    """Return a small grid spread over a large one, smoothly."""
    ys = np.linspace(0, small.shape[0] - 1.001, height)
    xs = np.linspace(0, small.shape[1] - 1.001, width)
    y, x = ys.astype(int), xs.astype(int)
    fy, fx = (ys - y)[:, None, None].astype(np.float32), (xs - x)[None, :, None].astype(np.float32)
    upper = small[y][:, x] * (1 - fx) + small[y][:, x + 1] * fx
    lower = small[y + 1][:, x] * (1 - fx) + small[y + 1][:, x + 1] * fx
    return upper * (1 - fy) + lower * fy


def _crop(ground: np.ndarray, at: np.ndarray, zoom: float) -> np.ndarray:
    """Return what the camera sees of a ground that goes on for ever."""
    ys = (at[0] + np.arange(HEIGHT) / zoom).astype(int) % ground.shape[0]
    xs = (at[1] + np.arange(WIDTH) / zoom).astype(int) % ground.shape[1]
    return ground[ys][:, xs]


def _colour(chance: np.random.Generator) -> np.ndarray:
    return chance.uniform(40, 215, 3).astype(np.float32)


# ---- time and encoding


def _times(kind: Kind, chance: np.random.Generator, rate: int, total: int) -> list[float]:
    """Return when each picture is shown."""
    even = np.arange(total) / rate
    if kind.is_variable:
        even[1:] += chance.uniform(-0.3, 0.3, total - 1) / rate
    return [round(float(at) * _CLOCK) / _CLOCK for at in even]


def _left_out(kind: Kind, chance: np.random.Generator, cuts: list[int], total: int) -> set[int]:
    """Return the pictures that a telephone had no time for; never the first of a shot."""
    if not kind.is_variable:
        return set()
    chosen = chance.choice(np.arange(1, total - 1), total // 12, replace=False)
    return {int(number) for number in chosen} - set(cuts)


def _encode(path: Path, kind: Kind, pictures: list[np.ndarray], shown: list[float], width: int, height: int) -> None:
    with av.open(str(path), "w", format="mp4") as target:
        options = {"preset": "ultrafast", "crf": str(kind.quality), "threads": "1"}
        video = target.add_stream("libx264", rate=60, options=options)
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        video.codec_context.time_base = video.time_base = Fraction(1, _CLOCK)
        for picture, at in zip(pictures, shown, strict=True):
            frame = VideoFrame.from_ndarray(picture, format="rgb24")
            frame = frame.reformat(width=width, height=height, format="yuv420p")
            frame.pts, frame.time_base = round(at * _CLOCK), Fraction(1, _CLOCK)
            target.mux(video.encode(frame))
        target.mux(video.encode(None))
