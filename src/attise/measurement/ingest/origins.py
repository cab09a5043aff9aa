"""Where something that was told came from: hashed names of its agent and network, and what is to be doubted of both."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from attise.kernel.limits import DAY_MS
from attise.kernel.secrets import Secrets
from attise.measurement.ingest import agents, networks
from attise.measurement.ingest.agents import Agents
from attise.measurement.ingest.networks import Blocks, Listed
from attise.records.event import Doubt

PURPOSE: Final = "agent-name"


@dataclass(frozen=True, slots=True)
class Origin:
    """What is kept of where something came from."""

    agent: str = ""
    """Keyed hash of the browser's name, of a day; empty: it had none."""
    block: str = ""
    doubt: str = ""
    doubt_rule: str = ""


class Origins:
    """Says where things came from. Threads may share it."""

    def __init__(self, secrets: Secrets, *, is_live: bool, listed: Listed | None = None) -> None:
        """Name and doubt for a house: a live one takes no browser without a person before it."""
        self._key = secrets.key(PURPOSE)
        self._agents = Agents(is_live=is_live)
        self._blocks = Blocks(secrets.key(networks.PURPOSE))
        self._listed = listed or Listed()

    def of(self, agent: str, address: str, *, world_ms: int, is_ahead: bool = False) -> Origin:
        """Return the origin of what somebody's browser did: its name, its address, and whether nobody saw it yet."""
        day = world_ms // DAY_MS
        name = ""
        if agent:
            said = f"{day}/{agent}".encode()
            name = hashlib.blake2b(said, key=self._key, digest_size=9, person=b"attise/agent").hexdigest()
        doubt, rule = self._doubt_of(agent, address, is_ahead=is_ahead)
        return Origin(name, self._blocks.name_of(address, day) if address else "", doubt, rule)

    def _doubt_of(self, agent: str, address: str, *, is_ahead: bool) -> tuple[str, str]:
        sign = self._agents.sign_of(agent) if agent else ""
        if sign:
            return Doubt.DECLARED_BOT.value, f"agents/{agents.VERSION}: {sign}"
        if address and self._listed.holds(address):
            return Doubt.LISTED_ADDRESS.value, "listed"
        return (Doubt.PREFETCH.value, "headers") if is_ahead else ("", "")
