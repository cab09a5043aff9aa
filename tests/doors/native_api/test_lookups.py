"""Look-up tables over the host's API: whole, in parts, and in both languages."""

from __future__ import annotations

import pytest

from attise.records.lookups import (
    behaviours,
    call_to_actions,
    categories,
    currencies,
    interests,
    languages,
    regions,
)

pytestmark = pytest.mark.django_db
TABLES = {
    "regions": regions,
    "languages": languages,
    "interests": interests,
    "behaviours": behaviours,
    "categories": categories,
    "currencies": currencies,
    "call-to-actions": call_to_actions,
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_told_whole_in_its_order_part_by_part(host, name):
    told, cursor = [], ""
    while cursor is not None:
        answer = host.get(f"/v1/lookups/{name}?limit=30{cursor and f'&cursor={cursor}'}").json()
        told += answer["items"]
        cursor = answer["next_cursor"]
    assert [(row["name_fr"], row["name_en"]) for row in told] == [
        (row.name_fr, row.name_en) for row in TABLES[name].all()
    ]


def test_rows_name_what_other_calls_take(host):
    def first(name, **wanted):
        rows = host.get(f"/v1/lookups/{name}?limit=100").json()["items"]
        return next(row for row in rows if wanted.items() <= row.items())

    assert first("regions", iso="FR") == {
        "location_id": "3017382",
        "iso": "FR",
        "level": "country",
        "country": "FR",
        "parent": None,
        "name_fr": "France",
        "name_en": "France",
        "is_eea": True,
        "minors_allowed": False,
    }
    assert first("interests", slug="makeup") == {
        "interest_id": "100101",
        "slug": "makeup",
        "level": 2,
        "parent": "beauty_care",
        "name_fr": "Maquillage",
        "name_en": "Makeup",
    }
    assert first("behaviours", slug="creators_food")["about"] == "food_drink"
    assert first("behaviours", slug="creators_food")["scene"] == "creator"
    assert first("categories", slug="alcohol")["gate"] == "adult_only"
    assert first("categories", slug="sport")["law"] is None
    assert first("currencies", code="JPY")["decimals"] == 0
    assert first("languages", code="fr")["name_en"] == "French"
    assert first("call-to-actions", code="LEARN_MORE")["name_fr"] == "En savoir plus"


def test_a_region_names_what_it_lies_in(host):
    told, cursor = {}, ""
    while cursor is not None:
        answer = host.get(f"/v1/lookups/regions?limit=100{cursor and f'&cursor={cursor}'}").json()
        told |= {row["iso"]: row["parent"] for row in answer["items"]}
        cursor = answer["next_cursor"]
    assert told["FR-IDF"] == told["GP"] == "FR"


def test_a_cursor_is_good_for_its_own_table(host):
    cursor = host.get("/v1/lookups/regions?limit=5").json()["next_cursor"]
    assert host.get(f"/v1/lookups/interests?limit=5&cursor={cursor}").status_code == 422
    assert host.get("/v1/lookups/unheard").status_code == 404


def test_tables_are_told_to_hosts_alone(stranger):
    for name in TABLES:
        assert stranger.get(f"/v1/lookups/{name}").status_code == 401
