"""What the native API refuses before any room is asked, and the status of each refusal.

Two processes answer this API, the edge and the site; a host must not be able to tell which did.
"""

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

# Message ids that say which shape a field has: they complete "This value is not valid: ...".
RULE_TEXT = N_("a text is expected")
RULE_WHOLE = N_("a whole number is expected, without quotes, decimals or exponent")
RULE_OBJECT = N_("an object is expected")
RULE_LIST = N_("a list is expected")
RULE_YES_NO = N_("true or false is expected")
RULE_ONE_OF = N_("one of these is expected: %(expected)s")
RULE_LEAST = N_("at least %(ge)s is expected")
RULE_MOST = N_("at most %(le)s is expected")
RULE_LONG_TEXT = N_("at most %(max_length)s characters are expected")
RULE_LONG_LIST = N_("at most %(max_length)s items are expected")
RULE_SHORT_TEXT = N_("at least %(min_length)s characters are expected")
RULE_SHORT_LIST = N_("at least %(min_length)s items are expected")
RULE_ID = N_('an identifier is a text of 1 to 19 digits, such as "7507931062747136000"')

STATUSES: dict[Kind, int] = {
    Kind.RULE: 422,
    Kind.ABSENT: 404,
    Kind.FORBIDDEN: 403,
    Kind.UNAUTHENTICATED: 401,
    Kind.CONFLICT: 409,
    Kind.TOO_MANY: 429,
    Kind.TOO_LARGE: 413,
    Kind.UNSUPPORTED: 415,
}
"""Every kind of refusal has one status; a test proves the table total."""


def status_of(refusal: Refusal) -> int:
    """Return the status of a refusal."""
    if isinstance(refusal, Broken):
        return 400
    return 405 if isinstance(refusal, MethodRefused) else STATUSES[refusal.reason.kind]
