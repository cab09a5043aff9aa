"""Why one sees an ad: opened from the ad itself, or from the list of those one was shown, signed in or not.

After: an ad was shown; its item bears the address of this page, which is its token. Everything told here was used in
that one decision, or was not: nothing is guessed afterwards. Whoever holds the token is who was shown the ad.
"""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from attise.doors.consoles.gate import for_anyone
from attise.doors.consoles.viewer.watching import find_watcher
from attise.doors.consoles.viewer.why_words import shown_because
from attise.doors.site.means import means
from attise.management.accounts import queries as accounts
from attise.management.campaigns import queries as campaigns
from attise.management.posts import queries as posts
from attise.measurement.conversions.queries import find_seen
from attise.measurement.ingest.log import EntryKind
from attise.measurement.ingest.sqlite_log import SqliteLog
from attise.records.decision import Decision, decode_decision
from attise.records.token import TokenFault, sealer_of


@for_anyone("GET")
def why(request: HttpRequest, token: str) -> HttpResponse:
    """Show it. A token of an organic item, or none of ours, is a page that does not exist."""
    given = means()
    claims = sealer_of(given.secrets).open(token, now_ms=given.clock.wire_ms())
    if claims is TokenFault.EXPIRED:
        return render(request, "consoles/viewer/why_over.html", status=410)
    if isinstance(claims, TokenFault) or claims.ad is None:
        raise Http404
    watcher, ad = find_watcher(request), claims.ad
    is_ours = watcher is not None and watcher.pseudonym == claims.viewer
    return _show(
        request, _Ad(claims.decision_id, ad.advertiser_id, ad.adgroup_id, claims.post_id, claims.creator_id), is_ours
    )


@for_anyone("GET")
def why_shown(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Show it of an ad in the list of those that one was shown: to whoever was, and to nobody else."""
    watcher = find_watcher(request)
    seen = None if watcher is None else find_seen(watcher.pseudonym, decision_id)
    if seen is None:
        raise Http404
    post = posts.find_post(seen.post_id) if seen.post_id else None
    creator_id = 0 if post is None else post.creator_id
    ad = _Ad(decision_id, seen.advertiser_id, seen.adgroup_id, seen.post_id, creator_id)
    return _show(request, ad, is_ours=True)


class _Ad(NamedTuple):
    """What was shown, and by which decision."""

    decision_id: int
    advertiser_id: int
    adgroup_id: int
    post_id: int
    creator_id: int


def _show(request: HttpRequest, ad: _Ad, is_ours: bool) -> HttpResponse:
    payer = accounts.get_advertiser(ad.advertiser_id)
    group = campaigns.find_adgroup(means(), advertiser_id=ad.advertiser_id, adgroup_id=ad.adgroup_id)
    decision = _decision(ad.decision_id)
    context = {
        "is_ours": is_ours,
        "company": payer.company,
        "payer": payer.payer_name if payer.payer_name != payer.company else "",
        "creator": accounts.find_creator(ad.creator_id) if ad.creator_id else None,
        "post": posts.find_post(ad.post_id) if ad.post_id else None,
        "facts": [] if decision is None or group is None else shown_because(group.targeting, decision.viewer),
        "decision": decision,
        "exposures": 0 if decision is None or decision.winner is None else decision.winner.exposures,
    }
    return render(request, "consoles/viewer/why.html", context)


def _decision(decision_id: int) -> Decision | None:
    """Return the record of a decision, or None: it is written a moment after the answer, and kept for some time."""
    log = SqliteLog(settings.HOUSE.folder, may_write=False)
    try:
        body = log.find(EntryKind.DECISION, decision_id)
    finally:
        log.close()
    return None if body is None else decode_decision(body)
