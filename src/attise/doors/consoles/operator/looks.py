"""An operator opens the consoles of a login as its person sees them, read only, and comes back."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from attise.doors.consoles.gate import for_operator
from attise.doors.consoles.operator import accounts
from attise.doors.consoles.visit import Visit
from attise.doors.site import looking
from attise.kernel.errors import Refusal, Refusals
from attise.management.accounts import actions, queries
from attise.management.accounts.rules import LOGIN


@for_operator("POST")
def begin_look(visit: Visit, person_id: int) -> HttpResponse:
    """Begin to look, for a reason; what is refused is said beside its field."""
    found = queries.find_account(LOGIN, person_id)
    if found is None:
        raise Http404
    reason = visit.request.POST.get("look_reason", "")
    try:
        look = actions.begin_look(
            visit.means, visit.actor, operator_id=visit.person.id, person_id=person_id, reason=reason
        )
    except (Refusal, Refusals) as refused:
        return accounts.show_look(visit, found, reason, refused)
    looking.begin(visit.request, look)
    return HttpResponseRedirect(reverse("viewer_home"))


@for_operator("POST")
def end_look(visit: Visit) -> HttpResponse:
    """Come back: the look was ended before this was asked, for whoever looks is not the operator here."""
    messages.success(visit.request, _("You are in your own console again."))
    return HttpResponseRedirect(reverse("operator_accounts") + "?sorte=login")
