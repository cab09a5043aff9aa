"""What is refused to a page beyond what the whole native API refuses."""

from __future__ import annotations

from attise.kernel.errors import N_, Kind, Reason

PIXEL_UNKNOWN = Reason(
    "pixel_unknown",
    N_("No pixel has this code."),
    N_("Copy the pixel's script again, as the console shows it."),
    Kind.ABSENT,
)
