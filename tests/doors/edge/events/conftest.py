"""The call in one process, with a log on the disk; as for items, everything is real but the house's rows."""

from __future__ import annotations

import pytest

from tests.doors.edge.feed.conftest import House


@pytest.fixture
def house(tmp_path):
    made = House(tmp_path)
    made.keeping.keeper.start()
    yield made
    made.close()
