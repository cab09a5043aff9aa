"""The pages of comparison: the tests there are, one test with what it came to, and everything that happens to one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from attise.doors.consoles import comments, frame, telling, words
from attise.doors.consoles.advertiser.comparison import daily, told
from attise.doors.consoles.advertiser.comparison.forms import FormatsForm, SidesForm
from attise.doors.consoles.gate import for_member
from attise.doors.consoles.uploads import whole_files
from attise.doors.consoles.visit import AdvertiserVisit
from attise.doors.site import formats
from attise.doors.site.sheets import answers
from attise.doors.site.sheets import forms as files
from attise.doors.site.sheets.split import days_sheet, split_sheet
from attise.doors.site.split_results import SplitResult, comments_of, days_of, result_of
from attise.kernel.errors import Outage, Refusal, Refusals
from attise.kernel.ids import parse_id
from attise.management.accounts.rules import Permission
from attise.management.campaigns import actions, queries
from attise.management.campaigns.errors import SPLIT_NOTHING_YET
from attise.management.campaigns.views import SplitView
from attise.management.library.actions import upload_video

FORMATS, SIDES = "formats", "deux-cotes"
"""Dialogs."""
FIELDS: Final = {"ad_id": "ad", "video_id": "video", "first_id": "first", "second_id": "second", "upload": "video"}
"""Where a refusal of the room stands in a form."""
SAID: Final = 8
"""Comments of each side that are shown, the newest."""


@for_member(Permission.READ, "GET")
def comparison(visit: AdvertiserVisit) -> HttpResponse:
    """List an advertiser's split tests; ``?dialog=`` opens one of the two that draft one."""
    return _show(visit)


@for_member(Permission.EDIT_CAMPAIGNS, "POST")
def compare_formats(visit: AdvertiserVisit) -> HttpResponse:
    """Draft a test of the same video in two formats; the video is one of the library, or comes with the form."""
    form = FormatsForm(visit, visit.request.POST)
    uploads = whole_files(visit.request, visit.request.FILES.getlist("file"))
    if not form.is_valid():
        return _show(visit, formats_form=form, dialog=FORMATS, status=422)
    video_id = form.cleaned_data["video"]
    if not video_id and not uploads:
        form.add_error("video", _("Choose the video in your library, or add its file below."))
        return _show(visit, formats_form=form, dialog=FORMATS, status=422)
    try:
        if not video_id:
            video_id = upload_video(
                visit.means,
                visit.actor,
                house=settings.HOUSE,
                advertiser_id=visit.advertiser.id,
                upload=uploads[0],
                file_name=visit.request.FILES.getlist("file")[0].name or "video.mp4",
            ).video_id
        made = actions.pair_formats(
            visit.means,
            visit.actor,
            house=settings.HOUSE,
            advertiser_id=visit.advertiser.id,
            wish=form.wish(video_id),
        )
    except (Refusal, Refusals) as refused:
        return _show(visit, formats_form=form, dialog=FORMATS, status=telling.put_into(form, refused, FIELDS))
    return _drafted(visit, made)


@for_member(Permission.EDIT_CAMPAIGNS, "POST")
def compare_sides(visit: AdvertiserVisit) -> HttpResponse:
    """Draft a test of two ad groups, or two campaigns."""
    form = SidesForm(visit, visit.request.POST)
    if not form.is_valid():
        return _show(visit, sides_form=form, dialog=SIDES, status=422)
    try:
        made = actions.create_split(visit.means, visit.actor, advertiser_id=visit.advertiser.id, draft=form.draft())
    except (Refusal, Refusals) as refused:
        return _show(visit, sides_form=form, dialog=SIDES, status=telling.put_into(form, refused, FIELDS))
    return _drafted(visit, made)


@for_member(Permission.READ, "GET")
def split_test(visit: AdvertiserVisit, split_id: int) -> HttpResponse:
    """Show one test: what it came to, or could tell."""
    split = queries.get_split(advertiser_id=visit.advertiser.id, split_id=split_id)
    language = formats.language_of(get_language())
    try:
        found = result_of(settings.HOUSE, split, now_ms=visit.means.clock.world_ms())
    except Outage:
        found = None
    first, second = told.names_of(split)
    context = {
        "row": _row(split),
        "split": split,
        "first": first,
        "second": second,
        "differing": told.differing(split),
        "can_edit": visit.can(Permission.EDIT_CAMPAIGNS),
        "can_export": visit.can(Permission.EXPORT),
        "reserved": words.reserved_for(Permission.EDIT_CAMPAIGNS),
        "form_of_file": "fr" if language == formats.FRENCH else "intl",
        "is_of_formats": told.is_of_formats(split),
        "level_url": "adgroup" if split.level == "adgroup" else "campaign",
        **({"is_away": True} if found is None else _told(visit, split, found, language)),
    }
    return frame.page(visit, "advertiser/comparison/split_test.html", "comparison", context)


@for_member(Permission.EDIT_CAMPAIGNS, "POST")
def launch_split(visit: AdvertiserVisit, split_id: int) -> HttpResponse:
    """Launch a drafted test."""
    return _acted(visit, split_id, actions.launch_split, _("The test runs: each viewer is shown one side alone."))


@for_member(Permission.EDIT_CAMPAIGNS, "POST")
def end_split(visit: AdvertiserVisit, split_id: int) -> HttpResponse:
    """End a test that runs."""
    return _acted(visit, split_id, actions.end_split, _("The test is over: both sides go on, to everybody."))


@for_member(Permission.EDIT_CAMPAIGNS, "POST")
def drop_split(visit: AdvertiserVisit, split_id: int) -> HttpResponse:
    """Let go of a draft."""
    try:
        actions.drop_split(visit.means, visit.actor, advertiser_id=visit.advertiser.id, split_id=split_id)
    except Refusal as refused:
        return _refused(visit, split_id, refused)
    messages.success(visit.request, _("The draft is gone; its ad groups and ads stay."))
    return HttpResponseRedirect(reverse("comparison"))


@for_member(Permission.EXPORT, "GET")
def export_split(visit: AdvertiserVisit, split_id: int) -> HttpResponseBase:
    """Answer what a test came to as a file, in the form that ``?format`` names; with ``?par=jour`` day by day."""
    split = queries.get_split(advertiser_id=visit.advertiser.id, split_id=split_id)
    now_ms = visit.means.clock.world_ms()
    found = result_of(settings.HOUSE, split, now_ms=now_ms).result
    if found is None:
        raise Refusal(SPLIT_NOTHING_YET, field="split_id")
    said = {**told.MEASURES, **told.COUNTED, **told.VERDICTS}
    if visit.request.GET.get("par") == daily.BY_DAY:
        sheet = days_sheet(split, found, titles=daily.title, sides=told.names_of(split))
    else:
        sheet = split_sheet(split, found, titles=lambda key: str(told.TITLES[key]), words=lambda key: str(said[key]))
    word = files.read(visit.request.GET.get("format", ""))
    return answers.answer(sheet, word, days=days_of(split, now_ms=now_ms))


def _show(
    visit: AdvertiserVisit,
    *,
    formats_form: FormatsForm | None = None,
    sides_form: SidesForm | None = None,
    dialog: str = "",
    status: int = 200,
) -> HttpResponse:
    after = parse_id(visit.request.GET.get("avant", ""))
    page = queries.page_splits(advertiser_id=visit.advertiser.id, after=after, limit=25)
    can_edit = visit.can(Permission.EDIT_CAMPAIGNS)
    context: dict[str, Any] = {
        "rows": [_row(one) for one in page.items],
        "next": page.after,
        "dialog": dialog or visit.request.GET.get("dialog", ""),
        "can_edit": can_edit,
        "reserved": words.reserved_for(Permission.EDIT_CAMPAIGNS),
    }
    if can_edit:
        context["formats_form"] = formats_form or FormatsForm(visit)
        context["sides_form"] = sides_form or SidesForm(visit)
        for name in ("formats_form", "sides_form"):
            _describe(context[name])
    return frame.page(visit, "advertiser/comparison/comparison.html", "comparison", context, status=status)


def _describe(form: forms.Form) -> None:
    """Give fields of a dialog the class of the house's controls."""
    for field in form.fields.values():
        field.widget.attrs.setdefault("class", "control")


def _row(split: SplitView) -> dict[str, Any]:
    """Return a test as lists and its own page name it."""
    look, word = told.STATES[split.state]
    first, second = told.names_of(split)
    return {"split": split, "status": look, "state": word, "first": first, "second": second}


def _told(visit: AdvertiserVisit, split: SplitView, found: SplitResult, language: str) -> dict[str, Any]:
    """Return what a page shows of a result."""
    context: dict[str, Any] = {"found": found}
    if found.plans:
        context |= {"plans": told.plans(found, language), "planned": told.planned_of(found.plans[0], language)}
    if found.result is not None:
        context |= {
            **_daily(visit, split, found, language),
            "said": [
                {
                    "name": name,
                    "is_standard": one.kinds == ("standard",),
                    "comments": comments.told(comments_of(split, side, limit=SAID).items),
                }
                for side, (name, one) in enumerate(zip(told.names_of(split), split.sides, strict=True))
            ],
            "now": visit.means.clock.world_ms(),
            "sentence": told.sentence(split, found.result, language),
            "rows": told.rows(split, found.result, language),
            "counted": told.counted(split, found.result, language),
            "is_broken": not found.result.balance.is_right,
        }
    return context


def _daily(visit: AdvertiserVisit, split: SplitView, found: SplitResult, language: str) -> dict[str, Any]:
    """Return the course of one measure, which the address names, and links to the others; nothing of a single day."""
    assert found.result is not None
    if not found.result.days:
        return {}
    drawn, at = daily.read(visit.request.GET.get(daily.PARAM, "")), reverse("split_test", args=[split.id])
    return {
        "chart": daily.chart(split, found.result.days, drawn, language),
        "measures": [(f"{at}?{daily.PARAM}={word}#jours", name, word == drawn) for word, name in daily.choices()],
    }


def _drafted(visit: AdvertiserVisit, split: SplitView) -> HttpResponse:
    messages.success(visit.request, _("The test is drafted: look at it, then launch it."))
    return HttpResponseRedirect(reverse("split_test", args=[split.id]))


def _acted(visit: AdvertiserVisit, split_id: int, act: Callable[..., SplitView], said: str) -> HttpResponse:
    try:
        act(visit.means, visit.actor, advertiser_id=visit.advertiser.id, split_id=split_id)
    except (Refusal, Refusals) as refused:
        return _refused(visit, split_id, refused)
    messages.success(visit.request, said)
    return HttpResponseRedirect(reverse("split_test", args=[split_id]))


def _refused(visit: AdvertiserVisit, split_id: int, refused: Refusal | Refusals) -> HttpResponse:
    """Go back to the test with what stands against it; one that is not there is told by the gate."""
    queries.get_split(advertiser_id=visit.advertiser.id, split_id=split_id)
    messages.error(visit.request, " ".join(telling.sentence(one) for one in telling.items_of(refused)))
    return HttpResponseRedirect(reverse("split_test", args=[split_id]))
