"""The list of an advertiser's reports, and the builder with what it tells."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from attise.doors.consoles import csv_file, frame, paging, telling
from attise.doors.consoles.advertiser.reports import asking, drawing
from attise.doors.consoles.gate import for_member
from attise.doors.consoles.visit import AdvertiserVisit
from attise.doors.site import formats
from attise.doors.site.notices import shown_email
from attise.doors.site.own_reports import plans, titles
from attise.doors.site.own_reports.files import ROWS_AT_ONCE_CSV, ROWS_AT_ONCE_OTHER, full_name
from attise.doors.site.own_reports.plans import DATES, Plan
from attise.doors.site.own_reports.telling import Told, course, drawn_metrics, tell
from attise.kernel.errors import Refusal, Refusals
from attise.kernel.ids import parse_id
from attise.kernel.paging import NumberedPage
from attise.ledger.days import local_day
from attise.management.accounts import queries as accounts
from attise.management.accounts.rules import Permission
from attise.management.campaigns import queries as campaigns
from attise.management.saved_reports import queries
from attise.management.saved_reports.rules import LAST_DAYS, MONTH, WEEK, Rhythm, may_change
from attise.management.saved_reports.views import ReportView
from attise.measurement.reports.asking.asked import Asked
from attise.measurement.reports.asking.dimensions import DAY
from attise.measurement.reports.tasks import list_own

SAVED, CAMPAIGNS = 100, 100
DRAWN: Final = "courbe"
STATES: Final[dict[str, tuple[str, Promise]]] = {
    "waiting": ("draft", gettext_lazy("Waits for its turn")),
    "running": ("learning", gettext_lazy("Being written")),
    "done": ("active", gettext_lazy("Ready")),
    "failed": ("rejected", gettext_lazy("Could not be written")),
    "cancelled": ("ended", gettext_lazy("Called off")),
}
"""Of a file: how its state is drawn, and what it is called."""


class Template(NamedTuple):
    """A report to begin with."""

    name: Promise
    detail: Promise
    plan: Plan


_RHYTHMS: Final[dict[str, Promise]] = {
    "day": gettext_lazy("Every day"),
    "week": gettext_lazy("Every week"),
    "month": gettext_lazy("Every month"),
}
_WEEKDAYS: Final[dict[int, Promise]] = {
    1: gettext_lazy("Monday"),
    2: gettext_lazy("Tuesday"),
    3: gettext_lazy("Wednesday"),
    4: gettext_lazy("Thursday"),
    5: gettext_lazy("Friday"),
    6: gettext_lazy("Saturday"),
    7: gettext_lazy("Sunday"),
}
TEMPLATES: Final = (
    Template(
        gettext_lazy("Campaigns side by side"),
        gettext_lazy("What each cost and brought"),
        Plan(metrics=("spend", "impressions", "clicks", "ctr", "result", "cost_per_result", "follows")),
    ),
    Template(
        gettext_lazy("Day by day"),
        gettext_lazy("The course of the whole account"),
        Plan(level="account", dimensions=(DAY,), metrics=("spend", "impressions", "clicks", "ctr", "result")),
    ),
    Template(
        gettext_lazy("Who was reached"),
        gettext_lazy("By age and gender"),
        Plan(level="account", dimensions=("age", "gender"), metrics=("reach", "impressions", "spend", "ctr", "result")),
    ),
    Template(
        gettext_lazy("Where they were"),
        gettext_lazy("By country"),
        Plan(level="account", dimensions=("country_code",), metrics=("spend", "impressions", "clicks", "ctr", "cpm")),
    ),
    Template(
        gettext_lazy("How far videos were watched"),
        gettext_lazy("By ad, from the first second to the last"),
        Plan(
            level="ad",
            metrics=(
                *("video_play_actions", "video_watched_2s", "video_watched_6s", "video_views_p50"),
                *("video_views_p100", "average_video_play"),
            ),
        ),
    ),
    Template(
        gettext_lazy("What was sold"),
        gettext_lazy("Carts and purchases by campaign"),
        Plan(
            metrics=(
                *("spend", "web_event_add_to_cart", "cost_per_web_event_add_to_cart", "complete_payment"),
                *("cost_per_complete_payment", "total_complete_payment_value", "complete_payment_roas"),
            ),
        ),
    ),
)


@for_member(Permission.READ, "GET")
def reports(visit: AdvertiserVisit) -> HttpResponse:
    """List what is kept, what one may begin with, and the files that were asked for."""
    page = queries.page_reports(visit.advertiser.id, after=parse_id(visit.request.GET.get("apres", "")), limit=SAVED)
    sent = queries.schedules_of_person(visit.advertiser.id, visit.person.id)
    names = _authors(visit, page.items)
    context = {
        "saved": [
            {
                "view": one,
                "detail": _("It cannot be read any more: open it to say anew what it asks.")
                if (plan := plans.find(one.plan)) is None
                else detail_of(plan),
                "author": names.get(one.made_by, ""),
                "sent": one.id in sent,
            }
            for one in page.items
        ],
        "older": page.after,
        "templates": [
            {"name": one.name, "detail": one.detail, "url": f"{reverse('new_report')}?{asking.query(one.plan)}"}
            for one in TEMPLATES
        ],
        "files": files_of(visit),
        "timezone": visit.advertiser.timezone.replace("_", " "),
    }
    return frame.page(visit, "advertiser/reports/list.html", "reports", context)


@for_member(Permission.READ, "GET")
def new_report(visit: AdvertiserVisit) -> HttpResponse:
    """Show the builder, with what its address asks."""
    given = visit.request.GET
    return show(visit, asking.read(given) if asking.is_asked(given) else Plan())


@for_member(Permission.READ, "GET")
def report(visit: AdvertiserVisit, report_id: int) -> HttpResponse:
    """Show a report that is kept; its address may ask it otherwise than it is kept, and must where it is unreadable."""
    saved = queries.get_report(visit.advertiser.id, report_id)
    given = visit.request.GET
    plan = asking.read(given) if asking.is_asked(given) else plans.find(saved.plan)
    return show(visit, plan or Plan(), saved=saved)


def asked_of(visit: AdvertiserVisit, plan: Plan) -> Asked:
    """Return what a plan asks today. Raises: Refusals."""
    today = local_day(visit.advertiser.timezone, visit.means.clock.world_ms())
    return plans.asked_of(plan, visit.advertiser, today)


def show(
    visit: AdvertiserVisit,
    plan: Plan,
    *,
    saved: ReportView | None = None,
    refused: Refusal | Refusals | None = None,
    name: str | None = None,
    long_form: str = "",
    wrong_sending: Refusal | Refusals | None = None,
) -> HttpResponse:
    """Return the page of the builder.

    Args: refused: what was wrong with an act on it; name: the one that was typed; long_form: the kind of file that was
    asked for and takes a while; wrong_sending: what was wrong with how it is to be sent.
    """
    wrong, result = refused or wrong_sending, {}
    try:
        result = _result(visit, plan, asked_of(visit, plan), saved)
    except (Refusal, Refusals) as found:
        wrong = wrong or found
    status = 200 if wrong is None else telling.STATUSES[telling.items_of(wrong)[0].reason.kind]
    at = reverse("new_report") if saved is None else reverse("report", args=[saved.id])
    given = visit.request.GET
    context: dict[str, Any] = {
        **_choices(visit, plan),
        **result,
        **(_sending(visit, saved) if saved is not None else {}),
        "saved": saved,
        "at": at,
        "plan": plan,
        "asked": asking.query(plan),
        "asked_pairs": asking.pairs(plan),
        **_of_saved(visit, plan, saved),
        "detail": detail_of(plan),
        "errors": [] if wrong is None else telling.summary(worded(wrong), asking.IDS),
        "name": (saved.name if saved else "") if name is None else name,
        "dialog": given.get("dialog", "") or ("enregistrer" if refused is not None else ""),
        "can_export": visit.can(Permission.EXPORT),
        "formats": csv_file.options(get_language() or "", is_table=True),
        "long_form": long_form,
        "timezone": visit.advertiser.timezone.replace("_", " "),
        "most_csv": formats.integer(ROWS_AT_ONCE_CSV, formats.language_of(get_language())),
        "most_other": formats.integer(ROWS_AT_ONCE_OTHER, formats.language_of(get_language())),
    }
    return frame.page(visit, "advertiser/reports/builder.html", "reports", context, status=status)


def _of_saved(visit: AdvertiserVisit, plan: Plan, saved: ReportView | None) -> dict[str, Any]:
    """Return how what is shown stands to what is kept, whose that is, and whether it may be changed here."""
    if saved is None:
        return {"is_changed": False, "may_change": True}
    kept = plans.find(saved.plan)
    return {
        "is_changed": plan != kept,
        "is_lost": kept is None,
        "author": _authors(visit, [saved]).get(saved.made_by, ""),
        "may_change": may_change(saved.made_by, str(visit.actor), may_edit=visit.can(Permission.EDIT_CAMPAIGNS)),
    }


def _authors(visit: AdvertiserVisit, reports: list[ReportView]) -> dict[str, str]:
    """Return the names of those other members who made reports. Cost: a query for each kind of them."""
    others = {one.made_by for one in reports} - {str(visit.actor)}
    return accounts.names_of_actors(others) if others else {}


def worded(refused: Refusal | Refusals) -> Refusals:
    """Return refusals that call columns as the page calls them."""

    def said(value: Any) -> Any:
        known = isinstance(value, str) and value in {*titles.DIMENSIONS, *titles.METRIC_TITLES}
        return titles.title(value) if known else value

    return Refusals(
        [
            Refusal(one.reason, field=one.field, **{name: said(value) for name, value in one.params.items()})
            for one in telling.items_of(refused)
        ]
    )


def _result(visit: AdvertiserVisit, plan: Plan, asked: Asked, saved: ReportView | None) -> dict[str, Any]:
    """Return the rows of a report, and its course where it is by the day."""
    house, given = settings.HOUSE, visit.request.GET
    at = reverse("new_report") if saved is None else reverse("report", args=[saved.id])
    told = tell(house, asked, visit.advertiser, page=paging.number_of(visit.request), page_size=paging.PAGE)
    found = NumberedPage(told.found.rows, paging.number_of(visit.request), paging.PAGE, told.found.many)
    pager = paging.pager(found, {}, at=at)
    if pager is not None:  # an address names some words more than once
        for side in ("previous_url", "next_url"):
            page = dict(parse_qsl(pager[side].partition("?")[2])).get("page")
            pager[side] = f"{at}?{asking.query(plan, page=page)}" if page else ""
    return {
        "is_told": True,
        "heads": drawing.heads(told, plan, lambda one: f"{at}?{asking.query(one)}"),
        "rows": drawing.rows(told, plan),
        "totals": drawing.totals(told, plan),
        "many": told.found.many,
        "pager": pager,
        "first": asked.first,
        "last": asked.last,
        "until_ms": told.found.complete_to_ms,
        **(_course(visit, plan, told, at, given.get(DRAWN, "")) if DAY in plan.dimensions and told.found.rows else {}),
    }


def _course(visit: AdvertiserVisit, plan: Plan, told: Told, at: str, wanted: str) -> dict[str, Any]:
    metrics = drawn_metrics(told.asked)
    if not metrics:
        return {}
    metric = wanted if wanted in metrics else metrics[0]
    found = course(settings.HOUSE, told.asked, metric)
    return {
        "chart": drawing.course(found, told.asked, metric, visit.advertiser.currency),
        "drawn": [
            (f"{at}?{asking.query(plan, **{DRAWN: one})}#course-title", titles.title(one), one == metric)
            for one in metrics
        ],
    }


def _sending(visit: AdvertiserVisit, saved: ReportView) -> dict[str, Any]:
    """Return how a report is sent to whoever looks at it, and what they may choose."""
    mine = queries.schedules_of_person(visit.advertiser.id, visit.person.id).get(saved.id)
    given = visit.request.POST
    rhythm = asking.read_rhythm(given) if "rythme" in given else (mine.rhythm if mine else Rhythm("week", 8, 1))
    options = csv_file.options(get_language() or "", is_table=True)
    form = given.get("envoi_format", "") or (mine.form if mine else "")
    for option in options if form else []:
        option["checked"] = option["value"] == form
    language = formats.language_of(get_language())
    return {
        "schedule": mine,
        "sends_mail": bool(settings.HOUSE.settings.email_url),
        "can_mail": bool(shown_email(visit.person.email)),
        "rhythms": [(word, _RHYTHMS[one], one == rhythm.every) for word, one in asking.RHYTHMS.items()],
        "weekdays": [
            (number, label, rhythm == Rhythm(WEEK, rhythm.hour, number)) for number, label in _WEEKDAYS.items()
        ],
        "month_days": [(day, rhythm.every == MONTH and day == rhythm.day) for day in range(1, LAST_DAYS[MONTH] + 1)],
        "hours": [
            (hour, formats.clock(dt.datetime(2000, 1, 1, hour, tzinfo=dt.UTC), language), hour == rhythm.hour)
            for hour in range(24)
        ],
        "mail_formats": options,
    }


def _choices(visit: AdvertiserVisit, plan: Plan) -> dict[str, Any]:
    """Return what the builder offers, with what is chosen."""
    listed = campaigns.list_campaigns(
        visit.means, advertiser_id=visit.advertiser.id, wish=campaigns.CampaignWish(), page=1, page_size=CAMPAIGNS
    )
    offered = {one.id: one.name for one in listed.items}
    other = [one for one in plan.campaign_ids if one not in offered]
    known = campaigns.describe("campaign_id", advertiser_ids=(visit.advertiser.id,), ids=set(other)) if other else {}
    offered |= {one: known[one].campaign_name for one in other if one in known}
    chosen = set(plan.metrics)
    strange = [name for name in plan.metrics if name not in titles.METRIC_TITLES]
    return {
        "levels": [(asking.said(one), label, one == plan.level) for one, label in titles.LEVELS.items()],
        "periods": [(asking.said(one), label, one == plan.period) for one, label in titles.PERIODS.items()],
        "has_dates": plan.period == DATES,
        "dimensions": [(asking.said(one), label, one in plan.dimensions) for one, label in titles.DIMENSIONS.items()],
        "families": [
            {
                "name": family.name,
                "metrics": [(one, label, one in chosen) for one, label in family.metrics.items()],
                "chosen": sum(one in chosen for one in family.metrics),
            }
            for family in titles.FAMILIES
        ],
        "other_metrics": [(name, titles.title(name)) for name in strange],
        "campaigns": [(one, name, one in plan.campaign_ids) for one, name in offered.items()],
        "countries": asking.said_countries(plan),
    }


def files_of(visit: AdvertiserVisit) -> list[dict[str, Any]]:
    """Return the files that the worker wrote or is to write for an advertiser."""
    return [
        {
            "task": one,
            "name": full_name(one),
            "status": STATES[one.state][0],
            "words": STATES[one.state][1],
            "is_there": one.state == "done",
        }
        for one in list_own(visit.advertiser.id)
    ]


def detail_of(plan: Plan) -> str:
    """Return what a report asks, in a line."""
    by = ", ".join(str(titles.DIMENSIONS[one]) for one in plan.dimensions if one in titles.DIMENSIONS)
    many = len(plan.metrics)
    counted = ngettext("%(count)s metric", "%(count)s metrics", many) % {"count": many}
    level = str(titles.LEVELS.get(plan.level, plan.level))
    period = str(titles.PERIODS.get(plan.period, plan.period))
    return " · ".join([level, *([_("by %(names)s") % {"names": by.lower()}] if by else []), counted, period])
