"""A house whose folder of snapshots is empty before and after."""

import shutil

import pytest
from django.conf import settings

from attise.management.snapshots.actions import folder_of


@pytest.fixture
def house():
    shutil.rmtree(folder_of(settings.HOUSE))
    yield settings.HOUSE
    shutil.rmtree(folder_of(settings.HOUSE))
