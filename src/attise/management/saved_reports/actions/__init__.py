"""What happens here: a report is kept, changed, deleted, sent from now on or no more; a file of one is over.

Each is one transaction. Doors check a member's permission, and what a plan asks.
"""

from attise.management.saved_reports.actions.announce import announce_written
from attise.management.saved_reports.actions.report import change_report, delete_report, save_report
from attise.management.saved_reports.actions.schedule import begin_sending, end_sending, note_passed, note_sent

__all__ = [
    "announce_written",
    "begin_sending",
    "change_report",
    "delete_report",
    "end_sending",
    "note_passed",
    "note_sent",
    "save_report",
]
