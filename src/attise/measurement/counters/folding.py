"""A person's state to an object, folded from all their acts on it, in whatever order they come. Pure.

Acts are ordered by ``(at_ms, event_id)``. The act that turns a state on is the one that counts, for its subject and its
part, in its hour; further ones while it is on say nothing new; the act that turns it off takes that one back, in the
hour of the turning off. A late act changes what the fold says, and counters take the difference.

``MOST_ACTS`` acts are kept of each state; what is older is summed up into what it came to, and an act that is older
still comes too late. A client's time is believed within five minutes of ours: nobody who acts by hand gets there.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from typing import Final, NamedTuple

import msgspec

from attise.kernel.limits import HOUR_MS

MOST_ACTS: Final = 48


class Subject(NamedTuple):
    """What counters stand at."""

    kind: str
    """``post``, ``ad`` (a standard one) or ``profile``."""
    id: int
    creator_id: int
    """0: none, or not known."""


class Act(msgspec.Struct, frozen=True, array_like=True, gc=False, order=True):
    """One act on an object. Ordered by time, then by the event's id. Grows at its end only."""

    at_ms: int
    event_id: str
    is_on: bool
    is_paid: bool
    subject_kind: str
    subject_id: int
    creator_id: int
    ad_id: int = 0
    """Of the ad that brought it; 0: none."""

    @property
    def subject(self) -> Subject:
        """Where it counts."""
        return Subject(self.subject_kind, self.subject_id, self.creator_id)


class State(msgspec.Struct, frozen=True, array_like=True):
    """All that is kept of a person's acts on one object."""

    acts: tuple[Act, ...] = ()
    """By time."""
    base: Act | None = None
    """What had turned the state on before these acts; None: it was off."""
    upto: tuple[int, str] = (-1, "")
    """Time and event id of the newest act that was summed up."""


class Turn(NamedTuple):
    """One turning on or off, as counters take it."""

    credited: Act
    """The act that had turned it on."""
    hour_ms: int
    step: int
    """1: on; -1: off."""


NEW: Final = State()


def turns_of(state: State) -> list[Turn]:
    """Return every turning on and off, oldest first."""
    found: list[Turn] = []
    on = state.base
    for act in state.acts:
        if act.is_on and on is None:
            on = act
            found.append(Turn(act, hour_of(act.at_ms), 1))
        elif not act.is_on and on is not None:
            found.append(Turn(on, hour_of(act.at_ms), -1))
            on = None
    return found


def is_on(state: State) -> bool:
    """Tell how the state stands after all acts."""
    return state.acts[-1].is_on if state.acts else state.base is not None


def with_act(state: State, act: Act) -> tuple[State, list[Turn]]:
    """Return the state with one more act, and what counters take of it: turns as they are now, less those before."""
    if (act.at_ms, act.event_id) <= state.upto:
        return state, []
    place = bisect_left(state.acts, act)
    acts = (*state.acts[:place], act, *state.acts[place:])
    after = State(acts, state.base, state.upto)
    steps: Counter[tuple[Act, int]] = Counter()
    for turn in turns_of(after):
        steps[turn.credited, turn.hour_ms] += turn.step
    for turn in turns_of(state):
        steps[turn.credited, turn.hour_ms] -= turn.step
    turns = [Turn(credited, hour_ms, step) for (credited, hour_ms), step in steps.items() if step]
    return (_shortened(after) if len(acts) > MOST_ACTS else after), turns


def hour_of(at_ms: int) -> int:
    """Return the beginning of the hour of a moment (world time)."""
    return at_ms - at_ms % HOUR_MS


def _shortened(state: State) -> State:
    """Sum up the oldest act."""
    oldest = state.acts[0]
    base = (state.base or oldest) if oldest.is_on else None
    return State(state.acts[1:], base, (oldest.at_ms, oldest.event_id))


encode_state = msgspec.msgpack.Encoder().encode
_DECODER = msgspec.msgpack.Decoder(State)


def decode_state(body: bytes) -> State:
    """Return the state of some bytes, of this release or of any before. Raises: msgspec.MsgspecError."""
    return _DECODER.decode(body)
