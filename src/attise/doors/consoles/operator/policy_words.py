"""What is set for the house, in words: names of settings and their values, for pages, the journal and notices."""

from __future__ import annotations

from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from attise.doors.consoles import words
from attise.doors.consoles.money_text import typed_percent
from attise.doors.site import formats
from attise.management.policy.rules import ADS_STOPPED, AUTOMATIC, BY_MODE, PERSON

NAMES: Final[dict[str, Promise]] = {
    "least_budget_micros": gettext_lazy("Least budget per day"),
    "grant_days": gettext_lazy("Durations of authorizations"),
    "review": gettext_lazy("Review of ads"),
    "fee_ppm": gettext_lazy("Platform fee"),
    "languages": gettext_lazy("Languages"),
    ADS_STOPPED: gettext_lazy("Ads"),
}
REVIEWS: Final[dict[str, tuple[Promise, Promise]]] = {
    PERSON: (
        pgettext_lazy("review", "A person"),
        gettext_lazy("Every new or changed ad waits in the review queue."),
    ),
    AUTOMATIC: (
        pgettext_lazy("review", "No review"),
        gettext_lazy("Ads are approved at once. What a category gates, and appeals, still wait for a person."),
    ),
    BY_MODE: (
        pgettext_lazy("review", "As the house has it"),
        gettext_lazy("A person reviews in a live house; a sandbox or an example has no review."),
    ),
}
LANGUAGES: Final = {"fr": "Français", "en": "English"}


def in_words(name: str, value: Any) -> str:
    """Return a value of a setting as people read it."""
    language = formats.language_of(get_language())
    if name == "least_budget_micros":
        return formats.money(int(value), "EUR", language, short=True)
    if name == "grant_days":
        days = words.listed([str(one) for one in value])
        return ngettext("%(days)s day", "%(days)s days", max(value)) % {"days": days}
    if name == "review":
        return str(REVIEWS[value][0])
    if name == "fee_ppm":
        gap = "\u00a0" if language == formats.FRENCH else ""
        return f"{typed_percent(int(value), language)}{gap}%"
    if name == "languages":
        return words.listed([LANGUAGES[one] for one in value])
    return _("Stopped") if value else _("Running")
