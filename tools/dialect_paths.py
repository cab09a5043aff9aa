"""Compare the committed list of the dialect's addresses with the official SDK: ``python tools/dialect_paths.py``.

Prints what the SDK calls and the list lacks, and fails if there is any; with ``--write``, adds it and sorts the list.
"""

from __future__ import annotations

import argparse
import importlib.util
import re
import sys
from pathlib import Path

LIST = Path(__file__).parent.parent / "src/attise/doors/marketing_api/known_paths.txt"
_CALL = re.compile(r"'/open_api/v1\.3/([a-z0-9_/]+?)/?',\s*'(GET|POST)'")


def sdk_paths() -> dict[str, set[str]]:
    """Return the methods of every path that the installed SDK calls."""
    found = importlib.util.find_spec("business_api_client")
    if found is None or found.origin is None:
        raise SystemExit("the SDK is not installed: pip install -r requirements-dev.lock")
    paths: dict[str, set[str]] = {}
    for module in sorted(Path(found.origin).parent.glob("api/*_api.py")):
        for path, method in _CALL.findall(module.read_text("utf-8")):
            paths.setdefault(path, set()).add(method)
    return paths


def listed_paths() -> dict[str, set[str]]:
    """Return the methods of every path of the committed list."""
    paths: dict[str, set[str]] = {}
    for line in LIST.read_text("utf-8").splitlines():
        *methods, path = line.split()
        paths.setdefault(path, set()).update(methods)
    return paths


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="add what is missing and sort the list")
    write = parser.parse_args().write
    listed = listed_paths()
    lacking = {path: methods for path, methods in sdk_paths().items() if not methods <= listed.get(path, set())}
    for path, methods in sorted(lacking.items()):
        print(f"{'adding' if write else 'missing'}: {' '.join(sorted(methods))} {path}")
        listed.setdefault(path, set()).update(methods)
    if write:
        lines = [f"{' '.join(sorted(methods))} {path}" for path, methods in sorted(listed.items())]
        LIST.write_text("\n".join(lines) + "\n", "utf-8")
        return 0
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
