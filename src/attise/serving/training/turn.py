"""One turn of training over a folder: what was learned so far, new facts, the next version.

Two files bear a version: ``….model``, which decisions map, and ``….training``, which only the next turn reads. The
second is written first and holds everything; a turn that was killed between the two writes the model anew from it. The
caller's mark of how far facts were read is in it, so that no fact is learned from twice.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from attise.serving.prediction.ftrl import Pace
from attise.serving.prediction.heads import HEADS
from attise.serving.prediction.history import LEVELS, Counts
from attise.serving.prediction.model import (
    FEATURES_VERSION,
    KEPT_FILES,
    VERSION_DIGITS,
    Header,
    ModelUnreadable,
    file_name,
    read_arrays,
    write_arrays,
    write_model,
)
from attise.serving.prediction.priors import Base
from attise.serving.training.facts import Facts
from attise.serving.training.trainer import Trainer, Window
from attise.serving.training.trials import Trials

SUFFIX: Final = ".training"


def take_turn(folder: Path, facts: Facts, *, mark: int, pace: Pace | None = None, **options: Any) -> Path | None:
    """Learn from facts and write the next version; return its model's file, or None when there was nothing new.

    Args: folder: of models, made when it is not there; mark: how far the caller's facts reach, rising; facts of a mark
    that was learned from are not learned from again; options: of ``Trainer``, for a house that begins.
    Cost: 10 µs a fact, and what writing 128 bytes a slot costs.
    """
    trainer, reached = resume(folder, pace=pace, **options)
    if mark <= reached or not len(facts):
        return _complete(folder, trainer)
    trainer.learn(facts)
    _write_state(folder, trainer, mark)
    return write_model(folder, trainer.model())


def reached(folder: Path) -> int:
    """Return the mark up to which facts are learned from, -1 for none. Cost: a checksum of what is kept."""
    found = _newest(folder)
    return -1 if found is None else _mark_of(found[1])


def resume(folder: Path, *, pace: Pace | None = None, **options: Any) -> tuple[Trainer, int]:
    """Return where training stands in a folder, and the mark it has reached; a new trainer and -1 where there is none.

    A state that cannot be read, or was learned for other features, is passed over for the one before it.
    """
    found = _newest(folder)
    if found is None:
        return Trainer(pace=pace, **options), -1
    return _trainer_of(*found, pace, options), _mark_of(found[1])


def _newest(folder: Path) -> tuple[Header, dict[str, NDArray[Any]]] | None:
    for path in sorted(folder.glob(f"*{SUFFIX}"), reverse=True):
        try:
            header, arrays = read_arrays(path)
        except ModelUnreadable:
            continue
        if header.heads == HEADS and header.features == FEATURES_VERSION:
            return header, arrays
    return None


def _mark_of(arrays: dict[str, NDArray[Any]]) -> int:
    return int(arrays["mark"][0])


def _complete(folder: Path, trainer: Trainer) -> Path | None:
    """Write the model of a state whose turn was killed before it did."""
    if trainer.version and not (folder / file_name(trainer.version)).exists():
        return write_model(folder, trainer.model())
    return None


def _write_state(folder: Path, trainer: Trainer, mark: int) -> None:
    weights, window = trainer.weights, trainer.window
    arrays: dict[str, NDArray[Any]] = {
        "z": weights.z,
        "n": weights.n,
        "w": weights.w,
        "q": weights.q,
        "totals": trainer.totals,
        "organic_totals": trainer.organic_totals,
        "watch": trainer.watch,
        "scores": window.scores,
        "labels": window.labels,
        "importance": window.weights,
        "base.paid": trainer.base.paid,
        "base.organic": trainer.base.organic,
        "mark": np.array([mark], dtype=np.int64),
        "late": np.array([trainer.conversions_come_late], dtype=np.uint8),
        **trainer.trials.arrays(),
    }
    for level, counts in zip(LEVELS, trainer.history, strict=True):
        arrays[f"{level}.ids"], arrays[f"{level}.rows"] = counts.ids, counts.rows
    header = Header(trainer.version, trainer.learned_to_ms, trainer.rows, HEADS, FEATURES_VERSION)
    write_arrays(folder / f"{trainer.version:0{VERSION_DIGITS}d}{SUFFIX}", header, arrays)
    for old in sorted(folder.glob(f"*{SUFFIX}"))[:-KEPT_FILES]:
        old.unlink(missing_ok=True)


def _trainer_of(header: Header, arrays: dict[str, NDArray[Any]], pace: Pace | None, options: dict[str, Any]) -> Trainer:
    held = {name: values.copy() for name, values in arrays.items()}
    slots_log2 = len(held["z"]).bit_length() - 1
    late = bool(held["late"][0])
    found = Trainer(pace=pace, **{**options, "slots_log2": slots_log2, "conversions_come_late": late})
    for name in ("z", "n", "w", "q"):
        setattr(found.weights, name, held[name])
    found.totals, found.organic_totals, found.watch = held["totals"], held["organic_totals"], held["watch"]
    found.window = Window(held["scores"], held["labels"], held["importance"])
    found.base = Base(held["base.paid"], held["base.organic"])
    found.history = tuple(Counts(held[f"{level}.ids"], held[f"{level}.rows"]) for level in LEVELS)
    found.trials = Trials.of(held)
    found.version, found.rows, found.learned_to_ms = header.version, header.rows, header.made_at_ms
    return found
