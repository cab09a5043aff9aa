"""What is compared of viewers: which events say it, and what of decisions tells who is compared. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from attise.measurement.counters.signals import VIEWS
from attise.records.decision import Decision
from attise.records.event import Event, key_of_decision

FOLLOWS, PROFILE_VISITS, COMPLETIONS = "follows", "profile_visits", "completions"
SIGNALS: Final = (FOLLOWS, PROFILE_VISITS, COMPLETIONS, "views", "likes", "comments", "shares", "saves")
"""Counters of a post that are compared, the most telling first."""
OF_CREATOR: Final = frozenset({FOLLOWS, PROFILE_VISITS})
"""Those that are done to a creator, through whichever post."""
_OF_TYPE: Final[dict[str, tuple[str, int]]] = {
    "follow": (FOLLOWS, 1),
    "unfollow": (FOLLOWS, -1),
    "profile_visit": (PROFILE_VISITS, 1),
    "complete": (COMPLETIONS, 1),
    "play": ("views", 1),
    "like": ("likes", 1),
    "unlike": ("likes", -1),
    "comment": ("comments", 1),
    "share": ("shares", 1),
    "save": ("saves", 1),
    "unsave": ("saves", -1),
}
_TOLD: Final = _OF_TYPE.keys() | VIEWS


class Win(NamedTuple):
    """A campaign's ad won for somebody, or would have."""

    campaign_id: int
    holdout_ppm: int
    person: str
    is_held: bool
    at_ms: int
    post_id: int
    """0: a standard ad, on which nobody can do anything but through it."""
    creator_id: int


class Met(NamedTuple):
    """A split test met somebody."""

    split_id: int
    person: str
    side: int
    at_ms: int


class Done(NamedTuple):
    """An event as it is compared."""

    key: bytes
    signal: str
    step: int


def wins_of(decisions: Iterable[Decision]) -> list[Win]:
    """Return what decisions say of campaigns with a holdout, of people who are known again."""
    found = []
    for one in decisions:
        person = one.viewer.pseudonym
        if not person:
            continue
        if one.winner is not None and one.winner.holdout_ppm:
            won = one.winner
            found.append(
                Win(
                    *(won.campaign_id, won.holdout_ppm, person, False, one.decided_at_ms),
                    *(won.post_id, won.creator_id),
                )
            )
        found += [
            Win(
                *(ghost.campaign_id, ghost.holdout_ppm, person, True, one.decided_at_ms),
                *(ghost.post_id, ghost.creator_id),
            )
            for ghost in one.ghosts
            if ghost.holdout_ppm
        ]
    return found


def meetings_of(decisions: Iterable[Decision]) -> list[Met]:
    """Return what decisions say of split tests, of people who are known again."""
    return [
        Met(split_id, one.viewer.pseudonym, side, one.decided_at_ms)
        for one in decisions
        if one.splits and one.viewer.pseudonym
        for split_id, side in one.splits
    ]


def may_tell(event: Event) -> bool:
    """Tell whether an event is of what is compared: done by somebody, and not through an ad."""
    return bool(event.person) and event.type in _TOLD and not event.is_paid


def done_by(event: Event) -> list[Done]:
    """Return what an event says, each once: whoever watches on has begun to (``counters.signals``)."""
    found = []
    if event.type in VIEWS and event.claims is not None:
        found.append(Done(key_of_decision(event.claims.decision_id, "play"), "views", 1))
    if event.type in _OF_TYPE:
        found.append(Done(event.key, *_OF_TYPE[event.type]))
    return found
