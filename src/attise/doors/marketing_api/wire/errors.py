"""What the wire itself refuses, before any room is asked; ``codes`` gives each its number in the dialect."""

from __future__ import annotations

from attise.kernel.errors import N_, Kind, Reason

UNKNOWN_ADDRESS = Reason(
    "dialect_address",
    N_("There is no endpoint at this address."),
    N_("Check the path; every endpoint lies under /open_api/v1.3/."),
    Kind.ABSENT,
)
WRONG_VERSION = Reason(
    "dialect_version",
    N_("This version of the API is not served here."),
    N_("Use /open_api/v1.3/."),
)
WRONG_METHOD = Reason(
    "dialect_method",
    N_("This endpoint does not take %(method)s."),
    N_("Use %(allowed)s."),
)
NOT_YET = Reason(
    "dialect_not_implemented",
    N_("This endpoint is known, but not implemented here."),
    N_("docs/coverage.md lists what is."),
)
OUT_OF_SCOPE = Reason(
    "dialect_out_of_scope",
    N_("This endpoint belongs to a product that this platform leaves out on purpose."),
    N_("docs/coverage.md lists what is served."),
)
TOKEN_MISSING = Reason(
    "dialect_token_missing",
    N_("Access token is null, you should set it in http header with key Access-Token."),
    "",
    Kind.UNAUTHENTICATED,
)
TOKEN_INVALID = Reason(
    "dialect_token_invalid",
    N_("Access token is incorrect or has been revoked."),
    N_("Ask for a new one."),
    Kind.UNAUTHENTICATED,
)
TOKEN_EXPIRED = Reason(
    "dialect_token_expired",
    N_("Access token has expired."),
    N_("Exchange the refresh token for a new one."),
    Kind.UNAUTHENTICATED,
)
SCOPE_MISSING = Reason(
    "dialect_scope",
    N_("This token was not granted the scope that this endpoint needs (%(scope)s)."),
    N_("Ask the advertiser to authorize the app again with this scope."),
    Kind.FORBIDDEN,
)
RATE = Reason(
    "dialect_rate",
    N_("Too many requests (%(window)s): this app may send %(limit)s."),
    N_("Wait before the next request."),
    Kind.TOO_MANY,
)
BODY = Reason(
    "dialect_body",
    N_("The body cannot be read: %(rule)s."),
    N_("Send one JSON object in UTF-8."),
)
QUERY = Reason(
    "dialect_query",
    N_("The query string cannot be read: %(rule)s."),
    N_("Encode it as UTF-8 percent-encoded parameters."),
)
MISSING = Reason(
    "dialect_missing",
    N_("Missing required field(s): %(fields)s."),
    N_("Add what is missing and send again."),
)
NO_PERMISSION = Reason(
    "dialect_no_permission",
    N_("No permission to operate this advertiser or Business Center with this token."),
    N_("Check the identifier, the token, and the role of the person who granted it."),
    Kind.FORBIDDEN,
)
NO_OBJECT = Reason(
    "dialect_no_object",
    N_("This object does not exist or is not available to this account."),
    N_("Check the identifier."),
    Kind.ABSENT,
)
VALUE = Reason(
    "dialect_value",
    N_("%(rule)s."),
    N_("Correct the value and send again."),
)
VALUE_CHOICE = Reason(
    "dialect_value_choice",
    N_("must be one of %(choices)s."),
    N_("Choose one of these values."),
)
VALUE_RANGE = Reason(
    "dialect_value_range",
    N_("must be a whole number from %(least)s to %(most)s, in plain digits."),
    N_("Choose a value within this range."),
)
VALUE_LENGTH = Reason(
    "dialect_value_length",
    N_("must have from %(least)s to %(most)s characters; it has %(got)s."),
    N_("Change its length."),
)
VALUE_ITEMS = Reason(
    "dialect_value_items",
    N_("must hold from %(least)s to %(most)s items; it holds %(got)s."),
    N_("Send fewer or more of them."),
)
FIELD_NOT_SELECTABLE = Reason(
    "dialect_fields",
    N_("%(name)s is not a field of this answer."),
    N_("Leave it out, or check its spelling."),
)
GRANT_TYPE = Reason(
    "dialect_grant_type",
    N_("This grant_type is not supported: use %(choices)s."),
    N_("Correct grant_type and send again."),
    number=40108,
)
NO_CODE_YET = Reason(
    "dialect_no_code",
    N_("This post has no live code."),
    N_("Make one with business/post/authorize/setting/."),
)
NOT_TAKEN_HERE = Reason(
    "dialect_not_taken",
    N_("%(rule)s."),
    N_("Leave the field out."),
)
NOT_OFFERED = Reason(
    "dialect_not_offered",
    N_("this is not offered here."),
    N_("Leave the field out, or empty."),
)
REPORT_FILTER = Reason(
    "dialect_report_filter",
    N_("Reports are not filtered by %(name)s with %(kind)s."),
    N_("Use IN with one of %(choices)s."),
)
# The rules that complete VALUE and BODY; marked here so that catalogues hold them.
RULE_ID = N_("must be an identifier: a string of digits")
RULE_ID_STRING = N_("must be an identifier written as a string of digits, not as a number")
RULE_TEXT = N_("must be a string")
RULE_BOOLEAN = N_("must be true or false")
RULE_LIST = N_("must be a JSON list")
RULE_LIST_SYNTAX = N_("must be a list written as JSON")
RULE_OBJECT = N_("must be a JSON object")
RULE_OBJECT_SYNTAX = N_("must be an object written as JSON")
RULE_TIME = N_("must be a time like 2026-11-22 08:30:00 (UTC)")
RULE_MOMENT = N_("must be a time like 2026-11-22T08:30:00Z")
RULE_DATE = N_("must be a date like 2026-11-22")
RULE_DECIMAL = N_("must be a plain decimal such as 1.7, from 0 to 9999.999")
RULE_AMOUNT = N_("must be a plain amount such as 50 or 0.87, without sign or exponent")
RULE_AMOUNT_DECIMALS = N_("is too large, or has more decimals than its currency")
RULE_FILE = N_("must be a file in a multipart form")
RULE_TWICE = N_("is given twice")
RULE_NOT_AN_OBJECT = N_("it is not an object")
RULE_SIZE = N_("it is larger than 1 MiB")
RULE_MANY = N_("it has too many parameters")
RULE_FORM = N_("the multipart form is broken")
RULE_VALUES = N_("must be a string that holds a JSON list of strings")
RULE_COUNTRY = N_("must hold ISO codes of countries, two capital letters each")
