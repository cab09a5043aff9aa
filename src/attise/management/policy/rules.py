"""What may be set, what holds until somebody sets it, and which values are taken. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from attise.kernel.errors import FIELD_INVALID, N_, Refusal
from attise.kernel.house import Mode
from attise.kernel.limits import DEFAULT_GRANT_DAYS, GRANT_DAYS
from attise.kernel.money import MICROS

NOTE_CHARACTERS: Final = 500
LEAST_BUDGET: Final = (1 * MICROS, 10_000 * MICROS)
"""Between which euros the least budget of a day may be."""
FEE_PPM_MOST: Final = 500_000
BY_MODE, PERSON, AUTOMATIC = "by_mode", "person", "automatic"
REVIEWS: Final = (BY_MODE, PERSON, AUTOMATIC)
"""Who looks at an ad first: as the mode of the house has it, a person, nobody."""
LANGUAGES: Final = ("fr", "en")
ADS_STOPPED: Final = "ads_stopped"


@dataclass(frozen=True, slots=True)
class Policy:
    """What is set for the house."""

    least_budget_micros: int = 50 * MICROS
    """Of a campaign, in euros for each day; currencies and ad groups follow (``campaigns.rules.budgets``)."""
    grant_days: tuple[int, ...] = GRANT_DAYS
    """For how long creators may authorize, of the four durations there are."""
    review: str = BY_MODE
    fee_ppm: int = 0
    """The platform's part of each charge, in parts per million, set apart from what the house keeps besides."""
    languages: tuple[str, ...] = LANGUAGES
    """Which pages are offered in, of those there are."""
    ads_stopped: bool = False
    """Whether no ad is shown at all."""

    @property
    def default_grant_days(self) -> int:
        """The duration that is proposed first: 30 days, else the longest that is shorter, else the shortest."""
        below = [days for days in self.grant_days if days <= DEFAULT_GRANT_DAYS]
        return max(below) if below else min(self.grant_days)

    def is_reviewed_by_itself(self, mode: Mode) -> bool:
        """Tell whether ads are approved at once, where no category asks for a person."""
        return self.review == AUTOMATIC or (self.review == BY_MODE and mode is not Mode.LIVE)


DEFAULTS: Final = Policy()
NAMES: Final = tuple(asdict(DEFAULTS))
SETTINGS: Final = tuple(name for name in NAMES if name != ADS_STOPPED)
"""What is set on the page of settings; ads are stopped where delivery is watched."""


def plain(value: Any) -> Any:
    """Return a value as JSON has it."""
    return list(value) if isinstance(value, tuple) else value


def with_values(values: Mapping[str, Any]) -> Policy:
    """Return the policy of values as JSON has them; names that are none are passed over."""
    known = {name: tuple(one) if isinstance(one, list) else one for name, one in values.items() if name in NAMES}
    return Policy(**known)


def clean_least_budget(value: object) -> int:
    """Return whole euros in micros. Raises: ``field_invalid``."""
    least, most = LEAST_BUDGET
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most or value % MICROS:
        raise Refusal(FIELD_INVALID, field="least_budget_micros", rule=N_("it is whole euros, from 1 to 10,000"))
    return value


def clean_grant_days(value: object) -> tuple[int, ...]:
    """Return durations in their order, once each. Raises: ``field_invalid``."""
    given = value if isinstance(value, list | tuple) else ()
    if not given or any(isinstance(one, bool) or one not in GRANT_DAYS for one in given):
        raise Refusal(FIELD_INVALID, field="grant_days", rule=N_("it has at least one of 7, 30, 60 and 365"))
    return tuple(days for days in GRANT_DAYS if days in given)


def clean_review(value: object) -> str:
    """Return who looks first. Raises: ``field_invalid``."""
    if value not in REVIEWS:
        raise Refusal(FIELD_INVALID, field="review", rule=N_("it is by_mode, person or automatic"))
    return str(value)


def clean_fee(value: object) -> int:
    """Return parts per million. Raises: ``field_invalid``."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= FEE_PPM_MOST:
        raise Refusal(FIELD_INVALID, field="fee_ppm", rule=N_("it is from 0 to half of a charge"))
    return value


def clean_languages(value: object) -> tuple[str, ...]:
    """Return languages in their order, once each. Raises: ``field_invalid``."""
    given = value if isinstance(value, list | tuple) else ()
    if not given or any(one not in LANGUAGES for one in given):
        raise Refusal(FIELD_INVALID, field="languages", rule=N_("it has at least one of fr and en"))
    return tuple(one for one in LANGUAGES if one in given)


CLEANERS: Final[dict[str, Callable[[Any], Any]]] = {
    "least_budget_micros": clean_least_budget,
    "grant_days": clean_grant_days,
    "review": clean_review,
    "fee_ppm": clean_fee,
    "languages": clean_languages,
}
