"""Assemble the pages' static files under hashed names, compressed; ``--check`` says whether the tree's are fresh.

The assembled files are committed, so that an installation needs no step after ``pip install``, nor what compresses
them: each browser is sent the brotli copy where it asks for one, else a gzip copy. Compressed copies are compared by
presence alone: their bytes depend on the library that wrote them.
"""

from __future__ import annotations

import atexit
import filecmp
import os
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "src" / "attise" / "doors" / "site" / "assembled"


def assemble(folder: Path) -> None:
    """Write the assembled files into an empty folder."""
    sys.path[:0] = [str(ROOT / "src")]
    if "ATTISE_DATA" not in os.environ:
        folder_of_house = tempfile.mkdtemp(prefix="attise-assemble-")
        atexit.register(shutil.rmtree, folder_of_house, ignore_errors=True)
        os.environ["ATTISE_DATA"] = folder_of_house
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "attise.doors.site.settings")
    import brotli  # noqa: F401 - without it the files would be assembled without their brotli copies, and nobody told
    import django
    from django.conf import settings
    from django.core.management import call_command

    settings.STATIC_ROOT = str(folder)
    django.setup()
    call_command("collectstatic", interactive=False, verbosity=0)


def differences(made: Path, kept: Path) -> list[str]:
    """Return the names that are missing, left over or changed."""
    names = {str(path.relative_to(folder)) for folder in (made, kept) for path in folder.rglob("*") if path.is_file()}
    wrong = []
    for name in sorted(names):
        here, there = made / name, kept / name
        same = here.is_file() and there.is_file()
        if same and not name.endswith((".gz", ".br")):
            same = filecmp.cmp(here, there, shallow=False)
        if not same:
            wrong.append(name)
    return wrong


def main() -> int:
    """Assemble into the tree, or check it."""
    with tempfile.TemporaryDirectory() as work:
        made = Path(work) / "assembled"
        assemble(made)
        wrong = differences(made, FOLDER) if FOLDER.exists() else ["everything"]
        if "--check" in sys.argv:
            if wrong:
                print(f"Not fresh: {', '.join(wrong)}. Run: make assets")
            return 1 if wrong else 0
        if wrong:
            shutil.rmtree(FOLDER, ignore_errors=True)
            shutil.copytree(made, FOLDER)
        print(f"{len(wrong)} assembled files changed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
