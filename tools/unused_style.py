"""List the rules of the stylesheet that match nothing on any page of the browser tests' catalogue, and what it weighs.

``python -m tools.unused_style`` opens each page once (a quarter of an hour); with a word, those whose names hold it. A
rule of a state that no page of the catalogue is in (a toast, a field that is refused) is listed too: look first.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.run_tests import ROOT

LOOK = "desk-light-fr"


def unmatched(folder: Path) -> list[str]:
    """Return what every page of a folder lists, in the order of the stylesheet."""
    lists = [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]
    if not lists:
        return []
    everywhere = set(lists[0]).intersection(*lists[1:])
    return [one for one in dict.fromkeys(lists[0]) if one in everywhere]


def main() -> int:
    """Open the pages, then tell."""
    chosen = " and ".join([LOOK, *sys.argv[1:2]])
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pytest", "-q", "-m", "long", "-k", chosen, "tests/browser/test_pages.py"]
        done = subprocess.run(command, cwd=ROOT, env={**os.environ, "ATTISE_UNUSED": folder}, check=False)
        pages = len(list(Path(folder).glob("*.json")))
        found = unmatched(Path(folder))
    print("\n".join(found))
    (style,) = (ROOT / "src/attise/doors/site/assembled/attise").glob("attise.*.css")
    print(
        f"{len(found)} rules match nothing on {pages} pages; {len(gzip.compress(style.read_bytes(), 9))} bytes travel"
    )
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
