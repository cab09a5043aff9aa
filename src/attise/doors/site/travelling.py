"""Static files as they travel: the stylesheet without its comments and indents, its tokens light, its rules nested.

Place: ``tools/assemble.py`` collects through this; a browser gets what it made. Why: a third of the stylesheet explains
it, and every first visit would pay for that.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

from django.core.files.base import ContentFile, File
from whitenoise.storage import CompressedManifestStaticFilesStorage

from attise.doors.site.nesting import nested
from attise.doors.site.tokens import tokens_of, written_with

_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_INDENT: Final = re.compile(r"\s*\n\s*")
_ROOM: Final = re.compile(r"\s*([{};,])\s*|(?<=:) ")
"""Space that says nothing: around what ends a part, and after the name of a property."""
MAIN: Final = Path(__file__).parent / "static" / "attise" / "attise.css"
"""The stylesheet of every page, by whose tokens the others are written."""
_LAST: Final = re.compile(r";(?=})|(?<=[\w\])*]) (?=[>~] )|(?<= [>~]) ")
"""What ends the last of a block, and room beside what stands between two parts of a selector."""


def lightened(style: str, main: str | None = None) -> str:
    """Return a stylesheet that says the same in fewer bytes; nothing of ours in quotes holds what it takes away.

    ``main`` is the stylesheet beside which it stands, whose tokens it uses; without one, its own.
    """
    bare = _bare(style)
    return nested(written_with(tokens_of(bare if main is None else _bare(main)), bare)) + "\n"


def _bare(style: str) -> str:
    return _LAST.sub("", _ROOM.sub(r"\1", _INDENT.sub("\n", _COMMENT.sub("", style))))


class TravellingFiles(CompressedManifestStaticFilesStorage):
    """Hashed and compressed files, the stylesheets lightened."""

    def file_hash(self, name: str | None, content: File[Any] | None = None) -> str | None:
        """Return what a name ends in. Of what travels: a browser keeps a name for a year, whatever it was made of."""
        made = content if content is None or name is None else _travels(name, content)
        found: str | None = super().file_hash(name, made)
        return found

    def _save(self, name: str, content: File[Any]) -> str:
        """Keep a collected file."""
        kept: str = super()._save(name, _travels(name, content))
        return kept


def _travels(name: str, content: File[Any]) -> File[Any]:
    """Return a collected file as it is sent."""
    if not name.endswith(".css"):
        return content
    content.seek(0)  # who hashed it before has read it to its end
    return ContentFile(lightened(content.read().decode(), MAIN.read_text()).encode(), name=name)
