"""What became of a review: an ad is approved or refused, or its refusal is appealed."""

from __future__ import annotations

from attise.kernel.actor import Actor
from attise.kernel.errors import NOT_FOUND
from attise.kernel.house import House
from attise.kernel.means import Means
from attise.kernel.text import clean_text
from attise.management.campaigns import ad_errors as errors
from attise.management.campaigns.actions import ad_review
from attise.management.campaigns.actions.ad_drafts import stand, told
from attise.management.campaigns.actions.ad_telling import tell_ad, tell_advertiser, tell_operator, why_stopped
from attise.management.campaigns.actions.history import record, touch
from attise.management.campaigns.ad_errors import AdRefused
from attise.management.campaigns.models import Ad
from attise.management.campaigns.queries.ads import get_ad
from attise.management.campaigns.rules.choices import check_choice
from attise.management.campaigns.rules.review import RULES
from attise.management.campaigns.views import AdView
from attise.management.outbox.actions import Unit, unit, verb

PENDING, APPROVED, REJECTED = "pending", "approved", "rejected"
NOTE_CHARACTERS = 500
_COLUMNS = ("review", "review_rule", "review_note", "appealed", "appeal_note", "post_id")


@verb
def set_review(
    means: Means,
    actor: Actor,
    *,
    house: House,
    ad_id: int,
    creative_version: int,
    verdict: str,
    rule: str = "",
    note: str = "",
    was: str = PENDING,
) -> AdView:
    """Approve or refuse the creative that a reviewer saw; called by ``review`` within its own unit of work.

    ``was``: what its review was when they saw it, ``pending`` or ``approved``, which may only be refused: of two
    reviewers one hears of the other. That later refusal may be appealed, whatever was appealed before. An approved push
    is published, if its account still lets it. Without label data nothing is approved. The advertiser is told.
    Raises: ``choice_unknown``, ``not_found``, ``ad_not_in_review``, ``ad_changed_since_seen``, ``label_data_missing``;
    for a push every blocker that stops a creation.
    """
    check_choice(verdict, (APPROVED, REJECTED), field="verdict")
    check_choice(was, (PENDING, APPROVED), field="was")
    if verdict == REJECTED:
        check_choice(rule, RULES, field="rule")
    with unit(means) as work:
        row = _hold(ad_id)
        if row.review != was or verdict == was:
            raise AdRefused(errors.NOTHING_TO_REVIEW, field="ad_id")
        if row.creative_version != creative_version:
            raise AdRefused(errors.REVIEWED_ANOTHER, field="creative_version")
        if verdict == APPROVED and not (row.advertiser.company and row.advertiser.payer_name):
            raise AdRefused(errors.LABEL_DATA_MISSING, field="advertiser_id")
        before, was_stopped = told(row, _COLUMNS), why_stopped(row)
        row.review, row.review_rule, row.review_note = verdict, rule, note
        row.review_at_ms = means.clock.world_ms()
        if was == APPROVED:
            row.appealed, row.appeal_note = False, ""
        ad_review.publish_push(means, actor, row, house=house)
        _save(means, work, actor, row, f"review_{verdict}", before, was_stopped)
        ad_review.hold_words(means, row, stand(means, [row])[row.id].situation.cover)
        tell_advertiser(work, row, f"ad_{verdict}")
    return get_ad(means, advertiser_id=row.advertiser_id, ad_id=ad_id)


@verb
def appeal(means: Means, actor: Actor, *, advertiser_id: int, ad_id: int, note: str = "") -> AdView:
    """Ask once that a refusal be looked at again, by a person, whatever the house reviews by itself.

    ``note``: what the advertiser says against it, up to 500 characters.
    Raises: ``not_found``, ``ad_not_refused``, ``ad_appealed_already``, the refusals of a text.
    """
    note = clean_text(note, field="note", limit=NOTE_CHARACTERS, lines=True, empty=True)
    with unit(means) as work:
        row = _hold(ad_id, advertiser_id=advertiser_id)
        if row.review != Ad.Review.REJECTED:
            raise AdRefused(errors.NOTHING_TO_APPEAL, field="ad_id")
        if row.appealed:
            raise AdRefused(errors.APPEALED_ALREADY, field="ad_id")
        before, was_stopped = told(row, _COLUMNS), why_stopped(row)
        ad_review.wait_for_person(means, row)
        row.appealed, row.appeal_note = True, note
        _save(means, work, actor, row, "appealed", before, was_stopped)
        tell_operator(work, row)
    return get_ad(means, advertiser_id=advertiser_id, ad_id=ad_id)


def _hold(ad_id: int, **owner: int) -> Ad:
    """Return an ad that is not deleted, nor what is above it, held until the unit ends. Raises: ``not_found``."""
    rows = Ad.objects.select_for_update(no_key=True, of=("self",)).select_related("adgroup__campaign", "advertiser")
    rows = rows.filter(adgroup__deleted_at_ms__isnull=True, adgroup__campaign__deleted_at_ms__isnull=True)
    row = rows.filter(id=ad_id, deleted_at_ms__isnull=True, **owner).first()
    if row is None:
        raise AdRefused(NOT_FOUND, field="ad_id")
    return row


def _save(
    means: Means, work: Unit, actor: Actor, row: Ad, verb_done: str, before: dict[str, object], was_stopped: str
) -> None:
    touch(means, row)
    row.save()
    record(means, actor, row, verb_done, before=before, after=told(row, _COLUMNS))
    tell_ad(work, row, before=was_stopped)
