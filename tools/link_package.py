"""Make this checkout importable in its environment, and give it the ``attise`` command, without a build step.

An editable install would need a build back end at run time; a path file and a three-line script do the same.
"""

from __future__ import annotations

import stat
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = """#!{python}
import sys

from attise.doors.cli import main

if __name__ == "__main__":  # a process that this one starts by ``multiprocessing`` reads this file, and runs nothing
    sys.exit(main())
"""


def link() -> None:
    """Write the path file and the command."""
    Path(sysconfig.get_path("purelib"), "attise.pth").write_text(f"{ROOT / 'src'}\n")
    command = Path(sysconfig.get_path("scripts"), "attise")
    command.write_text(SCRIPT.format(python=sys.executable))
    command.chmod(command.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)


if __name__ == "__main__":
    link()
