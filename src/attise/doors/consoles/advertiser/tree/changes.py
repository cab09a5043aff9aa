"""The history of a campaign, an ad group or an ad, as people read it: who, when, what was, what is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from attise.doors.consoles import money_text, words
from attise.doors.site import formats
from attise.kernel.clock import to_datetime
from attise.management.accounts.queries import names_of_actors
from attise.management.campaigns.rules.review import sentence_of
from attise.management.campaigns.views import HistoryView
from attise.records.terms import PPM

VERBS: Final[dict[str, Promise]] = {
    "created": pgettext_lazy("history", "Created"),
    "updated": pgettext_lazy("history", "Changed"),
    "switched": pgettext_lazy("history", "Changed"),
    "switched_on": pgettext_lazy("history", "Switched on"),
    "switched_off": pgettext_lazy("history", "Paused"),
    "deleted": pgettext_lazy("history", "Deleted"),
    "split_launched": pgettext_lazy("history", "Compared in a split test"),
    "split_ended": pgettext_lazy("history", "Split test over"),
    "budget_set": pgettext_lazy("history", "Budget changed"),
    "scheduled_budget_begun": pgettext_lazy("history", "Planned budget begun"),
    "review_approved": pgettext_lazy("history", "Approved by the review"),
    "review_rejected": pgettext_lazy("history", "Refused by the review"),
    "appealed": pgettext_lazy("history", "Refusal contested"),
    "creator_approved": pgettext_lazy("history", "Approved by the creator"),
    "creator_refused": pgettext_lazy("history", "Refused by the creator"),
}
"""What happened, by the verbs of histories."""
MADE: Final[dict[str, Promise]] = {
    "approved": pgettext_lazy("history", "Created, approved by the automatic review"),
    "pending": pgettext_lazy("history", "Created and sent for review"),
}
"""What happened to an ad that was made, by where its creation put it in the review."""
FIELDS: Final[dict[str, Promise]] = {
    "name": gettext_lazy("Name"),
    "operation_status": pgettext_lazy("switch", "On"),
    "budget_micros": gettext_lazy("Budget"),
    "scheduled_budget_micros": gettext_lazy("Budget from the next day"),
    "scheduled_from_ms": gettext_lazy("Begins"),
    "bid_micros": gettext_lazy("Bid"),
    "conversion_bid_micros": gettext_lazy("Target cost of a result"),
    "bid_type": gettext_lazy("Bid type"),
    "pacing": gettext_lazy("Pacing"),
    "schedule_type": gettext_lazy("Schedule"),
    "starts_at_ms": gettext_lazy("Begins"),
    "ends_at_ms": gettext_lazy("Ends"),
    "dayparting": gettext_lazy("Hours"),
    "frequency": gettext_lazy("Impressions per viewer"),
    "frequency_days": gettext_lazy("Within days"),
    "targeting": gettext_lazy("Targeting"),
    "special_industries": gettext_lazy("Special categories"),
    "po_number": gettext_lazy("Order number"),
    "holdout_ppm": gettext_lazy("Holdout"),
    "landing_page_url": gettext_lazy("Landing page"),
    "call_to_action": gettext_lazy("Call to action"),
    "ad_text": gettext_lazy("Text"),
    "review": pgettext_lazy("history", "Review"),
    "review_rule": pgettext_lazy("history", "Rule"),
    "review_note": pgettext_lazy("history", "Note"),
    "appeal_note": pgettext_lazy("history", "Note"),
    "post_id": gettext_lazy("Post"),
    "creator_word": gettext_lazy("Creator's word"),
    "deleted_at_ms": pgettext_lazy("history", "Deleted"),
}
"""What changed, by the names of histories; others are told by these names."""
_QUIET: Final = frozenset({"creative_version", "appealed", "split_id", "split_side"})


@dataclass(frozen=True, slots=True)
class Change:
    """One field, before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One act on an object."""

    at_ms: int
    verb: str
    who: str
    changes: tuple[Change, ...]


def told(entries: list[HistoryView], currency: str) -> list[Entry]:
    """Return entries in words. Cost: a query for each kind of actors."""
    names = names_of_actors({one.actor for one in entries})
    return [
        Entry(
            at_ms=one.at_ms,
            verb=_verb(one),
            who=names[one.actor],
            changes=() if one.verb == "created" else changes_of(one.before, one.after, currency),
        )
        for one in entries
    ]


def _verb(entry: HistoryView) -> str:
    """Return what happened; of an ad that was made, with where that put it in the review."""
    if _is_deletion(entry):
        return str(VERBS["deleted"])
    made = MADE.get(str(entry.after.get("review", ""))) if entry.verb == "created" else None
    return str(made or VERBS.get(entry.verb, entry.verb))


def _is_deletion(entry: HistoryView) -> bool:
    return entry.after.get("deleted_at_ms") is not None


def changes_of(before: Mapping[str, Any], after: Mapping[str, Any], currency: str) -> tuple[Change, ...]:
    """Return what an act changed, as people read it."""
    fields = [name for name in {**before, **after} if name not in _QUIET and name != "deleted_at_ms"]
    return tuple(
        Change(
            label=str(FIELDS.get(name, name)),
            before=_value(name, before, currency),
            after=_value(name, after, currency),
        )
        for name in fields
    )


def _value(name: str, values: Mapping[str, Any], currency: str) -> str:
    """Return a value of a history as people read it."""
    value = values.get(name)
    if value is None or value in ("", [], {}):
        return formats.NO_DATA
    if name == "targeting":
        return _("another targeting")
    if name.endswith(("_micros", "_ppm", "_ms")):
        return _measure(name, int(value), currency)
    if isinstance(value, list):
        return words.listed([str(one) for one in value])
    said = _WORDS.get(str(value))
    return said() if said is not None else _(sentence_of(str(value))) if name == "review_rule" else str(value)


def _measure(name: str, value: int, currency: str) -> str:
    """Return an amount, a share or a moment as people read it, by the unit at the end of its name."""
    language = formats.language_of(get_language())
    if name.endswith("_micros"):
        return formats.money(value, currency, language, short=True)
    if name.endswith("_ppm"):
        return formats.percent(value, PPM, language, places=money_text.places_of(value))
    return formats.day_and_clock(timezone.localtime(to_datetime(value)), language)


_WORDS: Final[dict[str, Callable[[], str]]] = {
    "True": lambda: _("yes"),
    "False": lambda: _("no"),
    "ENABLE": lambda: _("yes"),
    "DISABLE": lambda: _("no"),
    "PACING_MODE_SMOOTH": lambda: _("spread out"),
    "PACING_MODE_FAST": lambda: _("as fast as possible"),
    "pending": lambda: _("awaited"),
    "approved": lambda: _("approved"),
    "rejected": lambda: _("refused"),
    "refused": lambda: _("refused"),
    "not_needed": lambda: _("not needed"),
}
