"""The call in one process, with a log on the disk; as for items, everything is real but the house's rows."""

from __future__ import annotations

import pytest

from tests.doors.edge.feed.conftest import House


@pytest.fixture(params=["the usual way", "at once"])
def house(tmp_path, request):
    """A house that is asked as the server asks it; and one that answers at once whatever it can answer so."""
    made = House(tmp_path, at_once=request.param == "at once")
    made.keeping.keeper.start()
    yield made
    made.close()
