"""The operator reads what came of what the scout picked, beside what people use instead, and takes it along."""

from __future__ import annotations

import csv
import io
import re

import pytest

from attise.doors.site.promoted import weigh_promotions
from attise.measurement.scout.board import MEANS
from tests.promoting import promoted
from tests.trying import tried

pytestmark = pytest.mark.django_db
POSTS = 20


def page(client, address: str = "/operateur/eclaireur") -> str:
    response = client.get(address)
    assert response.status_code == 200, response.content[:300]
    return re.sub(r"\s+", " ", response.content.decode())


def exported(client) -> list[dict[str, str]]:
    response = client.get("/operateur/eclaireur/exporter")
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_past_picks_stand_against_what_happened_and_against_what_people_use_instead(operator, town, means):
    moments = tried(means, [town.a_post(f"Essai {number}") for number in range(POSTS)])
    found = page(operator)
    assert "3 trials, 60 posts" in found, "the last two days are not judged yet"
    for name in ("The scout", "The last growth", "The most liked", "Luck", "All posts"):
        assert f'<th scope="row">{name}</th>' in found
    assert "Growth of what was picked, by trial" in found
    picks = found.partition('aria-labelledby="picks"')[2]
    assert picks.count('<tr role="row"><th role="rowheader"') == len(moments) * POSTS // 5
    assert picks.count("not known yet") == 2 * POSTS // 5
    assert "of the fastest fifth" in picks
    assert "/operateur/publications/" in picks


def test_the_file_says_the_board_again(operator, town, means):
    tried(means, [town.a_post(f"Essai {number}") for number in range(POSTS)])
    rows = exported(operator)
    assert len(rows) == 5 * POSTS
    judged = [row for row in rows if row["growth"]]
    assert len(judged) == 3 * POSTS
    found = page(operator)
    for name, said in zip(MEANS, ("The scout", "The last growth", "The most liked", "Luck"), strict=True):
        picked = [row for row in judged if row[f"picked_by_{name}"] == "1"]
        assert len(picked) == 3 * POSTS // 5
        hits = 100 * sum(row["of_the_fastest"] == "1" for row in picked) / len(picked)
        grown = 100 * sum(float(row["growth"]) for row in picked) / len(picked)
        assert f'<th scope="row">{said}</th><td class="end">+{grown:.0f}%</td><td class="end">{hits:.0f}%</td>' in found
    assert {row["of_the_fastest"] for row in rows if not row["growth"]} == {""}


def test_a_deleted_post_keeps_its_line(operator, town, means):
    posts = [town.a_post(f"Essai {number}") for number in range(POSTS)]
    tried(means, posts)
    type(posts[0]).objects.filter(id__in=[one.id for one in posts]).delete()
    assert "Deleted" in page(operator)


def test_before_anything_was_picked_it_says_when_it_will_be(operator):
    assert "Nothing was picked yet" in page(operator)
    assert exported(operator) == []


def test_too_few_posts_are_no_trial(operator, town, means):
    tried(means, [town.a_post(f"Essai {number}") for number in range(4)])
    assert "Nothing was picked yet" in page(operator)


def test_promoted_posts_taken_together_say_what_ads_brought(operator, town):
    posts = [town.a_post(f"Essai {number}") for number in range(40)]
    promoted(town.means, posts, advertiser_id=town.advertiser.id, more=0.3, shown=8)
    assert "What ads brought" not in page(operator), "the worker works it out"
    weigh_promotions(now_ms=town.means.clock.world_ms())
    found = page(operator).partition('aria-labelledby="brought"')[2].partition("</section>")[0]
    assert re.search(r"taken together</dt><dd>8</dd>", found)
    assert re.search(r"<dd>\+[\d.]+% <small>\+[\d.]+% to \+[\d.]+%</small>", found)
    assert "Not told" not in found
    assert "As of " in found


def test_of_one_promoted_post_nothing_is_taken_together(operator, town):
    promoted(town.means, [town.a_post(f"Essai {number}") for number in range(20)], advertiser_id=town.advertiser.id)
    assert weigh_promotions(now_ms=town.means.clock.world_ms()) is None
    assert "What ads brought" not in page(operator)
