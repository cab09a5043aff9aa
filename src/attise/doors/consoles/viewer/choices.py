"""What viewers choose about themselves: their consent, interests and country, and whose ads they see no more.

Consent and interests are for whoever is signed in: the others have no profile that a choice could bear on.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from attise.doors.consoles import telling
from attise.doors.consoles.gate import for_anyone, for_person
from attise.doors.consoles.viewer.settings import show
from attise.doors.consoles.viewer.watching import find_watcher, remember, watcher_of
from attise.doors.consoles.visit import Visit
from attise.doors.site.means import means
from attise.kernel.errors import FIELD_REQUIRED, Refusal, Refusals
from attise.kernel.ids import parse_id
from attise.management.viewers import actions, queries
from attise.management.viewers.profiling import why_not_profiled

ACCEPT, REFUSE = "accepter", "refuser"
FORGET = "oublier"
BRANDS = {"masquer": actions.hide_brand, "montrer": actions.show_brand}
CHANGES = {"choisir": "add", "retirer": "remove", "permettre": "allow"}
"""By the word of the button, the argument of ``change_interests``."""


@for_person("POST")
def consent(visit: Visit) -> HttpResponse:
    """Keep a consent or its refusal: one press each. Whoever accepts says when they were born, if that is not known."""
    said, viewer_id = visit.request.POST, watcher_of(visit.request).viewer_id
    if said.get("choix") != ACCEPT:
        actions.update_viewer(visit.means, viewer_id=viewer_id, profiling_consent=False)
        messages.success(visit.request, _("You refused: what was guessed about you is deleted."))
        return _back()
    view, born = queries.get_viewer(viewer_id), said.get("birth_date", "").strip()
    try:
        facts = {} if view.birth_date is not None else {"birth_date": _filled(born)}
        view = actions.update_viewer(visit.means, viewer_id=viewer_id, profiling_consent=True, **facts)
    except (Refusal, Refusals) as refused:
        told = {one.field or "": telling.sentence(one) for one in telling.items_of(refused)}
        return show(visit.request, refused=told, birth_date=born, status=422)
    now_ms = visit.means.clock.world_ms()
    if why_not_profiled(consent=True, birth_date=view.birth_date, at_ms=now_ms) is None:
        messages.success(visit.request, _("You accepted. You can change your mind here whenever you like."))
    else:
        messages.info(visit.request, _("Nothing is guessed about anybody under 18."))
    return _back()


@for_person("POST")
def interest(visit: Visit) -> HttpResponse:
    """Choose an interest, remove one for good, let one be guessed again, or have all of them forgotten."""
    said, viewer_id = visit.request.POST, watcher_of(visit.request).viewer_id
    what, named = said.get("choix", ""), said.get("interet", "")
    if what == FORGET:
        actions.forget_interests(visit.means, viewer_id=viewer_id)
        messages.success(visit.request, _("Forgotten. Only what you do from now on says anything again."))
        return _back()
    if what not in CHANGES:
        return _back()
    try:
        actions.change_interests(visit.means, viewer_id=viewer_id, **{CHANGES[what]: [named]})
    except (Refusal, Refusals) as refused:
        first = telling.items_of(refused)[0]
        return show(visit.request, refused={"interet": telling.sentence(first)}, status=422)
    messages.success(visit.request, _("Saved. It holds from the next video on."))
    return _back()


@for_anyone("POST")
def brand(request: HttpRequest) -> HttpResponse:
    """Hide every ad of a brand, or let its ads be shown again; also for whoever is signed out."""
    watcher, said = find_watcher(request), request.POST
    advertiser_id, change = parse_id(said.get("marque", "")), BRANDS.get(said.get("choix", ""))
    if watcher is None or advertiser_id is None or change is None:
        return _back()
    change(means(), viewer_id=watcher.viewer_id, advertiser_id=advertiser_id)
    messages.success(request, _("Saved. It holds from the next video on."))
    return HttpResponseRedirect(f"{reverse('viewer_settings')}#marques")


@for_anyone("POST")
def country(request: HttpRequest) -> HttpResponse:
    """Keep in which country somebody watches, or that they do not say; also for whoever is signed out.

    It is asked and never guessed, and says nothing of a person: ads for a place need it, consent or not.
    """
    watcher, said = watcher_of(request), request.POST.get("pays", "").strip()
    try:
        actions.update_viewer(means(), viewer_id=watcher.viewer_id, country=said or None, region=None)
    except (Refusal, Refusals) as refused:
        return show(request, refused={"pays": telling.sentence(telling.items_of(refused)[0])}, status=422)
    messages.success(request, _("Saved. It holds from the next video on."))
    response = HttpResponseRedirect(f"{reverse('viewer_settings')}#pays")
    remember(request, response, watcher)
    return response


def _filled(born: str) -> str:
    if not born:
        raise Refusal(FIELD_REQUIRED, field="birth_date")
    return born


def _back() -> HttpResponse:
    return HttpResponseRedirect(reverse("viewer_settings"))
