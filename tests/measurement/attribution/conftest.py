"""What tests of settling begin with."""

from __future__ import annotations

import pytest

from tests.measurement.attribution.happened import Happened


@pytest.fixture
def happened(means, tmp_path):
    made = Happened(means, tmp_path)
    yield made
    made.close()
