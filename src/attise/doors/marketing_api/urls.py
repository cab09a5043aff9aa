"""The address of the dialect: everything under ``/open_api``, with or without the last slash, never a redirect.

Beside it the links to written reports, which need no token.
"""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from attise.doors.marketing_api import routes
from attise.doors.marketing_api.dispatch import dispatch
from attise.doors.marketing_api.report_links import report_file

__all__ = ["routes", "urlpatterns"]

urlpatterns: list[URLPattern] = [
    path("rapports/fichiers/<path:link>", report_file, name="report_file"),
    re_path(r"^/*open_api(?P<path>/[\s\S]*)?\Z", dispatch),
]
