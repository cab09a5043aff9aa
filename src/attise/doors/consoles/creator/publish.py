"""Publishing a post from a form: a real file with its words, at once or after advice on it."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from attise.doors.consoles import frame, pictures
from attise.doors.consoles.creator.publish_form import PublishForm, context_of, put, typed_of
from attise.doors.consoles.gate import for_creator, go_to
from attise.doors.consoles.uploads import whole_files
from attise.doors.consoles.visit import CreatorVisit
from attise.kernel.errors import Refusal, Refusals
from attise.kernel.ids import parse_id
from attise.kernel.limits import CAROUSEL_PICTURES, MIB, UPLOAD_BYTES
from attise.management.posts import actions
from attise.management.posts import queries as posts
from attise.management.posts.views import PostView, UnpublishedView, UploadView

ADVICE = "conseils"
"""The button that asks for advice first; any other publishes."""


@for_creator("GET", "POST")
def publish(visit: CreatorVisit) -> HttpResponse:
    """Take a video, or pictures, and its words; whatever is refused keeps the words as they were typed."""
    request = visit.request
    if request.method == "GET":
        return _show(visit, PublishForm())
    form, uploads = PublishForm(request.POST), request.FILES.getlist("file")
    if request.POST.get("act") == ADVICE:
        return _advise(visit, form, uploads)
    file_error, status = "", 422
    if form.is_valid():
        files = whole_files(request, uploads)
        sent = None if uploads else _sent(visit)
        try:
            post = actions.publish_post(
                visit.means,
                visit.actor,
                house=settings.HOUSE,
                creator_id=visit.account.id,
                draft=form.draft(len(files)),
                upload=next(iter(files), None),
                upload_id=None if sent is None else sent.id,
                more=files[1:],
            )
        except (Refusal, Refusals) as refused:
            status, file_error = put(form, refused)
        else:
            messages.success(request, said(post))
            return go_to(request, reverse("creator_post", args=[post.id]))
    return _show(visit, form, file_error=file_error, had_file=bool(uploads), status=status)


def _advise(visit: CreatorVisit, form: PublishForm, uploads: list[UploadedFile]) -> HttpResponse:
    """Keep a video and its words as they were typed, and go where its advice is."""
    request = visit.request
    files, sent = whole_files(request, uploads), _sent(visit)
    try:
        if len(files) > 1:
            return _show(
                visit, form, file_error=pgettext("creator", "Send one video: pictures have no advice."), status=422
            )
        one = actions.hold_back(
            visit.means,
            house=settings.HOUSE,
            creator_id=visit.account.id,
            upload=next(iter(files), None),
            typed=typed_of(request.POST),
            upload_id=None if uploads or sent is None else sent.id,
        )
    except (Refusal, Refusals) as refused:
        status, file_error = put(form, refused)
        return _show(visit, form, file_error=file_error, status=status)
    return go_to(request, reverse("unpublished", args=[one.id]))


def _sent(visit: CreatorVisit) -> UploadView | None:
    """Return the upload that the form names in the place of a file; None: it names none that is there."""
    upload_id = parse_id(visit.request.POST.get("upload_id"))
    if upload_id is None:
        return None
    try:
        return actions.get_upload(settings.HOUSE, owner_id=visit.account.id, upload_id=upload_id)
    except Refusal:
        return None


def said(post: PostView) -> str:
    """Return what became of it, in words."""
    if post.state == "processing":
        return _("Your video is being prepared.")
    if post.media is not None and post.media.kind == "image":
        return _("Your pictures are online.")
    return _("Your video is online.")


def _show(
    visit: CreatorVisit, form: PublishForm, *, file_error: str = "", had_file: bool = False, status: int = 200
) -> HttpResponse:
    context = context_of(form)
    if file_error:
        context["errors"].insert(0, {"field": "file", "message": file_error})
    sent = None if had_file else _sent(visit)
    context |= {
        "sent": sent if sent is not None and sent.is_whole else None,
        "file_error": file_error or (_("Choose the file again: browsers forget it.") if had_file else ""),
        "most_pictures": CAROUSEL_PICTURES,
        "largest_mib": UPLOAD_BYTES // MIB,
        "largest_bytes": UPLOAD_BYTES,
        "waiting": [_waiting(one) for one in posts.list_unpublished(visit.account.id)],
    }
    return frame.page(visit, "creator/publish.html", "creator_posts", context, status=status)


def _waiting(one: UnpublishedView) -> dict[str, object]:
    report = one.preflight.report
    return {
        "id": one.id,
        "name": pictures.line_of(one.caption) or _("A video without a caption"),
        "ready": None if report is None else report.ready,
    }
