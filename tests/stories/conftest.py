"""One served sandbox for the stories, and in it a brand and a rival for each module of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.stories.sdk_house import Advertiser, Host, House, served


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with served(tmp_path_factory.mktemp("served")) as made:
        yield made


@pytest.fixture(scope="module")
def brand(house: House, request: pytest.FixtureRequest) -> Advertiser:
    return house.advertiser(f"Maison Aubrée {request.path.stem}")


@pytest.fixture(scope="module")
def rival(house: House, request: pytest.FixtureRequest) -> Advertiser:
    return house.advertiser(f"Rivage {request.path.stem}")


@pytest.fixture(scope="module")
def host(house: House, brand: Advertiser) -> Host:
    return house.host(brand)
