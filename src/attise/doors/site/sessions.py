"""Sessions in the database, told apart from a database that is away.

Out of the box a session that cannot be written because the database is locked is told as one that was deleted
meanwhile: a 400 that blames the browser.
"""

from __future__ import annotations

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.db import OperationalError


class SessionStore(DatabaseSessions):
    """A session of a browser."""

    def save(self, must_create: bool = False) -> None:
        """Write the session. Raises: UpdateError when it was deleted meanwhile, OperationalError in an outage."""
        try:
            super().save(must_create)
        except UpdateError as error:
            if isinstance(error.__context__, OperationalError):
                raise error.__context__ from None
            raise
