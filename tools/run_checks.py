"""``make check``: the quick gate. Every step is run and named; what failed is shown."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

STEPS = [
    ("lint", [BIN / "ruff", "check", "--quiet", "src", "tests", "tools", "examples"]),
    ("format", [BIN / "ruff", "format", "--check", "--quiet", "src", "tests", "tools", "examples"]),
    ("types", [BIN / "mypy"]),
    ("walls", [BIN / "lint-imports"]),
    ("migrations", [sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run"]),
    ("translations", [sys.executable, "tools/translations.py", "check"]),
    ("vendored files", [sys.executable, "tools/vendor.py", "check"]),
    ("assembled files", [sys.executable, "tools/assemble.py", "--check"]),
    ("documents", [sys.executable, "tools/make_docs.py", "--check"]),
]


def main() -> int:
    """Run the steps in order; return 1 if any failed."""
    failed = []
    with tempfile.TemporaryDirectory(prefix="attise-check-") as folder:
        environment = {
            **os.environ,
            "ATTISE_DATA": folder,
            "DJANGO_SETTINGS_MODULE": "attise.doors.site.settings",
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        }
        for name, command in STEPS:
            begin = time.monotonic()
            result = subprocess.run(
                [str(part) for part in command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
            )
            ok = result.returncode == 0
            print(f"{'ok  ' if ok else 'FAIL'} {name:<14} {time.monotonic() - begin:5.1f} s", flush=True)
            if not ok:
                failed.append(name)
                print(result.stdout[-8000:] + result.stderr[-8000:], flush=True)
    if failed:
        print(f"make check failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
