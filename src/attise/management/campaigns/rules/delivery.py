"""How an ad group is delivered: pacing, frequency, placements, and the windows in which results are its own."""

from __future__ import annotations

from collections.abc import Iterable

from attise.kernel.errors import Refusal
from attise.kernel.limits import FREQUENCY_DAYS_MOST, FREQUENCY_MOST
from attise.management.campaigns.errors import FREQUENCY_INVALID, PLACEMENT_NOT_SERVED, WINDOWS_TOGETHER
from attise.management.campaigns.rules.choices import check_choice, check_choices
from attise.records.web_events import WEB_EVENTS
from attise.records.windows import WINDOW_DAYS

SMOOTH, FAST = "PACING_MODE_SMOOTH", "PACING_MODE_FAST"
PACINGS = (SMOOTH, FAST)
PLACEMENT_TYPES = ("PLACEMENT_TYPE_NORMAL", "PLACEMENT_TYPE_AUTOMATIC")
FEED = "PLACEMENT_TIKTOK"
"""The feed: the one place where ads are shown here."""
PLACEMENTS = (
    FEED,
    "PLACEMENT_PANGLE",
    "PLACEMENT_GLOBAL_APP_BUNDLE",
    "PLACEMENT_HELO",
    "PLACEMENT_VIGO",
    "PLACEMENT_TOPBUZZ",
)
BRAND_SAFETY_TYPES = (
    "NO_BRAND_SAFETY",
    "EXPANDED_INVENTORY",
    "STANDARD_INVENTORY",
    "LIMITED_INVENTORY",
    "THIRD_PARTY",
)
CLICK_WINDOWS = tuple(WINDOW_DAYS)
VIEW_WINDOWS = ("OFF", "ONE_DAY", "SEVEN_DAYS")
ENGAGED_VIEW_WINDOWS = ("ONE_DAY", "SEVEN_DAYS")
DEFAULT_WINDOWS = ("SEVEN_DAYS", "ONE_DAY")
EVENT_COUNTS = ("UNSET", "ONCE", "EVERY")
OPTIMIZATION_EVENTS = (
    *(event.type for event in WEB_EVENTS if event.is_goal),
    *("LANDING_PAGE_VIEW", "PAGE_VISIT", "ENGAGED_VIEW", "ENGAGED_VIEW_FIFTEEN"),
)
"""Events of pages that an ad group can be optimized for, and what the feed itself sees."""


def clean_pacing(pacing: str, *, is_shared: bool) -> str:
    """Return a pacing; a budget that the campaign shares out is always spent smoothly. Raises: ``choice_unknown``."""
    pacing = check_choice(pacing, PACINGS, field="pacing")
    return SMOOTH if is_shared else pacing


def clean_frequency(times: int | None, days: int | None) -> tuple[int | None, int | None]:
    """Return a cap of impressions per viewer and its days, or two Nones. Raises: ``frequency_invalid``."""
    if times is None and days is None:
        return None, None
    if times is None or days is None or not (1 <= times <= FREQUENCY_MOST and 1 <= days <= FREQUENCY_DAYS_MOST):
        field = "frequency_days" if times is not None and 1 <= times <= FREQUENCY_MOST else "frequency"
        raise Refusal(FREQUENCY_INVALID, field=field, most=FREQUENCY_MOST, days=FREQUENCY_DAYS_MOST)
    return times, days


def clean_placements(kind: str, placements: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """Return placement type and placements: the feed when none are said.

    Places that exist elsewhere are kept beside the feed, where clients send them; ads are shown in the feed alone.
    Raises: ``choice_unknown``, ``placement_not_served``.
    """
    kind = check_choice(kind, PLACEMENT_TYPES, field="placement_type")
    named = check_choices(placements, PLACEMENTS, field="placements") or (FEED,)
    if FEED not in named:
        raise Refusal(PLACEMENT_NOT_SERVED, field="placements", expected=FEED)
    return kind, named


def clean_windows(click: str | None, view: str | None) -> tuple[str, str]:
    """Return the click and the view attribution window: 7 days and 1 day when neither is said.

    Raises: ``attribution_windows_together``, ``choice_unknown``.
    """
    if click is None and view is None:
        return DEFAULT_WINDOWS
    if click is not None:
        check_choice(click, CLICK_WINDOWS, field="click_window")
    if view is not None:
        check_choice(view, VIEW_WINDOWS, field="view_window")
    if click is None or view is None:
        raise Refusal(WINDOWS_TOGETHER, field="click_window" if click is None else "view_window")
    return click, view


def clean_engaged_view_window(window: str) -> str:
    """Return the attribution window of engaged views, or empty. Raises: ``choice_unknown``."""
    return window and check_choice(window, ENGAGED_VIEW_WINDOWS, field="engaged_view_window")


def clean_event(event: str) -> str:
    """Return an optimization event, or empty. Raises: ``choice_unknown``."""
    return event and check_choice(event, OPTIMIZATION_EVENTS, field="optimization_event")
