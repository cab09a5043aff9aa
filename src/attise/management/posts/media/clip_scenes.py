"""What a sample clip shows: four styles, each a small graph of moving shapes over a coloured ground.

Shapes are drawn once, in plain Python; everything that moves afterwards is moved by the media library. Every size is a
part of the picture's, so that a clip may have any format.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Literal, NamedTuple

import av.filter
from av.filter.context import FilterContext
from av.video.format import VideoFormat
from av.video.frame import PictureType, VideoFrame

from attise.kernel.chance import Chance

Style = Literal["aurora", "confetti", "sunburst", "dunes"]
Colour = tuple[int, int, int]
Shape = Callable[[float, float], float]
"""How far a point is inside a shape, in parts of its half width: positive inside. Both arguments run from -1 to 1."""

_PALETTES: tuple[tuple[Colour, ...], ...] = (
    ((22, 15, 58), (94, 43, 151), (233, 64, 122), (255, 150, 92), (255, 226, 138)),
    ((8, 38, 62), (16, 95, 120), (28, 163, 152), (150, 222, 155), (250, 247, 195)),
    ((48, 12, 38), (143, 25, 67), (226, 72, 60), (248, 156, 56), (253, 231, 164)),
    ((16, 24, 66), (42, 74, 165), (74, 144, 226), (142, 207, 245), (255, 220, 230)),
    ((14, 44, 36), (33, 105, 72), (122, 174, 66), (226, 206, 72), (255, 244, 201)),
    ((40, 20, 64), (116, 44, 130), (201, 78, 160), (247, 140, 168), (255, 222, 196)),
)


class Scene(NamedTuple):
    """The size, rate and beat of a clip, its colours, and where its chance comes from."""

    width: int
    height: int
    fps: int
    beat_s: float
    palette: tuple[Colour, ...]
    chance: Chance

    @property
    def unit(self) -> int:
        """The shorter side: what shapes are measured in."""
        return min(self.width, self.height)


class Drawing:
    """A graph of filters under construction, and the shapes that are fed into it."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self._graph = av.filter.Graph()
        self._graph.threads = 1
        self._still: list[tuple[FilterContext, VideoFrame]] = []
        self._moving: list[tuple[FilterContext, VideoFrame]] = []

    def add(self, name: str, arguments: str, *inputs: FilterContext) -> FilterContext:
        """Add a filter that takes ``inputs`` and return it."""
        node = self._graph.add(name, arguments)
        for place, before in enumerate(inputs):
            before.link_to(node, 0, place)
        return node

    def sprite(self, frame: VideoFrame, *, moving: bool = False) -> FilterContext:
        """Add a picture; ``moving`` when filters change it over time."""
        node = self._graph.add_buffer(
            width=frame.width,
            height=frame.height,
            format=VideoFormat(frame.format.name),
            time_base=Fraction(1, self.scene.fps),
        )
        (self._moving if moving else self._still).append((node, frame))
        return node

    def over(self, ground: FilterContext, sprite: FilterContext, x: str, y: str) -> FilterContext:
        """Lay a sprite over the ground; x and y are of its centre, in pixels, as expressions of ``t``."""
        return self.add("overlay", f"x='{x}-w/2':y='{y}-h/2':eval=frame:format=yuv420", ground, sprite)

    def frames(self, last: FilterContext, count: int) -> Iterator[VideoFrame]:
        """Yield ``count`` pictures of the finished graph."""
        scene = self.scene
        beat = f"mod(t,{scene.beat_s:.4f})"
        last = self.add("hue", f"b='0.22*exp(-8*{beat})':s='1+0.2*exp(-5*{beat})'", last)
        last = self.add("format", "yuv420p", last)
        self.add("buffersink", "", last)
        self._graph.configure()
        for node, frame in self._still:
            frame.pts = 0
            node.push(frame)
            node.push(None)
        for number in range(count):
            for node, frame in self._moving:
                frame.pts = number
                node.push(frame)
            picture = self._graph.vpull()
            picture.pts = number
            picture.time_base = Fraction(1, scene.fps)
            picture.pict_type = PictureType.NONE  # the encoder decides; as drawn, each would be a whole picture
            yield picture


def draw(style: Style, scene: Scene, count: int) -> Iterator[VideoFrame]:
    """Yield the ``count`` pictures of a clip in the given style."""
    drawing = Drawing(scene)
    painters: dict[Style, Callable[[Drawing], FilterContext]] = {
        "aurora": _aurora,
        "confetti": _confetti,
        "sunburst": _sunburst,
        "dunes": _dunes,
    }
    return drawing.frames(painters[style](drawing), count)


def choose_palette(chance: Chance) -> tuple[Colour, ...]:
    """Return one of the palettes, dark to light."""
    return _PALETTES[int(chance.uniform() * len(_PALETTES))]


def _aurora(drawing: Drawing) -> FilterContext:
    """Paint soft lights that drift over a slowly turning gradient, and sparks that rise."""
    scene = drawing.scene
    dark, deep, *lights = scene.palette
    picture = _gradient(drawing, (dark, deep, _mix(deep, lights[0], 0.5)))
    for number in range(6):
        size = _even(scene.unit * _between(scene.chance, 0.7, 1.25))
        glow = _light(drawing, size, lights[number % len(lights)])
        x = _swing(scene.chance, scene.width, 0.45, period_s=(5, 11))
        y = _swing(scene.chance, scene.height, 0.42, period_s=(6, 13))
        picture = drawing.over(picture, glow, x, y)
    for number in range(5):
        size = _even(scene.unit * _between(scene.chance, 0.02, 0.05))
        spark = drawing.sprite(_paint(size, size, _disc, lights[-1], edge=0.5))
        speed = scene.height * _between(scene.chance, 0.12, 0.3)
        y = f"{scene.height}-mod(t*{speed:.2f}+{scene.height * number / 5:.1f},{scene.height + 2 * size})+{size}"
        picture = drawing.over(picture, spark, _swing(scene.chance, scene.width, 0.4, period_s=(3, 6)), y)
    return picture


def _confetti(drawing: Drawing) -> FilterContext:
    """Paint bold shapes that jump with the beat over a flat ground."""
    scene = drawing.scene
    ground, *colours = scene.palette
    picture = drawing.add("color", f"c={_hex(ground)}:s={scene.width}x{scene.height}:r={scene.fps}")
    band = _even(scene.height / 3)
    stage = drawing.sprite(_paint(scene.width, band, _full, colours[0], edge=0.0))
    picture = drawing.over(picture, stage, f"{scene.width / 2}", f"{scene.height - band / 2}")
    shapes: tuple[Shape, ...] = (_disc, _diamond, _ring, _square, _triangle, _disc, _ring)
    for number, shape in enumerate(shapes):
        size = _even(scene.unit * _between(scene.chance, 0.24, 0.48))
        turns = shape not in {_disc, _ring}
        sprite = drawing.sprite(_paint(size, size, shape, colours[1 + number % (len(colours) - 1)]), moving=turns)
        turn = _between(scene.chance, 0.4, 1.6) * (1 if number % 2 else -1)
        if turns:
            sprite = drawing.add("rotate", f"a='{turn:.3f}*t':c=none:ow='hypot(iw,ih)':oh=ow", sprite)
        jump = scene.height * _between(scene.chance, 0.25, 0.7)
        floor = scene.height * _between(scene.chance, 0.72, 0.95)
        phase = number / len(shapes)
        slide = scene.width * _between(scene.chance, 0.08, 0.2) * (1 if number % 2 else -1)
        span = scene.width + size * 2
        start = span * (number + 0.5) / len(shapes)
        x = f"mod({start:.1f}+{slide:.2f}*t+{span * 20},{span})-{size}"
        y = f"{floor:.1f}-{jump:.1f}*abs(sin(PI*(t/{scene.beat_s * 2:.4f}+{phase:.3f})))"
        picture = drawing.over(picture, sprite, x, y)
    return picture


def _sunburst(drawing: Drawing) -> FilterContext:
    """Paint turning rays, rings that grow from the middle with the beat, and a disc."""
    scene = drawing.scene
    dark, deep, strong, warm, light = scene.palette
    rays = 7 + int(scene.chance.uniform() * 4) * 2
    middle = _even(scene.height * _between(scene.chance, 0.38, 0.5))
    reach = _even(math.hypot(scene.width / 2, scene.height - middle) + 4)
    small = _even(2 * reach / 2.5)
    width, height, whole = (_even(side / 2.5) for side in (scene.width, scene.height, 2 * (scene.height - middle)))
    fan = drawing.sprite(_two_tone(small, small, _rays(rays), deep, dark), moving=True)
    turn = _between(scene.chance, 0.15, 0.35)
    fan = drawing.add("rotate", f"a='{turn:.3f}*t':ow={width}:oh={whole}", fan)
    fan = drawing.add("crop", f"{width}:{height}:0:{whole - height}", fan)
    picture = drawing.add("scale", f"{scene.width}:{scene.height}:flags=bilinear", fan)
    centre = (f"{scene.width / 2}", f"{middle}")
    rings = (warm, light)
    for number, colour in enumerate(rings):
        size = _even(scene.unit * 0.9)
        ring = drawing.sprite(_paint(size, size, _thin_ring, colour, edge=0.02), moving=True)
        period = scene.beat_s * 4
        grown = f"mod(t/{period:.4f}+{number / len(rings):.4f},1)"
        grow = f"w='2*trunc({size / 2}*(0.2+1.4*{grown}))':h=-2:eval=frame:flags=fast_bilinear"
        ring = drawing.add("scale", grow, ring)
        picture = drawing.over(picture, ring, *centre)
    for size_part, colour in ((0.5, strong), (0.38, warm), (0.22, light)):
        size = _even(scene.unit * size_part)
        disc = drawing.sprite(_paint(size, size, _disc, colour, edge=0.03))
        sway = f"+{scene.unit * 0.02:.1f}*sin(2*PI*t/{scene.beat_s * 8 * (1.2 - size_part):.3f})"
        picture = drawing.over(picture, disc, centre[0] + sway, centre[1] + sway)
    return picture


def _dunes(drawing: Drawing) -> FilterContext:
    """Paint a sun over hills that pass at their own speeds."""
    scene = drawing.scene
    dark, deep, strong, warm, light = scene.palette
    picture = _gradient(drawing, (deep, strong, warm), upright=True)
    size = _even(scene.unit * _between(scene.chance, 0.36, 0.5))
    halo = _light(drawing, size * 2, light)
    sun = drawing.sprite(_paint(size, size, _disc, light, edge=0.03))
    x = f"{scene.width * _between(scene.chance, 0.3, 0.7):.1f}"
    y = f"{scene.height * 0.62:.1f}-{scene.height * 0.035:.2f}*t"
    picture = drawing.over(drawing.over(picture, halo, x, y), sun, x, y)
    layers = 4
    for number in range(layers):
        height = _even(scene.height * (0.5 - 0.085 * number))
        colour = _mix(warm, dark, 0.35 + 0.65 * number / (layers - 1))
        hills = drawing.sprite(_hills(scene, scene.width, height, colour))
        speed = scene.width * (0.05 + 0.09 * number)
        x = f"{scene.width}-mod(t*{speed:.2f},{scene.width})"
        picture = drawing.over(picture, hills, x, f"{scene.height - height / 2}")
    return picture


def _gradient(drawing: Drawing, colours: tuple[Colour, ...], *, upright: bool = False) -> FilterContext:
    """Return a ground of flowing colours: computed small, shown large."""
    scene = drawing.scene
    small = (_even(scene.width / 4), _even(scene.height / 4))
    stops = ":".join(f"c{place}={_hex(colour)}" for place, colour in enumerate(colours))
    line = f"x0=0:y0=0:x1={0 if upright else small[0] - 1}:y1={small[1] - 1}:speed={0.00001 if upright else 0.012}"
    seed = int(scene.chance.uniform() * 1_000_000)
    ground = drawing.add(
        "gradients", f"s={small[0]}x{small[1]}:r={scene.fps}:n={len(colours)}:{stops}:{line}:seed={seed}"
    )
    return drawing.add("scale", f"{scene.width}:{scene.height}:flags=bilinear", ground)


def _light(drawing: Drawing, size: int, colour: Colour) -> FilterContext:
    """Return a soft light as a sprite: it has no edge, so it is painted small and shown large."""
    small = max(size // 6, 8)
    sprite = drawing.sprite(_paint(small, small, _glow, colour, edge=1.0, strength=0.75))
    return drawing.add("scale", f"{size}:{size}:flags=bicubic", sprite)


def _paint(
    width: int, height: int, shape: Shape, colour: Colour, *, edge: float = 0.04, strength: float = 1.0
) -> VideoFrame:
    """Return a shape in one colour, see-through around; ``edge`` is how soft it is, in parts of its half width."""
    red, green, blue = colour
    soft = max(edge, 1e-6)
    pixels = bytearray(bytes((red, green, blue, 0)) * (width * height))
    most = 255 * strength
    pixels[3::4] = bytes(int(most * min(max(inside / soft, 0.0), 1.0)) for inside in _over_grid(width, height, shape))
    return _in_video_colours(pixels, width, height)


def _two_tone(width: int, height: int, shape: Shape, colour: Colour, ground: Colour) -> VideoFrame:
    """Return a shape in one colour over another."""
    first, second = bytes((*colour, 255)), bytes((*ground, 255))
    pixels = b"".join(first if inside > 0 else second for inside in _over_grid(width, height, shape))
    return VideoFrame.from_bytes(pixels, width, height, "rgba").reformat(format="yuv420p")


def _in_video_colours(pixels: bytearray, width: int, height: int) -> VideoFrame:
    """Return a sprite in the colours of the video: turned once, here, and not at every picture it moves in."""
    return VideoFrame.from_bytes(bytes(pixels), width, height, "rgba").reformat(format="yuva420p")


def _over_grid(width: int, height: int, shape: Shape) -> Iterator[float]:
    """Yield how far each pixel is inside a shape, row by row."""
    columns = [(2 * x + 1) / width - 1 for x in range(width)]
    for y in range(height):
        down = (2 * y + 1) / height - 1
        for across in columns:
            yield shape(across, down)


def _hills(scene: Scene, period: int, height: int, colour: Colour) -> VideoFrame:
    """Return a strip of hills, two periods wide, that repeats after ``period`` pixels."""
    chance = scene.chance
    waves = [(count, _between(chance, 0.25, 1.0) / count, chance.uniform() * 2 * math.pi) for count in (1, 2, 3, 5)]
    total = sum(size for _, size, _ in waves)
    tops = []
    for x in range(period):
        wave = sum(size * math.sin(2 * math.pi * count * x / period + phase) for count, size, phase in waves)
        tops.append(height * 0.25 * (1 - wave / total))
    red, green, blue = colour
    pixels = bytearray(bytes((red, green, blue, 0)) * (2 * period * height))
    for y in range(height):
        row = bytes(255 if y >= top + 1 else 0 if y < top else int(255 * (y - top)) for top in tops)
        start = y * period * 8
        pixels[start + 3 : start + period * 8 : 4] = row + row
    return _in_video_colours(pixels, 2 * period, height)


def _disc(x: float, y: float) -> float:
    return 1 - math.hypot(x, y)


def _glow(x: float, y: float) -> float:
    """Return a light without an edge: full in the middle, nothing at the rim."""
    return max(1 - math.hypot(x, y), 0.0) ** 2


def _ring(x: float, y: float) -> float:
    return 0.22 - abs(0.76 - math.hypot(x, y))


def _thin_ring(x: float, y: float) -> float:
    return 0.05 - abs(0.94 - math.hypot(x, y))


def _diamond(x: float, y: float) -> float:
    return 1 - abs(x) - abs(y)


def _square(x: float, y: float) -> float:
    return 0.85 - max(abs(x), abs(y))


def _triangle(x: float, y: float) -> float:
    return min(0.6 - y, (0.55 + 0.5 * y) - abs(x))


def _full(_x: float, _y: float) -> float:
    return 1.0


def _rays(count: int) -> Shape:
    return lambda x, y: math.sin(math.atan2(y, x) * count)


def _swing(chance: Chance, length: int, part: float, *, period_s: tuple[int, int]) -> str:
    """Return an expression that swings around the middle of ``length``."""
    period = _between(chance, *period_s)
    return f"{length / 2}+{length * part:.1f}*sin(2*PI*(t/{period:.3f}+{chance.uniform():.4f}))"


def _between(chance: Chance, low: float, high: float) -> float:
    return low + (high - low) * chance.uniform()


def _mix(first: Colour, second: Colour, part: float) -> Colour:
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(first, second, strict=True))
    return red, green, blue


def _even(length: float) -> int:
    return max(int(length) // 2 * 2, 2)


def _hex(colour: Colour) -> str:
    return "0x" + bytes(colour).hex()
