"""What a process lets go of in large pieces is the machine's again, whatever it let go of before."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from attise.doors.edge import giving_back

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(giving_back.__file__).parents[3])}
CODE = """
import sys
import numpy as np
from attise.doors.edge.giving_back import give_back_large

def held():
    lines = open("/proc/self/smaps_rollup").read().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_Dirty")) // 1024

if sys.argv[1] == "told":
    assert give_back_large()
for mib in range(1, 31):
    np.ones(mib << 20, np.uint8)  # after this, the C library keeps as much by itself
before = held()
large = [np.ones(2 << 20, np.uint8) for _ in range(10)]
last = [bytes(1_000) for _ in range(1_000)]
del large
print(held() - before)
"""


@pytest.mark.parametrize(("told", "least", "most"), [("told", -4, 4), ("untold", 12, 30)])
def test_large_arrays_are_given_back_as_soon_as_they_go(told, least, most):
    done = subprocess.run(
        [sys.executable, "-c", CODE, told], env=ENVIRONMENT, capture_output=True, text=True, check=True
    )
    assert least <= int(done.stdout) <= most


def test_where_the_c_library_takes_no_such_word_nothing_happens(monkeypatch):
    monkeypatch.setattr(giving_back.ctypes, "CDLL", lambda _: object())
    assert not giving_back.give_back_large()
