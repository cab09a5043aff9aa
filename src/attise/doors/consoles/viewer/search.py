"""Search: creators by handle or name, posts by the words and # of their captions."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from attise.doors.consoles.gate import for_anyone
from attise.doors.consoles.viewer.feed import stage
from attise.doors.consoles.viewer.grid import PER_PAGE, cells_of
from attise.kernel.ids import parse_id
from attise.kernel.paging import Page
from attise.management.accounts import queries as accounts
from attise.management.posts import queries as posts
from attise.management.posts.views import PostView

CHARACTERS: Final = 100
CREATORS: Final = 12


@for_anyone("GET")
def search(request: HttpRequest) -> HttpResponse:
    """Show what is found for ``?q=``; where nobody is, the handle that is spelled most like it."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:CHARACTERS]
    after = parse_id(request.GET.get("avant", ""))
    page: Page[PostView] = posts.search_public(text, after=after, limit=PER_PAGE) if text else Page([])
    is_tag = text.startswith("#")
    people = accounts.search_creators(text, limit=CREATORS) if text and not is_tag and after is None else []
    is_empty = bool(text) and not people and not page.items
    context = {
        **stage(request),
        "current": "search",
        "text": text,
        "people": people,
        "cells": cells_of(page.items),
        "older": "" if page.after is None else urlencode({"q": text, "avant": page.after}),
        "is_empty": is_empty,
        "nearest": accounts.nearest_handle(text) if is_empty and not is_tag else None,
    }
    return render(request, "consoles/viewer/search.html", context)
