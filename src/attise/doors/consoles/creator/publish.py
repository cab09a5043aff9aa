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
from django.utils.translation import gettext_lazy

from attise.doors.consoles import frame, telling, words
from attise.doors.consoles.gate import for_creator, go_to
from attise.doors.consoles.visit import CreatorVisit
from attise.kernel.errors import Refusal, Refusals
from attise.kernel.limits import CAPTION_CHARACTERS, MIB, NAME_CHARACTERS, UPLOAD_BYTES
from attise.management.posts import actions
from attise.management.posts.rules import PostDraft
from attise.records.lookups import categories

FORMATS = ("video", "story", "carousel")
"""Formats that begin here; a duet or a stitch begins from the other post."""
_TAG_ENDS = re.compile(r"[\s,;]+")


def _categories() -> list[tuple[str, str]]:
    return [("", "–"), *((row.slug, words.named(row)) for row in categories.all() if row.gate != "banned")]


class PublishForm(forms.Form):
    """The words of a new post; its file is beside them."""

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
    allow_comments = forms.BooleanField(label=gettext_lazy("Comments allowed"), required=False, initial=True)
    allow_duet = forms.BooleanField(label=gettext_lazy("Duets allowed"), required=False, initial=True)
    allow_stitch = forms.BooleanField(label=gettext_lazy("Stitches allowed"), required=False, initial=True)

    def draft(self) -> PostDraft:
        """Return the draft that the room takes. Call after ``is_valid``."""
        given = self.cleaned_data
        tags = [tag for tag in _TAG_ENDS.split(given["tags"]) if tag.strip("#")]
        return PostDraft(**{**given, "tags": tags})


@for_creator("GET", "POST")
def publish(visit: CreatorVisit) -> HttpResponse:
    """Take a video and its words; whatever is refused keeps the words as they were typed."""
    request = visit.request
    if request.method == "GET":
        return _show(visit, PublishForm())
    form = PublishForm(request.POST)
    upload = request.FILES.get("file")
    file_error, status = "", 422
    if form.is_valid():
        try:
            post = actions.publish_post(
                visit.means,
                visit.actor,
                house=settings.HOUSE,
                creator_id=visit.account.id,
                draft=form.draft(),
                upload=_whole_file(request, upload),
            )
        except (Refusal, Refusals) as refused:
            status, file_error = _put(form, refused)
        else:
            said = _("Your video is being prepared.") if post.state == "processing" else _("Your video is online.")
            messages.success(request, said)
            return go_to(request, reverse("creator_post", args=[post.id]))
    return _show(visit, form, file_error=file_error, had_file=upload is not None, status=status)


def _whole_file(request: HttpRequest, upload: UploadedFile | None) -> Path | None:
    """Return where the file was put; one whose end never came is no file."""
    if not isinstance(upload, TemporaryUploadedFile):
        return None
    stream = request._stream  # noqa: SLF001 - it knows how much was read, and nothing public does
    announced = int(request.META.get("CONTENT_LENGTH") or 0)
    if isinstance(stream, LimitedStream) and stream._pos < announced:  # noqa: SLF001 - as above
        return None
    return Path(upload.temporary_file_path())


def _put(form: PublishForm, refused: Refusal | Refusals) -> tuple[int, str]:
    """Put refusals beside their fields; returns the status, and what is said of the file."""
    items = telling.items_of(refused)
    about_file = [telling.sentence(one) for one in items if one.field in {"file", None}]
    others = [one.at("tags") if (one.field or "").startswith("tags[") else one for one in items if one.field]
    others = [one for one in others if one.field != "file"]
    if others:
        telling.put_into(form, Refusals(others))
    return telling.worst_status(items), " ".join(about_file)


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
