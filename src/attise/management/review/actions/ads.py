"""Somebody reports an ad; a person keeps, limits or removes it, and its advertiser reads why."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection

from attise.kernel.actor import Actor
from attise.kernel.errors import FIELD_REQUIRED, NOT_FOUND, Refusal
from attise.kernel.gather import Gather
from attise.kernel.house import House
from attise.kernel.means import Means
from attise.kernel.text import clean_text
from attise.management.campaigns.actions import switch_ads
from attise.management.campaigns.queries import find_ad_of_house
from attise.management.campaigns.rules.choices import check_choice
from attise.management.campaigns.rules.review import OTHER, RULES
from attise.management.outbox.actions import unit, verb
from attise.management.review.actions.decide import withdraw
from attise.management.review.errors import NOTE_REQUIRED
from attise.management.review.models import AdReport, AdRuling
from attise.management.review.rules import (
    AD_REASONS,
    AD_RULINGS,
    KEPT,
    LIMITED,
    NOTE_CHARACTERS,
    OF_NOBODY,
    REMOVED,
    UNSAID,
)
from attise.management.review.views import AdRulingView, view_ad_ruling

log = logging.getLogger(__name__)


@verb
def report_ad(means: Means, *, ad_id: int, reporter: str, reason: str) -> bool:
    """Keep that somebody reported an ad; returns whether they had not. A reason that is said replaces an unsaid one.

    Raises: ``choice_unknown``, ``not_found``.
    """
    check_choice(reason, AD_REASONS, field="reason")
    if find_ad_of_house(means, ad_id=ad_id) is None:
        raise Refusal(NOT_FOUND, field="ad_id")
    with unit(means):
        _, is_new = AdReport.objects.get_or_create(
            ad_id=ad_id, reporter=reporter, defaults={"reason": reason, "at_ms": means.clock.world_ms()}
        )
        if not is_new and reason != UNSAID:
            AdReport.objects.filter(ad_id=ad_id, reporter=reporter, reason=UNSAID).update(reason=reason)
    return is_new


def forget_unknown(known: Callable[[Collection[str]], set[str]], *, after: str, limit: int) -> tuple[str, int]:
    """Delete the reports of those of ``limit`` people beyond ``after`` whom ``known`` does not know (any more).

    Why: an ad that was shown before somebody was erased may be reported afterwards. Who was shown it without a memory
    is nobody, and stays. Returns where to go on from, empty when all were looked at, and how many rows went.
    """
    rows = AdReport.objects.filter(reporter__gt=after).exclude(reporter__startswith=OF_NOBODY)
    people = list(rows.order_by("reporter").values_list("reporter", flat=True).distinct()[:limit])
    unknown = set(people) - known(people) if people else set()
    gone = AdReport.objects.filter(reporter__in=unknown).delete()[0] if unknown else 0
    return (people[-1] if len(people) == limit else ""), gone


@verb
def rule_on_ad(
    means: Means,
    actor: Actor,
    *,
    house: House,
    ad_id: int,
    reports: int,
    verdict: str,
    rule: str = "",
    note: str = "",
) -> AdRulingView:
    """Keep an ad, take its approval back (*limited*), or remove it for good, at its ``reports``.

    An ad that does not go on stops within two seconds; its advertiser is told of the rule and the note, and may mend a
    limited one or appeal. Raises: ``choice_unknown``, ``field_required`` for the rule of anything but *kept*,
    ``review_note_required``, the refusals of a text, ``not_found``; ``ad_not_in_review`` to limit one that is not
    approved.
    """
    gather = Gather()
    gather.take(check_choice, verdict, AD_RULINGS, field="verdict")
    if rule:
        gather.take(check_choice, rule, RULES, field="rule")
    note = gather.take(clean_text, note, field="note", limit=NOTE_CHARACTERS, lines=True, empty=True)
    if verdict != KEPT and not rule:
        gather.add(Refusal(FIELD_REQUIRED, field="rule"))
    if rule == OTHER and not note:
        gather.add(Refusal(NOTE_REQUIRED, field="note"))
    gather.tell()
    rule = "" if verdict == KEPT else rule
    with unit(means) as work:
        ad = find_ad_of_house(means, ad_id=ad_id)
        if ad is None or ad.is_deleted:
            raise Refusal(NOT_FOUND, field="ad_id")
        if verdict == LIMITED:
            withdraw(means, actor, house=house, ad_id=ad_id, creative_version=ad.creative_version, rule=rule, note=note)
        elif verdict == REMOVED:
            switch_ads(means, actor, advertiser_id=ad.advertiser_id, ad_ids=[ad_id], to="DELETE")
            work.notice("advertiser", ad.advertiser_id, "ad_removed", ad_id, ad=ad.name, rule=rule, note=note)
        row = AdRuling.objects.create(
            id=means.ids.next(),
            ad_id=ad_id,
            reports=reports,
            verdict=verdict,
            rule=rule,
            note=note,
            reviewer=str(actor),
            origin=actor.origin,
            at_ms=means.clock.world_ms(),
        )
        work.notice("operator", 0, "ad_ruled", ad_id, by=str(actor), ad=ad.name, verdict=verdict, note=note)
    log.info("reported ad %s %s by %s", ad_id, verdict, actor)
    return view_ad_ruling(row)
