"""What a person granted in a Business Center ends with their membership, and stays ended if they come back."""

from __future__ import annotations

from contextlib import suppress

from attise.kernel.errors import Refusal
from attise.kernel.means import Means
from attise.management.accounts.actions.tokens import withdraw_token
from attise.management.accounts.models import Advertiser, Link, OAuthCode, TokenAdvertiser


def end_grants_of(means: Means, *, business_center_id: int, person_id: int) -> None:
    """End a person's tokens, agreements and invitations as far as they reach one Business Center.

    The caller's unit is open and holds the Business Center. What reads a membership at each request is dead already;
    this keeps it dead for a member who was removed and invited again.
    """
    reached = TokenAdvertiser.objects.filter(
        token__person_id=person_id,
        token__revoked_at_ms__isnull=True,
        advertiser__business_center_id=business_center_id,
    )
    for token_id in sorted(set(reached.values_list("token_id", flat=True))):
        with suppress(Refusal):  # revoked by somebody else at this moment
            withdraw_token(means, business_center_id=business_center_id, token_id=token_id)
    now = means.clock.wire_ms()
    here = set(Advertiser.objects.filter(business_center_id=business_center_id).values_list("id", flat=True))
    agreed = OAuthCode.objects.filter(person_id=person_id, used_at_ms__isnull=True, expires_at_ms__gt=now)
    ended = [row.id for row in agreed if here.intersection(row.advertiser_ids)]
    OAuthCode.objects.filter(id__in=ended).update(used_at_ms=now)
    Link.objects.filter(
        purpose=Link.Purpose.INVITATION,
        used_at_ms__isnull=True,
        invitation__business_center_id=business_center_id,
        invitation__invited_by=person_id,
    ).update(used_at_ms=now)
