"""One post, three counts, on its creator's page and in the library of an advertiser; its file is counted again."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from django.conf import settings

from attise.kernel.actor import COMMAND
from attise.management.campaigns.actions import update_campaign
from tests.browser.town import Town
from tests.measurement.lift.trial import Trial

pytestmark = pytest.mark.django_db
SCRIPT = Path(__file__).parents[3] / "examples" / "recount_post.py"


@pytest.fixture
def town(brand) -> Town:
    return brand.town


@pytest.fixture
def shown(brand, ad, means):
    """The brand's ad was shown to most and kept from a fifth; in the feed those shown watched the post once more."""
    campaign, mine = brand.ids["mixed"], brand.town.advertiser.id
    update_campaign(means, COMMAND, advertiser_id=mine, campaign_id=campaign, holdout_ppm=200_000)
    trial = Trial(means, settings.HOUSE.folder).emptied()
    trial.opened(campaign=campaign, post=ad.post.id, creator=ad.post.creator_id)
    trial.ad = msgspec.structs.replace(trial.ad, advertiser_id=mine, ad_id=ad.id)
    chance, told = random.Random(4), []
    for number in range(250):
        person, is_held = f"v{number:03}", number % 5 == 0
        of = trial.contest(person, is_held=is_held)
        if not is_held:
            told.append(trial.does(person, "play", of=of, after_s=3))
        told += [trial.does(person, "play") for _ in range(chance.choice((0, 1, 1, 2)) + (not is_held))]
    trial.happens(told)
    yield trial
    trial.emptied().close()


def section(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.content[:300]
    page = response.content.decode()
    return re.sub(r"\s+", " ", page.partition('aria-labelledby="comptes"')[2].partition("</section>")[0])


def test_creator_and_advertiser_read_the_same_three_counts_and_the_file_says_them_again(
    creator, advertiser, shown, tmp_path
):
    rows = {}
    for client, page in (
        (creator, f"/creation/publications/{shown.post}"),
        (advertiser, f"/ads/bibliotheque/{shown.post}"),
    ):
        found = section(client, page)
        rows[page] = found.partition(">Views<")[2].partition("</tr>")[0]
        assert re.search(r'data-label="Paid">200<', rows[page])
        assert re.search(r'data-label="of which earned">\+\d+<small>\+\d+ to \+\d+<', rows[page])
        assert 'class="interval more" role="img"' in rows[page]
        assert "not known yet" in found.partition(">Likes<")[2].partition("</tr>")[0]
        exported = client.get(f"{page}/comptes")
        assert exported.status_code == 200
        file = tmp_path / "counts.csv"
        file.write_bytes(b"".join(exported.streaming_content))
        assert "v001" not in file.read_text("utf-8")
        done = subprocess.run([sys.executable, str(SCRIPT), str(file)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        _, organic, paid, earned, low, high = next(
            line.split() for line in done.stdout.splitlines() if line.startswith("views")
        )
        assert f'data-label="Organic">{organic}<' in rows[page]
        assert f'data-label="Paid">{paid}<' in rows[page]
        told = f"+{round(float(earned))}<small>+{round(float(low))} to +{round(float(high))}<"
        assert told in rows[page]
    assert len(set(rows.values())) == 1


def test_without_a_holdout_it_says_that_what_was_earned_is_not_known(creator, brand, ad):
    found = section(creator, f"/creation/publications/{ad.post.id}")
    assert "No campaign on this post holds viewers out" in found
    assert "interval" not in found


def test_another_creators_post_and_one_outside_of_the_library_are_not_exported(creator, advertiser):
    for client, page in ((creator, "/creation/publications"), (advertiser, "/ads/bibliotheque")):
        assert client.get(f"{page}/1234567890123456789/comptes").status_code == 404


def test_a_post_of_which_nothing_was_counted_says_so_and_lists_no_zeros(creator, town):
    page = section(creator, f"/creation/publications/{town.a_post().id}")
    assert "Nothing was counted on this post yet." in page
    assert "<table" not in page
    assert "Export to recount" in page
