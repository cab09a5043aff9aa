"""The script of the examples ranks plain arrays without a house."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import attise

SCRIPT = Path(__file__).parents[2] / "examples" / "scout_posts.py"


def test_it_tells_scores_verdicts_and_reasons():
    environment = {**os.environ, "PYTHONPATH": str(Path(attise.__file__).parents[1])}
    done = subprocess.run([sys.executable, str(SCRIPT)], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said = [line for line in done.stdout.splitlines() if not line.startswith("  ")]
    assert [re.sub(r"\d+", "N", line) for line in said] == [
        "takes off: N [N-N] Boost now",
        "steady: N [N-N] Boost now",
        "had its day: N [N-N] Too late",
    ]
    assert sum(line.startswith("  ") for line in done.stdout.splitlines()) == 9


def test_it_is_short_enough_to_be_read_at_once():
    code = [line for line in SCRIPT.read_text().split('"""', 2)[2].splitlines() if line.strip()]
    assert len(code) <= 30
