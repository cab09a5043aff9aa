"""Countries and regions of France: known numbers, both codes, who is above whom, where minors are off limits."""

import runpy
from pathlib import Path

import pytest

from attise.records.lookups import regions

FRANCE = 3017382

METROPOLITAN = {
    "FR-ARA": 11071625,
    "FR-BFC": 11071619,
    "FR-BRE": 3030293,
    "FR-CVL": 3027939,
    "FR-20R": 3023519,
    "FR-GES": 11071622,
    "FR-HDF": 11071624,
    "FR-IDF": 3012874,
    "FR-NOR": 11071621,
    "FR-NAQ": 11071620,
    "FR-OCC": 11071623,
    "FR-PDL": 2988289,
    "FR-PAC": 2985244,
}
OVERSEAS = {"FR-971": "GP", "FR-972": "MQ", "FR-973": "GF", "FR-974": "RE", "FR-976": "YT"}


@pytest.mark.parametrize(
    ("code", "geonames_id"),
    [
        ("FR", 3017382),
        ("US", 6252001),
        ("DE", 2921044),
        ("GB", 2635167),
        ("ES", 2510769),
        ("IT", 3175395),
        ("JP", 1861060),
    ],
)
def test_a_country_is_found_by_its_code_and_by_its_number(code: str, geonames_id: int) -> None:
    row = regions.by_iso(code)
    assert row is not None
    assert row.id == geonames_id
    assert row.country == code
    assert regions.find(code) is regions.find(str(geonames_id)) is regions.by_id(geonames_id) is row


def test_every_country_of_today_is_there_once() -> None:
    codes = [row.iso for row in regions.countries()]
    assert len(codes) == 250
    assert codes == sorted(set(codes))
    assert {"FR", "NA", "XK", "TW", "PS", "VA"} <= set(codes)
    assert not {"AN", "CS", "SU", "YU"} & set(codes)


def test_france_has_eighteen_regions() -> None:
    assert {row.iso: row.id for row in regions.children(FRANCE) if row.level == "region"} == METROPOLITAN
    assert {row.also: row.iso for row in regions.children(FRANCE) if row.level == "country"} == OVERSEAS


@pytest.mark.parametrize(("subdivision", "country"), OVERSEAS.items())
def test_an_overseas_region_is_one_row_under_two_codes(subdivision: str, country: str) -> None:
    row = regions.find(subdivision)
    assert row is regions.find(country) is regions.by_iso(subdivision)
    assert row is not None
    assert [above.iso for above in regions.chain(row.id)] == [country, "FR"]


def test_the_former_code_of_corsica_still_finds_it() -> None:
    assert regions.find("FR-COR") is regions.find("FR-20R") is regions.by_id(3023519)


def test_a_number_is_not_a_code_and_a_code_is_written_in_capitals() -> None:
    assert regions.by_iso("3017382") is None
    assert regions.find("fr") is None
    assert regions.find("FR_IDF") is None
    assert regions.find("FRA") is None
    assert regions.by_id(1) is None


def test_a_parent_exists_and_shares_the_law() -> None:
    for row in regions.all():
        if row.parent_id is not None:
            parent = regions.get(row.parent_id)
            assert (row.is_eea, row.support_below_18) == (parent.is_eea, parent.support_below_18)


def test_the_economic_area_has_thirty_states_and_seven_places_with_their_own_code() -> None:
    assert sum(row.is_eea for row in regions.countries()) == 30 + 7
    for code, is_eea in {
        "FR": True,
        "IS": True,
        "HR": True,
        "RE": True,
        "CH": False,
        "GB": False,
        "NC": False,
        "SJ": False,
    }.items():
        row = regions.by_iso(code)
        assert row is not None
        assert row.is_eea is is_eea


@pytest.mark.parametrize("code", ["FR", "FR-IDF", "GP", "NO", "GB", "CH", "US", "PR", "CA", "MX", "BR", "AR", "CU"])
def test_ages_13_to_17_are_off_limits_here(code: str) -> None:
    row = regions.find(code)
    assert row is not None
    assert row.support_below_18 is False


@pytest.mark.parametrize("code", ["JP", "MA", "SN", "AU", "TR", "IN"])
def test_ages_13_to_17_may_be_targeted_there(code: str) -> None:
    row = regions.find(code)
    assert row is not None
    assert row.support_below_18 is True


def test_no_country_of_the_economic_area_or_the_americas_supports_minors() -> None:
    assert not [
        row.iso for row in regions.all() if row.support_below_18 and (row.is_eea or row.continent in {"NA", "SA"})
    ]


def test_names_are_those_people_use() -> None:
    names = {row.iso: (row.name_fr, row.name_en) for row in regions.all()}
    assert names["DE"] == ("Allemagne", "Germany")
    assert names["CI"] == ("Côte d’Ivoire", "Côte d’Ivoire")
    assert names["FR-BRE"] == ("Bretagne", "Brittany")
    assert names["FR-PAC"][0] == "Provence-Alpes-Côte d’Azur"


def test_the_committed_file_is_what_the_tool_writes() -> None:
    tool = runpy.run_path(str(Path(__file__).parents[3] / "tools" / "make_regions.py"))
    assert tool["FILE"].read_text(encoding="utf-8") == tool["render"]()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("bretagne", ["FR-BRE"]),
        ("BRITTANY", ["FR-BRE"]),
        ("ile-de-fr", ["FR-IDF"]),
        ("cote d'ivoire", ["CI"]),
        ("guinea", ["GN", "GW", "GQ", "PG"]),
        ("", []),
        ("  ", []),
        ("atlantis", []),
    ],
)
def test_a_place_is_found_by_words_of_its_name(words: str, found: list[str]) -> None:
    assert sorted(row.iso for row in regions.search(words)) == sorted(found)


def test_names_that_begin_so_come_first() -> None:
    assert [row.iso for row in regions.search("france")] == ["FR", "FR-HDF", "FR-IDF"]
    assert [row.iso for row in regions.search("guinea")][:2] == ["GN", "GW"]


@pytest.mark.parametrize(("text", "iso"), [("Île-de-France", "FR-IDF"), ("ALLEMAGNE", "DE"), ("Fr", None), ("", None)])
def test_a_place_is_found_by_its_whole_name(text: str, iso: str | None) -> None:
    row = regions.named(text)
    assert (None if row is None else row.iso) == iso


def test_a_country_is_called_by_one_code_of_digits() -> None:
    for row in regions.all():
        assert row.calling_code == "" or (row.calling_code.isdigit() and 1 <= len(row.calling_code) <= 3)
        assert row.level == "country" or row.calling_code == ""
    codes = {row.iso: row.calling_code for row in regions.countries()}
    assert {code: codes[code] for code in ("FR", "US", "JM", "KZ", "GG", "AX", "XK", "VA", "AQ")} == {
        "FR": "33",
        "US": "1",
        "JM": "1",
        "KZ": "7",
        "GG": "44",
        "AX": "358",
        "XK": "383",
        "VA": "39",
        "AQ": "",
    }
