"""Why one sees an ad: opened from the ad itself, or from the list of those one was shown, signed in or not.

After: an ad was shown; its item bears the address of this page, which is its token. Everything told here was used in
that one decision, or was not: nothing is guessed afterwards. Whoever holds the token is who was shown the ad.
"""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from attise.doors.consoles import telling
from attise.doors.consoles.address import address_of
from attise.doors.consoles.gate import for_anyone
from attise.doors.consoles.report_words import REASONS
from attise.doors.consoles.viewer.watching import find_watcher
from attise.doors.consoles.viewer.why_words import shown_because
from attise.doors.site.ad_reports import report_by_token, reporter_of
from attise.doors.site.means import means
from attise.kernel.errors import Kind, Refusal
from attise.kernel.limits import COMMENTS_PER_HOUR, COMMENTS_PER_MINUTE
from attise.management.accounts import queries as accounts
from attise.management.attempts.actions import Guard, Limit, reserve
from attise.management.campaigns import queries as campaigns
from attise.management.posts import queries as posts
from attise.management.review.queries import find_ad_report
from attise.management.review.rules import SAID_REASONS
from attise.measurement.conversions.queries import find_seen
from attise.measurement.ingest.log import EntryKind
from attise.measurement.ingest.sqlite_log import SqliteLog
from attise.records.decision import Decision, decode_decision
from attise.records.token import TokenFault, sealer_of

_LIMITS = (Limit(COMMENTS_PER_MINUTE, 1), Limit(COMMENTS_PER_HOUR, 60))


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
        request,
        _Ad(
            claims.decision_id,
            ad.advertiser_id,
            ad.adgroup_id,
            claims.post_id,
            claims.creator_id,
            ad.ad_id,
            reporter_of(claims),
            token,
        ),
        is_ours,
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


@for_anyone("POST")
def report_ad(request: HttpRequest, token: str) -> HttpResponse:
    """Report the ad that this page is of, and come back to it; whoever holds the token was shown the ad."""
    reason = request.POST.get("reason", "")
    try:
        reserve(means(), [Guard("report_ad", address_of(request), _LIMITS)])
        report_by_token(means(), settings.HOUSE, token=token, reason=reason)
    except Refusal as refused:
        if refused.field == "token" or refused.reason.kind is Kind.ABSENT:
            raise Http404 from None
        said = _("Say what is wrong with it.") if refused.field == "reason" else telling.sentence(refused)
        messages.error(request, said)
    else:
        messages.success(request, _("Reported. A person looks at it; you are shown no ad of this advertiser any more."))
    return HttpResponseRedirect(reverse("why_ad", args=[token]) + "#report")


class _Ad(NamedTuple):
    """What was shown, and by which decision."""

    decision_id: int
    advertiser_id: int
    adgroup_id: int
    post_id: int
    creator_id: int
    ad_id: int = 0
    reporter: str = ""
    token: str = ""


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
        "token": ad.token,
        "reported": REASONS.get(find_ad_report(ad.ad_id, ad.reporter)) if ad.token else None,
        "reasons": [(one, REASONS[one]) for one in SAID_REASONS],
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
