"""The site's WSGI application; importing it opens the house."""

from __future__ import annotations

from typing import Any

from attise.doors.site.setup import start_django

start_django()

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest  # noqa: E402 - Django must be configured first
from django.utils.http import parse_header_parameters  # noqa: E402 - as above


class Utf8Request(WSGIRequest):
    """A request that is read as UTF-8, whatever it calls itself.

    Out of the box the ``charset`` of its Content-Type decides how query and body are read, and one that is no charset
    of texts, or a header that cannot be taken apart, is an error before anything of ours runs. Doors that mind the
    charset look at ``content_params``.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except ValueError:
            self.content_type, self.content_params = "", {}


class Handler(WSGIHandler):
    """Django's handler, with our requests."""

    request_class = Utf8Request


application = Handler()
