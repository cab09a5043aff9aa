"""Logs: one JSON object per line on standard error, and nothing in it that grants anything.

Every process of the house calls ``configure`` once. Values that open something (query strings, tokens, codes, links
that work once, media signatures) and e-mail addresses are blotted out wherever they stand in a line, so that a careless
message does no harm.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from typing import IO

from attise.kernel.clock import rfc3339

LONGEST_MESSAGE = 4_000
"""Characters of a message; the rest is cut."""

_BLOTS = (
    (re.compile(r"\?[^\s\"'<>]+"), "?..."),
    (re.compile(r"/media/[0-9]+\.[A-Za-z0-9_-]+"), "/media/..."),
    (re.compile(r"\ba[a-z]{2}_[0-9a-f]{40}\b"), "..."),
    (re.compile(r"#[A-Za-z0-9+/]{32,}={0,2}"), "#..."),
    # A link that signs somebody in, or asks for their account, is an address whose last part is long and says nothing.
    (re.compile(r"(?<=/)[A-Za-z0-9_-]{24,}(?![\w.-])"), "..."),
    (
        re.compile(
            r"(?i)\b(authorization|access-token|x-csrftoken|cookie|password|secret|token|code|ticket|api[_-]?key)"
            r"([\"']?\s*[:=]\s*)(?:bearer\s+|basic\s+)?[\"']?[^\s\"',;&)}]+"
        ),
        r"\1\2...",
    ),
    (re.compile(r"(?i)\bbearer\s+[^\s\"',;]+"), "bearer ..."),
    (re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+"), "...@..."),
    (re.compile(r"(?<=://)[^/\s@]+@"), "...@"),
)


def blot(text: str) -> str:
    """Return ``text`` without what could open something or name a person."""
    for pattern, instead in _BLOTS:
        text = pattern.sub(instead, text)
    return text


class JsonLines(logging.Formatter):
    """Writes a record as one line: ``ts``, ``level``, ``role``, ``msg``, ``request_id``, and ``error`` for a trace."""

    def __init__(self, role: str) -> None:
        """Name the process's role in every line."""
        super().__init__()
        self._role = role

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without its end."""
        line = {
            "ts": rfc3339(int(record.created * 1000)),
            "level": record.levelname.lower(),
            "role": self._role,
            "msg": blot(record.getMessage()[:LONGEST_MESSAGE]),
            "request_id": _reference(record),
        }
        if record.exc_info:
            line["error"] = blot(self.formatException(record.exc_info)[-LONGEST_MESSAGE:])
        return json.dumps({key: value for key, value in line.items() if value is not None}, ensure_ascii=False)


def _reference(record: logging.LogRecord) -> str | None:
    """Return the id that whoever asked was told; lines of a framework carry the request itself, which has it."""
    of_request = getattr(getattr(record, "request", None), "request_id", None)
    return getattr(record, "request_id", None) or of_request or None


def configure(role: str, *, level: int = logging.INFO, stream: IO[str] | None = None) -> None:
    """Send every logger of this process to ``stream`` (standard error) as JSON lines, warnings too."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines(role))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.captureWarnings(True)
