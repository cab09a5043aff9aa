"""What a viewer does where no script runs: a like, a save or a follow by a form, kept as the same event as any other.

Before: ``feed`` or ``post`` showed the form. After: settling counts the event; a page that is read at once may not show
it yet, so the answer says that it was kept.
"""

from __future__ import annotations

import threading
from functools import cache
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from msgspec import UNSET

from attise.doors.consoles.address import address_of
from attise.doors.consoles.gate import for_anyone, is_ours
from attise.doors.consoles.viewer.watching import remember, watcher_of
from attise.doors.site import event_log
from attise.doors.site.means import means
from attise.kernel.house import Mode
from attise.kernel.seal import encode
from attise.management.posts import queries as posts
from attise.measurement.ingest import networks
from attise.measurement.ingest.accept import Acceptor, Lists, Moment
from attise.measurement.ingest.agents import Agents
from attise.measurement.ingest.keys import Keys
from attise.measurement.ingest.log import Entry, EntryKind
from attise.measurement.ingest.sent import AGENT_CHARACTERS, Sender, Sent
from attise.records.token import sealer_of
from attise.records.viewer import Viewer

SAID: Final[dict[str, Promise]] = {
    "like": gettext_lazy("Liked. The count follows in a moment."),
    "unlike": gettext_lazy("Like taken back. The count follows in a moment."),
    "save": gettext_lazy("Saved. The count follows in a moment."),
    "unsave": gettext_lazy("No longer saved."),
    "follow": gettext_lazy("You follow this creator now."),
    "unfollow": gettext_lazy("You no longer follow this creator."),
}
NAME_BYTES = 12
_lock = threading.Lock()


@for_anyone("POST")
def act(request: HttpRequest, post_id: int) -> HttpResponse:
    """Keep one act on a public post, and go back to the page it was done on."""
    kind, back = request.POST.get("act", ""), request.POST.get("back", "")
    post = posts.find_post(post_id)
    if post is None or not post.is_public or kind not in SAID:
        raise Http404
    viewer = watcher_of(request)
    keep_act(request, viewer, kind, post_id=post.id, creator_id=post.creator_id)
    response = HttpResponseRedirect(back if is_ours(request, back) else reverse("viewer_feed"))
    remember(request, response, viewer)
    return response


def keep_act(request: HttpRequest, viewer: Viewer, kind: str, *, post_id: int = 0, creator_id: int) -> None:
    """Keep what a viewer did on a post's own page, or on a creator's (no ``post_id``), and say that it was kept.

    Durable when this returns. Raises: Outage.
    """
    given = means()
    moment = Moment(given.clock.wire_ms(), given.clock.world_ms())
    sent = Sent(
        event_id=encode(given.chance.token(NAME_BYTES)),
        type=kind,
        at_ms=moment.world_ms,
        post_id=str(post_id) if post_id else UNSET,
        creator_id=str(creator_id),
    )
    sender = Sender(viewer, request.headers.get("User-Agent", "")[:AGENT_CHARACTERS], address_of(request))
    with _lock:
        made = _acceptor().accept([sent], sender, {}, moment)
    event_log.append(given, [Entry(EntryKind.EVENT, 0, body) for body in made.bodies])
    messages.success(request, str(SAID[kind]))


@cache
def _acceptor() -> Acceptor:
    """Return what judges events here, as the edge's own does; the operator's list is read once."""
    path = settings.HOUSE.folder / networks.FILE
    listed = networks.parse_list(path.read_text() if path.exists() else "")
    secrets = means().secrets
    lists = Lists(
        Agents(is_live=settings.HOUSE.mode is Mode.LIVE), listed, networks.Blocks(secrets.key(networks.PURPOSE))
    )
    return Acceptor(sealer_of(secrets), Keys(), lists)
