"""What a video sounds like: how loud, from when on, where it is silent, and whether there is something like a voice.

Runs in the child. Loudness is the media library's own measure (EBU R 128). The rest is worked out on mono sound of
16 kHz: a voice is told from music and noise by its overtones, its pitch and the rhythm of its syllables, which is a
sign, not a proof.
"""

from __future__ import annotations

import itertools
import math
import wave
from pathlib import Path

import av
import av.container
import av.filter
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from numpy.typing import NDArray

from attise.management.posts.media.errors import UNREADABLE, MediaRefused
from attise.management.posts.media.messages import BARS, SoundHeard

RATE_HZ = 16_000
STEP_MS = 10
_STEP = RATE_HZ * STEP_MS // 1_000
_FRAME = 512
"""Samples that one look at pitch and overtones takes: 32 ms."""
_SILENT_DBFS = -50.0
_SMOOTH_STEPS = 5
_LEAST_SILENCE_MS = 100
_VOICE_HZ = (250, 3_600)
_PITCH_HZ = (75, 400)
_BAND_SHARE = 0.35
_VOICED = 0.45
"""How alike a sound is to itself one period later, at the least."""
_OVERTONES = 7.0
"""Over how many of the 31 Hz wide bins a voice's energy is spread, at the least; a plucked tone fills two or three."""
_SYLLABLES_S = 1.0
_LOOKED_FOR_S = 60
"""How much of the beginning is looked through for a voice."""
_VOICED_SHARE = 0.25
_UNEVEN = 0.3
"""How much the strength of a voice varies over a second, as a part of its mean."""
_QUIETEST_LUFS = -70.0

Samples = NDArray[np.float32]


def listen(
    source: av.container.InputContainer, audio: AudioStream, *, duration_ms: int, written: Path | None
) -> SoundHeard:
    """Decode the sound and return what it is like; write it as mono wav to ``written``, if that is asked.

    Raises: MediaRefused(media_unreadable) when nothing of it can be decoded.
    Cost: some hundredths of its length.
    """
    samples, lufs = _decoded(source, audio)
    if not samples.size:
        raise MediaRefused(UNREADABLE)
    if written is not None:
        _write(samples, written)
    loud = _levels_dbfs(samples)
    silent = _smoothed(loud) < _SILENT_DBFS
    # What is missing at the end is silent too: sound tracks may stop early.
    missing = max(math.ceil(duration_ms / STEP_MS) - len(silent), 0)
    silent = np.concatenate([silent, np.ones(missing, bool)])
    from_step, steps = longest_run(silent)
    heard = np.flatnonzero(~silent)
    return SoundHeard(
        loudness_centi_lufs=round(max(lufs, _QUIETEST_LUFS) * 100),
        heard_ms=int(heard[0]) * STEP_MS if heard.size else None,
        voice_ms=_voice_ms(samples[: _LOOKED_FOR_S * RATE_HZ]),
        silent_from_ms=from_step * STEP_MS,
        silent_ms=steps * STEP_MS if steps * STEP_MS >= _LEAST_SILENCE_MS else 0,
        bars=_bars(loud),
    )


def longest_run(flags: NDArray[np.bool_]) -> tuple[int, int]:
    """Return where the longest run of true begins and how long it is; 0 and 0 when there is none."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    if not edges.size:
        return 0, 0
    starts, ends = edges[0::2], edges[1::2]
    best = int(np.argmax(ends - starts))
    return int(starts[best]), int(ends[best] - starts[best])


def _decoded(source: av.container.InputContainer, audio: AudioStream) -> tuple[Samples, float]:
    """Return the whole sound as mono, float32[n] in -1..1, and its loudness in LUFS."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE_HZ)
    meter = _Meter(audio)
    pieces: list[NDArray[np.int16]] = []
    begins_s: float | None = None
    source.seek(0)
    try:
        for packet in source.demux(audio):
            try:
                frames = packet.decode()
            except av.FFmpegError as error:
                if isinstance(error, MemoryError):
                    raise
                continue
            for frame in frames:
                if begins_s is None:
                    begins_s = float(frame.time or 0.0)
                meter.take(frame)
                pieces += [piece.to_ndarray()[0] for piece in resampler.resample(frame)]
        pieces += [piece.to_ndarray()[0] for piece in resampler.resample(None)]
    except av.FFmpegError as error:
        if isinstance(error, MemoryError):
            raise
    if not pieces:
        return np.zeros(0, np.float32), _QUIETEST_LUFS
    # A track that begins later than the pictures is silent until then, one that begins earlier is not heard so long.
    late = round(((begins_s or 0.0) - max(source.start_time or 0, 0) / 1_000_000) * RATE_HZ)
    whole = np.concatenate(pieces).astype(np.float32) / 32_768
    whole = np.concatenate([np.zeros(late, np.float32), whole]) if late > 0 else whole[-late:]
    return whole, meter.lufs


class _Meter:
    """The media library's measure of loudness over a whole track."""

    def __init__(self, audio: AudioStream) -> None:
        self._audio = audio
        self._graph: av.filter.Graph | None = None
        self.lufs = _QUIETEST_LUFS

    def take(self, frame: AudioFrame) -> None:
        """Measure one more piece; one of another shape than the first begins the measure anew."""
        if self._graph is None:
            self._graph = av.filter.Graph()
            self._graph.threads = 1
            begin = self._graph.add_abuffer(
                sample_rate=frame.sample_rate, format=frame.format, layout=frame.layout, time_base=frame.time_base
            )
            meter, end = self._graph.add("ebur128", "metadata=1"), self._graph.add("abuffersink")
            begin.link_to(meter)
            meter.link_to(end)
            self._graph.configure()
        try:
            self._graph.push(frame)
            while True:
                said = self._graph.pull().metadata.get("lavfi.r128.I")
                if said is not None and math.isfinite(float(said)):
                    self.lufs = float(said)
        except (av.BlockingIOError, av.EOFError):
            return
        except (av.FFmpegError, ValueError) as error:  # sound that changes its shape on the way
            if isinstance(error, MemoryError):
                raise
            self._graph = None


def _write(samples: Samples, path: Path) -> None:
    """Write sound as a wav file of 16 bits."""
    with path.open("wb") as file, wave.open(file, "wb") as target:
        target.setnchannels(1)
        target.setsampwidth(2)
        target.setframerate(RATE_HZ)
        target.writeframes((np.clip(samples, -1, 1) * 32_767).astype("<i2").tobytes())


def _levels_dbfs(samples: Samples) -> NDArray[np.float32]:
    """Return how strong the sound is in each step of 10 ms, in dB under full scale."""
    whole = samples[: len(samples) // _STEP * _STEP].reshape(-1, _STEP)
    power = np.square(whole).mean(axis=1) if len(whole) else np.zeros(1, np.float32)
    return np.asarray(10 * np.log10(power + 1e-10), np.float32)


def _smoothed(levels: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return levels of which no single click makes a sound: the median of five steps."""
    around = np.pad(levels, _SMOOTH_STEPS // 2, mode="edge")
    return np.asarray(np.median(np.lib.stride_tricks.sliding_window_view(around, _SMOOTH_STEPS), axis=1), np.float32)


def _bars(levels: NDArray[np.float32]) -> list[int]:
    """Return the strength along the video as up to 60 numbers of 0 to 100, for a drawing of it."""
    edges = np.linspace(0, len(levels), min(BARS, len(levels)) + 1).astype(int)
    tops = [float(levels[a:b].max()) for a, b in itertools.pairwise(edges) if b > a]
    return [round(min(max((top - _SILENT_DBFS) / -_SILENT_DBFS, 0.0), 1.0) * 100) for top in tops]


def _voice_ms(samples: Samples) -> int | None:
    """Return when something like a voice is first heard, or None.

    A step sounds like a voice when it is periodic within the range of voices and its energy is spread over overtones; a
    voice is a second with enough such steps whose strength rises and falls as syllables do.
    """
    if len(samples) < _FRAME:
        return None
    looks = np.lib.stride_tricks.sliding_window_view(samples, _FRAME)[::_STEP]
    strong = np.sqrt(np.square(looks).mean(axis=1))
    spectrum = np.square(np.abs(np.fft.rfft(looks * np.hanning(_FRAME).astype(np.float32), axis=1)))
    hz = np.fft.rfftfreq(_FRAME, 1 / RATE_HZ)
    in_band = (hz >= _VOICE_HZ[0]) & (hz <= _VOICE_HZ[1])
    band = spectrum[:, in_band]
    total = spectrum.sum(axis=1) + 1e-12
    part = band / (band.sum(axis=1, keepdims=True) + 1e-12)
    spread = np.exp(-(part * np.log(part + 1e-12)).sum(axis=1))
    voiced = (
        (strong > 10 ** (_SILENT_DBFS / 20))
        & (band.sum(axis=1) / total >= _BAND_SHARE)
        & (spread >= _OVERTONES)
        & (_periodicity(looks) >= _VOICED)
    )
    window = round(_SYLLABLES_S * 1_000 / STEP_MS)
    for start in np.flatnonzero(voiced):
        around = slice(int(start), int(start) + window)
        here = strong[around]
        if voiced[around].sum() >= _VOICED_SHARE * window and here.std() >= _UNEVEN * here.mean():
            return int(start) * STEP_MS
    return None


def _periodicity(looks: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how alike each look is to itself one period of a voice later, 0..1: float32[n_looks]."""
    centred = looks - looks.mean(axis=1, keepdims=True)
    power = np.square(np.abs(np.fft.rfft(centred, 2 * _FRAME, axis=1)))
    alike = np.fft.irfft(power, axis=1)[:, :_FRAME]
    shortest, longest = RATE_HZ // _PITCH_HZ[1], RATE_HZ // _PITCH_HZ[0]
    lags = np.arange(shortest, longest + 1)
    # A look holds fewer pairs the further apart they are.
    corrected = alike[:, lags] * (_FRAME / (_FRAME - lags))
    return np.asarray(corrected.max(axis=1) / (alike[:, 0] + 1e-12), np.float32)
