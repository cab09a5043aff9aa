"""What happens in the scout: posts are ranked, and past rankings are judged by what came."""

from attise.measurement.scout.actions.analyse import analyse, is_due
from attise.measurement.scout.actions.judge import judge_trials

__all__ = ["analyse", "is_due", "judge_trials"]
