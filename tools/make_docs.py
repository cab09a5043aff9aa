"""Make the generated documents, or (``--check``) say which are not fresh.

``docs/reference/refusals.md``: every reason the house can give. ``docs/coverage.md``: the dialect's routing table.
``docs/reference/openapi.json``: the native API.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHORT = 100


def open_django() -> None:
    """Set Django up on an empty folder."""
    sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
    os.environ.setdefault("ATTISE_DATA", tempfile.mkdtemp(prefix="attise-docs-"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "attise.doors.site.settings")
    import django

    django.setup()


def refusals() -> str:
    """Return the table of every reason: code, kind, sentence and next step, in both languages."""
    import attise
    from attise.kernel.errors import REASONS

    for found in pkgutil.walk_packages(attise.__path__, "attise."):
        if found.name.split(".")[-1] in {"errors", "text", "urls", "shapes"}:
            importlib.import_module(found.name)
    from django.utils import translation

    lines = [
        "# Every refusal",
        "",
        "Made by `tools/make_docs.py` from the reasons that rooms declare. A refusal names the field it is about, says",
        "the sentence and the next step in the reader's language, and keeps its code through every door.",
        "",
        "| code | kind | number | English | français |",
        "| --- | --- | --- | --- | --- |",
    ]
    for code, reason in sorted(REASONS.items()):
        texts = []
        for language in ("en", "fr"):
            with translation.override(language):
                words = (translation.gettext(reason.message), translation.gettext(reason.next_step))
                texts.append(" → ".join(word.replace("|", "\\|").replace("\n", " ") for word in words))
        number = "" if reason.number is None else str(reason.number)
        lines.append(f"| `{code}` | {reason.kind.value} | {number} | {texts[0]} | {texts[1]} |")
    return "\n".join(lines) + "\n"


def coverage() -> str:
    """Return the dialect's coverage, from its routing table."""
    from attise.doors.marketing_api.coverage import page

    return page()


def openapi() -> str:
    """Return the native API's description."""
    from attise.doors.native_api.urls import document

    return json.dumps(json.loads(document()), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "docs/reference/refusals.md": refusals,
    "docs/coverage.md": coverage,
    "docs/reference/openapi.json": openapi,
}


def main() -> int:
    """Write or check every page."""
    open_django()
    stale = []
    for name, make in PAGES.items():
        path, text = ROOT / name, make()
        if "--check" in sys.argv:
            if not path.exists() or path.read_text() != text:
                stale.append(name)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            print(f"{name}: {len(text.splitlines())} lines")
    if stale:
        print(f"Not fresh: {', '.join(stale)}. Run: make docs")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
