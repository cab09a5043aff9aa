"""Regions: the countries of the world and the regions of France.

Place: viewers, creators and terms of a grant name them; targeting compares them; doors list
them. Owns: `data/regions.csv`, written by `tools/make_regions.py` from GeoNames and CLDR.

A place has one row and one id, its GeoNames number. The five overseas regions of France have
an ISO 3166-1 country code of their own: their row is a country row whose parent is France,
and both codes name it (`GP` and `FR-971`). Targeting France therefore covers all 18 regions.

Codes are compared as they are written in ISO 3166, capitals and hyphen included; `also` holds
a place's other code, be it a former one (`FR-COR`): it is read but never written.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Literal

import msgspec

from attise.records.lookups.table import Tree

Continent = Literal["AF", "AN", "AS", "EU", "NA", "OC", "SA"]


class Region(msgspec.Struct, frozen=True, kw_only=True):
    """One country or one region of a country.

    `iso` is the ISO 3166-1 alpha-2 or ISO 3166-2 code, `country` the alpha-2 code of the
    country the row is or belongs to; `also` is empty for most rows. `is_eea`: the European Economic Area's law applies.
    `support_below_18`: an ad group may target ages 13 to 17 there (it may not in the EEA,
    the United Kingdom, Switzerland, the United States, Canada, Latin America and the
    Caribbean, and territories of these states). `calling_code` is the telephone's, without its
    plus; empty for regions, which have their country's, and where nobody is called.
    """

    id: int
    iso: str
    also: str = ""
    level: Literal["country", "region"]
    country: str
    parent_id: int | None = None
    name_fr: str
    name_en: str
    continent: Continent
    is_eea: bool
    support_below_18: bool
    calling_code: str = ""

    @property
    def wire_id(self) -> str:
        """The GeoNames id as it leaves the process: decimal text."""
        return str(self.id)


def _keys_of(row: Region) -> tuple[str, ...]:
    codes = (row.iso, row.also) if row.also else (row.iso,)
    return (*codes, row.wire_id)


TABLE = Tree("regions.csv", Region, _keys_of)


def all() -> tuple[Region, ...]:  # noqa: A001 - read as `regions.all()`
    """Return every row: the countries by ISO code, then the regions by ISO code."""
    return TABLE.rows


def countries() -> tuple[Region, ...]:
    """Return the rows that have an ISO 3166-1 code, by that code."""
    return tuple(row for row in TABLE.rows if row.level == "country")


def by_id(region_id: int) -> Region | None:
    """Return the row of this GeoNames id, or None."""
    return TABLE.by_id.get(region_id)


def by_iso(code: str) -> Region | None:
    """Return the row of this ISO 3166-1 alpha-2 or ISO 3166-2 code, or None.

    A GeoNames id is not a code: `by_iso("3017382")` is None, `find("3017382")` is France.
    """
    row = TABLE.find(code)
    return None if row is None or code == row.wire_id else row


def get(region_id: int) -> Region:
    """Return the row of this GeoNames id. Raises: KeyError when there is none."""
    return TABLE.by_id[region_id]


def find(text: str) -> Region | None:
    """Return the row that an ISO code (`FR`, `FR-IDF`) or a GeoNames id names, or None."""
    return TABLE.find(text)


def children(region_id: int) -> tuple[Region, ...]:
    """Return the rows directly under this one; empty for a leaf or an unknown id."""
    return TABLE.children(region_id)


def chain(region_id: int) -> tuple[Region, ...]:
    """Return the row, then the rows above it; empty for an unknown id."""
    return TABLE.chain(region_id)


def search(words: str) -> tuple[Region, ...]:
    """Return the rows whose French or English name holds `words`, whatever case and accents; empty for no words.

    Order: names that begin so, then the others; countries before regions. Cost: one look at each row.
    """
    wanted = _plain(words)
    found = [row for row in TABLE.rows if wanted and any(wanted in name for name in _plain_names(row))]
    return tuple(sorted(found, key=lambda row: not any(name.startswith(wanted) for name in _plain_names(row))))


def named(text: str) -> Region | None:
    """Return the row whose French or English name is `text`, whatever case and accents, or None."""
    wanted = _plain(text)
    return next((row for row in TABLE.rows if wanted and wanted in _plain_names(row)), None)


def _plain_names(row: Region) -> tuple[str, str]:
    return _plain(row.name_fr), _plain(row.name_en)


@lru_cache(maxsize=2_048)
def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.casefold().replace("’", "'").strip())
    return "".join(sign for sign in letters if not unicodedata.combining(sign))
