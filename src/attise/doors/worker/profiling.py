"""Profiles follow what was counted: the log is read on to where it is settled, and what viewers did is laid to theirs.

Beside *an event comes back*, behind settling and never in its transaction: whoever counts and charges does not wait for
this. A door, because it brings floors together that do not know each other: what an act says is measurement's to tell,
whose it may be said of, and where it is kept, management's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from attise.doors.site.means import means
from attise.kernel.house import House
from attise.management.accounts.queries import categories_of_creators
from attise.management.posts.queries import creators_of, labels_of
from attise.management.viewers.actions import Held, derive_profiles, renew_profiles
from attise.management.viewers.queries import get_profile_place, may_be_known
from attise.measurement.attribution.plausible import doubt_of
from attise.measurement.attribution.queries import counted_keys, get_mark
from attise.measurement.attribution.reading import Mark, Reader
from attise.measurement.ingest.sqlite_log import SqliteLog
from attise.measurement.profiles.deriving import derive
from attise.measurement.profiles.evidence import TOLD, Act, act_of
from attise.measurement.profiles.topics import topics_of, topics_of_creator
from attise.records.event import Event
from attise.records.profile import Derived

TURN_S: Final = 0.4
"""For how long profiles are derived before other jobs have their turn."""
PROFILE_EVENTS: Final = 200
"""Events of one batch, and so the most viewers that one transaction writes."""
PASSED_EVENTS: Final = 5_000
"""Events that say nothing of anybody who consents: so many are passed over before the place in the log is written."""
PASSED_S: Final = 60.0
"""For so long, too: whoever lets go of the log waits for that place."""
RENEWED_AT_ONCE: Final = 100


class Profiling:
    """What its jobs remember between their turns; all of them run in one thread."""

    def __init__(self, house: House) -> None:
        """Follow the log of a house."""
        self._reader = Reader(SqliteLog(house.folder, may_write=False))
        self._place: Mark | None = None
        """As it is written; what was read may be ahead of it by events that said nothing."""
        self._read = Mark(0, 0)
        self._passed = 0
        self._wrote_at_s = float("-inf")

    def derive(self) -> None:
        """Derive to where the log is settled, or for a while. Raises: Outage."""
        until_s = means().clock.monotonic_s() + TURN_S
        while self._step() and means().clock.monotonic_s() < until_s:
            continue

    def renew(self) -> None:
        """Look again at profiles of which a part has ended, or for a while."""
        until_s = means().clock.monotonic_s() + TURN_S
        while renew_profiles(means(), fold, limit=RENEWED_AT_ONCE) == RENEWED_AT_ONCE:
            if means().clock.monotonic_s() >= until_s:
                return

    def _step(self) -> bool:
        """Take one batch in; tells whether there may be more."""
        if self._place is None:
            self._place = self._read = Mark(*get_profile_place())
        settled, upto = get_mark(), self._read
        acts: dict[str, list[Act]] = {}
        if settled > self._read:
            cut = self._reader.cut(self._read, limit=PROFILE_EVENTS, upto=settled)
            acts, upto = acts_of(cut.events), cut.end
            self._passed += len(cut.events)
        is_end = upto == self._read
        if acts or (upto != self._place and self._is_due()):
            if not derive_profiles(means(), fold, acts, after=self._place, upto=upto):
                self._place = None  # another process was here: what was read is read again from where it ended
                return True
            self._place, self._passed, self._wrote_at_s = upto, 0, means().clock.monotonic_s()
        self._read = upto  # last: a batch that failed is taken again
        return not is_end

    def _is_due(self) -> bool:
        """Tell whether the place is written though there is nothing else to write."""
        is_long_ago = means().clock.monotonic_s() - self._wrote_at_s >= PASSED_S
        return self._passed >= PASSED_EVENTS or is_long_ago


def fold(held: Held, acts: Sequence[Act]) -> Derived:
    """Return what a viewer's profile comes to with more acts, of those that may say anything of them."""
    said = [act for act in acts if held.may_say(act.deed.at_ms)]
    return derive(held.evidence, said, removed=held.removed, now_ms=means().clock.world_ms())


def acts_of(events: Sequence[Event]) -> dict[str, list[Act]]:
    """Return what counted events say, by the pseudonym of whoever may be profiled.

    Cost: one statement where nobody of them consents, else five.
    """
    told = [event for event in events if event.person and event.type in TOLD and not doubt_of(event)]
    known = may_be_known({event.person for event in told}) if told else set()
    told = [event for event in told if event.person in known]
    if not told:
        return {}
    counted = counted_keys({event.key for event in told})
    told = [event for event in told if event.key in counted]
    posts = {event.post_id for event in told if event.post_id}
    creators = creators_of(posts)
    labels = {post_id: topics_of(category, tags) for post_id, (category, tags) in labels_of(posts).items()}
    creator_ids = {event.creator_id or creators.get(event.post_id, 0) for event in told}
    published = categories_of_creators(creator_ids)
    about = {creator_id: topics_of_creator(slugs) for creator_id, slugs in published.items()}
    found: dict[str, list[Act]] = {}
    for event in told:
        act = act_of(
            event,
            creator_id=event.creator_id or creators.get(event.post_id, 0),
            topics_of_post=lambda post_id: labels.get(post_id, ()),
            topics_of_creator=lambda creator_id: about.get(creator_id, ()),
        )
        if act is not None:
            found.setdefault(event.person, []).append(act)
    return found
