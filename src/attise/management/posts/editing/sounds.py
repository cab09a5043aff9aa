"""Sounds that go under a video: six loops, computed here from a seed each, free to use and nobody else's.

The same seed gives the same samples on every machine. No file is shipped: a loop takes some tenths of a second.
"""

from __future__ import annotations

import io
import wave
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

RATE_HZ: Final = 32_000
BY: Final = "Attise"
_PEAK = 0.9
_LOUD = 0.16
"""Root mean square of full scale: about -16 LUFS, as loud as videos are."""
_BEATS_A_BAR = 4
_MINOR, _MAJOR = (0, 3, 5, 7, 10), (0, 2, 4, 7, 9)

Samples = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sound:
    """A loop: its name, and what it is made of."""

    name: str
    seed: int
    beats_a_minute: int
    bars: int
    root_hz: float
    scale: tuple[int, ...]
    chords: tuple[int, ...]
    """Steps over the root, one a bar, again and again."""
    drums: bool
    pluck: float
    """How fast a note of the melody fades, per second."""

    @property
    def duration_ms(self) -> int:
        """How long the loop is."""
        return round(self.bars * _BEATS_A_BAR * 60_000 / self.beats_a_minute)

    @property
    def credit(self) -> str:
        """What is said of it where it is heard."""
        return f"{self.name} – {BY}"


SOUNDS: Final[dict[str, Sound]] = {
    "petit-matin": Sound("Petit matin", 11, 84, 8, 220.0, _MAJOR, (0, 9, 5, 7), False, 3.0),
    "marche": Sound("Marché", 23, 112, 12, 196.0, _MAJOR, (0, 5, 0, 7), True, 6.0),
    "neon": Sound("Néon", 37, 124, 12, 174.6, _MINOR, (0, 8, 3, 10), True, 8.0),
    "pluie-douce": Sound("Pluie douce", 41, 72, 8, 164.8, _MINOR, (0, 5, 8, 3), False, 2.2),
    "atelier": Sound("Atelier", 59, 98, 8, 207.7, _MINOR, (0, 3, 5, 7), True, 7.0),
    "grand-large": Sound("Grand large", 67, 90, 10, 146.8, _MAJOR, (0, 7, 9, 5), False, 2.6),
}


@lru_cache(maxsize=len(SOUNDS))
def wav_of(name: str) -> bytes:
    """Return a sound as a wav file, 16 bits, mono, which repeats without a seam. Raises: KeyError."""
    samples = np.clip(np.round(compute(SOUNDS[name]) * 32_767), -32_767, 32_767).astype("<i2")
    file = io.BytesIO()
    with wave.open(file, "wb") as target:
        target.setnchannels(1)
        target.setsampwidth(2)
        target.setframerate(RATE_HZ)
        target.writeframes(samples.tobytes())
    return file.getvalue()


def compute(sound: Sound) -> Samples:
    """Return the samples of a loop, float64[n] in -1..1."""
    draw = np.random.Generator(np.random.PCG64(sound.seed))
    beat = RATE_HZ * 60 / sound.beats_a_minute
    beats = sound.bars * _BEATS_A_BAR
    mix = np.zeros(round(beats * beat))
    for bar in range(sound.bars):
        chord = sound.chords[bar % len(sound.chords)]
        at = bar * _BEATS_A_BAR * beat
        for step, volume in ((0, 0.20), (7, 0.12), (12, 0.08)):
            _add(mix, at, _pad(sound.root_hz * 2 ** ((chord + step) / 12) / 2, _BEATS_A_BAR * beat, volume))
    for half in range(beats * 2):
        chord = sound.chords[half // (2 * _BEATS_A_BAR) % len(sound.chords)]
        if draw.random() < (0.75 if half % 2 == 0 else 0.4):  # a melody breathes
            note = sound.scale[int(draw.integers(len(sound.scale)))] + chord
            _add(mix, half * beat / 2, _pluck(sound.root_hz * 2 ** (note / 12) * 2, beat * 2, sound.pluck))
    if sound.drums:
        for number in range(beats):
            _add(mix, number * beat, _kick() * (1.0 if number % 2 == 0 else 0.35))
            _add(mix, (number + 0.5) * beat, _hat(draw))
    loud = mix * (_LOUD / np.sqrt(np.square(mix).mean()))
    return np.tanh(loud / _PEAK) * _PEAK


def _add(mix: Samples, at: float, sound: Samples) -> None:
    """Lay a sound over the loop, going on at its beginning."""
    place = (round(at) + np.arange(len(sound))) % len(mix)
    np.add.at(mix, place, sound)


def _times(length: float) -> Samples:
    return np.arange(round(length)) / RATE_HZ


def _pad(hz: float, length: float, volume: float) -> Samples:
    """Return a soft chord tone that swells and fades."""
    at_s = _times(length)
    swell = np.sin(np.pi * np.arange(len(at_s)) / len(at_s)) ** 0.5
    return volume * swell * (np.sin(2 * np.pi * hz * at_s) + 0.3 * np.sin(2 * np.pi * hz * 2.003 * at_s))


def _pluck(hz: float, length: float, fade: float) -> Samples:
    """Return a plucked note with two overtones."""
    at_s = _times(length)
    turn = 2 * np.pi * hz * at_s
    tone = np.sin(turn) + 0.4 * np.sin(2 * turn) + 0.15 * np.sin(3 * turn)
    return 0.22 * tone * np.exp(-at_s * fade) * np.minimum(at_s * 400, 1) * np.linspace(1, 0, len(at_s)) ** 0.2


def _kick() -> Samples:
    """Return a drum whose pitch falls."""
    at_s = _times(0.22 * RATE_HZ)
    return 0.8 * np.sin(2 * np.pi * np.cumsum(46 + 120 * np.exp(-at_s * 36)) / RATE_HZ) * np.exp(-at_s * 14)


def _hat(draw: np.random.Generator) -> Samples:
    """Return a burst of bright noise."""
    at_s = _times(0.05 * RATE_HZ)
    noise = np.diff(draw.uniform(-1, 1, len(at_s) + 1))
    return 0.12 * noise * np.exp(-at_s * 90)
