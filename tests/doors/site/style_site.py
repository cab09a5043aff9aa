"""The addresses of a site that has the style page alone."""

from __future__ import annotations

from django.urls import include, path

from attise.doors.site.preferences import preferences

handler404 = "attise.doors.site.failures.not_found"

urlpatterns = [
    path("ui/", include("attise.doors.site.uistyle")),
    path("preferences", preferences, name="preferences"),
]
