"""Which grant opens a creator's account, or one of its posts, to an advertiser: what every Spark Ad stands on.

An ad names an identity and a post, never a grant: where a code ends and a new one of the same post is applied, the ad
stands on the new one. Of several grants the newest that lives counts, as it is the creator's newest word; of those that
are over, the newest tells why.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import msgspec
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from attise.kernel.means import Means
from attise.management.authorizations.models import Authorization, Binding
from attise.management.authorizations.rules import State, live_until_ms, state_of
from attise.records.terms import Terms


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
    starts_at_ms: int = 0
    identity_key: int = 0
    """The row of the identity it is used under, which ``identity_stopped`` names."""

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
    for hold in rows:
        place = (hold.advertiser_id, hold.identity_id, hold.post_id)
        cover = _cover(hold, now)
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


def allowed_by(means: Means, identity_keys: Collection[int]) -> dict[int, frozenset[str]]:
    """Return what the live grants of each identity allow, by its row; none allows nothing.

    Columns alone: a creator who gives one advertiser a code for each post has hundreds of grants under one identity.
    Cost: one query.
    """
    now = means.clock.world_ms()
    holds = Binding.objects.filter(identity_id__in=identity_keys, ended_at_ms__isnull=True)
    found: dict[int, frozenset[str]] = {}
    for key, *times, permissions in holds.values_list("identity_id", *_TIMES, _as_text("permissions")):
        if state_of(_Times(*times), now).is_live:
            found[key] = found.get(key, NOTHING) | (_permissions_of(permissions) or EXISTING)
    return found


class _Times(NamedTuple):
    """What tells the state of a grant."""

    state: str
    ends_at_ms: int | None
    revoke_at_ms: int | None


class _Hold(NamedTuple):
    """One advertiser's hold on one grant: columns alone, since snapshots read hundreds of thousands."""

    identity_key: int
    identity_id: str
    advertiser_id: int
    ended_at_ms: int | None
    envelope_id: int | None
    authorization_id: int
    kind: str
    creator_id: int
    post_id: int | None
    state: str
    starts_at_ms: int
    ends_at_ms: int | None
    revoke_at_ms: int | None
    permissions: str
    """JSON, as ``terms``: the same few texts again and again."""
    terms: str
    terms_version: int


def _as_text(name: str) -> Cast:
    return Cast(f"authorization__{name}", TextField())


NOTHING: frozenset[str] = frozenset()
EXISTING = frozenset({"existing_posts"})
"""What a code allows, which names no permissions."""
_TIMES = tuple(f"authorization__{name}" for name in _Times._fields)
_TEXTS = frozenset({"permissions", "terms"})
_COLUMNS = (
    *("identity_id", "identity__identity_id", "advertiser_id", "ended_at_ms", "envelope_id", "authorization_id"),
    *(_as_text(name) if name in _TEXTS else f"authorization__{name}" for name in _Hold._fields[6:]),
)


@lru_cache(maxsize=1_000)
def _permissions_of(text: str) -> frozenset[str]:
    return msgspec.json.decode(text, type=frozenset[str])


@lru_cache(maxsize=1_000)
def _terms_of(text: str) -> Terms:
    return msgspec.json.decode(text, type=Terms)


def _holds(identity_ids: set[str], post_ids: set[int]) -> Iterable[_Hold]:
    kinds = Q(authorization__kind=Authorization.Kind.POST, authorization__post_id__in=post_ids)
    kinds |= ~Q(authorization__kind=Authorization.Kind.POST)
    rows = Binding.objects.filter(kinds, identity__identity_id__in=identity_ids)
    return map(_Hold._make, rows.values_list(*_COLUMNS))


def _cover(hold: _Hold, now_ms: int) -> Cover:
    return Cover(
        authorization_id=hold.authorization_id,
        kind=hold.kind,
        creator_id=hold.creator_id,
        state=state_of(hold, now_ms),
        is_held=hold.ended_at_ms is None,
        ends_at_ms=hold.ends_at_ms,
        live_until_ms=live_until_ms(hold),
        permissions=_permissions_of(hold.permissions),
        terms=_terms_of(hold.terms),
        terms_version=hold.terms_version,
        envelope_id=hold.envelope_id,
        starts_at_ms=hold.starts_at_ms,
        identity_key=hold.identity_key,
    )


def list_ended(*, after_ms: int, upto_ms: int) -> list[tuple[int, int | None, int]]:
    """Return the grants that the clock ended between two moments (world time, the later one included).

    Each as its id, its post (None of an account) and its creator. Cost: two queries on indexes.
    """
    alive = Authorization.objects.exclude(state=State.REVOKED)
    found: set[tuple[int, int | None, int]] = set()
    for column in ("ends_at_ms", "revoke_at_ms"):
        rows = alive.filter(**{f"{column}__gt": after_ms, f"{column}__lte": upto_ms})
        found.update(rows.values_list("id", "post_id", "creator_id"))
    return sorted(found, key=lambda grant: grant[0])


def _rank(cover: Cover) -> tuple[bool, int]:
    return cover.is_live, cover.authorization_id
