"""Why an ad did not win: every reason by one number and one name, in the order of its tests.

Those up to ``LAST_OF_TARGETING`` are of an ad that is not for this viewer, place or moment (``serving.targeting``);
those after it of an ad that was found and left the contest (``serving.delivery``). Counts of drops are kept by number,
so a number is never given anew: a new reason takes the next free one, and ``ORDER`` says when it is tested.
"""

from __future__ import annotations

import enum
from typing import Final


class Drop(enum.IntEnum):
    """One reason."""

    NOT_LIVE = 0
    """Stopped by the advertiser, the creator or the operator since it was loaded."""
    SCHEDULE = 1
    """Its ad group has not begun, or is over."""
    DAYPART = 2
    """Its ad group does not run at this half hour, in the advertiser's zone."""
    GRANT_WINDOW = 3
    """The creator's grant has not begun, or is over."""
    GRANT_COUNTRY = 4
    """The creator's terms do not allow this country."""
    GRANT_OBJECTIVE = 5
    """The creator's terms refuse the campaign's objective."""
    GRANT_CATEGORY = 6
    """The creator's terms refuse the advertiser's category."""
    CATEGORY_GATE = 7
    """The advertiser's category is for viewers known to be adults, or banned."""
    PROFILING = 8
    """It asks for what only profiling tells, and this viewer may not be profiled."""
    LOCATION = 9
    LANGUAGE = 10
    AGE = 11
    GENDER = 12
    OPERATING_SYSTEM = 13
    DEVICE_PRICE = 14
    INTERESTS = 15
    BEHAVIOURS = 16
    AUDIENCE = 17
    EXCLUDED_AUDIENCE = 18
    FOLLOWERS = 19
    """It is for the creator's followers and the viewer is none, or the other way round."""
    SCAN_LIMIT = 20
    """The scan ended before it was reached: better bounds had filled the answer, or the limit was met."""

    OWN_AD = 32
    """The viewer is its creator or its advertiser."""
    HIDDEN = 33
    """The viewer hid or reported it, or this advertiser's ads."""
    BRAND_SAFETY = 34
    """It may not stand beside what surrounds the slot."""
    FREQUENCY_AD = 35
    """Seen often enough by this viewer: the house's cap per ad; below, per campaign and per advertiser."""
    FREQUENCY_CAMPAIGN = 36
    FREQUENCY_ADVERTISER = 37
    FREQUENCY_GROUP = 38
    """Seen as often as its ad group asks for."""
    ADVERTISER_GAP = 39
    """An ad of the same advertiser was shown to this viewer a moment ago."""
    SAME_ADVERTISER = 40
    """An ad of the same advertiser is in this answer already."""
    BUDGET_CAMPAIGN = 41
    """No room left in the budget: of the campaign (day, total or week)."""
    BUDGET_ADGROUP = 42
    BALANCE = 43
    """The advertiser's prepaid money does not cover it."""
    GRANT_SPEND_CAP = 44
    """The creator's terms cap what may be spent, and that is spent."""
    PACED = 45
    """Held back for later: its budget is spread over the day."""
    HOLDOUT = 46
    """It would have won, and this viewer is in the campaign's holdout: logged as a ghost, the next one won."""
    NO_BID = 47
    """Its bid is worth nothing here: no bid, or no estimate of what it bids for."""
    RESERVE = 48
    """What it would pay is below the reserve price."""
    ATTENTION = 49
    """Its whole value is below the price of attention."""
    OUTBID = 50
    """It stood to the end, and another was worth more."""
    TOTALS_STALE = 51
    """What is spent has not been told for too long: nothing may be spent until it is. Tested before the budgets."""
    SPLIT_TEST = 52
    """Its advertiser compares it with other ads, and this viewer is shown those. Tested before frequencies."""


LAST_OF_TARGETING: Final = Drop.SCAN_LIMIT
TARGETING_REASONS: Final = LAST_OF_TARGETING + 1
"""How many counters ``serving.targeting`` keeps: by number, from 0."""
REASONS: Final = max(Drop) + 1
"""The length of an array of counts by number; some of it is of no reason."""
ORDER: Final[tuple[Drop, ...]] = (
    *(drop for drop in Drop if drop < Drop.FREQUENCY_AD),
    Drop.SPLIT_TEST,
    *(drop for drop in Drop if Drop.FREQUENCY_AD <= drop < Drop.BUDGET_CAMPAIGN),
    Drop.TOTALS_STALE,
    *(drop for drop in Drop if Drop.BUDGET_CAMPAIGN <= drop < Drop.TOTALS_STALE),
)
"""In the order in which they are told; the order of targeting's own tests is ``serving.targeting.order``'s."""


def name_of(drop: Drop) -> str:
    """Return the name under which a reason leaves the house: in counts, scenarios and documents."""
    return drop.name.lower()
