"""What is done to reports: one is kept, renamed, changed, deleted, taken as a file."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from attise.doors.consoles.advertiser.reports import asking, page
from attise.doors.consoles.gate import for_member
from attise.doors.consoles.visit import AdvertiserVisit
from attise.doors.site.own_reports import files, plans, readers
from attise.doors.site.own_reports.plans import Plan
from attise.doors.site.sheets import forms
from attise.kernel.errors import Refusal, Refusals
from attise.kernel.ids import parse_id
from attise.management.accounts.rules import Permission
from attise.management.saved_reports import actions, queries
from attise.management.saved_reports.views import ReportView


@for_member(Permission.READ, "POST")
def save(visit: AdvertiserVisit) -> HttpResponse:
    """Keep a report under a name."""
    plan, name = _plan(visit), visit.request.POST.get("nom", "")
    try:
        page.asked_of(visit, plan)
        made = actions.save_report(
            visit.means, visit.actor, advertiser_id=visit.advertiser.id, name=name, plan=plans.written(plan)
        )
    except (Refusal, Refusals) as refused:
        return page.show(visit, plan, refused=refused, name=name)
    messages.success(visit.request, _("Report saved."))
    return _to(made.id)


@for_member(Permission.READ, "POST")
def change(visit: AdvertiserVisit, report_id: int) -> HttpResponse:
    """Give a report another name, and have it ask what the page shows."""
    saved = queries.get_report(visit.advertiser.id, report_id)
    plan, name = _plan(visit), visit.request.POST.get("nom", "")
    try:
        page.asked_of(visit, plan)
        actions.change_report(
            visit.means,
            visit.actor,
            advertiser_id=visit.advertiser.id,
            report_id=report_id,
            may_edit=visit.can(Permission.EDIT_CAMPAIGNS),
            name=name,
            plan=plans.written(plan),
        )
    except (Refusal, Refusals) as refused:
        return page.show(visit, plan, saved=saved, refused=refused, name=name)
    messages.success(visit.request, _("Report saved."))
    return _to(report_id)


@for_member(Permission.READ, "POST")
def delete(visit: AdvertiserVisit, report_id: int) -> HttpResponse:
    """Delete a report."""
    actions.delete_report(
        visit.means,
        visit.actor,
        advertiser_id=visit.advertiser.id,
        report_id=report_id,
        may_edit=visit.can(Permission.EDIT_CAMPAIGNS),
    )
    messages.success(visit.request, _("Report deleted."))
    return HttpResponseRedirect(reverse("reports"))


@for_member(Permission.READ, "POST")
def send_to_me(visit: AdvertiserVisit, report_id: int) -> HttpResponse:
    """Have a report sent to oneself from now on, or no more."""
    saved = queries.get_report(visit.advertiser.id, report_id)
    given = visit.request.POST
    if given.get("acte") == "arreter":
        actions.end_sending(
            visit.means, advertiser_id=visit.advertiser.id, report_id=report_id, person_id=visit.person.id
        )
        messages.success(visit.request, _("It is not sent to you any more."))
        return _to(report_id)
    try:
        readers.begin_sending(
            visit.means,
            visit.advertiser,
            report_id=report_id,
            person_id=visit.person.id,
            rhythm=asking.read_rhythm(given),
            form=forms.read(given.get("envoi_format", "")),
        )
    except (Refusal, Refusals) as refused:
        return page.show(visit, plans.find(saved.plan) or Plan(), saved=saved, wrong_sending=refused)
    messages.success(visit.request, _("It is sent to you from now on."))
    return _to(report_id)


@for_member(Permission.EXPORT, "GET")
def export(visit: AdvertiserVisit) -> HttpResponseBase:
    """Give a report as a file; one that is long says that it takes a while, and asks whether it is to be written."""
    given = visit.request.GET
    plan, saved = asking.read(given), _saved(visit, given)
    form = forms.read(given.get("format", ""))
    try:
        asked = page.asked_of(visit, plan)
    except (Refusal, Refusals):
        return page.show(visit, plan, saved=saved)
    if files.needs_worker(asked, form):
        return page.show(visit, plan, saved=saved, long_form=form)
    return files.at_once(asked, form, name=saved.name if saved else "")


@for_member(Permission.EXPORT, "POST")
def write_file(visit: AdvertiserVisit) -> HttpResponse:
    """Have the worker write a report."""
    plan, saved = _plan(visit), _saved(visit, visit.request.POST)
    form = forms.read(visit.request.POST.get("format", ""))
    try:
        asked = page.asked_of(visit, plan)
        files.later(
            visit.means,
            asked,
            form,
            advertiser_id=visit.advertiser.id,
            name=saved.name if saved else "",
            person_id=visit.person.id,
        )
    except (Refusal, Refusals) as refused:
        return page.show(visit, plan, saved=saved, refused=refused)
    messages.success(visit.request, _("The file is being written. Your inbox says when it is there."))
    return HttpResponseRedirect(f"{reverse('reports')}#fichiers")


@for_member(Permission.EXPORT, "GET")
def written_file(visit: AdvertiserVisit, task_id: int) -> HttpResponseBase:
    """Give a file that was written."""
    return files.written(task_id, advertiser_id=visit.advertiser.id)


def _plan(visit: AdvertiserVisit) -> Plan:
    """Return the plan of the page that a form was sent from."""
    return asking.read(QueryDict(visit.request.POST.get("demande", "")[:20_000]))


def _saved(visit: AdvertiserVisit, given: QueryDict) -> ReportView | None:
    report_id = parse_id(given.get("rapport", ""))
    return None if report_id is None else queries.get_report(visit.advertiser.id, report_id)


def _to(report_id: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("report", args=[report_id]))
