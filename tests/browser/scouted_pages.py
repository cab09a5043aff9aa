"""Posts that the scout has ranked, for the pages that tell of it."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings

from attise.doors.worker.scouting import scout
from attise.kernel.actor import COMMAND
from attise.kernel.limits import HOUR_MS
from attise.management.campaigns.actions import wish_boost
from attise.management.campaigns.rules.boosting import BoostWish
from attise.management.campaigns.views import WaitingBoostView
from attise.management.posts.models import Post
from tests.browser.town import Town
from tests.measurement.scout.counting import count

CAPTIONS = (
    "Trois semaines de lunch box en un après-midi : voici l’ordre qui marche. #batchcooking",
    "Sérum C, un mois après, sans filtre",
    "Mon sac de sport, version hiver",
    "Routine du matin",
)
AGES_H = (30, 44, 9, 80)


def scouted(path: str) -> Callable[[Town], str]:
    """Return a path that is asked after four posts were ranked; ``{usable}`` and ``{other}`` name two of them."""

    def make(town: Town) -> str:
        found = [town.a_post(caption) for caption in CAPTIONS]
        town.applied(town.a_code(found[0], days=60))
        now_ms = town.means.clock.world_ms()
        for place, (one, age_h) in enumerate(zip(found, AGES_H, strict=True)):
            Post.objects.filter(id=one.id).update(published_at_ms=now_ms - age_h * HOUR_MS)
            for hour in range(1, age_h):
                views = int(60 * (1 + (3 - place) * hour / 8))
                acts = {"likes": views // 12, "comments": views // 90, "shares": views // (60 + 20 * place)}
                count(one.id, now_ms - (age_h - hour) * HOUR_MS, views=views, completions=views // 3, **acts)
        scout()
        return path.format(usable=found[0].id, other=found[1].id)

    return make


def asked_for(path: str) -> Callable[[Town], str]:
    """Return a path that is asked after a brand asked for two posts, one of which it may use now.

    ``{request}`` names the question that waits.
    """

    def make(town: Town) -> str:
        other, ready = scouted("{other}")(town), town.a_post("Trois erreurs avec un sérum")
        boosts = [wish(town, int(other)), wish(town, ready.id)]
        town.applied(town.a_code(ready))
        return path.format(request=boosts[0].request.id)

    return make


def wish(town: Town, post_id: int) -> WaitingBoostView:
    """Have the brand wish a boost of a post that it may not use."""
    made = wish_boost(
        town.means,
        COMMAND,
        house=settings.HOUSE,
        advertiser_id=town.advertiser.id,
        wish=BoostWish(
            post_id=post_id,
            name=f"Boost {post_id}",
            objective_type="TRAFFIC",
            optimization_goal="CLICK",
            budget_micros=50_000_000,
            days=7,
            location_ids=(3017382,),
            call_to_action="LEARN_MORE",
            landing_page_url="https://shop.example/soin",
        ),
        asked_days=30,
    )
    assert isinstance(made, WaitingBoostView)
    return made
