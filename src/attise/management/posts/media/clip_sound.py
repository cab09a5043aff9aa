"""The sound of a sample clip: a short loop with a beat, made of sines and noise, the same for the same chance."""

from __future__ import annotations

import array
import math

from attise.kernel.chance import Chance

RATE_HZ = 24_000
BEATS = 8
"""Beats of the loop."""
_SCALE = (0, 3, 5, 7, 10, 12, 15)
"""Minor pentatonic: no two of its notes quarrel."""
_PEAK = 0.7


def loop(chance: Chance, beat_ms: int) -> array.array[int]:
    """Return eight beats of mono sound, 16 bits, at ``RATE_HZ``; it repeats without a seam.

    Cost: about 0.1 s.
    """
    step = RATE_HZ * beat_ms // 2_000
    total = step * 2 * BEATS
    mix = [0.0] * total
    root_hz = 110.0 * 2 ** (int(chance.uniform() * 6) / 12)
    for beat in range(BEATS):
        _add(mix, beat * 2 * step, _kick())
        if beat % 2:
            _add(mix, beat * 2 * step, _noise(chance, length_ms=90, decay=40, volume=0.25))
        _add(mix, (beat * 2 + 1) * step, _noise(chance, length_ms=30, decay=120, volume=0.16))
    bass = 0
    for slot in range(BEATS * 2):
        if slot % 4 == 0:
            bass = _SCALE[int(chance.uniform() * 4)]
            _add(mix, slot * step, _tone(root_hz / 2 * 2 ** (bass / 12), length_ms=beat_ms * 3 // 2, volume=0.3))
        if chance.uniform() < 0.7:  # noqa: PLR2004 - a melody breathes
            note = _SCALE[int(chance.uniform() * len(_SCALE))]
            _add(mix, slot * step, _tone(root_hz * 2 * 2 ** (note / 12), length_ms=beat_ms, volume=0.16))
    top = max(1e-9, *map(abs, mix))
    return array.array("h", [int(value / top * _PEAK * 32_767) for value in mix])


def _add(mix: list[float], at: int, sound: list[float]) -> None:
    """Lay a sound over the loop, wrapping at its end."""
    total = len(mix)
    for index, value in enumerate(sound):
        mix[(at + index) % total] += value


def _kick() -> list[float]:
    """Return a drum whose pitch falls."""
    length = RATE_HZ * 160 // 1_000
    out = []
    phase = 0.0
    for index in range(length):
        at_s = index / RATE_HZ
        phase += 2 * math.pi * (48 + 130 * math.exp(-at_s * 38)) / RATE_HZ
        out.append(math.sin(phase) * math.exp(-at_s * 16))
    return out


def _noise(chance: Chance, *, length_ms: int, decay: float, volume: float) -> list[float]:
    """Return a burst of noise that fades."""
    length = RATE_HZ * length_ms // 1_000
    return [(chance.uniform() * 2 - 1) * volume * math.exp(-index / RATE_HZ * decay) for index in range(length)]


def _tone(hz: float, *, length_ms: int, volume: float) -> list[float]:
    """Return a plucked note with one overtone."""
    length = RATE_HZ * length_ms // 1_000
    turn = 2 * math.pi * hz / RATE_HZ
    return [
        (math.sin(turn * index) + 0.35 * math.sin(2 * turn * index))
        * volume
        * math.exp(-index / RATE_HZ * 7)
        * min(index / 120, 1.0, (length - index) / 240)
        for index in range(length)
    ]
