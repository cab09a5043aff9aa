"""Write ``docs/coverage.md`` from the routing table; with ``--check``, fail when the page is not fresh."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs/coverage.md"


def fresh() -> str:
    """Return the page as the code has it; Django is set up on a folder that is thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ATTISE_DATA"] = folder
        from attise.doors.site.setup import start_django

        start_django()
        from attise.doors.marketing_api.coverage import page

        return page()


def main() -> int:
    text = fresh()
    if "--check" in sys.argv[1:]:
        is_fresh = PAGE.exists() and PAGE.read_text("utf-8") == text
        print("docs/coverage.md is fresh" if is_fresh else "docs/coverage.md is stale: run python tools/coverage.py")
        return 0 if is_fresh else 1
    PAGE.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
