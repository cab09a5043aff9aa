"""Rows out of CSV: columns matched by name in French or English, or by what the caller says. Pure.

The separator (``;``, ``,``, tab, ``|``) is the one by which most columns are known; lines before the header (a title,
``sep=;``) are passed over.
"""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from attise.measurement.scout.bounds import LINE_CHARACTERS
from attise.measurement.scout.observed import COUNTS
from attise.measurement.scout.reading.rows import BadRow, Row, Tally, printable
from attise.measurement.scout.reading.values import count_of, is_day_first, moment_of, plain, seconds_of

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "post": (
        *("post", "postid", "idpost", "videoid", "idvideo", "iddelavideo", "publication", "idpublication"),
        *("iddelapublication", "itemid", "contentid", "id", "video", "permalink", "permalien", "url", "link", "lien"),
        *("postlink", "videolink", "videourl", "liendelavideo", "liendelapublication", "urldelavideo"),
    ),
    "time": (
        *("time", "at", "seenat", "observedat", "snapshot", "snapshotat", "snapshottime", "collectedat", "scrapedat"),
        *(
            "fetchedat",
            "timestamp",
            "horodatage",
            "moment",
            "releve",
            "relevele",
            "releveele",
            "relevedu",
            "datereleve",
        ),
        *("datedureleve", "heuredureleve", "heure", "datetime", "dateheure", "dateetheure", "date"),
    ),
    "published": (
        *("published", "publishedat", "publishtime", "publishdate", "publicationdate", "publicationtime", "postedat"),
        *("posted", "posttime", "postdate", "createtime", "createdat", "uploaddate", "uploadedat", "datedepublication"),
        *("heuredepublication", "dateetheuredepublication", "publiele", "publieele", "misenligne", "datedecreation"),
        *("datepublication", "videopublishtime"),
    ),
    "views": (
        *("views", "view", "vues", "vue", "viewcount", "videoviews", "totalviews", "viewstotal", "nombredevues"),
        *("nbvues", "nbdevues", "vuestotales", "totalvues", "vuesvideo", "vuesdelavideo", "plays", "playcount"),
        *("lectures",),
    ),
    "likes": (
        *(
            "likes",
            "like",
            "likecount",
            "totallikes",
            "diggcount",
            "jaime",
            "mentionsjaime",
            "nombredejaime",
            "nbjaime",
        ),
        *("nombredelikes", "nblikes"),
    ),
    "comments": (
        *("comments", "comment", "commentcount", "totalcomments", "commentaires", "nombredecommentaires"),
        *("nbcommentaires", "nbdecommentaires"),
    ),
    "shares": ("shares", "share", "sharecount", "totalshares", "partages", "nombredepartages", "nbpartages", "reposts"),
    "saves": (
        *("saves", "save", "savecount", "saved", "favorites", "favourites", "addedtofavorites", "bookmarks"),
        *("collectcount", "favoris", "ajoutsauxfavoris", "enregistrements", "sauvegardes", "nombredefavoris"),
    ),
    "duration": (
        *("duration", "durations", "durationseconds", "durationsec", "videoduration", "length", "duree", "dureevideo"),
        *("dureedelavideo", "dureesecondes", "dureeensecondes", "longueur"),
    ),
    "creator": (
        *(
            "creator",
            "author",
            "account",
            "username",
            "handle",
            "channel",
            "profile",
            "createur",
            "creatrice",
            "auteur",
        ),
        *("compte", "profil", "nomducompte"),
    ),
    "category": ("category", "topic", "sector", "categorie", "theme", "secteur"),
    "title": ("title", "caption", "description", "text", "videotitle", "titre", "legende", "texte", "titredelavideo"),
}
"""Names of columns, by ``values.plain``; the surest first."""
SEPARATORS: Final = ";,\t|"
NEEDED: Final = ("post", "views")
_HEADER_WITHIN: Final = 20
_DATED: Final = 200
"""Rows by which the order of day and month is told."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the caller says of tables: ``columns`` by thing, the zone of times without one, the order of days."""

    columns: Mapping[str, str]
    zone: str = "UTC"
    day_first: bool | None = None


@dataclass(frozen=True, slots=True)
class _Header:
    separator: str
    places: dict[str, int]
    width: int


def rows_of(name: str, lines: Iterator[str], told: Told, tally: Tally) -> Iterator[Row]:
    """Yield the rows of a table, and tell those that are left out. Raises: BadRow (``no_columns``)."""
    begin = list(itertools.islice(lines, _HEADER_WITHIN))
    found = _header(begin, told.columns)
    if found is None:
        raise BadRow("no_columns", begin[0] if begin else "")
    skipped, header = found
    cells = cells_of(itertools.chain(begin[skipped + 1 :], lines), header.separator, skipped + 1, name, tally)
    first = list(itertools.islice(cells, _DATED))
    day_first = told.day_first
    for what in ("time", "published"):
        if day_first is None and what in header.places:
            day_first = is_day_first([_cell(row, header, what) for _, row in first])
    if day_first is None:
        day_first = True
    for line, row in itertools.chain(first, cells):
        made = tally.take(name, line, lambda line=line, row=row: _row(row, header, told, line, day_first=day_first))
        if made is not None:
            yield made


def _row(cells: Sequence[str], header: _Header, told: Told, line: int, *, day_first: bool) -> Row:
    if len(cells) > header.width:
        raise BadRow("cells", len(cells))
    post = printable(_cell(cells, header, "post"))
    if not post:
        raise BadRow("no_post")
    counts = tuple(count_of(_cell(cells, header, what)) for what in COUNTS)
    if counts[0] != counts[0]:  # NaN
        raise BadRow("no_views")
    seen, published = (
        moment_of(_cell(cells, header, what), zone=told.zone, day_first=day_first) for what in ("time", "published")
    )
    return Row(
        post=post,
        counts=counts,
        at_ms=seen,
        published_at_ms=published,
        duration_s=seconds_of(_cell(cells, header, "duration")),
        creator=printable(_cell(cells, header, "creator")),
        category=printable(_cell(cells, header, "category")),
        title=printable(_cell(cells, header, "title")),
        line=line,
    )


def _header(lines: Sequence[str], columns: Mapping[str, str]) -> tuple[int, _Header] | None:
    """Return how many lines stand before the header, and the header."""
    for place, line in enumerate(lines):
        best: _Header | None = None
        for separator in SEPARATORS:
            try:
                names = next(csv.reader([line], delimiter=separator), [])
            except csv.Error:
                continue
            places = _places(names, columns)
            if all(what in places for what in NEEDED) and (best is None or len(places) > len(best.places)):
                best = _Header(separator, places, len(names))
        if best is not None:
            return place, best
    return None


def _places(names: Sequence[str], columns: Mapping[str, str]) -> dict[str, int]:
    known = [plain(name) for name in names]
    found: dict[str, int] = {}
    for what, wanted in columns.items():
        if plain(wanted) in known:
            found[what] = known.index(plain(wanted))
    taken = set(found.values())
    for what, spellings in COLUMNS.items():
        for spelling in spellings:
            if what not in found and spelling in known and known.index(spelling) not in taken:
                found[what] = known.index(spelling)
                taken.add(found[what])
    return found


def cells_of(
    lines: Iterator[str], separator: str, before: int, name: str, tally: Tally
) -> Iterator[tuple[int, list[str]]]:
    """Yield each row's line and cells; a row that breaks the form is told, and reading goes on after it."""
    csv.field_size_limit(LINE_CHARACTERS)
    reader = csv.reader(lines, delimiter=separator)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            tally.skip(name, before + reader.line_num, "line_too_long")
            continue
        if any(cell.strip() for cell in cells):
            yield before + reader.line_num, cells


def _cell(cells: Sequence[str], header: _Header, what: str) -> str:
    place = header.places.get(what)
    return cells[place].strip() if place is not None and place < len(cells) else ""
