"""What a video sounds like: as loud as the standard says, silences in their place, a voice and what is none."""

from __future__ import annotations

import wave
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.audio.frame import AudioFrame

from attise.kernel.chance import SeededChance
from attise.management.posts.media import clip_sound
from attise.management.posts.media.hearing import listen, longest_run
from attise.management.posts.media.inspection import watch_video
from attise.management.posts.media.messages import SoundHeard
from tests.management.posts.media import film

RATE_HZ = 48_000
Wave = Callable[[np.ndarray], np.ndarray]


def a_tone(hz: float = 997, dbfs: float = -20) -> Wave:
    return lambda at_s: 10 ** (dbfs / 20) * np.sin(2 * np.pi * hz * at_s)


def a_noise(dbfs: float = -20) -> Wave:
    return lambda at_s: 10 ** (dbfs / 20) * np.random.default_rng(1).standard_normal(len(at_s))


def a_voice(begins_s: float, *, pitch_hz: float = 120, dbfs: float = -20) -> Wave:
    """A throat and a mouth: pulses whose pitch wanders, through resonances, four syllables a second."""

    def voice(at_s: np.ndarray) -> np.ndarray:
        phase = 2 * np.pi * np.cumsum(pitch_hz * (1 + 0.12 * np.sin(2 * np.pi * 0.9 * at_s))) / RATE_HZ
        sound = np.zeros(len(at_s))
        for number in range(1, int(3_800 / pitch_hz)):
            hz = number * pitch_hz
            strength = sum(
                gain / (1 + ((hz - at) / wide) ** 2)
                for at, wide, gain in ((600, 120, 1), (1_300, 160, 0.5), (2_500, 250, 0.25))
            )
            sound += strength * np.sin(number * phase)
        syllables = np.clip(np.sin(2 * np.pi * 2 * at_s) ** 2 * 1.3 - 0.2, 0, 1)
        sound *= syllables * (at_s >= begins_s)
        return 10 ** (dbfs / 20) * sound / (np.abs(sound).max() + 1e-9) * 2

    return voice


def a_beat(at_s: np.ndarray) -> np.ndarray:
    """The music of the house's own sample clips."""
    loop = np.array(clip_sound.loop(SeededChance("beat"), 500), np.float64) / 32_768
    return loop[(at_s * clip_sound.RATE_HZ).astype(int) % len(loop)]


def encoded(path: Path, sound: Wave, *, seconds: float) -> Path:
    """Encode a sound as telephones do."""
    at_s = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    samples = (np.clip(sound(at_s), -1, 1) * 32_767).astype(np.int16)
    with av.open(str(path), "w", format="mp4") as target:
        audio = target.add_stream("aac", rate=RATE_HZ)
        audio.layout, audio.bit_rate = "mono", 128_000
        for start in range(0, len(samples), 1_024):
            frame = AudioFrame.from_ndarray(samples[None, start : start + 1_024], format="s16", layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = RATE_HZ, start, Fraction(1, RATE_HZ)
            target.mux(audio.encode(frame))
        target.mux(audio.encode(None))
    return path


@pytest.fixture
def heard(tmp_path):
    """Listen to a sound, here and not in a child: the sound is our own."""

    def listen_to(sound: Wave, seconds: float = 4) -> SoundHeard:
        with av.open(str(encoded(tmp_path / "sound.mp4", sound, seconds=seconds)), "r") as source:
            return listen(source, source.streams.audio[0], duration_ms=round(seconds * 1_000), written=None)

    return listen_to


def test_a_tone_is_as_loud_as_the_standard_says(heard):
    """EBU Tech 3341: a sine of 1 kHz at -20 dBFS on one channel measures -23.0 LUFS."""
    found = heard(a_tone())
    assert found.loudness_centi_lufs == pytest.approx(-2_300, abs=30)
    assert found.heard_ms == 0
    assert found.silent_ms == 0
    assert found.voice_ms is None, "a tone is no voice"


def test_a_voice_is_heard_where_it_begins(heard):
    found = heard(a_voice(1.3))
    assert found.heard_ms == pytest.approx(1_300, abs=150)
    assert found.voice_ms == pytest.approx(1_300, abs=250)
    assert (found.silent_from_ms, found.silent_ms) == (0, pytest.approx(1_300, abs=150))


@pytest.mark.parametrize("pitch_hz", [105, 210])
def test_low_and_high_voices_are_voices(heard, pitch_hz):
    assert heard(a_voice(0.2, pitch_hz=pitch_hz), 2).voice_ms is not None


@pytest.mark.parametrize("sound", [a_noise(), a_beat, a_tone(220)], ids=["noise", "beat", "hum"])
def test_noise_music_and_hums_are_no_voice(heard, sound):
    assert heard(sound, 3).voice_ms is None


def test_a_silence_is_found_in_its_place_and_a_click_does_not_hide_it(heard):
    def sound(at_s: np.ndarray) -> np.ndarray:
        click = (at_s >= 2) & (at_s < 2.004)
        return a_tone()(at_s) * ((at_s < 1.2) | (at_s > 3.1)) + 0.3 * click

    found = heard(sound)
    assert found.silent_from_ms == pytest.approx(1_200, abs=80)
    assert found.silent_ms == pytest.approx(1_900, abs=120)
    assert len(found.bars) == 60
    assert max(found.bars) > 50
    assert min(found.bars) == 0


def test_a_track_of_silence_is_never_heard(heard):
    found = heard(lambda at_s: np.zeros(len(at_s)), 2)
    assert found.heard_ms is None
    assert found.loudness_centi_lufs == -7_000
    assert found.silent_ms == pytest.approx(2_000, abs=60)


def test_the_sound_of_a_film_is_left_as_wav_when_it_is_asked_for(tmp_path):
    made = film.make(tmp_path / "film.mp4", frames=60)
    video, sound = watch_video(made, tmp_path, with_sound=True)
    assert sound is not None
    assert video.sound is not None
    with wave.open(str(sound)) as said:
        assert (said.getnchannels(), said.getframerate(), said.getsampwidth()) == (1, 16_000, 2)
        assert said.getnframes() / 16_000 == pytest.approx(2, abs=0.1)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["film.mp4", sound.name])


@pytest.mark.parametrize(
    ("flags", "run"), [([0, 1, 1, 0, 1], (1, 2)), ([0, 0], (0, 0)), ([1, 1], (0, 2)), ([], (0, 0)), ([1, 0, 1], (0, 1))]
)
def test_the_longest_run_is_found(flags, run):
    assert longest_run(np.array(flags, bool)) == run
