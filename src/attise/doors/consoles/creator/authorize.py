"""A creator authorizes a post, extends, revokes.

Steps 1 to 4 of *a creator authorizes a post*, by hand. After: an advertiser applies the code.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from attise.doors.consoles import shown_once, telling
from attise.doors.consoles.creator.ad_settings import CODE, day_of
from attise.doors.consoles.creator.grant_form import SPELLED, GrantForm
from attise.doors.consoles.creator.post import own_post, show
from attise.doors.consoles.gate import for_creator
from attise.doors.consoles.visit import CreatorVisit
from attise.kernel.errors import Refusal, Refusals
from attise.kernel.limits import GRANT_DAYS
from attise.management.authorizations import actions
from attise.management.authorizations.views import AuthorizationView
from attise.management.campaigns.queries import end_of_ads_on


@for_creator("POST")
def authorize(visit: CreatorVisit, post_id: int) -> HttpResponse:
    """Make a code; the page that follows shows it, once."""
    post = own_post(visit, post_id)
    form = GrantForm(visit.request.POST)
    if not form.is_valid():
        return show(visit, post, grant_form=form, dialog="autoriser", status=422)
    try:
        view, code = actions.grant_post(
            visit.means,
            visit.actor,
            creator_id=visit.account.id,
            post_id=post.id,
            days=form.cleaned_data["days"],
            terms=form.terms(),
        )
    except (Refusal, Refusals) as refused:
        status = telling.put_into(form, refused, SPELLED)
        return show(visit, post, grant_form=form, dialog="autoriser", status=status)
    shown_once.keep(visit.request, visit.means, CODE + str(post.id), code=code, until_ms=view.ends_at_ms)
    return HttpResponseRedirect(reverse("creator_post", args=[post.id]) + "#autorisation")


@for_creator("POST")
def extend(visit: CreatorVisit, authorization_id: int) -> HttpResponse:
    """Add days to a grant, from its current end."""
    days = visit.request.POST.get(f"days_{authorization_id}", "")  # named apart, as a page may hold several
    view = actions.extend(
        visit.means,
        visit.actor,
        creator_id=visit.account.id,
        authorization_id=authorization_id,
        days=int(days) if days in {str(count) for count in GRANT_DAYS} else 0,
    )
    messages.success(
        visit.request,
        _("Extended until %(date)s. The code stays the same.") % {"date": day_of(view.ends_at_ms or 0)},
    )
    return _back_to(visit, view)


@for_creator("POST")
def revoke(visit: CreatorVisit, authorization_id: int) -> HttpResponse:
    """End a grant of a post or of the account."""
    view = actions.revoke(
        visit.means,
        visit.actor,
        creator_id=visit.account.id,
        authorization_id=authorization_id,
        when=visit.request.POST.get("when", ""),
        campaigns_end_ms=end_of_ads_on(visit.means, creator_id=visit.account.id, authorization_id=authorization_id),
    )
    if view.kind == "account":
        messages.success(visit.request, _("Access withdrawn. Ads on your account stop."))
        return HttpResponseRedirect(reverse("creator_requests"))
    messages.success(visit.request, _said_of(view))
    return _back_to(visit, view)


def _said_of(view: AuthorizationView) -> str:
    """Return what became of a grant that was revoked: over, or about to be."""
    if view.state.is_live and view.revoke_at_ms is not None:
        return _("The authorization ends with the running campaigns, on %(date)s.") % {
            "date": day_of(view.revoke_at_ms)
        }
    return _("Authorization revoked. The code no longer works.")


def _back_to(visit: CreatorVisit, view: AuthorizationView) -> HttpResponse:
    """Go back to where the button was."""
    if visit.request.POST.get("from") == "list" or view.post_id is None:
        return HttpResponseRedirect(reverse("creator_authorizations"))
    return HttpResponseRedirect(reverse("creator_post", args=[view.post_id]) + "#autorisation")
