"""Draws words as a picture to lay over a video: white with a dark edge, as large as the video asks for.

The words are ours to draw and the font is a file of the house: no hostile file is read here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from attise.kernel import fonts
from attise.management.posts.editing.edits import Text

_SHARES: Final = {"small": 0.045, "medium": 0.065, "large": 0.095}
"""The height of letters as a part of the shorter side."""
_MIDDLES: Final = {"top": 0.17, "middle": 0.5, "bottom": 0.74}
"""Where the middle of the words is: above and below, players lay their own signs over a video."""
_WIDEST: Final = 0.88
_EDGE: Final = 0.09
_LEAST_PX: Final = 4


@dataclass(frozen=True, slots=True)
class Lettering:
    """A picture of words, and where its top left corner lies in the video."""

    path: Path
    left: int
    top: int


def draw_text(text: Text, path: Path, *, width: int, height: int) -> Lettering:
    """Draw words for a video of these sides into a png file; words too wide for it are drawn smaller."""
    letters = max(round(min(width, height) * _SHARES[text.size]), _LEAST_PX)
    while True:
        face = ImageFont.truetype(fonts.BOLD, letters, layout_engine=ImageFont.Layout.BASIC)
        edge = max(round(letters * _EDGE), 1)
        ruler = ImageDraw.Draw(Image.new("L", (1, 1)))
        left, top, right, bottom = ruler.multiline_textbbox(
            (0, 0), text.text, font=face, stroke_width=edge, align="center", spacing=letters * 0.25
        )
        sides = (round(right - left) + 2, round(bottom - top) + 2)
        if (sides[0] <= width * _WIDEST and sides[1] <= height * _WIDEST) or letters <= _LEAST_PX:
            break
        letters = max(letters * 9 // 10, _LEAST_PX)
    picture = Image.new("RGBA", sides, (0, 0, 0, 0))
    ImageDraw.Draw(picture).multiline_text(
        (1 - left, 1 - top),
        text.text,
        font=face,
        fill=(255, 255, 255, 255),
        stroke_width=edge,
        stroke_fill=(0, 0, 0, 220),
        align="center",
        spacing=letters * 0.25,
    )
    picture.save(path, format="PNG")
    at_top = round(height * _MIDDLES[text.place] - sides[1] / 2)
    return Lettering(path, (width - sides[0]) // 2, min(max(at_top, 0), max(height - sides[1], 0)))
