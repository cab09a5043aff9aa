"""The words of a post that is to be published, as a form; and how refusals stand beside its fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from attise.doors.consoles import telling, words
from attise.kernel.errors import Refusal, Refusals
from attise.kernel.limits import CAPTION_CHARACTERS, NAME_CHARACTERS
from attise.management.posts.rules import PostDraft
from attise.records.lookups import categories

FORMATS = ("video", "story", "carousel")
"""Formats that begin here; a duet or a stitch begins from the other post."""
TYPED_CHARACTERS: Final = 4 * CAPTION_CHARACTERS
"""Of one field of what is kept as it was typed."""
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


def typed_of(given: QueryDict) -> dict[str, str]:
    """Return what was typed, by field, as it is kept for later; no store keeps a NUL in a text."""
    return {
        name: given[name].replace("\x00", "")[:TYPED_CHARACTERS] for name in PublishForm.base_fields if name in given
    }


def form_of(typed: Mapping[str, Any]) -> PublishForm:
    """Return the form filled with what was typed; a box that was not ticked is not there."""
    fields = PublishForm.base_fields
    boxes = {name: name in typed for name, field in fields.items() if isinstance(field, forms.BooleanField)}
    return PublishForm(initial={**typed, **boxes})


def context_of(form: PublishForm) -> dict[str, Any]:
    """Return what ``parts/publish_fields.html`` takes, and the errors of its fields."""
    chosen = form["visibility"].value()
    return {
        "form": form,
        "errors": [{"field": form[name].id_for_label, "message": told[0]} for name, told in form.errors.items()],
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


def put(form: PublishForm, refused: Refusal | Refusals) -> tuple[int, str]:
    """Put refusals beside their fields; returns the status, and what is said of the file."""
    items = telling.items_of(refused)
    about_file = [_of_file(one) for one in items if _is_of_file(one)]
    others = [one for one in items if not _is_of_file(one)]
    others = [one.at("tags") if (one.field or "").startswith("tags[") else one for one in others]
    if others:
        telling.put_into(form, Refusals(others))
    return telling.worst_status(items), " ".join(about_file)


def _is_of_file(refusal: Refusal) -> bool:
    return refusal.field is None or refusal.field.partition("[")[0] in {"file", "upload_id"}


def _of_file(refusal: Refusal) -> str:
    """Return what is said of the file, or of which picture it is said."""
    place = _PLACE.fullmatch(refusal.field or "")
    if place is None:
        return telling.sentence(refusal)
    return _("Picture %(number)s: %(sentence)s") % {
        "number": int(place[1]) + 1,
        "sentence": telling.sentence(refusal),
    }
