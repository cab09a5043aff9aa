"""Publishing a post from a form: a real file with its words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.handlers.wsgi import LimitedStream
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from attise.doors.consoles import frame, telling, words
from attise.doors.consoles.gate import for_creator, go_to
from attise.doors.consoles.visit import CreatorVisit
from attise.kernel.errors import Refusal, Refusals
from attise.kernel.limits import CAPTION_CHARACTERS, CAROUSEL_PICTURES, MIB, NAME_CHARACTERS, UPLOAD_BYTES
from attise.management.posts import actions
from attise.management.posts.rules import PostDraft
from attise.management.posts.views import PostView
from attise.records.lookups import categories

FORMATS = ("video", "story", "carousel")
"""Formats that begin here; a duet or a stitch begins from the other post."""
_PLACE = re.compile(r"file\[(\d+)\]")
_TAG_ENDS = re.compile(r"[\s,;]+")


def _categories() -> list[tuple[str, str]]:
    return [("", "–"), *((row.slug, words.named(row)) for row in categories.all() if row.gate != "banned")]


class PublishForm(forms.Form):
    """The words of a new post; its files are beside them."""

    caption = forms.CharField(
        label=gettext_lazy("Caption"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": CAPTION_CHARACTERS}),
    )
    tags = forms.CharField(
        label=gettext_lazy("Tags"),
        help_text=gettext_lazy("Separated by spaces, with or without #."),
        required=False,
        max_length=2_000,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off"}),
    )
    sound = forms.CharField(label=gettext_lazy("Sound"), required=False, max_length=NAME_CHARACTERS)
    category = forms.ChoiceField(label=gettext_lazy("Category"), choices=_categories, required=False)
    format = forms.ChoiceField(
        label=gettext_lazy("Format"), choices=[(name, words.FORMATS[name]) for name in FORMATS], initial="video"
    )
    visibility = forms.ChoiceField(choices=list(words.VISIBILITIES.items()), initial="public")
    ads_only = forms.BooleanField(
        label=gettext_lazy("Only show in ads"),
        help_text=gettext_lazy("The video will appear neither on your profile nor in search."),
        required=False,
    )
    partnership = forms.BooleanField(
        label=pgettext_lazy("creator", "I am paid for this post, or given something"),
        help_text=pgettext_lazy("creator", "The label “Paid partnership” is put on the post and stays there."),
        required=False,
    )
    allow_comments = forms.BooleanField(label=gettext_lazy("Comments allowed"), required=False, initial=True)
    allow_duet = forms.BooleanField(label=gettext_lazy("Duets allowed"), required=False, initial=True)
    allow_stitch = forms.BooleanField(label=gettext_lazy("Stitches allowed"), required=False, initial=True)

    def draft(self, files: int) -> PostDraft:
        """Return the draft that the room takes. Call after ``is_valid``.

        Whoever chose several files and left the format as it was means a carousel.
        """
        given = self.cleaned_data
        tags = [tag for tag in _TAG_ENDS.split(given["tags"]) if tag.strip("#")]
        post_format = "carousel" if files > 1 and given["format"] == FORMATS[0] else given["format"]
        return PostDraft(**{**given, "tags": tags, "format": post_format})


@for_creator("GET", "POST")
def publish(visit: CreatorVisit) -> HttpResponse:
    """Take a video, or pictures, and its words; whatever is refused keeps the words as they were typed."""
    request = visit.request
    if request.method == "GET":
        return _show(visit, PublishForm())
    form = PublishForm(request.POST)
    uploads = request.FILES.getlist("file")
    file_error, status = "", 422
    if form.is_valid():
        files = _whole_files(request, uploads)
        try:
            post = actions.publish_post(
                visit.means,
                visit.actor,
                house=settings.HOUSE,
                creator_id=visit.account.id,
                draft=form.draft(len(files)),
                upload=next(iter(files), None),
                more=files[1:],
            )
        except (Refusal, Refusals) as refused:
            status, file_error = _put(form, refused)
        else:
            messages.success(request, _said(post))
            return go_to(request, reverse("creator_post", args=[post.id]))
    return _show(visit, form, file_error=file_error, had_file=bool(uploads), status=status)


def _said(post: PostView) -> str:
    """Return what became of it, in words."""
    if post.state == "processing":
        return _("Your video is being prepared.")
    if post.media is not None and post.media.kind == "image":
        return _("Your pictures are online.")
    return _("Your video is online.")


def _whole_files(request: HttpRequest, uploads: list[UploadedFile]) -> list[Path]:
    """Return where the files were put, in their order; those of a form whose end never came are none."""
    stream = request._stream  # noqa: SLF001 - it knows how much was read, and nothing public does
    announced = int(request.META.get("CONTENT_LENGTH") or 0)
    if isinstance(stream, LimitedStream) and stream._pos < announced:  # noqa: SLF001 - as above
        return []
    return [Path(upload.temporary_file_path()) for upload in uploads if isinstance(upload, TemporaryUploadedFile)]


def _put(form: PublishForm, refused: Refusal | Refusals) -> tuple[int, str]:
    """Put refusals beside their fields; returns the status, and what is said of the file."""
    items = telling.items_of(refused)
    about_file = [_of_file(one) for one in items if _is_of_file(one)]
    others = [one for one in items if not _is_of_file(one)]
    others = [one.at("tags") if (one.field or "").startswith("tags[") else one for one in others]
    if others:
        telling.put_into(form, Refusals(others))
    return telling.worst_status(items), " ".join(about_file)


def _is_of_file(refusal: Refusal) -> bool:
    return refusal.field is None or refusal.field.partition("[")[0] == "file"


def _of_file(refusal: Refusal) -> str:
    """Return what is said of the file, or of which picture it is said."""
    place = _PLACE.fullmatch(refusal.field or "")
    if place is None:
        return telling.sentence(refusal)
    return _("Picture %(number)s: %(sentence)s") % {
        "number": int(place[1]) + 1,
        "sentence": telling.sentence(refusal),
    }


def _show(
    visit: CreatorVisit, form: PublishForm, *, file_error: str = "", had_file: bool = False, status: int = 200
) -> HttpResponse:
    errors: list[dict[str, Any]] = [{"field": "file", "message": file_error}] if file_error else []
    errors += [{"field": form[name].id_for_label, "message": told[0]} for name, told in form.errors.items()]
    chosen = form["visibility"].value()
    context = {
        "form": form,
        "errors": errors,
        "file_error": file_error or (_("Choose the file again: browsers forget it.") if had_file else ""),
        "most_pictures": CAROUSEL_PICTURES,
        "largest_mib": UPLOAD_BYTES // MIB,
        "largest_bytes": UPLOAD_BYTES,
        "caption_limit": CAPTION_CHARACTERS,
        "visibilities": [
            {
                "value": value,
                "label": words.VISIBILITIES[value],
                "detail": words.VISIBILITY_MEANS[value],
                "checked": value == chosen,
            }
            for value in words.VISIBILITIES
        ],
    }
    return frame.page(visit, "creator/publish.html", "creator_posts", context, status=status)
