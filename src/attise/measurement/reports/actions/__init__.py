"""What happens to facts: they are exported, files are joined, and what was told is let go of."""

from attise.measurement.reports.actions.begin_again import begin_again, remove_files
from attise.measurement.reports.actions.export import Exported, export
from attise.measurement.reports.actions.tidy import tidy

__all__ = ["Exported", "begin_again", "export", "remove_files", "tidy"]
