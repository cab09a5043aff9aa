"""An operator looks at the ads that wait, one after the other; an advertiser contests a refusal once."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

from attise.kernel.actor import COMMAND
from attise.management.campaigns import actions, queries
from attise.management.review import actions as review
from attise.management.review import queries as reviews
from tests.browser.brand import Brand, a_queue
from tests.browser.town import Town

pytestmark = pytest.mark.django_db

QUEUE = "/operateur/examen"


@pytest.fixture(scope="module")
def settled(lasting) -> Brand:
    return a_queue(Town(lasting, lasting.clock, has_files=False))


@pytest.fixture
def brand(settled, db, means, clock) -> Brand:
    return settled.later(means, clock)


@pytest.fixture
def town(brand) -> Town:
    return brand.town


def ad_of(town, ad_id: int):
    return queries.get_ad(town.means, advertiser_id=town.advertiser.id, ad_id=ad_id)


def shown(client, path: str = QUEUE) -> str:
    """Return the page, and check that it shows one ad to decide on."""
    page = client.get(path).content.decode()
    assert page.count('class="card-foot decision"') == 1
    return page


def judged(page: str) -> int:
    return int(re.search(r"/operateur/examen/(\d+)", page).group(1))


def decide(client, ad_id: int, verdict: str, version: int = 1, **more: str):
    return client.post(f"{QUEUE}/{ad_id}", {"verdict": verdict, "version": version, **more})


def names_of(page: str) -> list[str]:
    return re.findall(r'class="row-link"[^>]*>([^<]+)<', page)


def test_the_one_that_waits_longest_comes_first_and_says_how_long(brand, operator):
    page = shown(operator)
    assert judged(page) == brand.ids["late"]
    assert "Late: waits for 26 h" in page
    assert "3 ads wait" in page
    assert names_of(page) == [
        "Trois gouttes avant de dormir",
        "L’huile, avant et après",
        "J’ai effacé mes rides en une nuit",
    ]


def test_a_reviewer_sees_what_is_claimed_where_it_leads_and_on_whose_behalf(brand, operator):
    page = shown(operator)
    for fact in ("Maison Aubrée", "Learn more", "@lea.peau", "https://shop.example/soin", "noopener noreferrer"):
        assert fact in page


def test_an_approval_goes_on_to_the_next(brand, operator, town):
    done = decide(operator, brand.ids["late"], "approved")
    assert done.headers["Location"] == QUEUE
    assert ad_of(town, brand.ids["late"]).review == "approved"
    page = shown(operator)
    assert "The ad is approved." in page
    assert judged(page) == brand.ids["fresh"]


def test_a_refusal_stands_on_a_rule_and_its_advertiser_reads_both(brand, operator, advertiser, town):
    more = {"rule": "landing_page", "note": "The page asks for a password."}
    assert decide(operator, brand.ids["late"], "rejected", **more).status_code == 302
    assert ad_of(town, brand.ids["late"]).review == "rejected"
    page = advertiser.get(f"/ads/annonces/{brand.ids['late']}").content.decode()
    assert "The landing page does not work, or is not what the ad announces." in page
    assert "The page asks for a password." in page
    history = page.partition('id="historique"')[2]
    assert "landing_page" not in history
    assert "Rule" in history


@pytest.mark.parametrize(
    ("more", "field", "said"),
    [
        ({"note": "Kept as typed"}, "rule", "This field is required."),
        ({"rule": "nothing", "note": "Kept as typed"}, "rule", "This value is not one of"),
        ({"rule": "other"}, "note", "says nothing by itself"),
        ({"rule": "unreadable", "note": "x" * 501}, "note", "500"),
    ],
)
def test_a_refusal_that_is_incomplete_is_given_back_as_it_was_filled(brand, operator, town, more, field, said):
    answer = decide(operator, brand.ids["fresh"], "rejected", **more)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert judged(page) == brand.ids["fresh"]
    assert '<details class="fold" open>' in page
    assert said in re.search(rf'id="{field}-error">([^<]+)<', page).group(1)
    assert more.get("note", "") in page
    assert ad_of(town, brand.ids["fresh"]).review == "pending"


def test_a_verdict_that_is_none_changes_nothing(brand, operator, town):
    answer = decide(operator, brand.ids["late"], "perhaps")
    assert answer.status_code == 422
    assert '<details class="fold">' in answer.content.decode()
    assert ad_of(town, brand.ids["late"]).review == "pending"


def test_an_approval_leaves_what_the_refusal_had_begun(brand, operator, town):
    assert decide(operator, brand.ids["late"], "approved", rule="minors", note="Hm").status_code == 302
    assert ad_of(town, brand.ids["late"]).review == "approved"


def test_of_two_reviewers_the_second_hears_of_the_first_and_goes_on(brand, operator, town):
    common = {"house": settings.HOUSE, "creative_version": 1}
    review.decide(town.means, COMMAND, ad_id=brand.ids["late"], verdict="approved", **common)
    assert decide(operator, brand.ids["late"], "rejected", rule="minors").headers["Location"] == QUEUE
    page = shown(operator)
    assert "This ad does not wait for a review." in page
    assert judged(page) == brand.ids["fresh"]
    assert ad_of(town, brand.ids["late"]).review == "approved"


def test_an_ad_that_changed_under_the_reviewers_eyes_is_looked_at_again(brand, operator, town):
    answer = decide(operator, brand.ids["late"], "approved", version=7)
    assert answer.headers["Location"] == QUEUE
    assert ad_of(town, brand.ids["late"]).review == "pending"
    assert 'role="alert"' in shown(operator)


def test_an_ad_that_is_gone_and_one_that_never_was_are_answered_alike(brand, operator, town):
    actions.switch_ads(town.means, COMMAND, advertiser_id=town.advertiser.id, ad_ids=[brand.ids["late"]], to="DELETE")
    for ad_id in (brand.ids["late"], 1234567890123456789):
        assert decide(operator, ad_id, "approved").headers["Location"] == QUEUE
        assert judged(shown(operator)) == brand.ids["fresh"]


def test_one_of_the_queue_is_chosen_by_its_address_and_an_address_of_none_shows_the_first(brand, operator):
    assert judged(shown(operator, f"{QUEUE}?annonce={brand.ids['fresh']}")) == brand.ids["fresh"]
    for strange in ("1234567890123456789", "x", "-1", ""):
        assert judged(shown(operator, f"{QUEUE}?annonce={strange}")) == brand.ids["late"]


def test_an_appeal_comes_with_the_refusal_and_what_is_said_against_it(brand, operator):
    page = shown(operator, f"{QUEUE}?annonce={brand.ids['appealed']}")
    banner = page.partition('class="banner warn"')[2].partition("</dl>")[0]
    for words in ("Refused on", "It promises or claims what is not shown to be true.", "promet trop", "en plaisantant"):
        assert words in banner


def test_a_changed_ad_comes_with_the_approval_of_what_it_was(brand, operator, town):
    assert decide(operator, brand.ids["late"], "approved").status_code == 302
    ad = ad_of(town, brand.ids["late"])
    actions.update_ads(
        town.means,
        COMMAND,
        house=settings.HOUSE,
        advertiser_id=town.advertiser.id,
        adgroup_id=ad.adgroup_id,
        edits=[actions.AdEdit(ad.id, fields={"landing_page_url": "https://shop.example/other"})],
    )
    page = shown(operator, f"{QUEUE}?annonce={ad.id}")
    assert "Approved on" in page
    assert "https://shop.example/other" in page
    assert decide(operator, ad.id, "approved", version=2).status_code == 302
    assert ad_of(town, ad.id).review == "approved"


def test_the_overview_leads_to_what_waits(brand, operator):
    page = operator.get("/operateur/").content.decode()
    assert "3 ads wait" in page
    assert f'href="{QUEUE}"' in page


# ---- the advertiser's say


def refused_once(operator, brand) -> str:
    """Refuse an ad; returns the page of the ad."""
    assert decide(operator, brand.ids["late"], "rejected", rule="minors", note="A child speaks.").status_code == 302
    return f"/ads/annonces/{brand.ids['late']}"


def test_a_refusal_is_contested_once_and_a_reviewer_reads_why(brand, operator, advertiser, town):
    page = refused_once(operator, brand)
    assert "Contest the refusal" in advertiser.get(page).content.decode()
    done = advertiser.post(f"{page}/contester", {"note": "She is 34."})
    assert done.headers["Location"] == page
    after = advertiser.get(page).content.decode()
    assert "Your objection is in the review queue." in after
    assert "Contest the refusal" not in after
    queue = shown(operator, f"{QUEUE}?annonce={brand.ids['late']}")
    assert "A child speaks." in queue
    assert "She is 34." in queue
    again = advertiser.post(f"{page}/contester", {"note": "Please."})
    assert again.status_code == 409
    assert ad_of(town, brand.ids["late"]).appeal_note == "She is 34."


def test_what_stands_after_an_appeal_is_not_contested_again(brand, operator, advertiser):
    assert decide(operator, brand.ids["appealed"], "rejected", rule="misleading_claim").status_code == 302
    page = f"/ads/annonces/{brand.ids['appealed']}"
    assert "Contest the refusal" not in advertiser.get(page).content.decode()
    assert "stands" in advertiser.post(f"{page}/contester", {}).content.decode()


def test_an_analyst_sees_that_contesting_is_reserved(brand, operator, signed_in, town):
    page = refused_once(operator, brand)
    analyst = signed_in(town.a_member("ana@example.org", "Ana", "analyst"))
    assert 'aria-describedby="reserved-appeal"' in analyst.get(page).content.decode()
    assert analyst.post(f"{page}/contester", {}).status_code == 403


def test_a_note_too_long_is_refused_whole(brand, operator, advertiser, town):
    page = refused_once(operator, brand)
    assert advertiser.post(f"{page}/contester", {"note": "x" * 501}).status_code == 422
    assert not ad_of(town, brand.ids["late"]).appealed


def test_the_queue_costs_the_same_whatever_waits(brand, operator, town):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        shown(operator)
    group = brand.group(brand.campaign("Encore"))
    for number in range(4):
        brand.spark(group, f"Encore {number}", verdict="")
    with CaptureQueriesContext(connection) as many:
        shown(operator)
    assert len(many) == len(few)
    assert reviews.measure_queue(town.means).waiting == 7
