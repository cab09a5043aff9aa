"""What this door itself refuses, before any room is asked."""

from __future__ import annotations

from attise.kernel.errors import N_, Kind, Reason
from attise.records.native_errors import (
    BAD_JSON,
    BODY_TOO_LARGE,
    BODY_TYPE,
    KEY_INVALID,
    KEY_REQUIRED,
    METHOD_NOT_ALLOWED,
    Broken,
    MethodRefused,
)

__all__ = [
    "BAD_JSON",
    "BAD_KEY",
    "BAD_MULTIPART",
    "BODY_TOO_LARGE",
    "BODY_TYPE",
    "CURSOR_INVALID",
    "KEY_INVALID",
    "KEY_REQUIRED",
    "METHOD_NOT_ALLOWED",
    "NOT_A_SANDBOX",
    "NO_LIFE",
    "TOO_MANY_ROWS",
    "Broken",
    "MethodRefused",
]


BAD_MULTIPART = Reason(
    "bad_multipart",
    N_("The parts of this body cannot be read."),
    N_("Send multipart/form-data with a boundary, a part meta and a part file."),
)
BAD_KEY = Reason(
    "idempotency_key_form",
    N_("An idempotency key has 1 to %(limit)s printable ASCII characters."),
    N_("Send a random text such as a UUID, or leave the header out."),
)
CURSOR_INVALID = Reason(
    "cursor_invalid",
    N_("This cursor is not one that this list gave."),
    N_("Use next_cursor as it was given, or start again without a cursor."),
)
TOO_MANY_ROWS = Reason(
    "too_many_rows",
    N_("This body has %(got)s rows; at most %(limit)s are taken at once."),
    N_("Send the rows in several requests."),
    Kind.TOO_LARGE,
)
NOT_A_SANDBOX = Reason(
    "not_a_sandbox",
    N_("There is nothing at this address: this house is not a sandbox."),
    N_("Start the server with --sandbox on a data folder of its own."),
    Kind.ABSENT,
)
NO_LIFE = Reason(
    "no_life",
    N_("Nobody is simulated in this house."),
    N_("Start one with examples, on a data folder of its own: attise world."),
    Kind.ABSENT,
)
