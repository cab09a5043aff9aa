"""A comment on its way: kept by the room of posts, and appended to the log of events, from which it is counted.

The entry is appended after the commit. Where the log is away then, the worker appends it later (``log_comments``): the
same entry under the same key, which counts once however often it is appended.
"""

from __future__ import annotations

from typing import Final

from django.db import transaction

from attise.doors.site import event_log
from attise.kernel.errors import Refusal
from attise.kernel.house import House
from attise.kernel.means import Means
from attise.management.posts import actions, queries
from attise.management.posts.views import CommentView
from attise.management.viewers.queries import get_record
from attise.measurement.ingest import errors
from attise.measurement.ingest.log import Entry, EntryKind
from attise.records.event import Doubt, Event, encode_event, key_of
from attise.records.token import Claims, TokenFault, sealer_of
from attise.records.viewer import Viewer

TYPE: Final = "comment"
SETTLED_MS: Final = 5_000
"""After so long, whoever wrote a comment has either appended its entry or will not."""
AT_ONCE: Final = 500


def comment(
    means: Means, house: House, *, post_id: int, viewer_id: int, text: str, token: str | None = None
) -> CommentView:
    """Comment a post as a viewer, through an item of a feed where its token is given.

    Raises: ``not_found`` for a viewer or a post, the rules of tokens, ``comments_closed``, and the rules of texts.
    """
    viewer = get_record(viewer_id)
    claims = None if token is None else _claims(means, house, viewer, post_id, token)
    comment_id = means.ids.next()
    event = _event(means, viewer, claims, comment_id=comment_id, post_id=post_id)
    encoded = encode_event(event)
    view = actions.add_comment(
        means,
        comment_id=comment_id,
        post_id=post_id,
        viewer_id=viewer_id,
        follows=viewer.follows,
        text=text,
        event=encoded,
        ad_id=0 if claims is None or claims.ad is None else claims.ad.ad_id,
    )
    transaction.on_commit(lambda: _log(means, [(comment_id, encoded)]), robust=True)
    return view


def log_comments(means: Means) -> int:
    """Append the entries of comments that were left behind; returns how many. Raises: Outage."""
    left = queries.list_unlogged(before_ms=means.clock.world_ms() - SETTLED_MS, limit=AT_ONCE)
    _log(means, left)
    return len(left)


def _log(means: Means, rows: list[tuple[int, bytes]]) -> None:
    if rows:
        event_log.append(means, [Entry(EntryKind.EVENT, 0, event) for _, event in rows])
        actions.note_logged(means, comment_ids=[comment_id for comment_id, _ in rows])


def _claims(means: Means, house: House, viewer: Viewer, post_id: int, token: str) -> Claims:
    opened = sealer_of(house.secrets).open_for(token, TYPE, now_ms=means.clock.wire_ms())
    if isinstance(opened, TokenFault):
        raise Refusal(errors.FAULTS[opened], field="token")
    if opened.viewer != viewer.pseudonym:
        raise Refusal(errors.TOKEN_OF_ANOTHER, field="token")
    if opened.post_id != post_id:
        raise Refusal(errors.POST_MISMATCH, field="token")
    return opened


def _event(means: Means, viewer: Viewer, claims: Claims | None, *, comment_id: int, post_id: int) -> Event:
    """Return the comment as whoever settles takes it."""
    post = queries.find_post(post_id)
    creator_id = 0 if post is None else post.creator_id
    advertiser_id = 0 if claims is None or claims.ad is None else claims.ad.advertiser_id
    is_own = creator_id in viewer.owns or advertiser_id in viewer.owns
    event_id = f"comment:{comment_id}"
    return Event(
        key=key_of(TYPE, event_id, viewer.pseudonym, claims),
        event_id=event_id,
        type=TYPE,
        person=viewer.pseudonym,
        at_ms=means.clock.world_ms(),
        received_ms=means.clock.wire_ms(),
        received_at_ms=means.clock.world_ms(),
        post_id=post_id,
        creator_id=creator_id,
        claims=claims,
        doubt=Doubt.OWN.value if is_own else "",
        session_id="" if claims is None else claims.session_id,
        object_id=comment_id,
    )
