"""The edge runs while a viewer waits, so it loads nothing that it does not need."""

from __future__ import annotations

import subprocess
import sys

from tests.doors.rig import ROOT


def test_the_edge_loads_no_django_and_no_room_of_management():
    code = (
        "import sys, attise.doors.edge.server, attise.doors.edge.__main__\n"
        "print([name for name in sys.modules if name.split('.')[0] == 'django' or name.startswith("
        "('attise.management', 'attise.ledger', 'attise.doors.site', 'attise.doors.cli'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT / "src", timeout=60
    )
    assert done.stdout.strip() == "[]"
