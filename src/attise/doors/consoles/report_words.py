"""What somebody says is wrong with an ad, in words."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

REASONS: Final[dict[str, Promise]] = {
    "misleading": gettext_lazy("It promises what is not true"),
    "scam": gettext_lazy("It is a fraud"),
    "dangerous": gettext_lazy("What it shows or sells is dangerous"),
    "offensive": gettext_lazy("It offends or insults"),
    "adult": gettext_lazy("It shows sexual content"),
    "other": pgettext_lazy("report", "Something else"),
    "unsaid": pgettext_lazy("report", "Nothing said"),
}
"""By the code that is kept; the last is of reports that came from an app and say nothing more."""
