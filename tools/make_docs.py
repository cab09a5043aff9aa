"""Make the generated documents, or (``--check``) say which are not fresh.

``docs/reference/refusals.md``: every reason the house can give. ``docs/reference/blockers.md``: all that stands between
an ad and its start. ``docs/coverage.md``: the dialect's routing table. ``docs/reference/openapi.json``: the native API.
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import pkgutil
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHORT = 100


def open_django() -> None:
    """Set Django up on an empty folder."""
    sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
    if "ATTISE_DATA" not in os.environ:
        folder_of_house = tempfile.mkdtemp(prefix="attise-docs-")
        atexit.register(shutil.rmtree, folder_of_house, ignore_errors=True)
        os.environ["ATTISE_DATA"] = folder_of_house
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "attise.doors.site.settings")
    import django

    django.setup()


def refusals() -> str:
    """Return the table of every reason: code, kind, sentence and next step, in both languages."""
    import attise
    from attise.kernel.errors import REASONS

    for found in pkgutil.walk_packages(attise.__path__, "attise."):
        name = found.name.split(".")[-1]
        if name in {"text", "urls", "shapes", "declared", "viewer_facts", "conversion_facts"} or name.endswith(
            "errors"
        ):
            importlib.import_module(found.name)
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
        texts = in_both(reason.message, reason.next_step)
        number = "" if reason.number is None else str(reason.number)
        lines.append(f"| `{code}` | {reason.kind.value} | {number} | {texts[0]} | {texts[1]} |")
    return "\n".join(lines) + "\n"


def in_both(*texts: str) -> list[str]:
    """Return texts joined by arrows, in English and in French, as a cell of a table takes them."""
    from django.utils import translation

    told = []
    for language in ("en", "fr"):
        with translation.override(language):
            words = [translation.gettext(text) for text in texts]
            told.append(" → ".join(word.replace("|", "\\|").replace("\n", " ") for word in words))
    return told


BLOCKERS_HEAD = """# Everything that stands between an ad and its start

Made by `tools/make_docs.py` from `src/attise/management/campaigns/blockers.py`. All that stands in an ad's way is found
together, each with its cause and its next step; an ad with nothing in its way runs.

How early a blocker stops an ad; each stops also all that comes later in this list:

| stops | what is refused |
| --- | --- |
| creation | making the ad, or changing it into this: the creative can never run as it is |
| switch | making the ad switched on, or switching it on; made switched off, it is taken |
| launch | launching it: its advertiser has something to do first; the dialect's mere switch is taken |
| delivery | nothing: the ad is launched, and runs once this is over |
"""


def blockers() -> str:
    """Return every blocker: code, how early it stops, cause, sentence and next step, in both languages."""
    from attise.management.campaigns import ad_errors
    from attise.management.campaigns.blockers import KINDS

    lines = [BLOCKERS_HEAD]
    for position, language in enumerate(("English", "français")):
        lines += [
            f"## {language}",
            "",
            "| code | stops | cause | what is said → next step |",
            "| --- | --- | --- | --- |",
        ]
        for code, kind in KINDS.items():
            cause = in_both(kind.cause)[position]
            said = in_both(kind.reason.message, kind.reason.next_step)[position]
            lines.append(f"| `{code}` | {kind.stops.name.lower()} | {cause} | {said} |")
        lines.append("")
    ending = ad_errors.AUTHORIZATION_ENDING
    lines += ["## A warning", "", "It stops nothing, and is told with the blockers."]
    lines += ["", "| code | English | français |", "| --- | --- | --- |"]
    lines += [f"| `{ending.code}` | " + " | ".join(in_both(ending.message, ending.next_step)) + " |"]
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
    "docs/reference/blockers.md": blockers,
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
