"""Why one sees an ad: opened from the ad itself, by whoever watched it, signed in or not.

After: an ad was shown; its item bears the address of this page, which is its token. Everything told here was used in
that one decision, or was not: nothing is guessed afterwards. Whoever holds the token is who was shown the ad.
"""

from __future__ import annotations

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
from attise.measurement.ingest.log import EntryKind
from attise.measurement.ingest.sqlite_log import SqliteLog
from attise.records.decision import Decision, decode_decision
from attise.records.token import Claims, TokenFault, sealer_of


@for_anyone("GET")
def why(request: HttpRequest, token: str) -> HttpResponse:
    """Show it. A token of an organic item, or none of ours, is a page that does not exist."""
    given = means()
    claims = sealer_of(given.secrets).open(token, now_ms=given.clock.wire_ms())
    if claims is TokenFault.EXPIRED:
        return render(request, "consoles/viewer/why_over.html", status=410)
    if isinstance(claims, TokenFault) or claims.ad is None:
        raise Http404
    ad = claims.ad
    payer = accounts.get_advertiser(ad.advertiser_id)
    group = campaigns.find_adgroup(given, advertiser_id=ad.advertiser_id, adgroup_id=ad.adgroup_id)
    decision = _decision_of(claims)
    creator = accounts.find_creator(claims.creator_id) if claims.creator_id else None
    post = posts.find_post(claims.post_id) if claims.post_id else None
    watcher = find_watcher(request)
    context = {
        "is_ours": watcher is not None and watcher.pseudonym == claims.viewer,
        "company": payer.company,
        "payer": payer.payer_name if payer.payer_name != payer.company else "",
        "creator": creator,
        "post": post,
        "facts": [] if decision is None or group is None else shown_because(group.targeting, decision.viewer),
        "decision": decision,
        "exposures": 0 if decision is None or decision.winner is None else decision.winner.exposures,
    }
    return render(request, "consoles/viewer/why.html", context)


def _decision_of(claims: Claims) -> Decision | None:
    """Return the record of the decision, or None: it is written a moment after the answer, and kept for some time."""
    log = SqliteLog(settings.HOUSE.folder, may_write=False)
    try:
        body = log.find(EntryKind.DECISION, claims.decision_id)
    finally:
        log.close()
    return None if body is None else decode_decision(body)
