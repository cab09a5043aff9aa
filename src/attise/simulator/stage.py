"""What a story may do with a house, and all it may see of it: what people, shops and creators can from outside.

The story knows this and the truth (``truth``), the house knows neither of them. A door puts one together from the same
parts as its processes (``doors.cli.living``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol

import msgspec

from attise.kernel.clock import Clock
from attise.kernel.house import House
from attise.kernel.means import Means
from attise.measurement.ingest.reported import Reported
from attise.measurement.ingest.sent import Sent


class GivenAd(msgspec.Struct, frozen=True, gc=False):
    """What somebody sees of an ad that they were given."""

    ad_id: int
    advertiser_id: int
    is_spark: bool
    """Whether a creator's post is shown; else a video under a brand's name."""
    has_page: bool
    """Whether its button leads to a page."""


class Given(msgspec.Struct, frozen=True, gc=False):
    """One item of an answer."""

    token: str
    decision_id: int
    post_id: int
    """0: a standard ad."""
    duration_ms: int
    ad: GivenAd | None = None


class Batch(msgspec.Struct, frozen=True, gc=False):
    """Events that a viewer's device sends together."""

    viewer_id: int
    received_ms: int
    """World time; the stage knows what that is on the wire."""
    agent: str
    address: str
    events: Sequence[Sent]


class Report(msgspec.Struct, frozen=True, gc=False):
    """Something that a shop's server tells."""

    pixel_id: int
    advertiser_id: int
    received_ms: int
    """World time, as above."""
    reported: Reported


class Stage(Protocol):
    """One house and its time."""

    @property
    def clock(self) -> Clock:
        """World and wire time, to be read; ``pass_to`` lets it pass."""
        ...

    @property
    def means(self) -> Means:
        """What verbs of management are given."""
        ...

    @property
    def house(self) -> House:
        """Whose files posts are."""
        ...

    def pass_to(self, moment_ms: int) -> None:
        """Return when the world has come to a moment, at once where it is past it."""
        ...

    def follow(self, viewer_ids: Collection[int], *, until_ms: int) -> None:
        """Have decisions know what was changed and spent, which is what processes do every half second.

        ``viewer_ids`` are about to ask, and those who come after ``until_ms`` only after another call. In between
        nothing is declared: what the turn before came to is counted meanwhile.
        """
        ...

    def ask(self, viewer_id: int, *, count: int, session_id: str) -> list[Given]:
        """Return a feed of ``count`` items at most."""
        ...

    def tell(self, batches: Iterable[Batch]) -> int:
        """Take events in; returns how many were accepted. They are kept by ``settle``."""
        ...

    def report(self, reports: Iterable[Report]) -> int:
        """Take in what shops tell; returns how many."""
        ...

    def click_id(self, decision_id: int) -> str:
        """Return what the landing page is told of a click (``ttclid``)."""
        ...

    def comment(self, *, viewer_id: int, post_id: int, token: str, text: str) -> None:
        """Write under a post, at the latest when the turn is over."""
        ...

    def settle(self) -> int:
        """Make durable what was taken in, to be counted and charged by the next turn; returns how many events."""
        ...

    def keep_house(self) -> None:
        """Do what processes do every now and then: reminders, expiries, budgets of the day, follows, sweeping."""
        ...

    def complete(self) -> int:
        """Have everything counted, charged and told that was taken in; returns how many events were made durable."""
        ...

    def shown_of(self, post_ids: Sequence[int]) -> Mapping[int, tuple[int, int]]:
        """Return how many likes and comments everybody sees of posts; those without any count are left out."""
        ...
