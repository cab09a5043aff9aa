"""The supervisor stands beside every house for as long as it is served, so it loads nothing that it does not need."""

from __future__ import annotations

import subprocess
import sys

from tests.doors.rig import ROOT


def test_the_supervisor_loads_no_django_and_no_library_of_columns():
    code = (
        "import sys, attise.doors.cli.supervisor\n"
        "print([name for name in ('django', 'duckdb', 'numba', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT / "src", timeout=60
    )
    assert done.stdout.strip() == "[]"
