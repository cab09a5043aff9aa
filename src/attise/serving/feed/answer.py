"""One request, whole: posts, ads, and what is remembered afterwards. Step 2 to 4 of *a feed request is decided*.

For whoever has a stock and a state in hand: simulations, benchmarks, programs of one's own. A door that shares its
allowances between threads composes the same parts around its lock.
"""

from __future__ import annotations

from collections.abc import Sequence

from attise.records.decision import Decision
from attise.records.feed import FeedRequest
from attise.serving.delivery.decide import decide_slots, hold
from attise.serving.delivery.memory import ViewerMemory, answered, passed_by
from attise.serving.delivery.state import State
from attise.serving.feed.mixing import EXPLORATION, FeedAnswer, Session, ads_only, mix
from attise.serving.feed.posts import PostIndex


def answer(
    request: FeedRequest,
    posts: PostIndex,
    state: State | None,
    memory: ViewerMemory | None,
    *,
    exploration: float = EXPLORATION,
) -> FeedAnswer:
    """Return what a request is answered with; nothing is changed by it.

    Args: state: None where no ad may be decided on: every item is a post; memory: None for somebody without.
    Invariants: as ``mix``. The same arguments, the same answer.
    """

    def decide(slots: tuple[int, ...]) -> tuple[Decision, ...]:
        return () if state is None else decide_slots(request, state, memory, slots)

    if request.ads_only:
        return ads_only(request, decide)
    return mix(
        request,
        posts,
        decide,
        seen=() if memory is None else memory.seen_posts,
        session=session_of(memory, request.session_id),
        snapshot_version=0 if state is None else state.versions.snapshot,
        exploration=exploration,
    )


def session_of(memory: ViewerMemory | None, session_id: str) -> Session:
    """Return how far a viewer has come in a session; another one than remembered begins."""
    if memory is None or memory.session_id != session_id:
        return Session()
    return Session(memory.session_shown, None if memory.session_since_ad < 0 else memory.session_since_ad)


def sent(
    request: FeedRequest, state: State | None, memory: ViewerMemory | None, given: FeedAnswer
) -> ViewerMemory | None:
    """Hold what an answer's ads may cost against budgets, and return the viewer's memory after it: once it is sent."""
    if state is not None and given.ads:
        hold(state, [item.decision for item in given.ads], wire_ms=request.wire_ms)
    if memory is None:
        return None
    stand: Sequence[int] = [item.place for item in given.ads]
    if request.ads_only:  # slots of a feed that is not ours: what went without is not among the items
        stand = range(len(given.ads))
        memory = passed_by(memory, request.count - len(given))
    ads = [(place, item.decision) for place, item in zip(stand, given.ads, strict=True)]
    return answered(memory, given.post_ids, ads, session_id=request.session_id, now_ms=request.now_ms)
