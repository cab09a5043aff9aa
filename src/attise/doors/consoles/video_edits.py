"""What a creator does to a video, as a form: moments in seconds, a few texts, a sound. Works without a script."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from attise.doors.consoles import telling
from attise.kernel.errors import Refusal, Refusals
from attise.management.posts.editing.edits import FULL_PERCENT, PLACES, SIZES, TEXT_CHARACTERS, TEXTS, Edits, Text

PLACE_WORDS: Final = {
    "top": pgettext_lazy("text over a video", "Top"),
    "middle": pgettext_lazy("text over a video", "Middle"),
    "bottom": pgettext_lazy("text over a video", "Bottom"),
}
SIZE_WORDS: Final = {
    "small": pgettext_lazy("text over a video", "Small"),
    "medium": pgettext_lazy("text over a video", "Medium"),
    "large": pgettext_lazy("text over a video", "Large"),
}
OWN: Final = "own"
"""Of the strip of pictures: none of them, the second that is written."""
_SECOND_MS: Final = 1_000
_LONGEST_S: Final = 3_600


class _Seconds(forms.DecimalField):
    """A moment of a video, in seconds and thousandths."""

    def __init__(self, label: Any) -> None:
        widget = forms.NumberInput(attrs={"step": "any", "min": 0, "inputmode": "decimal"})
        bounds: dict[str, int] = {"min_value": 0, "max_value": _LONGEST_S, "decimal_places": 3}
        super().__init__(label=label, required=False, widget=widget, **bounds)


class _Level(forms.IntegerField):
    """How strong a sound is, in percent."""

    def __init__(self, label: Any) -> None:
        widget = forms.NumberInput(attrs={"type": "range", "min": 0, "max": FULL_PERCENT, "step": 5})
        super().__init__(label=label, required=False, min_value=0, max_value=FULL_PERCENT, widget=widget)


class EditForm(forms.Form):
    """All that is done to a video; an empty moment is where the video begins or ends."""

    from_s = _Seconds(pgettext_lazy("video", "From second"))
    to_s = _Seconds(pgettext_lazy("video", "To second"))
    cover_at = forms.CharField(required=False, max_length=20)
    cover_s = _Seconds(pgettext_lazy("video", "Cover: the picture of second"))
    sound = forms.CharField(required=False, max_length=40)
    sound_percent = _Level(gettext_lazy("Strength of the added sound"))
    own_percent = _Level(gettext_lazy("Strength of the video’s own sound"))

    def __init__(self, *given: Any, **named: Any) -> None:
        """Make the fields of as many texts as a video takes."""
        super().__init__(*given, **named)
        for row in range(TEXTS):
            area = forms.Textarea(attrs={"rows": 2, "maxlength": TEXT_CHARACTERS})
            self.fields |= {
                f"text_{row}": forms.CharField(
                    label=pgettext_lazy("text over a video", "Text"), required=False, max_length=1_000, widget=area
                ),
                f"text_{row}_from": _Seconds(pgettext_lazy("video", "From second")),
                f"text_{row}_to": _Seconds(pgettext_lazy("video", "To second")),
                f"text_{row}_place": forms.ChoiceField(
                    label=pgettext_lazy("text over a video", "Where"), required=False, choices=list(PLACE_WORDS.items())
                ),
                f"text_{row}_size": forms.ChoiceField(
                    label=pgettext_lazy("text over a video", "Size"), required=False, choices=list(SIZE_WORDS.items())
                ),
            }

    def clean(self) -> dict[str, Any]:
        """Put the moment of the strip's picture that was chosen in the place of a written second."""
        given = super().clean() or self.cleaned_data
        at = given.get("cover_at", OWN) if "cover_at" in self.data else OWN
        written = given.get("cover_s")
        if at == "" and written is not None:
            said = gettext("Choose “At a second that I write”, or leave the second empty.")
            self.add_error("cover_s", said)
        elif at not in {"", OWN}:
            try:
                given["cover_s"] = forms.DecimalField(min_value=0, max_value=_LONGEST_S, decimal_places=3).clean(at)
            except forms.ValidationError as error:
                self.add_error("cover_s", error)
        return given

    def edits(self, duration_ms: int) -> Edits:
        """Return what was asked for, of a video of some length. Call after ``is_valid``."""
        given = self.cleaned_data
        to_ms = _ms(given["to_s"])
        from_ms = _ms(given["from_s"]) or 0
        texts = [
            Text(
                text=given[f"text_{row}"],
                from_ms=_or(_ms(given[f"text_{row}_from"]), from_ms),
                to_ms=_or(_ms(given[f"text_{row}_to"]), _or(to_ms, duration_ms)),
                place=given[f"text_{row}_place"] or PLACES[1],
                size=given[f"text_{row}_size"] or SIZES[1],
            )
            for row in self.rows_with_text()
        ]
        return Edits(
            from_ms=from_ms,
            to_ms=to_ms,
            cover_ms=_ms(given["cover_s"]),
            texts=tuple(texts),
            sound=given["sound"],
            sound_percent=_or(given["sound_percent"], Edits().sound_percent),
            own_percent=_or(given["own_percent"], FULL_PERCENT),
        )

    def rows_with_text(self) -> list[int]:
        """Return which rows hold words, in their order."""
        return [row for row in range(TEXTS) if self.cleaned_data.get(f"text_{row}", "").strip()]

    def put(self, refused: Refusal | Refusals) -> int:
        """Put refusals beside their fields; returns the status."""
        spelled = {"from_ms": "from_s", "to_ms": "to_s", "cover_ms": "cover_s"}
        for number, row in enumerate(self.rows_with_text()):
            spelled |= {f"texts[{number}].text": f"text_{row}", f"texts[{number}].to_ms": f"text_{row}_to"}
        return telling.put_into(self, refused, spelled)


def form_of(edits: Edits | None, places: Collection[str] = ()) -> EditForm:
    """Return the form filled with what is done to a video; ``places`` are the seconds of the strip's pictures."""
    found = edits or Edits()
    cover = _s(found.cover_ms)
    initial: dict[str, Any] = {
        "from_s": _s(found.from_ms) if found.from_ms else None,
        "to_s": _s(found.to_ms),
        "cover_at": cover if cover in places else OWN if cover else "",
        "cover_s": None if cover in places else cover,
        "sound": found.sound,
        "sound_percent": found.sound_percent,
        "own_percent": found.own_percent,
    }
    for row, text in enumerate(found.texts):
        initial |= {
            f"text_{row}": text.text,
            f"text_{row}_from": _s(text.from_ms),
            f"text_{row}_to": _s(text.to_ms),
            f"text_{row}_place": text.place,
            f"text_{row}_size": text.size,
        }
    for row in range(len(found.texts), TEXTS):
        initial |= {f"text_{row}_place": PLACES[1], f"text_{row}_size": SIZES[1]}
    return EditForm(initial=initial)


def rows_of(form: EditForm) -> list[Mapping[str, Any]]:
    """Return the fields of each text; those after the first that hold nothing are folded away."""
    rows = []
    for row in range(TEXTS):
        names = {"text": "", "from": "_from", "to": "_to", "place": "_place", "size": "_size"}
        fields = {name: form[f"text_{row}{end}"] for name, end in names.items()}
        is_open = row == 0 or bool(fields["text"].value()) or any(field.errors for field in fields.values())
        rows.append({**fields, "number": row + 1, "is_open": is_open})
    return rows


def _ms(seconds: Decimal | None) -> int | None:
    return None if seconds is None else int(seconds * _SECOND_MS)


def _s(at_ms: int | None) -> str | None:
    return None if at_ms is None else f"{at_ms / _SECOND_MS:.3f}".rstrip("0").rstrip(".")


def _or(value: int | None, otherwise: int) -> int:
    return otherwise if value is None else value
