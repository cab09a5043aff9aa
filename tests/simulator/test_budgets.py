"""In the example world budgets run out: campaigns stop because nothing is left of them, before their days are over."""

from __future__ import annotations

import pytest

from attise.doors.cli.living import BEGIN_MS
from attise.doors.cli.world_build import SESSIONS_A_DAY
from attise.doors.cli.world_life import TURN_MS
from attise.kernel.limits import DAY_MS
from attise.management.campaigns import queries
from attise.simulator.drawing import Size
from attise.simulator.rivals import SPENT_PER_MILLE, TASTES, TOTAL
from tests.simulator.lives import a_life

DAYS = max(one.days for one in TASTES if one.budget_mode == TOTAL)


@pytest.mark.long
@pytest.mark.timeout(2_400)
@pytest.mark.django_db(transaction=True)
def test_two_campaigns_exhaust_their_budgets_within_their_days(tmp_path):
    with a_life(tmp_path, 7, Size(days=14.0, sessions_a_day=SESSIONS_A_DAY)) as (living, made):
        made.story.turn_ms = TURN_MS
        made.story.live(BEGIN_MS + int(DAYS * DAY_MS) - TURN_MS)
        spent = {}
        for one in made.boosted:
            mine = {"advertiser_id": one.campaign.advertiser_id, "campaign_id": one.campaign.id}
            campaign = queries.get_campaign(living.means, **mine)
            if campaign.budget_mode == TOTAL:
                spent[campaign.name] = 1_000 * campaign.spent_micros / campaign.budget_micros
        assert len(spent) >= 2
        assert all(SPENT_PER_MILLE <= share <= 1_000 for share in spent.values()), spent
