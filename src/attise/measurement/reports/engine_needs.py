"""What the chosen engine of reports needs of this machine: asked before a house is served, and loads none of it."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from attise.kernel.house import Settings

JAVA: Final = 17
"""The oldest release of Java that will do."""
EXTRA: Final = ("pyspark", "sqlglot")


def missing_for(settings: Settings) -> Sequence[str]:
    """Return what the chosen engine lacks on this machine, each as a sentence for the operator. Runs ``java`` once."""
    if not settings.reports_on_spark:
        return ()
    found = []
    absent = [name for name in EXTRA if importlib.util.find_spec(name) is None]
    if absent:
        found.append(f"ATTISE_REPORT_ENGINE=spark needs {' and '.join(absent)}: pip install 'attise[spark]'.")
    release = java_release()
    if release is None:
        found.append(f"ATTISE_REPORT_ENGINE=spark needs Java {JAVA}: there is no java on PATH, and no JAVA_HOME.")
    elif release < JAVA:
        found.append(f"ATTISE_REPORT_ENGINE=spark needs Java {JAVA} or later; this is {release}.")
    return found


def java_release() -> int | None:
    """Return the release of the Java that would run; None where there is none that tells."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java") if not home else shutil.which(str(Path(home) / "bin" / "java"))
    if java is None:
        return None
    try:
        said = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=60, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return None
    number = re.search(r'version "(?:1\.)?([0-9]+)', said.stderr + said.stdout)
    return int(number[1]) if number else None
