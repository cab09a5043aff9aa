"""Shapes of reports that people make: what one asks, its rows, and its file.

Words are those of the one table of metrics, which the dialect's reports have too; which exist and what goes with what
is for ``own_reports.plans`` to say, field by field.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from attise.doors.native_api.schemas.campaigns import Word, one_of
from attise.doors.native_api.schemas.common import Currency, Given, GivenId, Told, ToldId, ToldMoment
from attise.doors.native_api.schemas.exports import WORDS, FileForm
from attise.doors.native_api.schemas.papers import GivenDay
from attise.doors.site.own_reports.plans import DEFAULT_PERIOD, DIMENSIONS, LEVELS, PERIODS, Plan, find
from attise.doors.site.own_reports.telling import Told as ToldReport
from attise.doors.site.report_words import metrics_of
from attise.kernel.clock import rfc3339
from attise.kernel.limits import NAME_CHARACTERS
from attise.management.saved_reports.rules import DAY, LAST_DAYS, WEEK, Rhythm
from attise.management.saved_reports.views import ReportView, ScheduleView
from attise.measurement.reports.asking.answering import Row
from attise.measurement.reports.asking.metrics import METRICS, UNDEFINED, Form
from attise.measurement.reports.tasks import TaskView

NAMES_MOST = 300
"""Names of one list, before it is said how many a report takes."""
Level = Annotated[Word, one_of(LEVELS), Field(description="What rows are of; `account`: of the dimensions alone.")]
Dimension = Annotated[Word, one_of(DIMENSIONS)]
Metric = Annotated[Word, Field(examples=["spend", "impressions", "ctr", "result", "cost_per_result"])]
PeriodOf = Annotated[
    Word,
    one_of(PERIODS),
    Field(description="Whole local days, the present one as far as it is; `dates`: from start_date to end_date."),
]
DayText = Annotated[str | None, Field(json_schema_extra={"format": "date"})]
Title = Annotated[str, Field(max_length=4 * NAME_CHARACTERS, description="1 to 100 signs, no other report's.")]
Text = Annotated[
    str | None,
    Field(description="As the dialect's reports tell it: amounts with the currency's decimals, percents of a hundred."),
]


Member = Annotated[
    GivenId | None,
    Field(
        description="The member on whose behalf it is, with their rights: what others made is changed by an "
        "administrator or a campaign operator alone. Null: the host itself, which may change any."
    ),
]


class ReportPlan(Given):
    """What a report asks."""

    level: Level = "campaign"
    dimensions: Annotated[list[Dimension], Field(max_length=NAMES_MOST)] = []
    metrics: Annotated[list[Metric], Field(max_length=NAMES_MOST)] = list(Plan().metrics)
    period: PeriodOf = DEFAULT_PERIOD
    start_date: GivenDay | None = None
    end_date: GivenDay | None = None
    campaign_ids: Annotated[list[GivenId], Field(max_length=NAMES_MOST, description="None: all.")] = []
    countries: Annotated[list[Word], Field(max_length=NAMES_MOST, description="ISO 3166-1 alpha-2; none: all.")] = []
    order_field: Annotated[Word, Field(description="A dimension or a metric of it; empty: the day.")] = ""
    is_rising: bool = False


class ReportDraft(Given):
    """A report to keep."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Countries, every week",
                    "plan": {"level": "campaign", "dimensions": ["country_code"], "period": "7_days"},
                }
            ]
        }
    )
    name: Title
    plan: ReportPlan
    person_id: Member = None


class ReportEdit(Given):
    """What to change of a report; what is left out stays. A plan is replaced as a whole."""

    name: Title | None = None
    plan: ReportPlan | None = None
    person_id: Member = None


class PlanAnswer(Told):
    """What a report asks."""

    level: str
    dimensions: list[str]
    metrics: list[str]
    period: str
    start_date: DayText
    end_date: DayText
    campaign_ids: list[ToldId]
    countries: list[str]
    order_field: str
    is_rising: bool


class ReportAnswer(Told):
    """A report that is kept."""

    report_id: ToldId
    advertiser_id: ToldId
    name: str
    plan: Annotated[
        PlanAnswer | None,
        Field(description="Null: another release kept it and it cannot be read any more; give the report a new one."),
    ]
    made_by: Annotated[str, Field(description="`host:ID` or `person:ID`.")]
    created_at: ToldMoment
    modified_at: ToldMoment


class ReportRow(Told):
    """One row: what it is told by, and what was counted."""

    dimensions: dict[str, str]
    metrics: dict[str, Text]


class ReportRows(Told):
    """A part of a report's rows, in its order, and what all rows come to."""

    items: list[ReportRow]
    next_cursor: Annotated[str | None, Field(description="Give it back as cursor for the next part; null at the end.")]
    rows: Annotated[int, Field(description="How many there are in all.")]
    totals: Annotated[dict[str, Text] | None, Field(description="Rates are of the sums; null: there is no row.")]
    currency: Currency
    start_date: Annotated[str, Field(json_schema_extra={"format": "date"})]
    end_date: Annotated[str, Field(json_schema_extra={"format": "date"})]
    data_until: Annotated[ToldMoment | None, Field(description="Up to when it tells everything.")]
    revision: Annotated[int, Field(description="Parts of one revision agree.")]


class FileDraft(Given):
    """A file to have written."""

    format: FileForm = "csv"


class ReportFileAnswer(Told):
    """A file of a report that is written in the background."""

    report_file_id: ToldId
    state: Annotated[str, one_of(("waiting", "running", "done", "failed", "cancelled"))]
    name: str
    rows: int
    asked_at: ToldMoment
    ended_at: ToldMoment | None


def plan_of(given: ReportPlan) -> Plan:
    """Return a plan as the house takes it."""
    return Plan(
        level=given.level,
        dimensions=tuple(given.dimensions),
        metrics=tuple(dict.fromkeys(given.metrics)),
        period=given.period,
        start_date=given.start_date,
        end_date=given.end_date,
        campaign_ids=tuple(dict.fromkeys(given.campaign_ids)),
        countries=tuple(dict.fromkeys(given.countries)),
        order_field=given.order_field,
        is_rising=given.is_rising,
    )


def tell_report(view: ReportView) -> ReportAnswer:
    """Return a report as callers see it."""
    plan = find(view.plan)
    return ReportAnswer(
        report_id=str(view.id),
        advertiser_id=str(view.advertiser_id),
        name=view.name,
        plan=None if plan is None else _tell_plan(plan),
        made_by=view.made_by,
        created_at=rfc3339(view.created_at_ms),
        modified_at=rfc3339(view.modified_at_ms),
    )


def _tell_plan(plan: Plan) -> PlanAnswer:
    return PlanAnswer(
        level=plan.level,
        dimensions=list(plan.dimensions),
        metrics=list(plan.metrics),
        period=plan.period,
        start_date=_day(plan.start_date),
        end_date=_day(plan.end_date),
        campaign_ids=[str(one) for one in plan.campaign_ids],
        countries=list(plan.countries),
        order_field=plan.order_field,
        is_rising=plan.is_rising,
    )


def tell_rows(told: ToldReport, next_cursor: str | None) -> ReportRows:
    """Return a part of a report as callers see it."""
    found, asked = told.found, told.asked

    def metrics(row: Row) -> dict[str, Any]:
        said = metrics_of(asked, row, told.words)
        return {name: None if value == UNDEFINED else value for name, value in said.items()}

    def numbers(row: Row) -> dict[str, Any]:
        return {name: value for name, value in metrics(row).items() if METRICS[name].form is not Form.ATTRIBUTE}

    assert asked.first is not None
    assert asked.last is not None
    return ReportRows(
        items=[ReportRow(dimensions=row.dimensions, metrics=metrics(row)) for row in found.rows],
        next_cursor=next_cursor,
        rows=found.many,
        totals=None if found.totals is None or not found.many else numbers(found.totals),
        currency=told.currency,
        start_date=asked.first.isoformat(),
        end_date=asked.last.isoformat(),
        data_until=rfc3339(found.complete_to_ms) if found.complete_to_ms else None,
        revision=found.generation,
    )


def tell_file(task: TaskView, name: str) -> ReportFileAnswer:
    """Return a file as callers see it."""
    return ReportFileAnswer(
        report_file_id=str(task.id),
        state=task.state,
        name=name,
        rows=task.rows,
        asked_at=rfc3339(task.asked_at_ms),
        ended_at=None if task.ended_at_ms is None else rfc3339(task.ended_at_ms),
    )


def _day(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()


class ScheduleDraft(Given):
    """When a person is sent a report."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"every": "week", "day": 1, "hour": 8}]})
    every: Annotated[Word, one_of((DAY, *LAST_DAYS))] = WEEK
    day: Annotated[int, Field(ge=0, le=31, description="Of the week (1: Monday) or of the month (1 to 28).")] = 0
    hour: Annotated[int, Field(ge=0, le=23, description="Of the advertiser's time zone.")] = 8
    format: FileForm = "csv"


class ScheduleAnswer(Told):
    """To whom a report is sent, and when."""

    person_id: ToldId
    every: str
    day: int
    hour: int
    format: str
    next_at: ToldMoment
    sent_at: ToldMoment | None


class Schedules(Told):
    """To whom a report is sent."""

    items: list[ScheduleAnswer]


def rhythm_of(given: ScheduleDraft) -> Rhythm:
    """Return a rhythm as the house takes it."""
    return Rhythm(given.every, given.hour, 0 if given.every == DAY else given.day)


def tell_schedule(view: ScheduleView) -> ScheduleAnswer:
    """Return a schedule as callers see it."""
    return ScheduleAnswer(
        person_id=str(view.person_id),
        every=view.rhythm.every,
        day=view.rhythm.day,
        hour=view.rhythm.hour,
        format=next(word for word, form in WORDS.items() if form == view.form),
        next_at=rfc3339(view.next_at_ms),
        sent_at=None if view.sent_at_ms is None else rfc3339(view.sent_at_ms),
    )
