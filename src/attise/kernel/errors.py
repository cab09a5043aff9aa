"""Refusals, outages, and how a reason is said.

Four kinds of "no" live in the house. A *refusal* is expected and the caller can act on it. An *outage* is a dependency
or time itself: a retry may do. A *bug* is a broken invariant and is not caught to go on. An *outcome* is a value. Only
the first two are classes here. Doors alone translate them: texts below are English message ids for gettext.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any


def N_(text: str) -> str:  # noqa: N802 - the conventional name of a gettext marker
    """Mark a text for the translation catalogues and return it unchanged."""
    return text


class Kind(enum.Enum):
    """What sort of "no" a reason is; each door maps it to its own status."""

    RULE = "rule"
    """A rule of the trade or a field's shape: the caller can correct the request."""
    ABSENT = "absent"
    """The object does not exist, or is another tenant's: the two are never told apart."""
    FORBIDDEN = "forbidden"
    """The caller is known and may see the object, but their role is too low."""
    UNAUTHENTICATED = "unauthenticated"
    """No credential, or one that is not valid any more."""
    CONFLICT = "conflict"
    """The object's state, or another request under way, stands against it."""
    TOO_MANY = "too_many"
    """A limit of rate or number was met."""
    TOO_LARGE = "too_large"
    """The body is larger than this door takes."""
    UNSUPPORTED = "unsupported"
    """The media type or format is not one that this door takes."""


REASONS: dict[str, Reason] = {}
"""Every reason the house can give, by code; rooms fill it when their ``errors`` module is imported."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A stable code with its sentence and its next step.

    ``message`` and ``next_step`` are message ids with ``%(name)s`` places, filled from a refusal's ``params``.
    ``number`` is the number known from the advertising dialect, where there is one.
    """

    code: str
    message: str
    next_step: str
    kind: Kind = Kind.RULE
    number: int | None = None

    def __post_init__(self) -> None:
        """Enter the reason in the book; a code said twice with different words is a bug."""
        known = REASONS.setdefault(self.code, self)
        if known != self:
            raise AssertionError(f"reason {self.code!r} is declared twice with different words")


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """An expected "no" that the caller can act on.

    ``field`` names what to correct as the caller spelled it; ``params`` fill the sentence and are plain values;
    ``hint``, a message id, is a next step that fits what was sent better than the reason's own.
    """

    def __init__(self, reason: Reason, *, field: str | None = None, hint: str = "", **params: Any) -> None:
        """Keep the reason, the field, the hint and the values of the sentence."""
        self.reason = reason
        self.field = field
        self.hint = hint
        self.params: dict[str, Any] = params
        super().__init__(f"{reason.code}: {self.english}")

    @property
    def code(self) -> str:
        """The stable code of the reason."""
        return self.reason.code

    @property
    def next_step(self) -> str:
        """The message id of what to do then."""
        return self.hint or self.reason.next_step

    @property
    def english(self) -> str:
        """The sentence in English, filled."""
        return self.reason.message % self.params if self.params else self.reason.message

    def at(self, field: str) -> Refusal:
        """Return the same refusal, naming another field (a door's own spelling of it)."""
        return type(self)(self.reason, field=field, hint=self.hint, **self.params)


class Refusals(Exception):  # noqa: N818 - as above
    """Several refusals told together, because a person will mend them together."""

    def __init__(self, items: list[Refusal]) -> None:
        """Keep the refusals in the order they were found; at least one."""
        if not items:
            raise AssertionError("no refusal to tell")
        self.items = tuple(items)
        super().__init__("; ".join(str(item) for item in items))


class Outage(Exception):  # noqa: N818 - as above
    """A dependency or time failed; the same request may succeed later and nothing was half done."""

    def __init__(self, what: str, *, retry_after_s: int = 1) -> None:
        """Say what is away and after how many whole seconds a retry makes sense."""
        self.what = what
        self.retry_after_s = retry_after_s
        super().__init__(what)


# Reasons that any room may need.
NOT_FOUND = Reason(
    "not_found",
    N_("This object does not exist or is not yours."),
    N_("Check the identifier, and that this credential belongs to the owner."),
    Kind.ABSENT,
)
FIELD_REQUIRED = Reason("field_required", N_("This field is required."), N_("Fill the field and send again."))
FIELD_INVALID = Reason(
    "field_invalid", N_("This value is not valid: %(rule)s"), N_("Correct the value and send again.")
)
FIELD_UNKNOWN = Reason(
    "field_unknown", N_("This field is not known here."), N_("Remove the field, or check its spelling.")
)
ROLE_TOO_LOW = Reason(
    "role_too_low",
    N_("Your role does not allow this."),
    N_("Ask an administrator of the Business Center."),
    Kind.FORBIDDEN,
)
TOO_MANY_REQUESTS = Reason(
    "too_many_requests",
    N_("Too many attempts. Try again in %(retry_after_s)s seconds."),
    N_("Wait, then try again."),
    Kind.TOO_MANY,
)
