"""The script of the examples finds ads without a house, and says why one may not be shown."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import attise

SCRIPT = Path(__file__).parents[2] / "examples" / "find_ads.py"


def test_it_finds_the_best_ads_of_three_people_and_stops_one():
    environment = {**os.environ, "PYTHONPATH": str(Path(attise.__file__).parents[1])}
    done = subprocess.run([sys.executable, str(SCRIPT)], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "Léa may be shown [3, 4, 2]",
        "  against ad 3: []",
        "Tom may be shown [2, 1]",
        "  against ad 3: ['profiling', 'interests']",
        "somebody may be shown [1]",
        "  against ad 3: ['location', 'profiling', 'interests']",
        "Léa, once ad 3 is stopped: [4, 2, 1]",
    ]


def test_it_is_short_enough_to_be_read_at_once():
    code = [line for line in SCRIPT.read_text().split('"""')[2].splitlines() if line.strip()]
    assert len(code) <= 30
