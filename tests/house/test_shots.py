"""The sheet of pictures: a row for each page, each look in its column, whatever is missing left open."""

from __future__ import annotations

from tools.shots import LOOKS, sheet


def test_a_page_has_a_row_with_its_looks_in_their_columns():
    made = sheet(["sign-in-desk-light-fr.png", "sign-in-phone-dark-en.png", "notes.png", "search-desk-dark-en.png"])
    assert "<h1>2 pages</h1>" in made
    row = made.partition("<th>sign-in</th>")[2].partition("</tr>")[0]
    cells = row.split("<td")[1:]
    assert len(cells) == len(LOOKS) == 8
    assert 'src="sign-in-desk-light-fr.png"' in cells[LOOKS.index("desk-light-fr")]
    assert 'src="sign-in-phone-dark-en.png"' in cells[LOOKS.index("phone-dark-en")]
    assert sum("<img" in cell for cell in cells) == 2
    assert "notes" not in made
