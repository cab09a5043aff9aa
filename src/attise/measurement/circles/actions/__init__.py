"""What happens in circles: posts are looked at and moved, and decisions are told."""

from attise.measurement.circles.actions.look import Candidate, look
from attise.measurement.circles.actions.untold import take_untold

__all__ = ["Candidate", "look", "take_untold"]
