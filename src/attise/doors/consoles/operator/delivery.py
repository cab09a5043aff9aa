"""Delivery as it stands: who works, how far behind they are, and what became of the last slots."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from attise.doors.consoles import frame, telling
from attise.doors.consoles.gate import for_operator
from attise.doors.consoles.visit import Visit
from attise.doors.site.delivering import Delivery, get_delivery
from attise.kernel.errors import Refusal, Refusals
from attise.management.accounts import queries as accounts
from attise.management.policy import actions
from attise.management.policy.rules import NOTE_CHARACTERS
from attise.records.decision import NoAd

ROLES: Final[dict[str, Promise]] = {
    "edge": pgettext_lazy("process", "Answers feeds and takes events"),
    "site": pgettext_lazy("process", "Pages and management"),
    "settle": pgettext_lazy("process", "Counts and charges"),
    "worker": pgettext_lazy("process", "Prepares videos, snapshots and reports"),
}
NEEDED: Final = ("edge", "site", "settle", "worker")
EMPTY: Final[dict[NoAd, Promise]] = {
    NoAd.NONE_ELIGIBLE: gettext_lazy("No ad is for this viewer, place and moment"),
    NoAd.ALL_DROPPED: gettext_lazy("Every ad that was found left the contest"),
    NoAd.BELOW_RESERVE: gettext_lazy("The best would have paid less than the reserve"),
    NoAd.BELOW_ATTENTION: gettext_lazy("The best was worth less than the viewer’s attention"),
    NoAd.SEEN_ENOUGH: gettext_lazy("The viewer saw enough ads this week"),
    NoAd.AFTER_HIDE: gettext_lazy("The viewer hid an ad a moment ago"),
    NoAd.HOLDOUT: gettext_lazy("Held out, to measure what ads change"),
}
LATE_MS: Final = 10_000
"""From then on settling is behind: totals, and with them pacing, speak of a while ago."""


@for_operator("GET")
def delivery(visit: Visit) -> HttpResponse:
    """Show it."""
    return _show(visit)


@for_operator("POST")
def switch_ads(visit: Visit) -> HttpResponse:
    """Stop every ad, or let them run again: a reason, and to stop them the word that is asked for."""
    given = visit.request.POST
    stopped, note = given.get("stopped") == "yes", given.get("note", "")
    errors = {}
    if stopped and given.get("word", "").strip().casefold() != _word().casefold():
        errors["word_error"] = _("Type the word “%(word)s” to confirm.") % {"word": _word()}
    try:
        if not errors:
            actions.set_ads_stopped(visit.means, visit.actor, stopped=stopped, note=note)
    except (Refusal, Refusals) as refused:
        items = telling.items_of(refused)
        errors = {f"{item.field or 'switch'}_error": telling.sentence(item) for item in items}
    if errors:
        return _show(visit, status=422, dialog="publicites", note=note, typed=given.get("word", ""), **errors)
    messages.success(
        visit.request,
        _("No ad is shown any more, within two seconds.") if stopped else _("Ads may be shown again."),
    )
    return HttpResponseRedirect(reverse("delivery"))


def _word() -> str:
    """Return the word that confirms."""
    return pgettext("confirmation", "stop")


def _show(visit: Visit, *, status: int = 200, **more: str) -> HttpResponse:
    found = get_delivery(visit.means, settings.HOUSE)
    seen = {one.role: one for one in found.roles}
    late_ms = max(found.unsettled_ms, found.totals_age_ms or 0)
    context = {
        "found": found,
        "late_s": late_ms // 1_000,
        "is_late": late_ms > LATE_MS,
        "minutes": max(1, round(found.span_ms / 60_000)),
        "empty": [(EMPTY[reason], count) for reason, count in found.empty.items()],
        "roles": [
            {"name": name, "does": ROLES.get(name, ""), "live": seen[name].live if name in seen else 0}
            for name in sorted({*NEEDED, *seen})
            if name in ROLES
        ],
        "ads": _switch(found),
        "dialog": visit.request.GET.get("dialog", ""),
        "word": _word(),
        "note_most": NOTE_CHARACTERS,
        **more,
        "away": [_(name) for name in NEEDED if name not in seen or not seen[name].live],
    }
    return frame.page(visit, "operator/delivery.html", "delivery", context, status=status)


def _switch(found: Delivery) -> dict[str, Any]:
    """Return whether ads are stopped, since when, by whom and why, and how many edges know."""
    last = found.last_switch
    who = "" if last is None else accounts.names_of_actors([last.actor])[last.actor]
    return {"stopped": found.ads_stopped, "last": last, "who": who, "heard": found.edges_heard, "edges": found.edges}
