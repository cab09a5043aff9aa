"""What an address asks of a report: the whole of it is there, so that reloaded or shared it is the same report.

Words in addresses are French, as addresses are. What is none of them is kept as it was said: the report is refused, and
says which word.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Final
from urllib.parse import urlencode

from django.http import QueryDict

from attise.doors.consoles import words
from attise.doors.site.own_reports.plans import DATES, DEFAULT_PERIOD, LEVELS, PERIODS, Plan
from attise.kernel.ids import parse_id
from attise.management.saved_reports.rules import DAY, MONTH, WEEK, Rhythm
from attise.records.lookups import regions

LEVEL: Final = "niveau"
"""The word without which an address asks for no report."""
_MOST: Final = 300
_LEVELS: Final = dict(zip(("compte", "campagne", "groupe", "annonce"), LEVELS, strict=True))
DIMENSION_WORDS: Final = {
    "jour": "stat_time_day",
    "heure": "stat_time_hour",
    "pays": "country_code",
    "region": "province_id",
    "age": "age",
    "sexe": "gender",
    "appareil": "platform",
    "langue": "language",
    "publication": "post_id",
}
"""What rows are told by, by the word of addresses."""
_PERIODS: Final = dict(
    zip(
        (
            *("aujourdhui", "hier", "7-jours", "14-jours", "28-jours", "ce-mois", "mois-dernier"),
            *("90-jours", "365-jours", "dates"),
        ),
        PERIODS,
        strict=True,
    )
)
_OWN: Final = {own: word for table in (_LEVELS, DIMENSION_WORDS, _PERIODS) for word, own in table.items()}
_SEPARATORS: Final = re.compile(r"[,;\n]")
IDS: Final = {
    "level": "niveau",
    "dimensions": "par",
    "metrics": "mesures",
    "period": "periode",
    "start_date": "du",
    "end_date": "au",
    "campaign_ids": "campagnes",
    "countries": "pays",
    "order_field": "mesures",
    "name": "nom",
    "every": "rythme",
    "day": "jour-mois",
    "hour": "heure",
}
"""The control of each field of a plan."""


def is_asked(given: QueryDict) -> bool:
    """Tell whether an address asks for a report at all."""
    return LEVEL in given


def read(given: QueryDict) -> Plan:
    """Return what an address asks."""
    period = given.get("periode", "")
    return Plan(
        level=_LEVELS.get(given.get(LEVEL, ""), given.get(LEVEL, "")),
        dimensions=tuple(dict.fromkeys(DIMENSION_WORDS.get(one, one) for one in given.getlist("par")[:_MOST])),
        metrics=tuple(dict.fromkeys(given.getlist("mesures")[:_MOST])),
        period=_PERIODS.get(period, period or DEFAULT_PERIOD),
        start_date=_day(given.get("du", "")) if period == DATES else None,
        end_date=_day(given.get("au", "")) if period == DATES else None,
        campaign_ids=tuple(dict.fromkeys(parse_id(one) or 0 for one in given.getlist("campagnes")[:_MOST])),
        countries=tuple(dict.fromkeys(_country(one) for one in _named(given.get("pays", "")))),
        order_field=DIMENSION_WORDS.get(given.get("tri", ""), given.get("tri", "")),
        is_rising=given.get("sens") == "montant",
    )


RHYTHMS: Final = {"jour": DAY, "semaine": WEEK, "mois": MONTH}
"""How often a report is sent, by the word of a form."""


def read_rhythm(given: QueryDict) -> Rhythm:
    """Return the rhythm that a form asks for; what is none is refused by its name."""
    every = RHYTHMS.get(given.get("rythme", ""), given.get("rythme", ""))
    day = {WEEK: "jour_semaine", MONTH: "jour_mois"}.get(every, "")
    return Rhythm(every, _number(given.get("heure", "")), _number(given.get(day, "")) if day else 0)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else -1  # noqa: PLR2004 - three digits


def pairs(plan: Plan) -> list[tuple[str, str]]:
    """Return the names and values of an address that asks for a plan."""
    found = [(LEVEL, said(plan.level)), *(("par", said(one)) for one in plan.dimensions)]
    found += [("mesures", one) for one in plan.metrics]
    found.append(("periode", said(plan.period)))
    found += [(name, day.isoformat()) for name, day in (("du", plan.start_date), ("au", plan.end_date)) if day]
    found += [("campagnes", str(one)) for one in plan.campaign_ids]
    found += [("pays", ", ".join(plan.countries))] if plan.countries else []
    if plan.order_field:
        found += [("tri", said(plan.order_field)), ("sens", "montant" if plan.is_rising else "descendant")]
    return found


def query(plan: Plan, **more: str) -> str:
    """Return the query of an address that asks for a plan, without its question mark."""
    return urlencode([*pairs(plan), *more.items()])


def said_countries(plan: Plan) -> str:
    """Return the countries of a plan as their field shows them."""
    return ", ".join(words.country_name(code) for code in plan.countries)


def said(word: str) -> str:
    """Return how an address says a word of a plan."""
    return _OWN.get(word, word)


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        return None


def _named(text: str) -> list[str]:
    return [one.strip() for one in _SEPARATORS.split(text[:2_000]) if one.strip()][:_MOST]


def _country(text: str) -> str:
    """Return the code of a country by its code or its name; a text that is neither stays as it is."""
    found = regions.by_iso(text.upper()) or regions.named(text)
    return text if found is None else found.iso
