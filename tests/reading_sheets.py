"""Files of tables read back, as a spreadsheet or an analysis tool reads them."""

from __future__ import annotations

import csv
import io
import re
import tempfile
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path
from typing import Any

_NS = {"s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
_ESCAPED = re.compile(r"_x([0-9A-F]{4})_")
"""A character that XML cannot hold, as the format writes it."""


def read_csv(raw: bytes, separator: str = ",") -> list[list[str]]:
    """Return the rows of a CSV, titles first."""
    assert raw.startswith("\ufeff".encode())
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=separator))


def read_workbook(raw: bytes) -> list[list[str]]:
    """Return the rows of the first page, titles first; a cell that would be computed is none here: it fails."""
    with zipfile.ZipFile(io.BytesIO(raw)) as book:
        page = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert page.find(".//s:f", _NS) is None, "a formula"
    rows = []
    for row in page.iterfind(".//s:row", _NS):
        cells: dict[int, str] = {}
        for cell in row.iterfind("s:c", _NS):
            at = "s:is/s:t" if cell.get("t") == "inlineStr" else "s:v"
            text = cell.findtext(at, "", _NS)
            cells[_place(cell.get("r", ""))] = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
        rows.append([cells.get(place, "") for place in range(max(cells, default=-1) + 1)])
    return rows


def read_parquet(raw: bytes) -> tuple[dict[str, str], list[tuple[Any, ...]]]:
    """Return the types of its columns by name, and its rows."""
    import duckdb

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.parquet"
        path.write_bytes(raw)
        engine = duckdb.connect(":memory:")
        types = {name: kind for name, kind, *_ in engine.execute(f"DESCRIBE SELECT * FROM '{path}'").fetchall()}
        rows = engine.execute(f"SELECT * FROM '{path}'").fetchall()
        engine.close()
    return types, rows


def _place(reference: str) -> int:
    place = 0
    for letter in reference.rstrip("0123456789"):
        place = place * 26 + ord(letter) - 64
    return place - 1
