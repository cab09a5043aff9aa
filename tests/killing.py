"""Children that are killed: the script ``killed.py`` beside a test runs them, on the database of the test."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.db import connection

ROOT = Path(__file__).parents[1]


def kill_beside(test_file: str, **job: Any) -> dict[str, Any]:
    """Run the script beside a test (its ``__file__``) with a job, and return what it saw.

    The test's own connection is closed: its database is the children's meanwhile.
    """
    job["database"] = str(connection.settings_dict["NAME"])
    connection.close()
    done = subprocess.run(
        [sys.executable, Path(test_file).with_name("killed.py"), json.dumps(job)],
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    sys.stdout.write(done.stdout)  # shown where the test fails
    seen: dict[str, Any] = json.loads(done.stdout)
    return seen
