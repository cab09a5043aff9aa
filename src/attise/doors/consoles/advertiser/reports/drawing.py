"""A result as the page shows it: the table with links that order it, the line of totals, the course by the day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Final, NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from msgspec.structs import replace

from attise.doors.site import charts, formats
from attise.doors.site.charts import Chart, Line
from attise.doors.site.own_reports import titles
from attise.doors.site.own_reports.plans import NAMES, OBJECTS, Plan
from attise.doors.site.own_reports.telling import Told
from attise.doors.site.report_words import Words
from attise.kernel.money import MICROS
from attise.measurement.reports.asking.answering import Row
from attise.measurement.reports.asking.asked import Asked
from attise.measurement.reports.asking.metrics import METRICS, UNDEFINED, Form
from attise.records.lookups import currencies

_UNIT: Final = {Form.MONEY: MICROS, Form.PERCENT: 1_000_000, Form.RATIO: 100, Form.SECONDS: 100}
"""Of a drawn value: micros, millionths of a whole, hundredths."""


class Head(NamedTuple):
    """The head of a column; ``url`` orders by it, ``sort`` says how it is ordered now (``aria-sort``)."""

    title: str
    is_number: bool
    url: str
    sort: str


class Cell(NamedTuple):
    """A cell: its text, and another one beneath it."""

    text: str
    is_number: bool
    title: str
    detail: str = ""


def heads(told: Told, plan: Plan, address: Callable[[Plan], str]) -> list[Head]:
    """Return the heads of the columns; ``address`` gives the page of a plan."""
    return [_head(name, told, plan, address) for name in columns(told.asked, plan)]


def columns(asked: Asked, plan: Plan) -> list[str]:
    """Return the columns that a page shows: the object's name, what rows are told by, the metrics."""
    own, names = OBJECTS[plan.level], NAMES[plan.level]
    beside = {own, *names}
    metrics = [name for name in asked.metrics if name not in beside and name != "currency"]
    return [*names[:1], *(name for name in asked.dimensions if name != own), *metrics]


def rows(told: Told, plan: Plan) -> list[list[Cell]]:
    """Return the cells of the rows."""
    shown = columns(told.asked, plan)
    return [[_cell(name, row, told.words, plan, told.currency) for name in shown] for row in told.found.rows]


def totals(told: Told, plan: Plan) -> list[Cell]:
    """Return the cells of the line of totals; empty where there is nothing to add up."""
    row = told.found.totals
    if row is None or not told.found.rows:
        return []
    shown = columns(told.asked, plan)
    return [
        _cell(name, row, told.words, plan, told.currency) if _is_number(name) else Cell("", False, titles.title(name))
        for name in shown
    ]


def course(found: list[Row], asked: Asked, metric: str, currency: str) -> Chart:
    """Return the course of a metric by the day; a day of which nothing is told is none of a ratio, else zero."""
    language = formats.language_of(get_language())
    assert asked.first is not None
    assert asked.last is not None
    days = [asked.first + dt.timedelta(days=number) for number in range((asked.last - asked.first).days + 1)]
    by_day = {next(iter(row.dimensions.values()))[:10]: row for row in found}
    nothing = 0 if not METRICS[metric].under else None
    values = [_drawn(metric, by_day[day.isoformat()]) if day.isoformat() in by_day else nothing for day in days]
    known = [(value, place) for place, value in enumerate(values) if value]
    sentence = _("Nothing was counted in this period.")
    if known:
        most, place = max(known, key=lambda pair: (pair[0], -pair[1]))
        sentence = _("The most on %(when)s: %(most)s.") % {
            "when": formats.day(days[place], language),
            "most": _say(metric, most, currency, language),
        }
    return charts.chart(
        "course",
        titles.title(metric),
        sentence,
        steps=[(formats.day(day, language), formats.day_short(day, language)) for day in days],
        steps_name=_("Day"),
        lines=[Line(titles.title(metric), "ember", values)],
        say=lambda value: _say(metric, value, currency, language),
        say_mark=lambda value: _say(metric, value, currency, language, short=True),
        finest=_finest(metric, currency),
    )


def _head(name: str, told: Told, plan: Plan, address: Callable[[Plan], str]) -> Head:
    can = name in told.asked.dimensions or _is_number(name)
    is_this = told.asked.order == name
    rising = told.asked.is_rising
    plan_then = _ordered(plan, name, is_rising=not rising if is_this else not _is_number(name))
    sort = ("ascending" if rising else "descending") if is_this else ""
    return Head(titles.title(name), _is_number(name), address(plan_then) if can else "", sort)


def _ordered(plan: Plan, name: str, *, is_rising: bool) -> Plan:
    return replace(plan, order_field=name, is_rising=is_rising)


def _is_number(name: str) -> bool:
    metric = METRICS.get(name)
    return metric is not None and metric.is_number


def _cell(name: str, row: Row, words: Words, plan: Plan, currency: str) -> Cell:
    language = formats.language_of(get_language())
    title = titles.title(name)
    if name in row.dimensions:
        return Cell(titles.word(name, row.dimensions[name]), False, title)
    metric = METRICS[name]
    if metric.form is not Form.ATTRIBUTE:
        return Cell(_told(name, row, currency, language), metric.form is not Form.NONE, title)
    said = words.told(name, row)
    above = [words.told(one, row) for one in NAMES[plan.level][1:]] if name in NAMES[plan.level][:1] else []
    text = row.dimensions[OBJECTS[plan.level]] if said == UNDEFINED and OBJECTS[plan.level] else said
    return Cell(text, False, title, " · ".join(one for one in reversed(above) if one != UNDEFINED))


def _told(name: str, row: Row, currency: str, language: str) -> str:
    """Return a metric of a row as people read it."""
    value = METRICS[name].value(row.sums, row.currency or currency)
    if value is None:
        return formats.NO_DATA
    return _say(name, _whole(name, value), row.currency or currency, language)


def _whole(name: str, value: int | Decimal) -> int:
    unit = _UNIT.get(METRICS[name].form, 1)
    return int(Decimal(value) * (unit // 100 if METRICS[name].form is Form.PERCENT else unit))


def _drawn(name: str, row: Row) -> int | None:
    value = METRICS[name].value(row.sums, row.currency)
    return None if value is None else _whole(name, value)


def _say(name: str, value: int | None, currency: str, language: str, *, short: bool = False) -> str:
    """Return a drawn value in words."""
    form = METRICS[name].form
    if form is Form.MONEY:
        return formats.money(value, currency, language, short=short)
    if form is Form.PERCENT:
        return formats.percent(value, _UNIT[form], language, places=0 if short else 2)
    if form in _UNIT:
        return formats.decimal(value, _UNIT[form], language)
    return formats.compact(value, language) if short and value is not None else formats.integer(value, language)


def _finest(name: str, currency: str) -> int:
    form = METRICS[name].form
    if form is Form.MONEY:
        return int(MICROS // 10 ** currencies.get(currency).exponent)
    return _UNIT[form] // 100 if form is Form.PERCENT else 1
