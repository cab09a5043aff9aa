"""What tests of the pages' foundations share."""

from __future__ import annotations

import pytest

from attise.doors.site import languages
from attise.management.policy.rules import Policy


@pytest.fixture
def no_rows(monkeypatch):
    """Pages that need no rows are asked for where there is no database: every language is offered."""
    monkeypatch.setattr(languages, "get_policy", Policy)
