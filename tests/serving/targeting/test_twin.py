"""What is refused when an ad group is written reaches nobody when it is decided; what is taken is not held up.

The two sides know nothing of each other; whole groups are drawn, and both are asked.
"""

import random
from collections import Counter

import msgspec

from attise.kernel.errors import Refusal, Refusals
from attise.management.campaigns import errors
from attise.management.campaigns.targeting_rules import clean_targeting
from attise.records.drops import Drop
from attise.records.lookups import regions
from attise.records.targeting import Behaviour, Targeting
from attise.records.terms import Terms
from attise.serving.targeting.matching import matches
from tests.snapshot_records import NOON_MS, a_grant_record, a_group_record, an_ad_record
from tests.targeting import AGE_GROUPS, BELGIUM, FRANCE, PARIS_REGION, SENEGAL, a_viewer, some

AUDIENCES = (900, 901)


def a_clean_looking_targeting(rng):
    """Return a targeting whose values are all known, so that only what the law says of them may be refused."""
    places = [rng.choice((FRANCE, SENEGAL)), *some(rng, (BELGIUM, SENEGAL), none=0.7)]
    place = rng.choice(((PARIS_REGION,), tuple(dict.fromkeys(places)), (SENEGAL,)))
    return Targeting(
        locations=place,
        age_groups=rng.choice(((), AGE_GROUPS[1:], some(rng, AGE_GROUPS, none=0.1))),
        gender=rng.choice(("GENDER_UNLIMITED",) * 3 + ("GENDER_FEMALE",)),
        device_price_least=rng.choice((None, None, None, 300)),
        interests=some(rng, (1001, 101201, 1012), none=0.7),
        behaviours=rng.choice(((), (), (), (Behaviour("VIDEO_RELATED", (rng.choice((200101, 200106)),)),))),
        audiences=some(rng, AUDIENCES, none=0.8, most=1),
    )


def refused_for(targeting, **about):
    """Return the reasons for which a targeting is refused when it is written."""
    about = {"objective_type": "TRAFFIC", "category": "beauty_care", **about}
    try:
        clean_targeting(targeting, audiences=AUDIENCES, **about)
    except Refusals as several:
        return {refusal.reason for refusal in several.items}
    except Refusal as refusal:
        return {refusal.reason}
    return set()


def against(targeting, viewer, **group):
    ad = an_ad_record(group=a_group_record(targeting=targeting, **group), grant=a_grant_record(terms=Terms()))
    return matches(ad, viewer, NOON_MS)


def test_homes_jobs_and_loans_reach_all_adults_alike_or_nobody():
    rng = random.Random(31)
    seen = Counter()
    for _ in range(600):
        targeting = a_clean_looking_targeting(rng)
        if errors.MINORS_NOT_PROFILED in refused_for(targeting):
            continue
        industries = (rng.choice(("HOUSING", "EMPLOYMENT", "CREDIT")),)
        is_refused = errors.SAME_FOR_ALL in refused_for(targeting, special_industries=industries)
        for _ in range(12):
            viewer = a_viewer(rng)
            found = against(targeting, viewer, special_industries=industries)
            if is_refused:
                assert found != []
            elif viewer.is_adult:
                assert found == against(targeting, viewer)
            else:
                assert Drop.AGE in found
        seen["refused" if is_refused else "taken"] += 1
    assert min(seen["refused"], seen["taken"]) > 50


def test_ads_that_name_minors_reach_them_where_they_may_be_written_so_and_nowhere_else():
    rng = random.Random(33)
    seen = Counter()
    for _ in range(3_000):
        targeting = a_clean_looking_targeting(rng)
        if "AGE_13_17" not in targeting.age_groups:
            continue
        objective = rng.choice(("TRAFFIC", "TRAFFIC", "LEAD_GENERATION"))
        category, gate = rng.choice((("beauty_care", "none"), ("beauty_care", "none"), ("alcohol", "adult_only")))
        reasons = refused_for(targeting, objective_type=objective, category=category)
        for row in map(regions.get, targeting.locations):
            young = msgspec.structs.replace(
                a_viewer(rng),
                age=15,
                country=row.country,
                region="" if row.level == "country" else row.iso,
                gender="female",
                device_price=400,
                may_profile=False,
            )
            found = against(targeting, young, objective=objective, category=category, category_gate=gate)
            if not reasons:
                assert found == []
                seen["reached"] += 1
            elif reasons != {errors.MINORS_NOT_HERE} or not row.support_below_18:
                assert found != []
                seen["kept away"] += 1
    assert min(seen["reached"], seen["kept away"]) > 20
