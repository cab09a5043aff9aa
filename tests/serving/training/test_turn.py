"""A turn goes on where the last one stopped, learns each fact once, and survives a kill between its two files."""

from __future__ import annotations

import numpy as np

from attise.serving.prediction.model import arrays_of, find_newest, read_model
from attise.serving.training import turn
from attise.serving.training.facts import facts_of
from attise.serving.training.replay import replay
from attise.serving.training.trainer import Trainer
from tests.serving.training.logs import click_log

OPTIONS = {"slots_log2": 12, "conversions_come_late": False}
FIRST, SECOND = facts_of(click_log(3_000, seed=1)), facts_of(click_log(3_000, seed=2))


def same(first, second) -> bool:
    return all(np.array_equal(arrays_of(first)[name], values) for name, values in arrays_of(second).items())


def test_turns_over_files_learn_what_one_trainer_in_memory_would(tmp_path):
    folder = tmp_path / "models"
    turn.take_turn(folder, FIRST, mark=1, **OPTIONS)
    path = turn.take_turn(folder, SECOND, mark=2, **OPTIONS)
    trainer = Trainer(**OPTIONS)
    trainer.learn(FIRST)
    trainer.learn(SECOND)
    assert path == find_newest(folder)
    assert same(read_model(path), trainer.model())
    assert read_model(path).version == 2


def test_facts_are_learned_from_once(tmp_path):
    turn.take_turn(tmp_path, FIRST, mark=7, **OPTIONS)
    assert turn.take_turn(tmp_path, FIRST, mark=7, **OPTIONS) is None
    assert turn.take_turn(tmp_path, FIRST, mark=3, **OPTIONS) is None
    assert turn.take_turn(tmp_path, FIRST.take(slice(0)), mark=9, **OPTIONS) is None
    assert turn.resume(tmp_path)[0].version == 1


def test_a_turn_that_was_killed_before_its_model_is_completed(tmp_path):
    path = turn.take_turn(tmp_path, FIRST, mark=1, **OPTIONS)
    before = read_model(path)
    path.unlink()
    assert turn.take_turn(tmp_path, FIRST, mark=1, **OPTIONS) == path
    assert same(read_model(path), before)


def test_a_damaged_state_is_passed_over_for_the_one_before(tmp_path):
    turn.take_turn(tmp_path, FIRST, mark=1, **OPTIONS)
    turn.take_turn(tmp_path, SECOND, mark=2, **OPTIONS)
    newest = max(tmp_path.glob("*.training"))
    newest.write_bytes(newest.read_bytes()[:1_000])
    trainer, mark = turn.resume(tmp_path)
    assert (trainer.version, mark) == (1, 1)
    path = turn.take_turn(tmp_path, SECOND, mark=2, **OPTIONS)
    assert read_model(path).version == 2


def test_only_the_last_files_are_kept(tmp_path):
    for mark in range(4):
        turn.take_turn(tmp_path, FIRST.take(slice(mark * 100, mark * 100 + 100)), mark=mark, **OPTIONS)
    assert [path.name.lstrip("0") for path in sorted(tmp_path.iterdir())] == [
        "3.model",
        "3.training",
        "4.model",
        "4.training",
    ]


def test_replaying_a_version_predicts_what_it_would_have_and_learns_nothing():
    trainer = Trainer(**OPTIONS)
    trainer.learn(FIRST)
    model = trainer.model()
    scores, rates = replay(model, SECOND)
    again, _ = replay(model, SECOND)
    assert np.array_equal(scores, again)
    assert rates.shape == (3_000, 6)
    one, _ = replay(model, SECOND.take(slice(1_234, 1_235)))
    assert np.allclose(one[0], scores[1_234], atol=1e-5)
    assert len(replay(model, SECOND.take(slice(0)))[0]) == 0
