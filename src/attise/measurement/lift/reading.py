"""A table of viewers out of a file: CSV, its columns matched by name in French or English, or by what the caller says.

A row is a viewer's part: rows of one viewer are added up. A row that cannot be used is told with its line and its
reason, and the rest is used. Separator, encoding and gzip are told by content, as the scout's files are.
"""

from __future__ import annotations

import csv
import itertools
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from attise.kernel.errors import N_
from attise.measurement.lift.arms import Floats
from attise.measurement.scout.bounds import LINE_CHARACTERS, SKIPPED_MOST
from attise.measurement.scout.reading.opened import Source, sources
from attise.measurement.scout.reading.rows import BadRow, Tally, printable
from attise.measurement.scout.reading.tables import SEPARATORS, cells_of
from attise.measurement.scout.reading.values import plain

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "unit": (
        *("unit", "unite", "viewer", "viewerid", "spectateur", "idspectateur", "user", "userid", "utilisateur"),
        *("idutilisateur", "person", "personne", "customer", "customerid", "client", "idclient", "visitor", "visiteur"),
        *("device", "appareil", "id", "identifiant"),
    ),
    "arm": (
        *("arm", "bras", "group", "groupe", "variant", "variante", "variation", "cell", "cellule", "bucket"),
        *("treatment", "traitement", "assignment", "affectation", "segment", "isheldout", "holdout", "temoin"),
    ),
    "outcome": (
        *("outcome", "resultat", "conversion", "conversions", "converted", "purchase", "purchases", "achat", "achats"),
        *("value", "valeur", "revenue", "chiffredaffaires", "revenu", "y", "metric", "mesure", "clicks", "clics"),
        *("follows", "abonnements", "views", "vues", "watchtime", "dureevue"),
    ),
    "cost": ("cost", "cout", "spend", "depense", "depenses", "spent", "montant", "prix", "price"),
    "covariate": (
        *("covariate", "covariable", "before", "avant", "pre", "preperiod", "baseline", "x", "past", "passe"),
        *("periodeprecedente", "historique", "history"),
    ),
}
"""Names of columns, by ``plain``; the surest first."""
NEEDED: Final = ("unit", "arm", "outcome")
HELD: Final = frozenset(
    {
        *("control", "controle", "ctrl", "holdout", "heldout", "held", "temoin", "temoins", "groupetemoin", "ghost"),
        *("placebo", "psa", "off", "no", "non", "false", "faux", "a", "c"),
    }
)
"""What an arm that was held out is called; ``0`` where the other is ``1``."""
REASONS: Final[dict[str, str]] = {
    "not_a_file": N_("not a regular file"),
    "unreadable": N_("cannot be read"),
    "empty": N_("an empty file"),
    "too_large": N_("the file is too large"),
    "broken_gzip": N_("its gzip is broken"),
    "line_too_long": N_("the line is too long"),
    "cells": N_("more cells than columns"),
    "no_columns": N_("its columns are not known: unit, arm and outcome are needed"),
    "no_unit": N_("nobody is named"),
    "no_arm": N_("no arm is named"),
    "another_arm": N_("an arm that is not compared"),
    "bad_outcome": N_("an outcome that is no number"),
    "bad_cost": N_("a cost that is no number"),
    "bad_covariate": N_("a covariate that is no number"),
    "out_of_range": N_("a number too large or too small to be compared with others"),
    "two_arms": N_("somebody in both arms: all their rows are left out"),
    "rows_most": N_("too many rows"),
}
"""Why a row or a file is left out."""
ROWS_MOST: Final = 5_000_000
NUMBER_LEAST, NUMBER_MOST = 1e-15, 1e15
"""Of what is counted of a viewer, either way from 0: beyond these the squares that variances are made of are no numbers
any more, and nobody counts or pays so much or so little."""
ARMS: Final = 2
_HEADER_WITHIN: Final = 20
_SPACES: Final = str.maketrans("", "", " \t\u00a0\u202f€$£")
_NOTHING: Final = frozenset({"", "-", "na", "n/a", "nan", "null", "none"})
_YES, _NO = frozenset({"true", "yes", "oui", "vrai"}), frozenset({"false", "no", "non", "faux"})


class ArmsRefused(Exception):  # noqa: N818 - what is the matter with them
    """There are not two arms, or it is not known which one was held out. ``names``: the arms that were found."""

    def __init__(self, names: Sequence[str]) -> None:
        """Keep the names."""
        self.names = tuple(names)
        super().__init__(", ".join(names))


@dataclass(frozen=True, slots=True)
class Table:
    """Viewers of two arms; all arrays are float64[n] or bool[n], one place for each viewer."""

    outcomes: Floats
    is_held: NDArray[np.bool_]
    money: Floats | None
    before: Floats | None
    """NaN: not known."""
    shown_name: str
    held_name: str
    rows: int
    """Rows that were used."""


@dataclass(slots=True)
class _Viewers:
    """Viewers as they are met, in their order."""

    places: dict[str, int] = field(default_factory=dict)
    arms: list[str] = field(default_factory=list)
    sums: tuple[list[float], list[float], list[float]] = field(default_factory=lambda: ([], [], []))
    """Outcome, cost, covariate."""
    rows: list[int] = field(default_factory=list)
    both: dict[int, int] = field(default_factory=dict)
    """Viewers who were met in two arms, with the line that showed it."""

    def add(self, unit: str, arm: str, values: tuple[float, float, float], line: int) -> None:
        """Add a row to its viewer."""
        place = self.places.setdefault(unit, len(self.arms))
        if place == len(self.arms):
            self.arms.append(arm)
            self.rows.append(0)
            for column in self.sums:
                column.append(0.0)
            self.sums[2][place] = math.nan
        elif self.arms[place] != arm:
            self.both.setdefault(place, line)
        self.rows[place] += 1
        self.sums[0][place] += values[0]
        self.sums[1][place] += values[1]
        if not math.isnan(values[2]):
            before = self.sums[2][place]
            self.sums[2][place] = values[2] if math.isnan(before) else before + values[2]


@dataclass(frozen=True, slots=True)
class Told:
    """What the caller says of a table."""

    columns: Mapping[str, str] = field(default_factory=dict)
    """Names of columns by thing (of ``COLUMNS``), where the usual names do not say."""
    held: str = ""
    """The arm that was held out, where its name does not say; below, the one that is compared with it, of several."""
    shown: str = ""


def read(path: Path, told: Told, tally: Tally) -> Table:
    """Return the viewers of a file; ``tally`` takes what was left out.

    Raises: BadRow, of the file as a whole; ArmsRefused. Cost: some 3 µs a row.
    """
    for source in sources([path], tally):
        return _read(source, told, tally)
    raise BadRow(tally.skipped[-1].reason if tally.skipped else "not_a_file")


def _read(source: Source, told: Told, tally: Tally) -> Table:
    source.head()
    lines = source.lines(tally)
    begin = list(itertools.islice(lines, _HEADER_WITHIN))
    before, separator, places, width = _header(begin, told.columns)
    found, arms = _Viewers(), dict[str, str]()
    wanted = {_key(told.held), _key(told.shown)} if told.held and told.shown else None
    csv.field_size_limit(LINE_CHARACTERS)
    rows = cells_of(itertools.chain(begin[before + 1 :], lines), separator, before + 1, source.name, tally)
    for number, (line, cells) in enumerate(rows):
        if number >= ROWS_MOST:
            tally.skip(source.name, line, "rows_most")
            break
        try:
            unit, arm, values = _values(cells, places, width, wanted)
        except BadRow as bad:
            tally.skip(source.name, line, bad.reason, bad.detail)
            continue
        arms.setdefault(_key(arm), arm)
        found.add(unit, _key(arm), values, line)
    for line in sorted(found.both.values())[:SKIPPED_MOST]:
        tally.skip(source.name, line, "two_arms")
    return _table(found, places, _held_of(arms, told.held), arms)


def _key(arm: str) -> str:
    """Return what an arm's name is compared by."""
    return plain(arm) or arm


def _table(found: _Viewers, places: Mapping[str, int], held_key: str, arms: Mapping[str, str]) -> Table:
    kept = np.ones(len(found.arms), bool)
    kept[list(found.both)] = False
    outcomes, money, before = (np.array(column)[kept] for column in found.sums)
    is_held = np.array([arm == held_key for arm in found.arms], bool)[kept]
    (shown,) = (name for key, name in arms.items() if key != held_key)
    return Table(
        outcomes,
        is_held,
        money if "cost" in places else None,
        before if "covariate" in places else None,
        printable(shown),
        printable(arms[held_key]),
        int(np.array(found.rows)[kept].sum()),
    )


def _held_of(arms: Mapping[str, str], held: str) -> str:
    """Return the key of the arm that was held out. Raises: ArmsRefused."""
    names = [printable(name) for name in arms.values()]
    if len(arms) != ARMS:
        raise ArmsRefused(names)
    if held:
        if _key(held) not in arms:
            raise ArmsRefused(names)
        return _key(held)
    if set(arms) == {"0", "1"}:
        return "0"
    known = [key for key in arms if key in HELD]
    if len(known) != 1:
        raise ArmsRefused(names)
    return known[0]


def _header(lines: Sequence[str], columns: Mapping[str, str]) -> tuple[int, str, dict[str, int], int]:
    """Return how many lines stand before the header, the separator, where things stand, and how many columns are."""
    for number, line in enumerate(lines):
        for separator in SEPARATORS:
            try:
                names = next(csv.reader([line], delimiter=separator), [])
            except csv.Error:
                continue
            places = _places(names, columns)
            if all(what in places for what in NEEDED):
                return number, separator, places, len(names)
    raise BadRow("no_columns", lines[0] if lines else "")


def _places(names: Sequence[str], columns: Mapping[str, str]) -> dict[str, int]:
    known = [plain(name) for name in names]
    found = {what: known.index(plain(name)) for what, name in columns.items() if plain(name) in known}
    for what, spellings in COLUMNS.items():
        if what in columns:
            continue
        for spelling in spellings:
            if what not in found and spelling in known and known.index(spelling) not in found.values():
                found[what] = known.index(spelling)
    return found


def _values(
    cells: Sequence[str], places: Mapping[str, int], width: int, wanted: Collection[str] | None
) -> tuple[str, str, tuple[float, float, float]]:
    """Return a row's viewer, arm, and outcome, cost and covariate; ``wanted``: the arms that are. Raises: BadRow."""
    if len(cells) > width:
        raise BadRow("cells", len(cells))

    def cell(what: str) -> str:
        place = places.get(what)
        return cells[place].strip() if place is not None and place < len(cells) else ""

    unit, arm = cell("unit"), cell("arm")
    if not unit:
        raise BadRow("no_unit")
    if not arm:
        raise BadRow("no_arm")
    if wanted is not None and _key(arm) not in wanted:
        raise BadRow("another_arm", arm)
    outcome = _number(cell("outcome"), "bad_outcome")
    if math.isnan(outcome):
        raise BadRow("bad_outcome", cell("outcome"))
    cost = _number(cell("cost"), "bad_cost")
    return unit, arm, (outcome, 0.0 if math.isnan(cost) else cost, _number(cell("covariate"), "bad_covariate"))


def _number(text: str, reason: str) -> float:
    """Return a number as French or English write it; NaN where none is told. Raises: BadRow."""
    bare = text.translate(_SPACES).replace("\u2212", "-")
    folded = bare.casefold()
    if folded in _NOTHING:
        return math.nan
    if folded in _YES or folded in _NO:
        return float(folded in _YES)
    if "," in bare and "." in bare:
        bare = bare.replace("." if bare.rfind(",") > bare.rfind(".") else ",", "")
    try:
        number = float(bare.replace(",", "."))
    except ValueError:
        raise BadRow(reason, text) from None
    if not math.isfinite(number):
        raise BadRow(reason, text)
    if number and not NUMBER_LEAST <= abs(number) <= NUMBER_MOST:
        raise BadRow("out_of_range", text)
    return number
