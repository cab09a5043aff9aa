"""What tests of facts and reports begin with."""

import pytest

from tests.measurement.reports.facing import Facing


@pytest.fixture
def facing(means, tmp_path):
    made = Facing(means, tmp_path)
    yield made
    made.close()
