"""What this room refuses, and what to do then."""

from __future__ import annotations

from attise.kernel.errors import N_, Kind, Reason

EXTERNAL_ID_TAKEN = Reason(
    "external_id_taken",
    N_("A viewer with this external_id exists already."),
    N_("Use that viewer, change it, or give another external_id."),
    Kind.CONFLICT,
)
VIEWER_OF_PERSON_EXISTS = Reason(
    "viewer_of_person_exists",
    N_("This person already has a viewer."),
    N_("Use that viewer."),
    Kind.CONFLICT,
)
