"""The tag of advertisers' pages: where it is, and where it tells what happened; management → pages → edge."""

from __future__ import annotations

from typing import Final

TAG_PATH: Final = "/attise.js"
"""The tag itself."""
COLLECT_PATH: Final = "/attise/collect"
"""Where it tells; on the house that it came from, wherever the page lies."""
