"""The queue of ads that wait for a person: approved or refused by a rule, one after the other."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from attise.doors.consoles import frame, pictures, telling, words
from attise.doors.consoles.gate import for_operator
from attise.doors.consoles.visit import Visit
from attise.doors.site import formats
from attise.kernel.errors import Kind, Refusal, Refusals
from attise.kernel.ids import parse_id
from attise.kernel.limits import HOUR_MS
from attise.management.campaigns.rules.review import RULES
from attise.management.review import actions, queries
from attise.management.review.rules import APPROVED, NOTE_CHARACTERS, REJECTED
from attise.management.review.views import WaitingView
from attise.records.lookups import call_to_actions, categories

SHOWN = 50
TARGET_HOURS = 24
"""Within which an ad should be decided on."""
_FIELDS = {"rule", "note"}


@for_operator("GET")
def review_queue(visit: Visit) -> HttpResponse:
    """Show the ad that waits longest, or the one that ``?annonce`` names, and those that wait with it."""
    return _show(visit)


@for_operator("POST")
def decide(visit: Visit, ad_id: int) -> HttpResponse:
    """Approve or refuse an ad as it was seen, then go on to the next."""
    given = visit.request.POST
    verdict, rule, note = given.get("verdict", ""), given.get("rule", ""), given.get("note", "")
    refuses = verdict == REJECTED
    try:
        actions.decide(
            visit.means,
            visit.actor,
            house=settings.HOUSE,
            ad_id=ad_id,
            creative_version=parse_id(given.get("version", "")) or 0,
            verdict=verdict,
            rule=rule if refuses else "",
            note=note if refuses else "",
        )
    except (Refusal, Refusals) as refused:
        return _refused(visit, ad_id, refused, {"refuses": refuses, "rule": rule, "note": note})
    said = _("The ad is refused; its advertiser was told why.") if refuses else _("The ad is approved.")
    messages.success(visit.request, said)
    return HttpResponseRedirect(reverse("review_queue"))


def _refused(visit: Visit, ad_id: int, refused: Refusal | Refusals, filled: dict[str, Any]) -> HttpResponse:
    """Keep what was filled in, under what is wrong with it; what somebody else decided meanwhile leads to the next."""
    items = telling.items_of(refused)
    if items[0].reason.kind in {Kind.CONFLICT, Kind.ABSENT}:
        messages.error(visit.request, f"{telling.sentence(items[0])} {telling.next_step(items[0])}".rstrip())
        return HttpResponseRedirect(reverse("review_queue"))
    for item in items:
        if item.field in _FIELDS:
            filled[f"{item.field}_error"] = telling.sentence(item)
    labels = {"rule": pgettext("review", "Rule"), "note": pgettext("review", "Note")}
    filled["errors"] = [
        {**error, "message": f"{labels[error['field']]} – {error['message']}" if error["field"] else error["message"]}
        for error in telling.summary(refused, {field: field for field in _FIELDS})
    ]
    return _show(visit, ad_id, filled, status=telling.worst_status(items))


def _show(
    visit: Visit, ad_id: int | None = None, filled: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    page = queries.page_queue(visit.means, limit=SHOWN)
    queue = queries.measure_queue(visit.means)
    wanted = ad_id or parse_id(visit.request.GET.get("annonce", ""))
    chosen = next((one for one in page.items if one.ad.id == wanted), next(iter(page.items), None))
    context: dict[str, Any] = {
        "waiting": queue.waiting,
        "longest": _age(queue.longest_ms),
        "is_late": _is_late(queue.longest_ms),
        "target": TARGET_HOURS,
        "rows": [_row(visit, one) for one in page.items],
        "chosen": chosen,
        "rules": [(code, _(sentence)) for code, sentence in RULES.items()],
        "note_most": NOTE_CHARACTERS,
        "approved": APPROVED,
        "rejected": REJECTED,
        **(filled or {}),
    }
    if chosen is not None:
        context |= _of_ad(visit, chosen)
    return frame.page(visit, "operator/reviews.html", "review_queue", context, status=status)


def _row(visit: Visit, one: WaitingView) -> dict[str, Any]:
    ad = one.ad
    return {
        "ad": ad,
        "brand": one.advertiser.name,
        "cover_url": None if ad.post is None else pictures.cover_of(visit.means, ad.post),
        "age": _age(one.waited_ms),
        "is_late": _is_late(one.waited_ms),
        "is_appeal": ad.appealed,
        "url": f"?annonce={ad.id}",
    }


def _of_ad(visit: Visit, one: WaitingView) -> dict[str, Any]:
    """Return what is judged: the creative, where it leads, on whose behalf, and what was decided before."""
    ad, brand = one.ad, one.advertiser
    category = categories.find(brand.category)
    buttons = [row for row in map(call_to_actions.find, ad.calls) if row is not None]
    facts = [
        (_("Advertiser"), brand.name),
        (_("On behalf of"), brand.company),
        (_("Paid by"), brand.payer_name),
        (_("Category"), "" if category is None else words.named(category)),
        (_("Objective"), str(words.OBJECTIVES[ad.objective_type])),
        (_("Shown as"), f"@{ad.creator_handle}" if ad.creator_handle else ad.display_name),
        (_("Call to action"), words.listed([words.named(row) for row in buttons])),
        (_("Deep link"), ad.deeplink),
    ]
    return {
        "name": ad.name if ad.post is None else pictures.first_line(ad.post),
        "player": None if ad.post is None else pictures.player_of(visit.means, ad.post),
        "facts": [(name, value or formats.NO_DATA) for name, value in facts if value or name != _("Deep link")],
        "host": urlsplit(ad.landing_page_url).hostname or "",
        "age": _age(one.waited_ms),
        "is_ad_late": _is_late(one.waited_ms),
        "before_sentence": "" if one.before is None else _(one.before.sentence) if one.before.sentence else "",
    }


def _is_late(waited_ms: int) -> bool:
    return waited_ms > TARGET_HOURS * HOUR_MS


def _age(waited_ms: int) -> str:
    """Return how long something has waited: in minutes, hours or days."""
    minutes = waited_ms // 60_000
    if minutes < 60:  # noqa: PLR2004 - of an hour
        return _("%(count)s min") % {"count": minutes}
    hours = minutes // 60
    if hours < 2 * TARGET_HOURS:
        return _("%(count)s h") % {"count": hours}
    return _("%(count)s d") % {"count": hours // 24}
