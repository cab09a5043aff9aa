"""Where a film is cut: from small pictures of it to the places at which another shot begins at once.

Pure arithmetic on arrays. Two pictures belong to one shot when moving the pieces of the first explains the second: a
camera that shakes or a hand that waves leaves little unexplained, another scene leaves much. What is left is counted
against how much there is to see, so that dark scenes are judged as bright ones are. A cut is a place where much is left
unexplained at once (a dissolve takes its time) and nothing comes back soon after (after a flash, everything does).

Source: the measure, its peers and their figures are in ``docs/decisions/0049``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LONG_SIDE_PX = 112
SHORT_STEP_PX = 16
"""Sides of small pictures are multiples of this: blocks of the halved picture then fit."""
_BLOCK = 8
_REACH = 8
"""How far a piece may have moved, in pixels of the halved picture: a seventh of its long side."""
_SEEN = 1.0
"""Of 255: a change of less than this on average is none that anybody sees."""
_UNEXPLAINED = 0.25
"""How much must be left unexplained, as a part of the contrast."""
_AT_ONCE = 1.6
"""How many times more must be left than between the pictures before, and than between those after."""
_COMES_BACK_S = 0.2
_COMES_BACK = 0.5
"""How much less is left between pictures around a flash than at its edge, at least."""
_AROUND_S = 0.25
"""Over how long contrast is taken: a fade through black has none for a moment."""
_APART = 3
"""Pictures from one cut to the next, at least."""
_STRIDE_S = 0.2
_STILL = 1.5
"""Of 255: two pictures that differ by less on average, a fifth of a second apart, show nothing that moves."""

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]


class Pictures(NamedTuple):
    """A film, made small, in the order of showing."""

    shown_s: NDArray[np.float64]
    """float64[n], when each picture is shown, from the beginning of the film."""
    light: Bytes
    """uint8[n, height, width]: brightness."""
    colour: Bytes
    """uint8[n, height / 2, width]: both differences of colour, at half their size."""


def small_sides(width: int, height: int) -> tuple[int, int]:
    """Return the sides of the small picture of one with these sides."""
    longest = max(width, height, 1)

    def side(length: int) -> int:
        return max(round(length * LONG_SIDE_PX / longest / SHORT_STEP_PX), 1) * SHORT_STEP_PX

    return side(width), side(height)


def changes_of(pictures: Pictures) -> Floats:
    """Return how much each picture differs from the one before, in brightness and colour: float32[n], the first 0."""
    changes = np.zeros(len(pictures.light), np.float32)
    for number in range(1, len(changes)):
        changes[number] = _apart(pictures.light, number - 1, number) + _apart(pictures.colour, number - 1, number)
    return changes


def find_cuts(pictures: Pictures) -> list[int]:
    """Return the numbers of the pictures that begin a shot after a hard cut, in their order; the first begins none.

    Cost: a fraction of a millisecond for most pictures, some milliseconds for one that may begin a shot.
    """
    changes = changes_of(pictures)
    judge = _Judge(pictures)
    cuts: list[int] = []
    for number in range(1, len(changes)):
        neighbours = changes[max(number - 1, 1) : number + 2]
        if changes[number] < max(_SEEN, float(neighbours.max())) or (cuts and number - cuts[-1] < _APART):
            continue
        if judge.is_cut(number):
            cuts.append(number)
    return cuts


def longest_still(pictures: Pictures, cuts: list[int]) -> tuple[float, float]:
    """Return when the longest time without cut or movement begins, and how long it is, in seconds."""
    moves = moving(pictures)
    moves[cuts] = True
    places = [0.0, *(float(at) for at in pictures.shown_s[moves]), float(pictures.shown_s[-1])]
    gaps = np.diff(places)
    best = int(np.argmax(gaps)) if gaps.size else 0
    return (places[best], float(gaps[best])) if gaps.size else (0.0, 0.0)


def moving(pictures: Pictures) -> NDArray[np.bool_]:
    """Tell of each picture whether something in it moved since a fifth of a second before: bool[n]."""
    flags = np.zeros(len(pictures.light), bool)
    before = np.searchsorted(pictures.shown_s, pictures.shown_s - _STRIDE_S, side="right") - 1
    for number, earlier in enumerate(before):
        if earlier >= 0:
            flags[number] = _apart(pictures.light, int(earlier), number) >= _STILL
    return flags


class _Judge:
    """Says what is left unexplained between two pictures, and of a place whether it is a cut."""

    def __init__(self, pictures: Pictures) -> None:
        self._shown_s = pictures.shown_s
        self._halved = np.stack([_halved(light) for light in pictures.light])
        self._contrast = self._halved.std(axis=(1, 2))
        self._known: dict[tuple[int, int], float] = {}

    def is_cut(self, number: int) -> bool:
        """Tell whether a picture begins a shot."""
        scale = self._scale(number)
        if self._still_left(number - 1, number) < _UNEXPLAINED * scale:
            return False  # pieces that may move explain no less
        left = self._left(number - 1, number)
        if left < _UNEXPLAINED * scale:
            return False
        beside = max(self._left(number - 2, number - 1), self._left(number, number + 1))
        return left >= _AT_ONCE * beside and not self._comes_back(number, left, scale)

    def _scale(self, number: int) -> float:
        """Return how much there is to see around a place."""
        at = self._shown_s[number]
        first, last = np.searchsorted(self._shown_s, [at - _AROUND_S, at + _AROUND_S])
        around = float(np.median(self._contrast[first:last]))
        here = float(np.sqrt(self._contrast[number - 1] * self._contrast[number]))
        return max(around, here) + 1

    def _comes_back(self, number: int, left: float, scale: float) -> bool:
        """Tell whether what was before a place, or is after it, is soon seen again on the other side."""
        bound = max(_COMES_BACK * left, 0.8 * _UNEXPLAINED * scale)
        after, before = number + 1, number - 2
        while after < len(self._halved) and self._shown_s[after] - self._shown_s[number] <= _COMES_BACK_S:
            if self._left(number - 1, after) < bound:
                return True
            after += 1
        while before >= 0 and self._shown_s[number - 1] - self._shown_s[before] <= _COMES_BACK_S:
            if self._left(before, number) < bound:
                return True
            before -= 1
        return False

    def _still_left(self, before: int, after: int) -> float:
        """Return what is unexplained when nothing may have moved."""
        return float(np.abs(self._halved[before] - self._halved[after]).mean())

    def _left(self, before: int, after: int) -> float:
        """Return what no moving of pieces explains of a picture from another, of 255; 0 where there is none."""
        if before < 0 or after >= len(self._halved):
            return 0.0
        if (before, after) not in self._known:
            self._known[before, after] = _unexplained(self._halved[before], self._halved[after])
        return self._known[before, after]


def _halved(light: Bytes) -> Floats:
    """Return a picture at half its size: float32[height / 2, width / 2]."""
    wide = light.astype(np.float32)
    return (wide[0::2, 0::2] + wide[1::2, 0::2] + wide[0::2, 1::2] + wide[1::2, 1::2]) / 4


def _unexplained(before: Floats, after: Floats) -> float:
    """Return how far each block of a picture is from the nearest piece of another, on average.

    float32[height, width] both, sides multiples of the block. Cost: 289 differences of the pictures.
    """
    height, width = after.shape
    blocks = after.reshape(height // _BLOCK, _BLOCK, width // _BLOCK, _BLOCK)
    ground = np.pad(before, _REACH, mode="edge")
    best = np.full((height // _BLOCK, width // _BLOCK), np.inf, np.float32)
    for down in range(2 * _REACH + 1):
        for right in range(2 * _REACH + 1):
            piece = ground[down : down + height, right : right + width].reshape(blocks.shape)
            np.minimum(best, np.abs(piece - blocks).mean(axis=(1, 3)), out=best)
    return float(best.mean())


def _apart(pictures: Bytes, one: int, other: int) -> float:
    """Return how far two small pictures are from each other, of 255."""
    return float(np.abs(pictures[one].astype(np.int16) - pictures[other].astype(np.int16)).mean())
