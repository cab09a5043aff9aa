"""The page of a creator: who they are, what they published for everyone, and a follow that counts as any other.

A video that is shown in ads alone is never here: nobody was told that it exists but those who were shown it.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse

from attise.doors.consoles.gate import for_anyone, is_ours
from attise.doors.consoles.viewer.acts import keep_act
from attise.doors.consoles.viewer.feed import stage
from attise.doors.consoles.viewer.grid import PER_PAGE, cells_of
from attise.doors.consoles.viewer.watching import find_watcher, remember, watcher_of
from attise.doors.consoles.visit import visit_of
from attise.doors.consoles.words import initials
from attise.kernel.ids import parse_id
from attise.management.accounts import queries as accounts
from attise.management.posts import queries as posts
from attise.measurement.counters import queries as counters

ACTS = ("follow", "unfollow")


@for_anyone("GET")
def profile(request: HttpRequest, handle: str) -> HttpResponse:
    """Show it; a creator who is gone, or never was, is a page that says so."""
    creator = accounts.find_creator_by_handle(handle)
    if creator is None or not creator.is_active:
        return render(request, "consoles/viewer/profile_gone.html", stage(request), status=404)
    if handle != creator.handle:
        return redirect("viewer_profile", handle=creator.handle)
    page = posts.list_public_of_creators([creator.id], after=parse_id(request.GET.get("avant", "")), limit=PER_PAGE)
    watcher, visit = find_watcher(request), visit_of(request)
    counts = counters.counts_of_creator(creator.id)
    context = {
        **stage(request),
        "creator": creator,
        "creator_initials": initials(creator.display_name),
        "followers": counts.of("follows").total,
        "likes": counts.of("likes").total,
        "is_followed": watcher is not None and bool(counters.list_on(watcher.pseudonym, "follow", [creator.id])),
        "is_own": visit is not None and visit.creator is not None and visit.creator.id == creator.id,
        "cells": cells_of(page.items),
        "older": page.after,
    }
    return render(request, "consoles/viewer/profile.html", context)


@for_anyone("POST")
def follow(request: HttpRequest, handle: str) -> HttpResponse:
    """Follow a creator from their profile, or no more; then back to it."""
    creator, kind = accounts.find_creator_by_handle(handle), request.POST.get("act", "")
    if creator is None or not creator.is_active or kind not in ACTS:
        raise Http404
    viewer = watcher_of(request)
    keep_act(request, viewer, kind, creator_id=creator.id)
    back = request.POST.get("back", "")
    own = reverse("viewer_profile", args=[creator.handle])
    response = HttpResponseRedirect(back if is_ours(request, back) else own)
    remember(request, response, viewer)
    return response
