"""The script of the examples runs an auction log without a house."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import attise

SCRIPT = Path(__file__).parents[2] / "examples" / "run_auctions.py"


def test_it_tells_winners_prices_and_who_was_left_out():
    environment = {**os.environ, "PYTHONPATH": str(Path(attise.__file__).parents[1])}
    done = subprocess.run([sys.executable, str(SCRIPT)], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "auction 1, slot 1: ad 11 pays 4.60",
        "auction 1, slot 2: ad 31 pays 3.50",
        "auction 1, left out: {}",
        "auction 2, slot 1: ad 11 pays 0.50",
        "auction 2, left out: {'ad 41': 'attention'}",
    ]


def test_it_is_short_enough_to_be_read_at_once():
    code = [line for line in SCRIPT.read_text().split('"""', 2)[2].splitlines() if line.strip()]
    assert len(code) <= 30
