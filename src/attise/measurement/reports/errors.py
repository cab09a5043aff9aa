"""What reports refuse: always the field, or the pair of them, that cannot be told."""

from __future__ import annotations

from attise.kernel.errors import N_, Kind, Reason

METRIC_UNKNOWN = Reason(
    "report_metric",
    N_("%(name)s is not a metric of reports."),
    N_("Leave it out, or check its spelling."),
)
DIMENSION_UNKNOWN = Reason(
    "report_dimension",
    N_("%(name)s is not a dimension that is told here."),
    N_("Choose among %(choices)s."),
)
PAIR_IMPOSSIBLE = Reason(
    "report_pair",
    N_("%(one)s does not go with %(other)s."),
    N_("Leave one of the two out."),
)
LEVEL_MISMATCH = Reason(
    "report_level",
    N_("%(name)s is not told at the level %(level)s, whose dimension is %(fits)s."),
    N_("Change data_level, or the dimension."),
)
SPAN_MISSING = Reason(
    "report_span_missing",
    N_("a report has a first and a last day, or is asked for in all."),
    N_("Send start_date and end_date, or query_lifetime."),
)
SPAN_BACKWARDS = Reason(
    "report_span_backwards",
    N_("the last day comes before the first."),
    N_("Exchange the two."),
)
SPAN_LONG = Reason(
    "report_span",
    N_("too many days at once: the most here is %(most)s."),
    N_("Ask for fewer days: 1 by the hour, %(by_day)s by the day, 365 of what is told by neither."),
)
ORDER_IMPOSSIBLE = Reason(
    "report_order",
    N_("rows are ordered by a dimension, or by a number among the metrics that are asked for; %(name)s is neither."),
    N_("Add it to metrics, or choose another."),
)
LEVEL_UNKNOWN = Reason(
    "report_level_unknown",
    N_("%(name)s is not what rows of a report can be of."),
    N_("Choose among %(choices)s."),
)
PERIOD_UNKNOWN = Reason(
    "report_period",
    N_("%(name)s is not a period that is known here."),
    N_("Choose among %(choices)s."),
)
METRICS_NONE = Reason(
    "report_metrics_none",
    N_("a report counts at least one thing."),
    N_("Choose a metric."),
)
COLUMNS_MANY = Reason(
    "report_columns",
    N_("at most %(most)s are taken here; these are %(got)s."),
    N_("Leave some out."),
)
COUNTRY_UNKNOWN = Reason(
    "report_country",
    N_("%(name)s is not a country that is known here."),
    N_("Give ISO 3166-1 codes, such as FR."),
)
FILE_LONG = Reason(
    "report_file_long",
    N_("at most %(most)s rows are given at once as such a file."),
    N_("Have it written in the background, then take it; or ask for fewer rows."),
)
TASKS_MANY = Reason(
    "report_tasks",
    N_("%(most)s reports of this advertiser are being written already."),
    N_("Wait for one of them, or cancel it."),
    Kind.TOO_MANY,
)
NOT_WRITTEN = Reason(
    "report_not_written",
    N_("This report is not written yet."),
    N_("Ask report/task/check until it says SUCCESS."),
    number=40201,
)
FILE_NOT_WRITTEN = Reason(
    "report_file_not_written",
    N_("This file is not written yet."),
    N_("Come for it again in a minute."),
)
NO_FILE = Reason(
    "report_no_file",
    N_("This report was cancelled, failed, or is older than a day: there is no file of it."),
    N_("Ask for it anew."),
)
