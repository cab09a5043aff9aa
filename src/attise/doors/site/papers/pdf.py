"""A paper as a PDF of A4 pages."""

from __future__ import annotations

from datetime import UTC, datetime

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from attise.doors.site.papers.words import Paper
from attise.kernel import fonts

FAMILY = "DejaVu"
MARGIN_MM, LINE_MM, FOOT_MM = 18, 5, 24
WIDTHS_MM = (100, 28, 46)
INK, MUTED, RULE = (29, 27, 25), (92, 86, 79), (230, 226, 220)
MOST_CHARACTERS = 90
"""Of a line's name, so that a row stays within a page."""


class _Sheet(FPDF):
    """Pages that bear the number of the paper and their own."""

    def __init__(self, paper: Paper, issued_at_ms: int) -> None:
        super().__init__(unit="mm", format="A4")
        self._paper = paper
        self.set_creation_date(datetime.fromtimestamp(issued_at_ms // 1000, UTC))
        self.set_title(f"{paper.title} {paper.number}")
        self.set_author(paper.issuer[0])
        self.set_producer("Attise")
        self.add_font(FAMILY, "", fonts.REGULAR)
        self.add_font(FAMILY, "B", fonts.BOLD)
        self.set_margins(MARGIN_MM, MARGIN_MM)
        self.set_auto_page_break(auto=True, margin=FOOT_MM)

    def footer(self) -> None:
        """Write the number of the paper and of the page."""
        self.set_y(-FOOT_MM + LINE_MM)
        self._say(8, MUTED)
        self.cell(0, LINE_MM, f"{self._paper.title} {self._paper.number} · {self.page_no()} / {{nb}}", align="R")

    def _say(self, size: int, colour: tuple[int, int, int] = INK, *, bold: bool = False) -> None:
        self.set_font(FAMILY, "B" if bold else "", size)
        self.set_text_color(*colour)

    def write_paper(self, words: dict[str, str]) -> None:
        """Write everything; ``words`` are the heads of the table and of the sums."""
        self.add_page()
        self._say(9, MUTED)
        self.multi_cell(90, LINE_MM, "\n".join(self._paper.issuer), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(8)
        self._say(18, bold=True)
        self.cell(0, 9, f"{self._paper.title} {self._paper.number}", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(2)
        top = self.get_y()
        for label, value in self._paper.facts[1:]:
            self._say(9, MUTED)
            self.cell(38, LINE_MM, label)
            self._say(9)
            self.multi_cell(52, LINE_MM, value, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        below = self.get_y()
        self.set_xy(MARGIN_MM + 100, top)
        self._say(9)
        self.multi_cell(0, LINE_MM, "\n".join(self._paper.buyer), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_y(max(below, self.get_y()) + 8)
        self._table(words)
        self._sums(words)
        self.ln(6)
        self._say(8, MUTED)
        for note in self._paper.notes:
            self.multi_cell(0, LINE_MM, note, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _table(self, words: dict[str, str]) -> None:
        self.set_draw_color(*RULE)
        self._heads(words)
        for line in self._paper.lines:
            height = LINE_MM * (2 if line.detail else 1) + 2
            if self.get_y() + height > self.page_break_trigger:
                self.add_page()
                self._heads(words)
            top = self.get_y()
            self._say(9)
            self.cell(WIDTHS_MM[0], LINE_MM, self._fitted(line.what, WIDTHS_MM[0]))
            self.cell(WIDTHS_MM[1], LINE_MM, line.count, align="R")
            self.cell(WIDTHS_MM[2], LINE_MM, line.amount, align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
            if line.detail:
                self._say(7, MUTED)
                self.cell(
                    WIDTHS_MM[0],
                    LINE_MM - 1,
                    self._fitted(line.detail, WIDTHS_MM[0]),
                    new_x=XPos.LMARGIN,
                    new_y=YPos.NEXT,
                )
            self.set_y(max(self.get_y(), top + LINE_MM) + 1)
            self.line(MARGIN_MM, self.get_y(), self.w - MARGIN_MM, self.get_y())
            self.ln(1)

    def _heads(self, words: dict[str, str]) -> None:
        self._say(8, MUTED)
        self.cell(WIDTHS_MM[0], LINE_MM, words["what"])
        self.cell(WIDTHS_MM[1], LINE_MM, words["count"], align="R")
        self.cell(WIDTHS_MM[2], LINE_MM, words["amount"], align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.line(MARGIN_MM, self.get_y() + 1, self.w - MARGIN_MM, self.get_y() + 1)
        self.ln(2)

    def _sums(self, words: dict[str, str]) -> None:
        self.ln(2)
        rows = [(words["total"], self._paper.total, True)]
        if self._paper.exact:
            rows.insert(0, (words["exact"], self._paper.exact, False))
        for label, value, bold in rows:
            self._say(11 if bold else 9, INK if bold else MUTED, bold=bold)
            self.cell(WIDTHS_MM[0] + WIDTHS_MM[1], LINE_MM + 2, label, align="R")
            self.cell(WIDTHS_MM[2], LINE_MM + 2, value, align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _fitted(self, text: str, width_mm: int) -> str:
        """Return a text that fits into a width, cut with three dots where it does not."""
        text = text[:MOST_CHARACTERS]
        if self.get_string_width(text) <= width_mm - 2:
            return text
        while text and self.get_string_width(text + "…") > width_mm - 2:
            text = text[:-1]
        return text + "…"


def pdf_of(paper: Paper, words: dict[str, str], *, issued_at_ms: int) -> bytes:
    """Return a paper as a PDF; the same paper in the same words is the same file, byte for byte."""
    sheet = _Sheet(paper, issued_at_ms)
    sheet.write_paper(words)
    return bytes(sheet.output())
