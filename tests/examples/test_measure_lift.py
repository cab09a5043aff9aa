"""The script of the examples finds what it put there, without a house."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import attise

SCRIPT = Path(__file__).parents[2] / "examples" / "measure_lift.py"


def test_it_finds_what_the_ad_brought():
    environment = {**os.environ, "PYTHONPATH": str(Path(attise.__file__).parents[1])}
    done = subprocess.run([sys.executable, str(SCRIPT)], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for name, truth, is_used in (("bought", 0.015, "False"), ("minutes", 0.1, "True")):
        said = re.search(rf"{name}: more, .* \[(\S+), (\S+)\] a viewer\n.*\n.*used: (\w+)", done.stdout)
        assert said is not None, done.stdout
        assert float(said[1]) < truth < float(said[2])
        assert said[3] == is_used


def test_it_is_short_enough_to_be_read_at_once():
    code = [line for line in SCRIPT.read_text().split('"""', 2)[2].splitlines() if line.strip()]
    assert len(code) <= 30
