"""Addresses of the native API, and its description."""

from __future__ import annotations

import json
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.urls import path

from attise.doors.native_api import (
    access_requests,
    adgroups,
    ads,
    advertisers,
    advice,
    audiences,
    authorizations,
    billing,
    boosts,
    bulk,
    business_centers,
    campaigns,
    circles,
    comments,
    conversions,
    counts,
    creators,
    decisions,
    delivery,
    earnings,
    events,
    exports,
    feed,
    house_settings,
    interests,
    journal,
    life,
    lift,
    lookups,
    lots,
    notices,
    overviews,
    papers,
    pixels,
    post_requests,
    posts,
    preflight,
    promoted_posts,
    promotion,
    reported,
    reported_ads,
    reported_comments,
    resumable,
    reviews,
    sanctions,
    sandbox,
    saved_reports,
    scout,
    shown_ads,
    split_tests,
    unpublished,
    viewers,
    wire,
)
from attise.doors.native_api.api import make_api, make_urls
from attise.doors.native_api.errors import METHOD_NOT_ALLOWED, MethodRefused
from attise.doors.native_api.openapi import describe

GROUPS = [
    creators.group,
    viewers.group,
    interests.group,
    shown_ads.group,
    posts.group,
    circles.group,
    counts.group,
    promotion.group,
    promoted_posts.group,
    comments.group,
    authorizations.group,
    access_requests.group,
    post_requests.group,
    business_centers.group,
    advertisers.group,
    billing.group,
    earnings.group,
    papers.group,
    pixels.group,
    preflight.group,
    unpublished.group,
    conversions.group,
    lookups.group,
    campaigns.group,
    split_tests.group,
    lift.group,
    advice.group,
    adgroups.group,
    audiences.group,
    ads.group,
    boosts.group,
    lots.group,
    reviews.group,
    reported.group,
    reported_ads.group,
    reported_comments.group,
    scout.group,
    overviews.group,
    exports.group,
    saved_reports.group,
    decisions.group,
    delivery.group,
    house_settings.group,
    sanctions.group,
    journal.group,
    notices.group,
    life.group,
    bulk.group,
    sandbox.group,
]
API = make_api(GROUPS)
OF_THE_EDGE = [feed.group, events.group]
"""Described here, answered by the edge: they have no address in the site."""


@cache
def document() -> bytes:
    """Return the description of the API, OpenAPI 3.1."""
    groups = [*GROUPS, *OF_THE_EDGE]
    told = describe(make_api(groups), groups, of_viewers=OF_THE_EDGE)
    told["paths"] = dict(sorted({**told["paths"], **resumable.describe()}.items()))
    told["tags"].append({"name": resumable.TAG})
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def openapi_json(request: HttpRequest) -> HttpResponse:
    """Answer the description; no credential is asked."""
    if request.method != "GET":
        response = wire.refuse(request, MethodRefused(METHOD_NOT_ALLOWED))
        response.headers["Allow"] = "GET"
        return response
    return HttpResponse(document(), content_type=wire.JSON)


openapi_json.csrf_exempt = True  # type: ignore[attr-defined]  # it changes nothing

urlpatterns = [path("v1/openapi.json", openapi_json), *resumable.URLS, *make_urls(API, GROUPS)]
