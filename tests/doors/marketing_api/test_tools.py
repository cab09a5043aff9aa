"""What integrations look up before they make an ad group: tables, places, suggestions, checks."""

from __future__ import annotations

import pytest

from attise.kernel.actor import Actor
from attise.management.campaigns import actions as campaigns
from attise.management.campaigns.rules.adgroup import AdGroupDraft
from attise.management.campaigns.rules.campaign import CampaignDraft
from attise.management.campaigns.targeting_rules import clean_targeting
from attise.records.lookups import behaviours, interests, languages, regions
from attise.records.targeting import Targeting

pytestmark = pytest.mark.django_db
FRANCE, ILE_DE_FRANCE = "3017382", "3012874"
EURO = 1_000_000


@pytest.fixture
def mine(brand) -> dict[str, str]:
    return {"advertiser_id": str(brand.advertiser.id)}


@pytest.fixture
def ask(api, mine):
    def ask(path, **params):
        answer = api.get(path, **mine, **params)
        assert answer["code"] == 0, answer
        return answer["data"]

    return ask


@pytest.fixture
def send(api, mine):
    def send(path, **body):
        answer = api.post(path, **mine, **body)
        assert answer["code"] == 0, answer
        return answer["data"]

    return send


class TestRegions:
    ASKED = {"placements": ["PLACEMENT_TIKTOK"], "objective_type": "TRAFFIC"}

    def test_every_place_is_told_with_what_lies_in_it(self, ask):
        data = ask("tool/region", **self.ASKED)
        by_id = {row["location_id"]: row for row in data["region_info"]}
        assert data["region_list"] == list(by_id)
        assert len(by_id) == len(regions.all())
        france = by_id[FRANCE]
        assert france == {
            "location_id": FRANCE,
            "name": "France",
            "parent_id": "0",
            "region_code": "FR",
            "country_code": "FR",
            "level": "COUNTRY",
            "area_type": "ADMIN",
            "next_level_ids": [row.wire_id for row in regions.children(int(FRANCE))],
            "support_below_18": False,
        }
        assert len(france["next_level_ids"]) == 18
        assert {by_id[one]["level"] for one in france["next_level_ids"]} == {"PROVINCE"}
        assert by_id[ILE_DE_FRANCE]["parent_id"] == FRANCE

    def test_countries_alone_can_be_chosen_all_at_once(self, ask):
        data = ask("tool/region", **self.ASKED, level_range="TO_COUNTRY")
        assert {row["level"] for row in data["region_info"]} == {"COUNTRY"}
        assert not any(row["next_level_ids"] for row in data["region_info"])
        chosen = Targeting(locations=tuple(int(one) for one in data["region_list"]))
        assert clean_targeting(chosen, objective_type="TRAFFIC") == chosen

    @pytest.mark.parametrize(
        ("language", "told"), [("fr", "Allemagne"), ("en", "Germany"), ("ja", "Germany"), (None, "Germany")]
    )
    def test_names_are_french_or_english(self, ask, language, told):
        more = {} if language is None else {"language": language}
        rows = ask("tool/region", **self.ASKED, **more)["region_info"]
        assert next(row["name"] for row in rows if row["region_code"] == "DE") == told
        rows = ask("search/region", **more)["region_list"]
        assert next(row["region_name"] for row in rows if row["country_code"] == "DE") == told

    def test_what_is_missing_or_unknown_is_said(self, api, mine):
        assert api.get("tool/region", **mine)["message"].startswith("Missing required field(s): placements, objective")
        asked = {**mine, **self.ASKED, "level_range": "TO_STREET"}
        assert api.get("tool/region", **asked)["message"].startswith("level_range: must be one of ALL, TO_COUNTRY")


class TestTables:
    def test_languages(self, ask):
        told = ask("tool/language")["languages"]
        assert {"code": "fr", "name": "French"} in told
        assert len(told) == len(languages.all())

    def test_interests_hang_under_one_another(self, ask):
        rows = {
            row["interest_category_id"]: row for row in ask("tool/interest_category", version=2)["interest_categories"]
        }
        assert len(rows) == len(interests.all())
        beauty = rows["1001"]
        assert (beauty["interest_category_name"], beauty["level"]) == ("Beauty and care", 1)
        assert rows[beauty["sub_category_ids"][0]]["interest_category_name"] == "Makeup"
        french = ask("tool/interest_category", language="fr", placements=["PLACEMENT_TIKTOK"])["interest_categories"]
        assert french[0]["interest_category_name"] == "Beauté et soins"

    def test_ads_for_homes_jobs_and_loans_choose_nobody_by_family(self, ask):
        everything = ask("tool/interest_category")["interest_categories"]
        left = ask("tool/interest_category", special_industries=["HOUSING"])["interest_categories"]
        gone = {row["interest_category_id"] for row in everything} - {row["interest_category_id"] for row in left}
        assert gone == {"1012", "101201", "101202"}
        assert all(row["special_industries"] == ["HOUSING", "EMPLOYMENT", "CREDIT"] for row in left)
        actions = ask("tool/action_category", special_industries=["CREDIT"])["action_categories"]
        everything = ask("tool/action_category")["action_categories"]
        assert [row["name"] for row in everything if row not in actions] == ["Family videos"]

    def test_what_is_listed_for_them_is_taken_from_them(self, ask):
        left = ask("tool/interest_category", special_industries=["HOUSING"])["interest_categories"]
        chosen = tuple(int(row["interest_category_id"]) for row in left)
        asked = Targeting(locations=(int(FRANCE),), interests=chosen)
        assert clean_targeting(asked, objective_type="TRAFFIC", special_industries=["HOUSING"]).interests == chosen

    def test_behaviours_have_their_scene(self, ask):
        rows = {
            row["action_category_id"]: row for row in ask("tool/action_category", language="fr")["action_categories"]
        }
        assert len(rows) == len(behaviours.all())
        assert rows["200103"] == {
            "action_category_id": "200103",
            "name": "Vidéos de recettes",
            "description": "Recettes du quotidien",
            "level": 2,
            "action_scene": "VIDEO_RELATED",
            "sub_category_ids": [],
            "special_industries": ["HOUSING", "EMPLOYMENT", "CREDIT"],
        }

    def test_timezones_are_told_as_they_are_now(self, ask, clock):
        def offset(zone):
            return {row["timezone"]: row["gmt_offset"] for row in ask("tool/timezone")["timezones"]}[zone]

        assert offset("Europe/Paris") == "GMT+02:00"
        assert offset("Asia/Kolkata") == "GMT+05:30"
        assert offset("America/St_Johns") == "GMT-02:30"
        clock.advance(seconds=90 * 86_400)
        assert offset("Europe/Paris") == "GMT+01:00"
        assert offset("UTC") == "GMT+00:00"

    def test_telephones(self, ask):
        rows = {row["phone_region_code"]: row for row in ask("tool/phone_region_code")["phone_region_code_infos"]}
        told = {code: rows[code]["phone_region_calling_code"] for code in ("FR", "US", "GB", "VA", "XK", "DO")}
        assert told == {"FR": "+33", "US": "+1", "GB": "+44", "VA": "+39", "XK": "+383", "DO": "+1"}
        assert rows["FR"]["phone_region_name"] == "France"
        assert "AQ" not in rows

    @pytest.mark.parametrize(
        ("path", "params", "told"),
        [
            ("tool/os_version", {"os_type": "IOS"}, {"os_versions": []}),
            ("tool/device_model", {}, {"device_models": []}),
            ("tool/carrier", {}, {"countries": []}),
            ("tool/interest_keyword/recommend", {"keyword": "cuisine", "limit": 10}, {"recommended_keywords": []}),
            ("tool/interest_keyword/get", {"keyword_query": [{"keyword_id": "1"}]}, {"keywords": []}),
            ("tool/hashtag/recommend", {"keywords": ["cuisine"], "operator": "OR"}, {"recommend_keywords": []}),
            ("tool/hashtag/get", {"keyword_ids": ["1"]}, {"keywords_status": []}),
        ],
    )
    def test_what_cannot_be_targeted_has_an_empty_list(self, ask, path, params, told):
        assert ask(path, **params) == told

    def test_a_link_of_reserved_ads_is_left_out_on_purpose(self, api, mine):
        answer = api.get("tool/open_url", **mine, url="https://example.org", url_type="VIDEO")
        assert answer["code"] == 40008
        assert "leaves out on purpose" in answer["message"]


class TestTargetingTags:
    ASKED = {"objective_type": "TRAFFIC", "placements": ["PLACEMENT_TIKTOK"]}

    def test_places_are_found_by_part_of_their_name_in_both_languages(self, send):
        def found(*words, **more):
            data = send("tool/targeting/search", **self.ASKED, keywords=list(words), search_type="FUZZY_SEARCH", **more)
            return [(tag["keyword"], tag["name"]) for tag in data["targeting_tag_list"]]

        assert found("ILE-DE") == [("ILE-DE", "Île-de-France")]
        assert found("allem") == [("allem", "Germany")]
        assert found("allem", language="fr") == [("allem", "Allemagne")]
        assert found("bret", "allem") == [("bret", "Brittany"), ("allem", "Germany")]
        assert found("france")[0] == ("france", "France")
        assert found("guadeloupe", region_codes=["FR"]) == [("guadeloupe", "Guadeloupe")]
        assert found("guadeloupe", region_codes=["BE"]) == []
        assert found("france", geo_types=["PROVINCE"], region_codes=["FR"]) == [
            ("france", "Hauts-de-France"),
            ("france", "Île-de-France"),
        ]
        assert found("nowhere at all") == found(" ") == []

    def test_a_tag_says_what_location_ids_takes(self, send):
        data = send(
            "tool/targeting/search",
            **self.ASKED,
            keywords=["Île-de-France", "Paris"],
            search_type="BATCH_REGION_SEARCH",
        )
        (tag,) = data["targeting_tag_list"]
        assert tag == {
            "targeting_type": "GEO",
            "name": "Île-de-France",
            "keyword": "Île-de-France",
            "status_info": {"status": "ENABLED", "reason": None},
            "geo": {
                "geo_id": ILE_DE_FRANCE,
                "geo_type": "PROVINCE",
                "parent_id": FRANCE,
                "region_code": "FR",
                "description": None,
            },
            "isp": None,
        }
        assert [parent["geo"]["geo_id"] for parent in data["parent_tags"]] == [FRANCE]

    def test_there_are_no_zip_codes(self, send):
        asked = {**self.ASKED, "keywords": ["75001"], "search_type": "BATCH_ZIPCODE_SEARCH"}
        assert send("tool/targeting/search", **asked) == {"targeting_tag_list": [], "parent_tags": []}

    def test_a_thousand_words_find_a_thousand_places_at_most(self, send):
        data = send(
            "tool/targeting/search",
            **self.ASKED,
            keywords=[f"{first}{second}" for first in "aeiou" for second in " aeiouylrnst"] + ["a", "e", "i"],
            search_type="FUZZY_SEARCH",
        )
        assert len(data["targeting_tag_list"]) == 1000

    def test_tags_are_told_by_id(self, send):
        data = send("tool/targeting/info", targeting_ids=[FRANCE, "1", ILE_DE_FRANCE, "FR", FRANCE])
        assert [tag["geo"]["geo_id"] for tag in data["targeting_tag_list"]] == [FRANCE, ILE_DE_FRANCE]
        assert [tag["geo"]["geo_id"] for tag in data["parent_tags"]] == [FRANCE]
        isp = send("tool/targeting/info", targeting_ids=["EG00045"], scene="ISP")
        assert isp == {"targeting_tag_list": [], "parent_tags": []}

    def test_regions_of_a_country_are_listed_and_no_provider_is(self, ask):
        data = ask("tool/targeting/list", location_ids=[FRANCE, "2802361", "1"], scene="GEO")
        assert len(data["targeting_tag_list"]) == 18
        assert {tag["geo"]["country_code"] for tag in data["targeting_tag_list"]} >= {"FR", "GP"}
        assert [tag["geo"]["id"] for tag in data["parent_tags"]] == [FRANCE]
        isp = ask("tool/targeting/list", location_ids=[FRANCE], scene="ISP")
        assert isp == {"targeting_tag_list": [], "parent_tags": []}

    @pytest.mark.parametrize(
        "wrong",
        [
            {"keywords": []},
            {"keywords": ["x" * 201]},
            {"keywords": ["x"] * 1001},
            {"search_type": "GUESS"},
            {"keywords": "fra"},
        ],
    )
    def test_a_wrong_search_is_refused(self, api, mine, wrong):
        asked = {**mine, **self.ASKED, "keywords": ["x"], "search_type": "FUZZY_SEARCH", **wrong}
        assert api.post("tool/targeting/search", **asked)["code"] == 40002


class TestBids:
    @pytest.fixture
    def bid(self, means, brand):
        """Make an ad group with a bid, in whole euros."""

        def bid(euros, *, objective="TRAFFIC", tenant=brand, **fields):
            actor = Actor("token", 1)
            here = {"advertiser_id": tenant.advertiser.id}
            draft = CampaignDraft(
                name=str(means.ids.next()), objective_type=objective, budget_mode="BUDGET_MODE_INFINITE"
            )
            campaign = campaigns.create_campaign(means, actor, **here, draft=draft)
            values = {
                "name": "x",
                "optimization_goal": "CLICK",
                "bid_micros": euros * EURO,
                "budget_mode": "BUDGET_MODE_DAY",
                "budget_micros": 100 * EURO,
                "targeting": Targeting(locations=(int(FRANCE),)),
                **fields,
            }
            return campaigns.create_adgroup(means, actor, **here, campaign_id=campaign.id, draft=AdGroupDraft(**values))

        return bid

    def suggested(self, send, **asked):
        return send("tool/bid/recommend", objective_type="TRAFFIC", location_ids=[FRANCE], **asked)["bid"]

    def test_who_never_bid_hears_the_smallest_bid_that_is_taken(self, send):
        assert self.suggested(send) == 0.01

    def test_who_bid_hears_the_median_of_their_own_and_nothing_of_others(self, send, bid, rival):
        for euros in (1, 2, 5, 40):
            bid(euros)
        bid(90, tenant=rival)
        assert self.suggested(send) == 2
        assert self.suggested(send, campaign_id='"0"', external_action="CLICK_WEBSITE") == 2

    def test_bids_for_other_goals_do_not_count(self, send, bid):
        bid(3)
        bid(7, objective="REACH", optimization_goal="REACH")
        bid(9, optimization_goal="TRAFFIC_LANDING_PAGE_VIEW", bid_micros=None, conversion_bid_micros=9 * EURO)
        bid(0)
        assert self.suggested(send) == 3
        asked = {"objective_type": "REACH", "location_ids": [FRANCE]}
        assert send("tool/bid/recommend", **asked)["bid"] == 7

    def test_what_is_unknown_is_told_together(self, api, mine):
        answer = api.post("tool/bid/recommend", **mine, objective_type="SHOP", location_ids=["1", FRANCE, "2"])
        assert answer["code"] == 40002
        for field in ("objective_type: ", "location_ids[0]: ", "location_ids[2]: "):
            assert field in answer["message"]


class TestUrls:
    @pytest.mark.parametrize(
        ("url", "told"),
        [
            ("https://www.example.org/a?b=c", (True, False, False)),
            ("http://www.example.org/", (False, False, False)),
            ("https://user:pass@example.org/", (False, False, False)),
            ("www.example.org", (False, False, False)),
            ("myapp://product/12", (False, True, True)),
            ("javascript:alert(1)", (False, True, False)),
            ("data:text/html,x", (False, True, False)),
            ("file:///etc/passwd", (False, True, False)),
            ("myapp:product", (False, True, False)),
            ("https://exa mple.org", (False, False, False)),
        ],
    )
    def test_an_address_is_a_page_a_link_of_an_app_or_neither(self, ask, url, told):
        info = ask("tool/url_validate", url=url)["url_info"]["validate_info"]
        assert (info["is_valid_url"], info["is_scheme_link"], info["is_valid_scheme"]) == told


class TestButtons:
    def test_buttons_are_suggested_by_where_an_ad_leads(self, ask):
        def first(**asked):
            return ask("creative/cta/recommend", **asked)["recommend_assets"][0]["asset_content"]

        assert first() == "Learn more"
        assert first(promotion_type="APP_IOS", language="fr") == "Installer"
        assert first(promotion_type="LEAD_GENERATION") == "Sign up"
        assert first(promotion_type="EXTERNAL_OR_DISPLAY") == "View profile"

    def test_what_is_suggested_makes_a_portfolio(self, ask, send):
        content = ask("creative/cta/recommend", promotion_type="WEBSITE")["recommend_assets"]
        made = send("creative/portfolio/create", creative_portfolio_type="CTA", portfolio_content=content)
        told = {**made, "creative_portfolio_type": "CTA", "portfolio_content": content}
        assert ask("creative/portfolio/get", **made) == told
        assert ask("creative/portfolio/list")["creative_portfolios"] == []
        wanted = [{"creative_portfolio_types": ["CTA"]}, {"creative_portfolio_ids": [made["creative_portfolio_id"]]}]
        for filtering in wanted:
            data = ask("creative/portfolio/list", filtering=filtering)
            assert data["creative_portfolios"] == [told]
            assert data["page_info"]["total_number"] == 1
        assert ask("creative/portfolio/list", filtering={"creative_portfolio_types": ["CARD"]})["page_info"] == {
            "page": 1,
            "page_size": 20,
            "total_number": 0,
            "total_page": 0,
        }

    @pytest.mark.parametrize(
        ("body", "told"),
        [
            (
                {"portfolio_content": [{"asset_content": "x"}]},
                "portfolio_content[0].asset_ids: This field is required.",
            ),
            ({"portfolio_content": [{"asset_ids": ["1"]}]}, "portfolio_content[0].asset_ids[0]: No button has this id"),
            (
                {"portfolio_content": [{"asset_ids": ["3001"]}, {"asset_ids": ["3002", "3001"]}]},
                "portfolio_content[1].asset_ids[1]: The button 3001 is named more than once.",
            ),
            (
                {"portfolio_content": [{"asset_content": "x" * 101, "asset_ids": ["3001"]}]},
                "portfolio_content[0].asset_content: This text has 101 characters",
            ),
            (
                {"portfolio_content": [{"asset_ids": ["SHOP_NOW"]}]},
                "portfolio_content[0].asset_ids: must be an identifier",
            ),
            ({"portfolio_content": []}, "Missing required field(s): portfolio_content"),
            (
                {"creative_portfolio_type": "CARD", "portfolio_content": [{"asset_ids": ["3001"]}]},
                "creative_portfolio_type: must be one of CTA.",
            ),
        ],
    )
    def test_what_cannot_be_a_set_of_buttons_is_refused_by_its_field(self, api, mine, body, told):
        answer = api.post("creative/portfolio/create", **mine, **body)
        assert answer["code"] == 40002
        assert answer["message"].startswith(told), answer["message"]

    def test_only_those_who_edit_make_them(self, brand, mine):
        body = {**mine, "portfolio_content": [{"asset_ids": ["3001"]}]}
        for role, code in (("operator", 0), ("analyst", 40001), ("finance", 40001)):
            assert brand.client(role).post("creative/portfolio/create", **body)["code"] == code

    def test_there_is_no_music(self, ask):
        data = ask("file/music/get", page=1, page_size=100)
        assert data == {
            "musics": [],
            "page_info": {"page": 1, "page_size": 100, "total_number": 0, "total_page": 0},
        }
