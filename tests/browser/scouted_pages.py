"""Posts that the scout has ranked, for the pages that tell of it."""

from __future__ import annotations

from collections.abc import Callable

from attise.doors.worker.scouting import scout
from attise.kernel.limits import HOUR_MS
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
