"""What this room refuses: codes, sentences and next steps."""

from __future__ import annotations

from attise.kernel.errors import N_, Kind, Reason

TOO_MANY_REPORTS = Reason(
    "saved_reports_too_many",
    N_("This advertiser has %(limit)s saved reports already."),
    N_("Delete one that nobody reads any more."),
    Kind.CONFLICT,
)
NAME_TAKEN = Reason(
    "saved_report_name_taken",
    N_("Another report of this advertiser has this name: %(name)s."),
    N_("Give it another name."),
    Kind.CONFLICT,
)
OF_ANOTHER = Reason(
    "saved_report_of_another",
    N_("Somebody else made this report: you may read it, not change or delete it."),
    N_("Save it under another name, or ask its author, an administrator or a campaign operator."),
    Kind.FORBIDDEN,
)
UNREADABLE = Reason(
    "saved_report_unreadable",
    N_("What this report asks was kept by another release, and cannot be read any more."),
    N_("Say anew what it asks, or delete it."),
    Kind.CONFLICT,
)
RHYTHM = Reason(
    "report_rhythm",
    N_("%(value)s is no rhythm: a report is sent every day, week or month."),
    N_("Choose day, week or month."),
)
DAY_OF_RHYTHM = Reason(
    "report_rhythm_day",
    N_("a report is sent on a day from 1 to %(most)s of its %(rhythm)s."),
    N_("Choose such a day: every month has it."),
)
HOUR_OF_DAY = Reason(
    "report_hour",
    N_("a day has the hours 0 to 23."),
    N_("Choose one of these."),
)
NOT_A_READER = Reason(
    "report_reader",
    N_("This person may not read this advertiser's figures."),
    N_("Invite them to the Business Center first, with a role that reads."),
)
