"""The share of viewers who are held out of a campaign, as its page says it and as it is typed there."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from attise.doors.consoles import money_text, telling
from attise.doors.site import formats
from attise.kernel.errors import Refusal, Refusals
from attise.records.terms import PPM

TYPED = 40
"""Signs of what was typed that are kept."""


@dataclass(frozen=True, slots=True)
class Holdout:
    """The form of a campaign's holdout: what stands in it, and what stands against that."""

    typed: str
    error: str = ""

    @classmethod
    def of(cls, share_ppm: int) -> Holdout:
        """Return the form as it opens."""
        return cls(money_text.typed_percent(share_ppm, formats.language_of(get_language())))

    @classmethod
    def unreadable(cls, typed: str) -> Holdout:
        """Return the form with what is no percentage."""
        return cls(typed, _("Give a percentage from 0 to 50, with at most four decimals."))

    @classmethod
    def refused(cls, typed: str, refused: Refusal | Refusals) -> Holdout:
        """Return the form with what stands against its change."""
        return cls(typed, " ".join(telling.sentence(one) for one in telling.items_of(refused)))


def in_words(share_ppm: int) -> str:
    """Return whom a campaign is not shown, as facts say it."""
    if share_ppm == 0:
        return _("Nobody")
    language = formats.language_of(get_language())
    percent = formats.percent(share_ppm, PPM, language, places=money_text.places_of(share_ppm))
    return _("%(percent)s of the viewers, who never see its ads") % {"percent": percent}
