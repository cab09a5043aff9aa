"""What is spent and counted so far: measurement → serving.

Every value is absolute, of a period or since the beginning, never a difference: a row that is lost, repeated or read
late does no harm, the next one makes it good. Encoded as arrays, without names: a field is added at the end, with a
default, and none is ever moved or removed. Rows hold nothing that leads back to them: a collector of garbage need not
look at a million of them while somebody waits.
"""

from __future__ import annotations

from typing import Final

import msgspec

ENVELOPE: Final = "envelope"
"""What ``attribution_totals`` calls a row whose body is an ``EnvelopeTotals``; below, of the two other sorts."""
POST: Final = "post"
GROUP: Final = "group"
ENVELOPE_KINDS: Final = ("day", "week", "total", "grant", "balance")
"""Over what an envelope's limit counts; the ledger's words."""


class TotalsHead(msgspec.Struct, frozen=True, array_like=True):
    """Up to where totals speak."""

    version: int
    """Rises with every publication that changed a row; rows bear the version they were last changed in."""
    published_at_ms: int
    """Wire time of the last look, also of one that changed nothing: allowances live by it."""
    counted_to_ms: int
    """Wire time: every event received before it is counted. It stands still when settling does."""


class EnvelopeTotals(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One envelope of the ledger in the period it is in. Amounts are micros of its own currency."""

    envelope_id: int
    kind: str
    """One of ``ENVELOPE_KINDS``."""
    begins_at_ms: int
    """World time; 0 for what has no periods."""
    ends_at_ms: int | None
    """World time, not meant: from it on another period counts. None for what has no periods."""
    limit_micros: int | None
    """None: no limit."""
    spent_micros: int
    closed_at_ms: int | None = None
    """Wire time since when it is closed; None: open."""
    spent_by_node: tuple[tuple[int, int], ...] = ()
    """Of what is spent, the part of each process's decisions, by node number; empty: not told."""


class PostCounts(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What people did with a post, by one way to it."""

    impressions: int = 0
    views: int = 0
    views_6s: int = 0
    completions: int = 0
    likes: int = 0
    comments: int = 0
    shares: int = 0
    saves: int = 0
    follows: int = 0
    negatives: int = 0
    """Hidden, reported, or skipped within a second."""
    watch_ms: int = 0

    @property
    def engagements(self) -> int:
        """Likes, comments, shares, saves and follows together."""
        return self.likes + self.comments + self.shares + self.saves + self.follows


class PostCircle(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """How far the feed has taken a post (``measurement.circles``)."""

    circle: int
    """0: its first people; ``last``: everyone."""
    last: int
    is_progressing: bool
    batch_ends: int = 0
    """Organic impressions in all with which it has met its circle's batch; 0: it is not being tested."""


class PostTotals(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A post since its publication: what the feed brought, and what ads did."""

    post_id: int
    organic: PostCounts = PostCounts()
    paid: PostCounts = PostCounts()
    circle: PostCircle | None = None
    """None: nobody has met it yet."""


class GroupTotals(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An ad group in its advertiser's local day: what controls of its bid look at. Amounts are micros."""

    adgroup_id: int
    begins_at_ms: int
    """World time: the start of that day."""
    spent_micros: int = 0
    impressions: int = 0
    clicks: int = 0
    views_6s: int = 0
    conversions: int = 0
    """Results: conversions that it is there for, or acts of viewers where it is there for those."""
    conversions_due_milli: int = 0
    """Thousandths of conversions still to be expected of what was clicked so lately that it may yet convert."""


class Totals(msgspec.Struct, frozen=True, array_like=True):
    """What one reading brings: the head, and the rows that changed since the version that was asked for."""

    head: TotalsHead
    envelopes: tuple[EnvelopeTotals, ...] = ()
    groups: tuple[GroupTotals, ...] = ()
    posts: tuple[PostTotals, ...] = ()


encoder = msgspec.msgpack.Encoder()
