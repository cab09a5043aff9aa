"""A budget that is changed in its cell: what was typed stays, a refusal stands under it, a large rise is asked once."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from attise.doors.consoles import telling
from attise.doors.consoles.advertiser.tree.rows import Row
from attise.doors.consoles.money_text import typed_money
from attise.doors.site import formats
from attise.kernel.clock import to_datetime
from attise.kernel.errors import Refusal, Refusals
from attise.kernel.limits import DAY_MS

LARGE_PERCENT = 150
"""A new budget above so many percent of the old one is asked once more, with the most that it may cost."""
MONTH_DAYS = 30
ASK, CONFLICT = "ask", "conflict"


@dataclass(frozen=True, slots=True)
class Edit:
    """A budget's cell while it is changed."""

    object_id: int
    typed: str
    revision: int
    """Of the row as it was when the cell was opened."""
    error: str = ""
    question: str = ""
    """``ask``: is so much meant? ``conflict``: somebody else changed it."""
    words: str = ""
    """Of the question."""
    sure: str = ""
    """What is confirmed by answering ``ask``."""

    @classmethod
    def of(cls, row: Row) -> Edit:
        """Return the cell of a row as it opens, with the amount as people type it."""
        return cls(row.id, typed_money(row.budget.micros if row.budget else None, row.currency), row.view.revision)

    def refused(self, refused: Refusal | Refusals) -> Edit:
        """Return the cell with what stands against the amount."""
        return replace(self, error=" ".join(telling.sentence(one) for one in telling.items_of(refused)))


def is_large(before: int | None, after: int) -> bool:
    """Tell whether a rise is asked once more."""
    return before is not None and after * 100 > before * LARGE_PERCENT


def most_in_words(row: Row, micros: int, now_ms: int) -> str:
    """Return the most that a new budget may cost: to the end of the schedule, or a month when it has none."""
    language = formats.language_of(get_language())
    budget = row.budget
    per_day = budget is not None and budget.per_day
    if not per_day:
        return _("At most %(most)s in total.") % {"most": formats.money(micros, row.currency, language, short=True)}
    if row.ends_at_ms is None:
        most = formats.money(micros * MONTH_DAYS, row.currency, language, short=True)
        return _("At most %(most)s in 30 days.") % {"most": most}
    begin = max(now_ms, row.starts_at_ms or now_ms)
    days = max(-(-(row.ends_at_ms - begin) // DAY_MS), 1)
    last = timezone.localtime(to_datetime(row.ends_at_ms)).date()
    return _("At most %(most)s until %(date)s.") % {
        "most": formats.money(micros * days, row.currency, language, short=True),
        "date": formats.day(last, language),
    }
