"""A video is imported for an ad: sent, looked over, edited if one likes, and taken into the library and the draft.

It waits as a creator's does (``posts.hold_back``), and is the advertiser's alone. Everything works without a script.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from attise.doors.consoles import cover_strip, frame, pictures, telling
from attise.doors.consoles.advertiser.assistant import advice_words
from attise.doors.consoles.gate import for_member, go_to
from attise.doors.consoles.uploads import whole_files
from attise.doors.consoles.video_advice import told_of
from attise.doors.consoles.video_edits import EditForm
from attise.doors.consoles.video_tool import is_back, is_waiting, put_edits, result_of, tool_of
from attise.doors.consoles.visit import ADVERTISER_PARAM, AdvertiserVisit
from attise.doors.site import tus
from attise.kernel.errors import Refusal, Refusals
from attise.kernel.ids import parse_id
from attise.kernel.limits import MIB, UPLOAD_BYTES
from attise.management.accounts.rules import Permission
from attise.management.campaigns import actions, queries
from attise.management.campaigns.views import DraftView
from attise.management.posts import actions as posting
from attise.management.posts import queries as posts
from attise.management.posts.views import UnpublishedView

LET_GO = "jeter"
STEP = "publication"
FILE_NAME = "file_name"
"""What is kept of the file beside a video that waits: what its sender calls it."""
USUAL_NAME = "video.mp4"
_NOT_YET = 204


@for_member(Permission.EDIT_CAMPAIGNS, "GET", "POST")
def import_video(visit: AdvertiserVisit, draft_id: int) -> HttpResponse:
    """Ask for a video, or receive one whole or by the pieces that came before; then show it with its advice."""
    draft = _draft(visit, draft_id)
    if visit.request.method == "GET":
        return _show_form(visit, draft)
    uploads = visit.request.FILES.getlist("file")
    files = whole_files(visit.request, uploads)
    name = visit.request.POST.get(FILE_NAME) or (uploads[0].name if uploads else "") or USUAL_NAME
    try:
        one = posting.hold_back(
            visit.means,
            house=settings.HOUSE,
            advertiser_id=visit.advertiser.id,
            upload=next(iter(files), None),
            typed={FILE_NAME: name[:400]},
            upload_id=None if files else parse_id(visit.request.POST.get("upload_id")),
        )
    except (Refusal, Refusals) as refused:
        return _show_form(visit, draft, telling.sentence(telling.items_of(refused)[0]), status=422)
    return go_to(visit.request, reverse("assistant_video", args=[draft.id, one.id]))


@for_member(Permission.EDIT_CAMPAIGNS, "GET", "POST", "PATCH", "DELETE", "OPTIONS")
def sending(visit: AdvertiserVisit, upload_id: int | None = None) -> HttpResponse:
    """Speak tus with the page's own script, about the advertiser's own uploads; refusals are for programs."""
    if visit.request.method == "GET":
        visit.request.method = "HEAD"  # as of ``creator.sending``
    query = urlencode({ADVERTISER_PARAM: visit.advertiser.id})
    sender = tus.Sender(
        visit.means,
        settings.HOUSE,
        None,
        lambda found: f"{reverse('ads_sending_one', args=[found])}?{query}",
        advertiser_id=visit.advertiser.id,
    )
    return tus.speak(visit.request, sender, upload_id)


@for_member(Permission.EDIT_CAMPAIGNS, "GET", "POST")
def video(visit: AdvertiserVisit, draft_id: int, unpublished_id: int) -> HttpResponse:
    """Show a video that waits, with its advice and the tool; use it, or let it go."""
    draft = _draft(visit, draft_id)
    one = _waiting(visit, unpublished_id)
    if one is None:
        messages.info(visit.request, _("This video does not wait any more: it was used or let go of."))
        return _to_step(draft)
    if visit.request.method == "GET":
        return _show(visit, draft, one)
    if visit.request.POST.get("act") == LET_GO:
        posting.let_go(visit.means, house=settings.HOUSE, owner_id=visit.advertiser.id, unpublished_id=one.id)
        messages.success(visit.request, _("The video is let go of."))
        return _to_step(draft)
    try:
        actions.import_video(
            visit.means,
            visit.actor,
            house=settings.HOUSE,
            advertiser_id=visit.advertiser.id,
            draft_id=draft.id,
            unpublished_id=one.id,
            file_name=name_of(one),
        )
    except (Refusal, Refusals) as refused:
        return _show(visit, draft, one, refused=refused, status=422)
    messages.success(visit.request, _("The video is in your library and chosen below."))
    return _to_step(draft)


@for_member(Permission.EDIT_CAMPAIGNS, "GET", "POST")
def edit(visit: AdvertiserVisit, draft_id: int, unpublished_id: int) -> HttpResponse:
    """Keep what is done to a video; or answer the page's own question, whether it is rendered."""
    draft = _draft(visit, draft_id)
    one = posts.get_unpublished(unpublished_id, owner_id=visit.advertiser.id)
    if visit.request.method == "GET":
        if is_waiting(one):
            return HttpResponse(status=_NOT_YET)
        result = result_of(visit, one, name_of(one), visit.request.path) | {"formal": True}
        return render(visit.request, "consoles/parts/video/result.html", result)
    form = EditForm(visit.request.POST)
    status = put_edits(visit, one, form, owner_id=visit.advertiser.id)
    if status is not None:
        return _show(visit, draft, one, edit_form=form, status=status)
    said = _("The video is as it was sent.") if is_back(visit) else _("The edits are kept; the video is being made.")
    messages.success(visit.request, said)
    return HttpResponseRedirect(reverse("assistant_video", args=[draft.id, one.id]))


@for_member(Permission.EDIT_CAMPAIGNS, "GET")
def preflight(visit: AdvertiserVisit, draft_id: int, unpublished_id: int) -> HttpResponse:
    """Answer the page's own question: nothing while the video is looked over, then the advice."""
    one = posts.get_unpublished(unpublished_id, owner_id=visit.advertiser.id)
    advice = _advice(visit, _draft(visit, draft_id), one)
    if advice is not None and advice["state"] == "waiting":
        return HttpResponse(status=_NOT_YET)
    return render(visit.request, "consoles/parts/video/preflight.html", {"advice": advice, "formal": True})


@for_member(Permission.EDIT_CAMPAIGNS, "GET")
def cover_picture(visit: AdvertiserVisit, draft_id: int, unpublished_id: int, number: int) -> HttpResponse:
    """Lead to a picture of the strip that a cover is chosen of."""
    _draft(visit, draft_id)
    one = posts.get_unpublished(unpublished_id, owner_id=visit.advertiser.id)
    return cover_strip.picture(visit.means, one.media, number)


def waiting_for(visit: AdvertiserVisit, draft: DraftView) -> list[dict[str, Any]]:
    """Return the advertiser's videos that wait, each with where it is looked at. Cost: one query."""
    return [
        {"name": name_of(one), "url": reverse("assistant_video", args=[draft.id, one.id])}
        for one in posts.list_unpublished(visit.advertiser.id)
    ]


def name_of(one: UnpublishedView) -> str:
    """Return what the sender called the file."""
    return str(one.typed.get(FILE_NAME) or USUAL_NAME)


def _draft(visit: AdvertiserVisit, draft_id: int) -> DraftView:
    found = queries.find_draft(advertiser_id=visit.advertiser.id, draft_id=draft_id)
    if found is None:
        raise Http404
    return found


def _waiting(visit: AdvertiserVisit, unpublished_id: int) -> UnpublishedView | None:
    try:
        return posts.get_unpublished(unpublished_id, owner_id=visit.advertiser.id)
    except Refusal:
        return None


def _to_step(draft: DraftView) -> HttpResponse:
    return HttpResponseRedirect(reverse("assistant_step", args=[draft.id, STEP]))


def _advice(visit: AdvertiserVisit, draft: DraftView, one: UnpublishedView) -> dict[str, Any] | None:
    player = pictures.player_of_media(visit.means, one.shown, "")
    asks = reverse("assistant_video_preflight", args=[draft.id, one.id])
    return told_of(one.preflight, asks, player, advice_words.TIPS)


def _show(
    visit: AdvertiserVisit,
    draft: DraftView,
    one: UnpublishedView,
    *,
    edit_form: EditForm | None = None,
    refused: Refusal | Refusals | None = None,
    status: int = 200,
) -> HttpResponse:
    name = name_of(one)
    context = result_of(visit, one, name, reverse("assistant_video_edit", args=[draft.id, one.id]))
    context |= tool_of(
        visit, one, edit_form, lambda number: reverse("assistant_cover", args=[draft.id, one.id, number])
    )
    context |= {
        "formal": True,
        "advice": _advice(visit, draft, one),
        "errors": [] if refused is None else telling.summary(refused),
        "here": reverse("assistant_video", args=[draft.id, one.id]),
        "back": reverse("assistant_step", args=[draft.id, STEP]),
    }
    return frame.page(visit, "advertiser/assistant/video.html", "campaigns", context, status=status)


def _show_form(visit: AdvertiserVisit, draft: DraftView, error: str = "", *, status: int = 200) -> HttpResponse:
    query = urlencode({ADVERTISER_PARAM: visit.advertiser.id})
    context = {
        "here": reverse("assistant_import", args=[draft.id]),
        "back": reverse("assistant_step", args=[draft.id, STEP]),
        "sends": f"{reverse('ads_sending')}?{query}",
        "file_error": error,
        "errors": [{"field": "file", "message": error}] if error else [],
        "largest_mib": UPLOAD_BYTES // MIB,
        "largest_bytes": UPLOAD_BYTES,
        "waiting": waiting_for(visit, draft),
    }
    return frame.page(visit, "advertiser/assistant/import.html", "campaigns", context, status=status)
