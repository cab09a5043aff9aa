"""Why one sees an ad: what was used of a viewer is told, and nothing that was not."""

from __future__ import annotations

import msgspec
import pytest
from django.conf import settings
from django.utils.translation import override

from attise.doors.consoles.viewer.why_words import shown_because
from attise.doors.site import event_log
from attise.kernel.limits import DAY_MS
from attise.measurement.ingest.sqlite_log import FILE
from attise.records.decision import Decision, coarse
from attise.records.feed import ViewerContext, WatchedBehaviour
from attise.records.lookups import behaviours, interests, regions
from attise.records.targeting import Behaviour, Targeting
from tests.browser.shown_ad import a_shown_ad, address_of, keep

pytestmark = pytest.mark.django_db

PARENT = next(row for row in interests.all() if row.level == 1)
CHILD = next(row for row in interests.all() if row.parent_id == PARENT.id)
OTHER = next(row for row in interests.all() if row.level == 1 and row.id != PARENT.id)
WATCHED = next(row for row in behaviours.all() if row.level == 2)
FRANCE = regions.by_iso("FR")
WHOLE = ViewerContext(
    pseudonym="p",
    age=30,
    gender="female",
    country="FR",
    region="FR-BRE",
    language="fr",
    os="android",
    device_price=450,
    interests=(CHILD.wire_id, OTHER.wire_id),
    behaviours=(WatchedBehaviour(WATCHED.action_scene, WATCHED.id, "LIKED", 2),),
    audiences=(7,),
    may_profile=True,
)


def told(**asked: object) -> dict[str, str]:
    with override("en"):
        return dict(shown_because(Targeting(**asked), coarse(WHOLE)))


def test_an_ad_for_everybody_used_nothing_of_anybody():
    assert told() == {}


def test_each_part_that_an_ad_asks_for_is_told_by_what_met_it():
    assert FRANCE is not None
    assert told(
        locations=(FRANCE.id,),
        languages=("fr",),
        age_groups=("AGE_25_34", "AGE_18_24"),
        gender="GENDER_FEMALE",
        operating_systems=("ANDROID",),
        device_price_least=200,
        interests=(PARENT.id,),
        behaviours=(Behaviour(WATCHED.action_scene, (WATCHED.id,)),),
        audiences=(7, 8),
        followers="excluded",
    ) == {
        "Where you are": "Brittany",
        "Your language": "French",
        "Your age": "25 to 34",
        "Your gender": "woman",
        "Your phone's system": "Android",
        "What your phone costs": "about 450 dollars",
        "What you are interested in": CHILD.name_en,
        "What you watched lately": WATCHED.name_en,
        "Lists": "you are in 1 list of the advertiser",
        "Whom you follow": "you do not follow this creator yet",
    }


def test_an_interest_that_the_ad_did_not_ask_for_is_not_told():
    assert OTHER.name_en not in told(interests=(PARENT.id,))["What you are interested in"]


@pytest.fixture
def shown(town) -> Decision:
    """A Spark Ad of the town for women in France, decided for one who may not be profiled."""
    return a_shown_ad(
        town, msgspec.structs.replace(WHOLE, may_profile=False, interests=(), behaviours=(), audiences=())
    )


@pytest.fixture(autouse=True)
def no_log():
    event_log.close()
    for path in settings.HOUSE.folder.glob(f"{FILE}*"):
        path.unlink()


def test_whoever_saw_an_ad_learns_for_whom_by_whom_and_why(shown, town, means, signed_in):
    keep(shown)
    page = signed_in(None).get(address_of(means, shown)).content.decode()
    assert f"<b>{town.advertiser.company}</b>" in page
    assert "@lea.peau" in page
    assert "Where you are" in page
    assert "were not used" in page
    french = signed_in(None, language="fr").get(address_of(means, shown)).content.decode()
    assert "Pourquoi cette publicité" in french
    assert "Où tu es" in french


def test_before_its_record_is_written_a_decision_is_told_without_reasons(shown, town, means, signed_in):
    page = signed_in(None).get(address_of(means, shown)).content.decode()
    assert town.advertiser.company in page
    assert "Where you are" not in page
    assert "Look again" in page


def test_the_address_of_an_ad_ends(shown, means, clock, signed_in):
    there = address_of(means, shown)
    clock.advance(seconds=2 * DAY_MS / 1000)
    assert signed_in(None).get(there).status_code == 410


def _other_sign(text: str, place: int) -> str:
    """Return a text with another sign at a place: not at its end, where some bits of a sign say nothing."""
    return f"{text[:place]}{'A' if text[place] != 'A' else 'B'}{text[place + 1 :]}"


@pytest.mark.parametrize(
    "spoil", [lambda _: "/w/nothing", lambda there: there[:-1], lambda there: _other_sign(there, -8)]
)
def test_what_is_no_token_of_an_ad_is_no_page(shown, means, signed_in, spoil):
    there = spoil(address_of(means, shown))
    assert signed_in(None).get(there).status_code == 404
