"""Rows are held so that what points at them need not wait, or two would wait for each other in a circle.

PostgreSQL looks at foreign keys when a transaction commits, after it has taken the number of its changes: a row held
more strongly than ``FOR NO KEY UPDATE`` by somebody who waits for that number closes the circle.
"""

from __future__ import annotations

import re
from pathlib import Path

import attise

ROOT = Path(attise.__file__).parent
HOLDS = re.compile(r"select_for_update\((?P<how>[^)]*)\)")


def test_rows_are_held_without_their_keys():
    found = [
        (path.relative_to(ROOT), match["how"])
        for path in sorted(ROOT.rglob("*.py"))
        for match in HOLDS.finditer(path.read_text())
    ]
    assert len(found) > 10
    assert [where for where, how in found if "no_key=True" not in how] == []
