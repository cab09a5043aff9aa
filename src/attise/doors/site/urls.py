"""Addresses of the site: each door under its own prefix."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from attise.doors.site import health
from attise.doors.site.preferences import preferences

handler400 = "attise.doors.site.failures.bad_request"
handler403 = "attise.doors.site.failures.forbidden"
handler404 = "attise.doors.site.failures.not_found"
handler500 = "attise.doors.site.failures.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("internal/healthz", health.healthz),
    path("preferences", preferences, name="preferences"),
    path("", include("attise.doors.native_api.urls")),
    path("", include("attise.doors.marketing_api.urls")),
    path("boutique/", include("attise.doors.shop.urls")),
    path("boutique", RedirectView.as_view(url="/boutique/", query_string=True)),
    path("", include("attise.doors.consoles.urls")),
]
if settings.DEBUG:
    urlpatterns.append(path("ui/", include("attise.doors.site.uistyle")))
