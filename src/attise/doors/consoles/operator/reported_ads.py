"""Ads that people reported, on the page of reports: what they say is wrong, what is shown, and what is decided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from attise.doors.consoles import pictures, telling
from attise.doors.consoles.gate import for_operator
from attise.doors.consoles.report_words import REASONS
from attise.doors.consoles.visit import Visit
from attise.kernel.errors import Refusal, Refusals
from attise.kernel.ids import parse_id
from attise.management.campaigns.queries import find_ad_of_house
from attise.management.campaigns.rules.review import RULES
from attise.management.review import actions
from attise.management.review.queries import page_reported_ads
from attise.management.review.rules import KEPT, LIMITED, NOTE_CHARACTERS, REMOVED
from attise.management.review.views import ReportedAd

SHOWN: Final = 50
RULED: Final[dict[str, Promise]] = {
    KEPT: pgettext_lazy("ad ruling", "Kept"),
    LIMITED: pgettext_lazy("ad ruling", "Limited"),
    REMOVED: pgettext_lazy("ad ruling", "Removed"),
}


def context_of(visit: Visit, refused: Mapping[int, Mapping[str, str]]) -> dict[str, Any]:
    """Return what the page's part of ads takes; ``refused``: by ad, a decision as it was sent and what is wrong."""
    page = page_reported_ads(visit.means, limit=SHOWN)
    return {
        "ads": [_row(visit, one) | dict(refused.get(one.ad.id, {})) for one in page.items],
        "are_more_ads": page.after is not None,
        "ad_rules": [(code, _(sentence)) for code, sentence in RULES.items()],
        "ad_note_most": NOTE_CHARACTERS,
    }


@for_operator("POST")
def decide_ad(visit: Visit, ad_id: int) -> HttpResponse:
    """Keep, limit or remove an ad at the reports that were seen; what is refused is said at its row."""
    from attise.doors.consoles.operator.reported import list_again

    if find_ad_of_house(visit.means, ad_id=ad_id) is None:
        raise Http404
    given = visit.request.POST
    verdict, rule, note = given.get("verdict", ""), given.get("rule", ""), given.get("note", "")
    try:
        actions.rule_on_ad(
            visit.means,
            visit.actor,
            house=settings.HOUSE,
            ad_id=ad_id,
            reports=parse_id(given.get("reports", "")) or 0,
            verdict=verdict,
            rule="" if verdict == KEPT else rule,
            note=note,
        )
    except (Refusal, Refusals) as refused:
        items = telling.items_of(refused)
        told = " ".join(telling.sentence(item) for item in items)
        said = {"rule": rule, "note": note, "error": told}
        return list_again(visit, {ad_id: said}, status=telling.worst_status(items))
    messages.success(visit.request, RULED[verdict])
    return HttpResponseRedirect(f"{reverse('reported_posts')}#ads")


def _row(visit: Visit, one: ReportedAd) -> dict[str, Any]:
    post = one.ad.post
    return {
        "one": one,
        "cover_url": None if post is None else pictures.cover_of(visit.means, post),
        "reasons": [(REASONS[reason], total) for reason, total in one.reasons.items()],
        "ruled": "" if one.ruling is None else RULED[one.ruling.verdict],
    }
