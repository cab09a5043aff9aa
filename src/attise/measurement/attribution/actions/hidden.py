"""What people hid reaches their records: it is listed until somebody has told the record, as follows are.

This floor knows no viewer. Whoever may know both lists, tells in the order of the list, and then has it forgotten; a
crash in between tells once more, which does no harm.
"""

from __future__ import annotations

from collections.abc import Iterable

from attise.measurement.attribution.judging import HiddenAd
from attise.measurement.attribution.models import Hidden


def list_hidden(limit: int) -> list[tuple[int, HiddenAd]]:
    """Return up to ``limit`` entries with their numbers, oldest first. Cost: one statement."""
    rows = Hidden.objects.order_by("id").values_list("id", *HiddenAd._fields)
    return [(number, HiddenAd(*rest)) for number, *rest in rows[:limit]]


def forget_hidden(numbers: Iterable[int]) -> None:
    """Take entries away that were told. Cost: one statement."""
    Hidden.objects.filter(id__in=list(numbers)).delete()
