"""``attise facts`` says what there is, also where there is nothing yet."""

from __future__ import annotations

import json

from attise.kernel.house import Mode, Settings, open_house
from attise.serving.prediction.model import FOLDER
from attise.serving.training.facts import facts_of
from attise.serving.training.turn import take_turn
from tests.doors.cli.running import ATTISE


def test_the_watermark_the_files_and_the_model_are_told(made, tmp_path):
    house = tmp_path / "house"
    open_house(Settings(data=house), mode=Mode.LIVE)
    columns = {"ad_id": [1] * 10, "decided_at_ms": [1_790_000_000_000] * 10, "click": [0] * 10}
    take_turn(house / FOLDER, facts_of(columns), mark=1, slots_log2=10)
    command = made.start(*ATTISE, "facts", "--json", "--data", str(house))
    assert command.process.wait(60) == 0, command.text
    assert json.loads(command.text) == {
        "complete_to": None,
        "folder": str(house / "facts"),
        "files": 0,
        "facts": 0,
        "size_bytes": 0,
        "model": 1,
        "learned_to": "2026-09-21T14:13:20Z",
        "learned_from": 10,
        "explore_share": 0.03,
    }


def test_facts_are_rolled_up_at_a_word_and_reports_add_up(made, tmp_path):
    house = tmp_path / "house"
    open_house(Settings(data=house), mode=Mode.LIVE)
    command = made.start(*ATTISE, "rollup", "--rebuild", "--json", "--data", str(house))
    assert command.process.wait(60) == 0, command.text
    assert json.loads(command.text) == {"facts": 0, "generation": 0, "parts": 0, "complete_to": None}
    verify = made.start(*ATTISE, "verify", "reports", "--json", "--data", str(house))
    assert verify.process.wait(60) == 0, verify.text
    told = {"what": "reports", "ok": True, "difference": None, "counted": {"ads": 0, "spent_micros": 0}}
    assert json.loads(verify.text) == told
