"""People, a Business Center with its administrator, and an advertiser in it."""

from __future__ import annotations

import pytest

from attise.kernel.actor import COMMAND, Actor
from attise.kernel.means import Means
from attise.management.accounts.actions import (
    add_member,
    create_advertiser,
    create_business_center,
    create_person,
    set_password,
)

PASSWORD = "quatre chevaux verts"


class Town:
    """Makes what stories about accounts begin with, through the room's own verbs."""

    def __init__(self, means: Means) -> None:
        self.means = means

    def person(self, name: str, *, password: str | None = None, **fields):
        person = create_person(self.means, email=f"{name}@example.org", display_name=name.title(), **fields)
        if password is not None:
            set_password(self.means, COMMAND, person_id=person.id, password=password)
        return person

    def center(self, *admins, name: str = "Maison Aubrée"):
        made = create_business_center(
            self.means,
            COMMAND,
            name=name,
            company=name,
            country="FR",
            currency="EUR",
            timezone="Europe/Paris",
        )
        for person in admins:
            self.join(made, person, "ADMIN")
        return made

    def join(self, center, person, role="STANDARD", advertiser_role="", finance_role=""):
        return add_member(
            self.means,
            COMMAND,
            business_center_id=center.id,
            person_id=person.id,
            role=role,
            advertiser_role=advertiser_role,
            finance_role=finance_role,
        )

    def advertiser(self, center, name: str = "Crème Solaire", actor: Actor = COMMAND, **fields):
        values = {
            "name": name,
            "company": "Aubrée SAS",
            "country": "FR",
            "currency": "EUR",
            "timezone": "Europe/Paris",
            **fields,
        }
        return create_advertiser(self.means, actor, business_center_id=center.id, **values)


@pytest.fixture
def town(means) -> Town:
    return Town(means)


@pytest.fixture
def ines(town):
    return town.person("ines", password=PASSWORD)


@pytest.fixture
def center(town, ines):
    return town.center(ines)


@pytest.fixture
def advertiser(town, center):
    return town.advertiser(center)
