"""The font of papers and of words over videos: DejaVu Sans, under the licence that lies beside it."""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).parent
REGULAR = _FOLDER / "DejaVuSans.ttf"
BOLD = _FOLDER / "DejaVuSans-Bold.ttf"
