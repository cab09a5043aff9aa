"""The address of the dialect: everything under ``/open_api``, with or without the last slash, never a redirect."""

from __future__ import annotations

from django.urls import URLPattern, re_path

from attise.doors.marketing_api import routes
from attise.doors.marketing_api.dispatch import dispatch

__all__ = ["routes", "urlpatterns"]

urlpatterns: list[URLPattern] = [re_path(r"^/*open_api(?P<path>/[\s\S]*)?\Z", dispatch)]
