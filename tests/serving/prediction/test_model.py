"""A model's file is whole or not there, says what is wrong with it, and gives back what was written."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from attise.serving.prediction.model import (
    KEPT_FILES,
    ModelUnreadable,
    arrays_of,
    cold_model,
    file_name,
    find_newest,
    read_model,
    write_model,
)
from tests.serving.prediction.some import learned


def version(number: int):
    model = learned(10)
    return replace(model, header=type(model.header)(**{**header_of(model), "version": number}))


def header_of(model):
    return {name: getattr(model.header, name) for name in model.header.__struct_fields__}


def test_what_is_written_is_read_as_it_was_and_cannot_be_changed(tmp_path):
    model = version(7)
    found = read_model(write_model(tmp_path, model))
    assert found.version == 7
    for name, values in arrays_of(model).items():
        assert np.array_equal(arrays_of(found)[name], values), name
    with pytest.raises(ValueError, match="read-only"):
        found.weights[0, 0] = 1


def test_a_new_house_writes_and_reads_its_cold_model(tmp_path):
    found = read_model(write_model(tmp_path, cold_model(10)))
    assert found.history[0].ids.shape == (0,)
    assert found.history[0].rows.shape == (0, 8)


def test_the_newest_is_found_and_old_ones_go(tmp_path):
    assert find_newest(tmp_path) is None
    for number in (1, 2, 30):
        write_model(tmp_path, version(number))
    assert find_newest(tmp_path) == tmp_path / file_name(30)
    assert len(list(tmp_path.iterdir())) == KEPT_FILES


@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.7, 0.999])
def test_any_damage_is_seen(tmp_path, share):
    path = write_model(tmp_path, version(1))
    raw = bytearray(path.read_bytes())
    place = min(int(share * len(raw)) + 3, len(raw) - 1)
    raw[place] ^= 0x20
    path.write_bytes(raw)
    with pytest.raises(ModelUnreadable, match="Remove it"):
        read_model(path)


@pytest.mark.parametrize("left", [0, 10, 64, 5_000])
def test_half_a_file_is_no_model(tmp_path, left):
    path = write_model(tmp_path, version(1))
    path.write_bytes(path.read_bytes()[:left])
    with pytest.raises(ModelUnreadable):
        read_model(path)


def test_a_model_of_other_features_is_not_used(tmp_path):
    model = learned(10)
    path = write_model(tmp_path, replace(model, header=type(model.header)(**{**header_of(model), "features": "0"})))
    with pytest.raises(ModelUnreadable, match="features 0"):
        read_model(path)


def test_a_number_of_slots_that_nobody_means_is_refused():
    with pytest.raises(ValueError, match="slots_log2 is 30"):
        cold_model(30)
