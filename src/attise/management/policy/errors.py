"""What this room refuses, and what to do then."""

from __future__ import annotations

from attise.kernel.errors import N_, Kind, Reason

SETTING_UNCHANGED = Reason(
    "setting_unchanged",
    N_("Nothing differs from what is set already."),
    N_("Change a value first, or leave it as it is."),
    Kind.CONFLICT,
)
SETTING_CHANGED_MEANWHILE = Reason(
    "setting_changed_meanwhile",
    N_("Somebody else changed the settings meanwhile."),
    N_("Look at them again, then decide."),
    Kind.CONFLICT,
)
