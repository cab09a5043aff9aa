"""The one table from what the house refuses to the dialect's return codes.

A reason has the code that is written for it here, else the code of its kind: the table is total. Spark refusals keep
their own names: the message begins with it and ``data`` carries it.
"""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext

from attise.doors.marketing_api.wire import errors
from attise.kernel.errors import Kind, Reason, Refusal, Refusals
from attise.ledger import errors as ledger
from attise.management.authorizations import errors as authorizations
from attise.management.authorizations.errors import ORIGINAL_REASONS, SPARK_REASONS
from attise.management.campaigns import errors as campaigns
from attise.management.egress import errors as egress
from attise.management.idempotency import errors as idempotency
from attise.management.library import errors as library
from attise.management.posts.media import errors as media

OK: Final = 0
PARTIAL: Final = 20001
NO_PERMISSION: Final = 40001
BAD_PARAMETER: Final = 40002
NO_OBJECT: Final = 40007
TOO_MANY: Final = 40100
SYSTEM_ERROR: Final = 50000
TIMEOUT: Final = 50002

BY_KIND: Final = {
    Kind.RULE: BAD_PARAMETER,
    Kind.ABSENT: NO_OBJECT,
    Kind.FORBIDDEN: NO_PERMISSION,
    Kind.UNAUTHENTICATED: 40105,
    Kind.CONFLICT: BAD_PARAMETER,
    Kind.TOO_MANY: TOO_MANY,
    Kind.TOO_LARGE: BAD_PARAMETER,
    Kind.UNSUPPORTED: BAD_PARAMETER,
}
BY_REASON: Final[dict[str, int]] = {
    errors.UNKNOWN_ADDRESS.code: 40400,
    errors.WRONG_VERSION.code: 40006,
    errors.WRONG_METHOD.code: 40117,
    errors.NOT_YET.code: 40008,
    errors.OUT_OF_SCOPE.code: 40008,
    errors.TOKEN_MISSING.code: 40104,
    errors.TOKEN_EXPIRED.code: 40102,
    errors.SCOPE_MISSING.code: 40130,
    idempotency.KEY_USED_FOR_ANOTHER.code: 40050,
    ledger.TRANSFER_KEY_REUSED.code: 40050,
    idempotency.KEY_RUNNING.code: 40202,
    idempotency.HOLD_LOST.code: 40202,
    campaigns.EDITED_MEANWHILE.code: 40202,
    library.SIGNATURE_FORM.code: 40900,
    library.SIGNATURE_MISMATCH.code: 40900,
    media.TOOK_TOO_LONG.code: 40901,
    egress.FETCH_NO_ANSWER.code: 40902,
    egress.FETCH_TOO_SLOW.code: 40902,
    media.NOT_A_FILE.code: 40905,
    media.EMPTY.code: 40906,
    media.TOO_LARGE.code: 40907,
    media.IMAGE_TOO_LARGE.code: 40907,
    egress.FETCH_TOO_LARGE.code: 40907,
    media.CONTAINER_NOT_ALLOWED.code: 40908,
    media.CODEC.code: 40908,
    media.IMAGE_NOT_ALLOWED.code: 40908,
}
SMALLEST_CODE: Final = 20_001
"""Numbers below are those of Spark refusals, which are no return codes."""
SPARK_NAMES: Final = frozenset(reason.code for reason in (*SPARK_REASONS, *ORIGINAL_REASONS))
STEP_APART: Final = frozenset(
    reason.code
    for reason in (authorizations.AUTH_CODE_REVOKED, authorizations.AUTH_CODE_ALREADY_USED, *ORIGINAL_REASONS)
)
"""Spark refusals whose sentence does not say by itself what to do."""
SECOND_CODE: Final = "original_post_auth_code"


def code_of(reason: Reason) -> int:
    """Return the dialect's code of a reason: written above, its own number where that is one, or its kind's."""
    if reason.code in BY_REASON:
        return BY_REASON[reason.code]
    if reason.number is not None and reason.number >= SMALLEST_CODE:
        return reason.number
    return BY_KIND[reason.kind]


def told(problem: Refusal | Refusals) -> tuple[int, str, dict[str, Any]]:
    """Return code, message and data of what was refused; of several, the first one's code and all the sentences."""
    items = problem.items if isinstance(problem, Refusals) else (problem,)
    first = items[0].reason
    message = " ".join(message_of(item) for item in items)
    if first.code in SPARK_NAMES:
        named = {"error_name": first.code, "spark_error_code": first.number}
        return code_of(first), message, {**named, "field": items[0].field} if _names_field(items[0]) else named
    return code_of(first), message, {}


def message_of(refusal: Refusal) -> str:
    """Return the sentence of a refusal in the language of the request.

    A Spark refusal begins with its name, and ends with its hint, or its next step where its sentence has none; another
    one begins with the field it is about. What is absent, or not the caller's, is told in one text whatever it is.
    """
    code = code_of(refusal.reason)
    if refusal.reason.code in SPARK_NAMES:
        step = refusal.next_step if refusal.reason.code in STEP_APART else refusal.hint
        told = (_sentence(refusal.reason.message, refusal.params), _sentence(step, refusal.params))
        of = f"{refusal.field}: " if _names_field(refusal) else ""
        return f"{refusal.reason.code}: {of}{' '.join(filter(None, told))}"
    if code in (NO_OBJECT, NO_PERMISSION):
        refusal = Refusal(errors.NO_OBJECT if code == NO_OBJECT else errors.NO_PERMISSION)
    words = [_sentence(refusal.reason.message, refusal.params), _sentence(refusal.next_step, refusal.params)]
    text = " ".join(word for word in words if word)
    return f"{refusal.field}: {text}" if refusal.field and code not in (NO_OBJECT, NO_PERMISSION) else text


def _names_field(refusal: Refusal) -> bool:
    """Tell whether a Spark refusal says what it is about: a second code, or one of several objects."""
    field = refusal.field or ""
    return field == SECOND_CODE or "[" in field


def _sentence(text: str, params: dict[str, Any]) -> str:
    """Return a message id in the language of the request, filled; rules among the values are message ids too."""
    if not text:
        return ""
    filled = {
        name: gettext(value) if name == "rule" and isinstance(value, str) and value else value
        for name, value in params.items()
    }
    return gettext(text) % filled if filled else gettext(text)
