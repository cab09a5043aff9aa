"""What tests share stands in plain modules: a module of tests is imported by nobody, so each may be moved or go."""

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
IMPORTS = re.compile(r"^\s*(?:from|import) (tests(?:\.\w+)*\.test_\w+)", re.MULTILINE)


def test_no_test_imports_another():
    found = [
        (str(path.relative_to(TESTS)), name)
        for path in sorted(TESTS.rglob("*.py"))
        for name in IMPORTS.findall(path.read_text())
        if name.rpartition(".")[2] != path.stem  # in a process of its own, to be asked what it says
    ]
    assert found == []
