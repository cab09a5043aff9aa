"""An advertiser and its rival."""

from __future__ import annotations

import pytest

from attise.kernel.actor import Actor
from tests.builders import an_advertiser

HOST = Actor("host", 1)


@pytest.fixture
def advertiser(means) -> int:
    return an_advertiser(means).id


@pytest.fixture
def rival(means) -> int:
    return an_advertiser(means, "Rivale").id
