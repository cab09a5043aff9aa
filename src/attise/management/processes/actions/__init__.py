"""What happens here: a process claims its node and beats; the sandbox moves the world clock."""

from attise.management.processes.actions.claim import Claim, beat, claim_node, release_node
from attise.management.processes.actions.clock import advance_world_clock, read_world_clock

__all__ = ["Claim", "advance_world_clock", "beat", "claim_node", "read_world_clock", "release_node"]
