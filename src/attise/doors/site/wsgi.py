"""The site's WSGI application; importing it opens the house."""

from attise.doors.site.setup import start_django

start_django()

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402 - Django must be configured first

application = WSGIHandler()
