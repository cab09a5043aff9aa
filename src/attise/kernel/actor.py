"""Who acts, and from where: what histories and journals carry beside what was done."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """A credential or a person at work.

    ``kind`` is ``host`` (a host key), ``person``, ``token`` (an access token of the dialect), ``command`` or ``clock``;
    ``origin`` is a truncated address (/24 or /48), empty when there is none.
    """

    kind: str
    id: int = 0
    origin: str = ""

    def __str__(self) -> str:
        """Return ``kind:id``."""
        return f"{self.kind}:{self.id}" if self.id else self.kind


CLOCK = Actor("clock")
COMMAND = Actor("command")
