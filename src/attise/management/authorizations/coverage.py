"""Which grant opens a creator's account, or one of its posts, to an advertiser: what every Spark Ad stands on.

An ad names an identity and a post, never a grant: where a code ends and a new one of the same post is applied, the ad
stands on the new one. Of several grants the newest that lives counts, as it is the creator's newest word; of those that
are over, the newest tells why.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec
from django.db.models import Q

from attise.kernel.means import Means
from attise.management.authorizations.models import Authorization, Binding
from attise.management.authorizations.rules import State, live_until_ms, state_of
from attise.records.terms import Terms

NO_TERMS = Terms()


@dataclass(frozen=True, slots=True)
class Use:
    """What an ad would show: a post under an identity of an advertiser; no post for one yet to be published."""

    advertiser_id: int
    identity_id: str
    post_id: int | None


@dataclass(frozen=True, slots=True)
class Cover:
    """The grant that a use stands on, at one moment."""

    authorization_id: int
    kind: str
    """``post``, ``account`` or ``own``."""
    creator_id: int
    state: State
    is_held: bool
    """Whether the advertiser still holds it: an account may be taken back from one advertiser alone."""
    ends_at_ms: int | None
    """When it was to end; for an expired code, when it did."""
    live_until_ms: int | None
    """When it ends by the clock; None: nobody has said."""
    permissions: frozenset[str]
    terms: Terms
    terms_version: int
    envelope_id: int | None = None
    """The ledger's envelope of what this advertiser may spend on it."""

    @property
    def is_live(self) -> bool:
        """Whether it opens anything to the advertiser now."""
        return self.is_held and self.state.is_live


def covers_of(means: Means, uses: Iterable[Use]) -> dict[Use, Cover]:
    """Return the grant that each use stands on; a use that never had one has none. Cost: one query."""
    wanted = set(uses)
    if not wanted:
        return {}
    rows = _holds({use.identity_id for use in wanted}, {use.post_id for use in wanted if use.post_id is not None})
    now = means.clock.world_ms()
    best: dict[tuple[int, str, int | None], Cover] = {}
    for row in rows:
        place = (row.advertiser_id, row.identity.identity_id, row.authorization.post_id)
        cover = _cover(row, now)
        known = best.get(place)
        if known is None or _rank(cover) > _rank(known):
            best[place] = cover
    found = {}
    for use in wanted:
        # A grant of an account covers all its posts, so it is kept under no post.
        places = ((use.advertiser_id, use.identity_id, use.post_id), (use.advertiser_id, use.identity_id, None))
        covers = [best[place] for place in places if place in best]
        if covers:
            found[use] = max(covers, key=_rank)
    return found


def _holds(identity_ids: set[str], post_ids: set[int]) -> Iterable[Binding]:
    kinds = Q(authorization__kind=Authorization.Kind.POST, authorization__post_id__in=post_ids)
    kinds |= ~Q(authorization__kind=Authorization.Kind.POST)
    return (
        Binding.objects.select_related("authorization", "identity")
        .defer("sealed_code")
        .filter(kinds, identity__identity_id__in=identity_ids)
    )


def _cover(row: Binding, now_ms: int) -> Cover:
    grant = row.authorization
    return Cover(
        authorization_id=grant.id,
        kind=grant.kind,
        creator_id=grant.creator_id,
        state=state_of(grant, now_ms),
        is_held=row.ended_at_ms is None,
        ends_at_ms=grant.ends_at_ms,
        live_until_ms=live_until_ms(grant),
        permissions=frozenset(grant.permissions),
        terms=msgspec.convert(grant.terms, Terms) if grant.terms else NO_TERMS,
        terms_version=grant.terms_version,
        envelope_id=row.envelope_id,
    )


def _rank(cover: Cover) -> tuple[bool, int]:
    return cover.is_live, cover.authorization_id
