"""What this door itself refuses, before any room is asked."""

from __future__ import annotations

from attise.kernel.errors import N_, Kind, Reason, Refusal


class Broken(Refusal):
    """The request itself cannot be read: 400, whatever it asked for."""


class MethodRefused(Refusal):
    """The address is there, but not for this method: 405."""


KEY_REQUIRED = Reason(
    "host_key_required",
    N_("This address needs a host key."),
    N_("Send the header Authorization: Bearer, followed by your host key."),
    Kind.UNAUTHENTICATED,
)
KEY_INVALID = Reason(
    "host_key_invalid",
    N_("This host key is not valid, or was revoked."),
    N_("Check that the key was copied in full, or make a new one."),
    Kind.UNAUTHENTICATED,
)
BAD_JSON = Reason(
    "bad_json",
    N_("The body is not the JSON that is taken here: %(rule)s."),
    N_("Send one JSON object in UTF-8, with each name once."),
)
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
METHOD_NOT_ALLOWED = Reason(
    "method_not_allowed",
    N_("This method is not taken here."),
    N_("Use one of the methods named in the Allow header."),
)
BODY_TOO_LARGE = Reason(
    "body_too_large",
    N_("The body is larger than this address takes: %(limit)s bytes at most."),
    N_("Send less at once, or in several requests."),
    Kind.TOO_LARGE,
)
BODY_TYPE = Reason(
    "unsupported_media_type",
    N_("This content type is not taken here."),
    N_("Send the header Content-Type: %(types)s."),
    Kind.UNSUPPORTED,
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
