"""What happens to facts: they are exported, rolled up, files are joined, and what was told is let go of."""

from attise.measurement.reports.actions.begin_again import begin_again, remove_files
from attise.measurement.reports.actions.export import Exported, export
from attise.measurement.reports.actions.keep_together import keep_together
from attise.measurement.reports.actions.roll_up import RolledUp, roll_up
from attise.measurement.reports.actions.tidy import tidy

__all__ = ["Exported", "RolledUp", "begin_again", "export", "keep_together", "remove_files", "roll_up", "tidy"]
