"""Calls of the public port, each answer noted; what must be known is asked until it is answered."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any, Final

from attise.proving.storm.told import AWAY, Told

TIMEOUT_S: Final = 20.0
AGAIN_S: Final = 0.2
"""Before what was not answered, or is to come again, is asked again."""
CONFLICT: Final = 409


@dataclass(frozen=True)
class Answered:
    """One answer; status 0: none came, and whether anything was done is not known."""

    status: int
    body: bytes
    comes_again: bool
    leads_to: str = ""
    """Where a redirect does."""

    @property
    def is_good(self) -> bool:
        """Whether what was asked was done."""
        return 200 <= self.status < 300  # noqa: PLR2004 - the class of statuses

    def read(self) -> Any:
        """Return what the body says, as JSON."""
        return json.loads(self.body)


class Asker:
    """One keep-alive connection, opened anew when it breaks. Belongs to one thread."""

    def __init__(self, port: int, key: str, told: Told, ending: threading.Event) -> None:
        """Ask at a port, with a host's key; what is asked until it is answered is left at the end."""
        self._port = port
        self._headers = {"Authorization": f"Bearer {key}"}
        self._told = told
        self._ending = ending
        self._connection: HTTPConnection | None = None

    def ask(self, what: str, method: str, path: str, body: Any = None, **headers: str) -> Answered:
        """Ask once; ``what`` names it in the report."""
        sent = {**self._headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        data = None
        if body is not None:
            data, sent["Content-Type"] = json.dumps(body).encode(), "application/json"
        try:
            if self._connection is None:
                self._connection = HTTPConnection("127.0.0.1", self._port, timeout=TIMEOUT_S)
            self._connection.request(method, path, data, sent)
            answer = self._connection.getresponse()
            comes_again, leads_to = answer.headers["Retry-After"] is not None, answer.headers["Location"] or ""
            found = Answered(answer.status, answer.read(), comes_again, leads_to)
            if answer.will_close:
                self.close()
        except (OSError, HTTPException):
            self.close()
            found = Answered(0, b"", comes_again=True)
        self._told.answered(what, found.status, comes_again=found.comes_again, body=found.body)
        return found

    def insist(self, what: str, method: str, path: str, body: Any = None, **headers: str) -> Answered:
        """Ask until the house says what became of it, or the end comes: as a client does that must know."""
        while True:
            found = self.ask(what, method, path, body, **headers)
            is_open = found.status in {0, AWAY} or (found.status == CONFLICT and found.comes_again)
            if not is_open or self._ending.wait(AGAIN_S):
                return found

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
