"""Take a picture of every page in every look, and lay them out on one sheet to be looked at.

``make shots`` opens each page of the browser tests' catalogue at two widths, in two themes and two languages, writes
``build/shots/PAGE-LOOK.png`` and then ``build/shots/index.html``. ``make shots PAGE=feed`` takes those whose names hold
a word. A page that fails its checks has its picture too, and the command fails at the end.
"""

from __future__ import annotations

import html
import os
import subprocess
import sys
from collections import defaultdict

from tools.run_tests import ROOT, install, missing_packages

FOLDER = ROOT / "build" / "shots"
LOOKS = [
    f"{width}-{scheme}-{language}"
    for width in ("desk", "phone")
    for scheme in ("light", "dark")
    for language in ("fr", "en")
]
_HEAD = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Pages of Attise</title>
<style>body{font:14px system-ui;margin:24px;background:#888}
table{border-spacing:8px}th{text-align:left;vertical-align:top}
td{vertical-align:top}
img{display:block;width:220px;max-height:480px;object-fit:cover;object-position:top;background:#fff}
.phone img{width:110px}</style>
"""


def sheet(pictures: list[str]) -> str:
    """Return the page on which pictures stand: a row for each page, a column for each look."""
    by_page: dict[str, dict[str, str]] = defaultdict(dict)
    for name in sorted(pictures):
        look = next((one for one in LOOKS if name.endswith(f"-{one}.png")), None)
        if look is not None:
            by_page[name.removesuffix(f"-{look}.png")][look] = name
    head = "".join(f"<th>{look}</th>" for look in LOOKS)
    rows = "".join(f"<tr><th>{html.escape(page)}</th>{_cells(found)}</tr>" for page, found in by_page.items())
    return f"{_HEAD}<h1>{len(by_page)} pages</h1><table><tr><th></th>{head}</tr>{rows}</table></html>\n"


def _cells(found: dict[str, str]) -> str:
    return "".join(
        f'<td class="{look.partition("-")[0]}">{_linked(found[look]) if look in found else ""}</td>' for look in LOOKS
    )


def _linked(name: str) -> str:
    address = html.escape(name, quote=True)
    return f'<a href="{address}"><img src="{address}" alt="" loading="lazy"></a>'


def main() -> int:
    """Take the pictures, then lay them out."""
    needed = missing_packages()
    if needed:
        install(needed)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    chosen = ["-k", sys.argv[1]] if sys.argv[1:] and sys.argv[1] else []
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "-m", "long", *chosen]
    environment = {**os.environ, "ATTISE_SHOTS": str(FOLDER)}
    done = subprocess.run([*command, "tests/browser/test_pages.py"], cwd=ROOT, env=environment, check=False)
    (FOLDER / "index.html").write_text(sheet([path.name for path in FOLDER.glob("*.png")]), encoding="utf-8")
    print(f"To be looked at: {(FOLDER / 'index.html').relative_to(ROOT)}")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
