"""An edge that lacks kernels has a child bring them, and answers by them once it has them."""

import subprocess
import sys

from attise.doors.edge.serving.compiling import Compiling
from attise.kernel.clock import SystemClock
from attise.serving import kernels
from tests import machine_code

EDGE = """
import sys
from pathlib import Path
from attise.doors.edge.serving.compiling import Compiling
from attise.kernel.clock import SystemClock
from attise.serving import kernels
needs = []
compiling = Compiling(Path(sys.argv[1]), SystemClock(), is_needed=lambda: needs)
compiling.start()
compiling.join(0.1)
print(compiling.is_alive(), compiling._child.is_running, kernels.are_ready())
needs.append("an ad")
compiling.join(120)
print(compiling.is_alive(), compiling._child.is_running, kernels.are_ready())
"""


def test_one_that_was_never_started_ends(tmp_path):
    compiling = Compiling(tmp_path, SystemClock(), is_needed=lambda: True)
    compiling.end()
    assert not compiling.is_alive()


def test_kernels_are_brought_by_a_child_once_there_is_something_to_search(tmp_path):
    """What numba left is there, which spares the child a quarter of a minute; that it is whole, nobody said yet."""
    machine_code.lend(tmp_path)
    (mark,) = tmp_path.rglob(kernels.MARK)
    mark.unlink()
    command = [sys.executable, "-c", EDGE, str(mark.parents[1])]
    environment = {"PYTHONPATH": str(machine_code.ROOT / "src")}
    ended = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    assert ended.stdout.split() == ["True", "False", "False", "False", "False", "True"]
    assert mark.exists()
