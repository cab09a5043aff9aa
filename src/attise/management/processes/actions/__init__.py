"""What happens here: a process claims its node and gives it back; the sandbox moves the world clock."""

from attise.management.processes.actions.claim import claim_node, release_node, skip_starts
from attise.management.processes.actions.clock import advance_world_clock, read_world_clock

__all__ = ["advance_world_clock", "claim_node", "read_world_clock", "release_node", "skip_starts"]
