"""One post, three counts: the same for whoever may read them, and counted again from what is exported."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from django.conf import settings

from tests.builders import a_creator, a_post, an_advertiser
from tests.campaigns import a_campaign
from tests.measurement.attribution.happened import claims
from tests.measurement.lift.trial import Trial

pytestmark = pytest.mark.django_db
SCRIPT = Path(__file__).parents[3] / "examples" / "recount_post.py"


@pytest.fixture
def trial(means):
    """A post that a campaign with a holdout shows, and an ad of another advertiser; people of both arms watch on."""
    advertiser, other = an_advertiser(means), an_advertiser(means, "Autre")
    campaign = a_campaign(means, advertiser.id, holdout_ppm=200_000)
    creator = a_creator(means)
    made = Trial(means, settings.HOUSE.folder).emptied()
    made.opened(campaign=campaign.id, post=a_post(means, creator).id, creator=creator.id)
    made.ad = msgspec.structs.replace(made.ad, advertiser_id=advertiser.id)
    made.advertiser, made.other = advertiser.id, other.id
    chance, told = random.Random(4), []
    for number in range(400):
        person, is_held = f"v{number:03}", number % 5 == 0
        of = made.contest(person, is_held=is_held)
        if not is_held:
            told += [made.does(person, "impression", of=of, after_s=2), made.does(person, "play", of=of, after_s=3)]
        told += [made.does(person, "play") for _ in range(chance.choice((0, 1, 1, 2)) + (not is_held))]
        if chance.random() < (0.05 if is_held else 0.25):
            told.append(made.does(person, "follow"))
    rival = msgspec.structs.replace(made.ad, ad_id=903, campaign_id=811, advertiser_id=other.id)
    seen = claims(means, rival, viewer="eve", post_id=made.post, creator_id=made.creator)
    made.happens([*told, made.does("eve", "like", of=seen), made.does("eve", "share")])
    yield made
    made.emptied().close()


def told(answer) -> dict:
    assert answer.status_code == 200, answer.content
    return answer.json()


def by_signal(found: dict) -> dict:
    return {one["signal"]: one for one in found["signals"]}


def recounted(tmp_path: Path, text: str) -> dict[str, list[str]]:
    exported = tmp_path / "export"
    exported.write_text(text, "utf-8")
    done = subprocess.run([sys.executable, str(SCRIPT), str(exported)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {line.split()[0]: line.split()[1:] for line in done.stdout.splitlines()}


def as_script(found: dict) -> dict[str, list[str]]:
    """Return counts as the script prints them."""
    lines = {}
    for name, one in by_signal(found).items():
        earned = one["earned"]
        ends = ["-"] if earned is None else [f"{earned[end]:.2f}" for end in ("value", "low", "high")]
        lines[name] = [str(one["organic"]), str(one["paid"]), *ends]
    return lines


def test_organic_paid_and_earned_are_told_and_make_up_what_everybody_sees(host, trial):
    found = told(host.get(f"/v1/posts/{trial.post}/counts"))
    counts = by_signal(found)
    public = told(host.get(f"/v1/posts/{trial.post}"))["counters"]
    for name, one in counts.items():
        assert one["total"] == one["organic"] + one["paid"]
        if name in public:
            assert public[name] == {part: one[part] for part in ("total", "organic", "paid")}
    assert counts["views"]["paid"] == 320
    assert (counts["likes"]["paid"], counts["shares"]["organic"]) == (1, 1)
    views, follows = counts["views"]["earned"], counts["follows"]["earned"]
    assert views["low"] < 320 < views["high"], "one more view in the feed for each of those shown"
    assert 0 < follows["low"] < 0.2 * 320 < follows["high"]
    assert counts["shares"]["earned"] is None
    assert found["campaigns_with_holdout"] == 1


def test_an_advertiser_reads_their_own_ads_and_the_rest_is_the_same(host, trial):
    every = by_signal(told(host.get(f"/v1/posts/{trial.post}/counts")))
    own = by_signal(told(host.get(f"/v1/posts/{trial.post}/counts?advertiser_id={trial.advertiser}")))
    other = told(host.get(f"/v1/posts/{trial.post}/counts?advertiser_id={trial.other}"))
    assert own["views"]["paid"] == 320
    assert (own["likes"]["paid"], by_signal(other)["likes"]["paid"]) == (0, 1)
    assert all(own[name]["organic"] == every[name]["organic"] for name in every)
    assert own["views"]["earned"] == every["views"]["earned"]
    assert (other["campaigns_with_holdout"], by_signal(other)["views"]["earned"]) == (0, None)
    assert host.get(f"/v1/posts/{trial.post}/counts?advertiser_id=1234567890123456789").status_code == 404
    assert host.get("/v1/posts/1234567890123456789/counts").status_code == 404


@pytest.mark.parametrize("whose", ["", "advertiser", "other"])
def test_whoever_recounts_the_rows_finds_the_same(host, trial, tmp_path, whose):
    query = f"?advertiser_id={getattr(trial, whose)}" if whose else ""
    rows = host.get(f"/v1/posts/{trial.post}/counts/rows{query}")
    assert rows.status_code == 200
    assert not any(f'"v{number:03}"' in rows.content.decode() for number in range(400)), "nobody is named"
    found = told(host.get(f"/v1/posts/{trial.post}/counts{query}"))
    assert recounted(tmp_path, rows.content.decode()) == as_script(found)


def test_a_post_that_nobody_met_has_three_counts_of_nothing(host, means, tmp_path):
    post = a_post(means, a_creator(means))
    found = told(host.get(f"/v1/posts/{post.id}/counts"))
    assert {(one["total"], one["earned"]) for one in found["signals"]} == {(0, None)}
    assert recounted(tmp_path, host.get(f"/v1/posts/{post.id}/counts/rows").content.decode()) == as_script(found)


def test_the_script_is_short_enough_to_be_read_at_once():
    assert len([line for line in SCRIPT.read_text().splitlines() if line.strip()]) <= 50
    assert "attise" not in SCRIPT.read_text().split('"""', 2)[2]
