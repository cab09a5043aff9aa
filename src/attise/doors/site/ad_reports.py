"""Somebody reports an ad that they were shown: kept with what is wrong, and appended to the log as any other act.

The same for the page that says why one sees an ad and for the API. The act has the ad's advertiser hidden from whoever
reports, and says to the model that the ad was not wanted; what it counts once by is the person and the ad, so
that it may be appended again where the log was away.
"""

from __future__ import annotations

from typing import Final

from attise.doors.site import event_log
from attise.kernel.errors import Refusal
from attise.kernel.house import House
from attise.kernel.means import Means
from attise.management.campaigns.rules.choices import check_choice
from attise.management.review.actions import report_ad
from attise.management.review.rules import OF_NOBODY, SAID_REASONS
from attise.measurement.ingest import errors
from attise.measurement.ingest.log import Entry, EntryKind
from attise.records.event import Event, encode_event, key_of
from attise.records.token import Claims, TokenFault, sealer_of

TYPE: Final = "report"


def reporter_of(claims: Claims) -> str:
    """Return whom a token speaks of: who was shown the item, or the decision of somebody without memory."""
    return claims.viewer or f"{OF_NOBODY}{claims.decision_id}"


def report_by_token(means: Means, house: House, *, token: str, reason: str) -> int:
    """Report the ad of an item token, and return its id.

    Raises: the faults of tokens, ``token_type`` for an item that is no ad; ``choice_unknown``, ``not_found``; Outage.
    """
    check_choice(reason, SAID_REASONS, field="reason")
    claims = sealer_of(house.secrets).open_for(token, TYPE, now_ms=means.clock.wire_ms())
    if isinstance(claims, TokenFault):
        raise Refusal(errors.FAULTS[claims], field="token")
    if claims.ad is None:
        raise Refusal(errors.TOKEN_TYPE, field="token")
    ad_id = claims.ad.ad_id
    report_ad(means, ad_id=ad_id, reporter=reporter_of(claims), reason=reason)
    event_log.append(means, [Entry(EntryKind.EVENT, 0, encode_event(_event(means, claims)))])
    return ad_id


def _event(means: Means, claims: Claims) -> Event:
    event_id = f"report:{0 if claims.ad is None else claims.ad.ad_id}"
    return Event(
        key=key_of(TYPE, event_id, claims.viewer, claims),
        event_id=event_id,
        type=TYPE,
        person=claims.viewer,
        at_ms=means.clock.world_ms(),
        received_ms=means.clock.wire_ms(),
        received_at_ms=means.clock.world_ms(),
        post_id=claims.post_id,
        creator_id=claims.creator_id,
        claims=claims,
        session_id=claims.session_id,
    )
