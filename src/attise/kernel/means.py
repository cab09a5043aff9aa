"""What an action is given beside its request: time, chance, identifiers and keys, in one hand."""

from __future__ import annotations

from dataclasses import dataclass

from attise.kernel.chance import Chance
from attise.kernel.clock import Clock
from attise.kernel.ids import IdSource
from attise.kernel.secrets import Secrets


@dataclass(frozen=True, slots=True)
class Means:
    """The injected sources of one process; every action takes them, none reaches for its own."""

    clock: Clock
    chance: Chance
    ids: IdSource
    secrets: Secrets
