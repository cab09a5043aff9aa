"""Static files as they travel: the stylesheet without its comments and indents, and nested (``nesting``).

Place: ``tools/assemble.py`` collects through this; a browser gets what it made. Why: a third of the stylesheet explains
it, and every first visit would pay for that.
"""

from __future__ import annotations

import re
from typing import Any, Final

from django.core.files.base import ContentFile, File
from whitenoise.storage import CompressedManifestStaticFilesStorage

from attise.doors.site.nesting import nested

_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_INDENT: Final = re.compile(r"\s*\n\s*")
_ROOM: Final = re.compile(r"\s*([{};,])\s*|(?<=:) ")
"""Space that says nothing: around what ends a part, and after the name of a property."""
_LAST: Final = re.compile(r";(?=})|(?<=[\w\])*]) (?=[>~] )|(?<= [>~]) ")
"""What ends the last of a block, and room beside what stands between two parts of a selector."""


def lightened(style: str) -> str:
    """Return a stylesheet that says the same in fewer bytes; nothing of ours in quotes holds what it takes away."""
    room = _ROOM.sub(r"\1", _INDENT.sub("\n", _COMMENT.sub("", style)))
    return nested(_LAST.sub("", room)) + "\n"


class TravellingFiles(CompressedManifestStaticFilesStorage):
    """Hashed and compressed files, the stylesheets lightened."""

    def _save(self, name: str, content: File[Any]) -> str:
        """Keep a collected file."""
        if name.endswith(".css"):
            content.seek(0)  # who hashed it before has read it to its end
            content = ContentFile(lightened(content.read().decode()).encode(), name=name)
        kept: str = super()._save(name, content)
        return kept
