"""The official SDK's typed calls, unchanged but for the host: what an advertiser prepares before it launches an ad."""

from __future__ import annotations

import business_api_client as sdk

PLAY = "https://play.google.com/store/apps/details?id="


def test_a_pixel_is_made_and_told_what_to_look_for(brand, house):
    api = sdk.MeasurementApi(brand.client)
    body = sdk.PixelCreateBody(advertiser_id=brand.id, pixel_name="Boutique", pixel_category="ONLINE_STORE")
    made = api.pixel_create(brand.token, body=body)["data"]
    assert f'"{house.address}/attise.js"' in made["pixel_script"]
    rule = sdk.PixeleventcreateRules(
        trigger="TRIGGERTYPE_PAGEVIEW", variable="PAGE_PATH", operator="OPERATORTYPE_CONTAINS", value="/merci"
    )
    event = sdk.PixeleventcreatePixelEvents(
        event_type="SHOPPING", event_name="Order", statistic_type="ONCE", currency="USD", currency_value="50",
        rules=[rule],
    )  # fmt: skip
    body = sdk.EventCreateBody(advertiser_id=brand.id, pixel_id=made["pixel_id"], pixel_events=[event])
    (event_id,) = api.pixel_event_create(brand.token, body=body)["data"]["event_ids"]
    body = sdk.PixelUpdateBody(
        advertiser_id=brand.id, pixel_id=made["pixel_id"], pixel_name="Boutique 2",
        advanced_matching_fields=sdk.PixelupdateAdvancedMatchingFields(email=True, phone_number=False),
    )  # fmt: skip
    assert api.pixel_update(brand.token, body=body)["data"] == {}
    listed = api.pixel_list(
        brand.id, brand.token, pixel_id=made["pixel_id"], order_by="LATEST_CREATE", page=1, page_size=20,
        filtering=sdk.FilteringPixelList(available_for_catalog_only=False),
    )["data"]  # fmt: skip
    assert listed["page_info"]["total_number"] == 1
    (row,) = listed["pixels"]
    assert (row["pixel_name"], row["pixel_code"]) == ("Boutique 2", made["pixel_code"])
    assert [(one["event_id"], one["currency_value"]) for one in row["events"]] == [(event_id, "50.00")]
    body = sdk.EventUpdateBody(advertiser_id=brand.id, event_id=event_id, event_name="Paid")
    assert api.pixel_event_update(brand.token, body=body)["data"] == {}
    span = {"start_date": "2026-11-01", "end_date": "2026-11-30"}
    counted = api.pixel_event_stats(brand.id, [made["pixel_id"]], span, brand.token)["data"]["list"]
    assert counted == [{"pixel_id": made["pixel_id"], "statistics": []}]
    body = sdk.EventDeleteBody(advertiser_id=brand.id, event_id=event_id)
    assert api.pixel_event_delete(brand.token, body=body)["data"] == {}
    assert brand.refused(api.pixel_event_delete, brand.token, body=body).code == 40007


def test_an_app_is_registered(brand, rival):
    api = sdk.APPManagementApi(brand.client)
    body = sdk.AppCreateBody(advertiser_id=brand.id, download_url=f"{PLAY}org.example.aubree")
    app_id = api.app_create(brand.token, body=body)["data"]["app_id"]
    body = sdk.AppUpdateBody(
        advertiser_id=brand.id, app_id=app_id, download_url=f"{PLAY}org.example.aubree&hl=fr", platform="ANDROID"
    )
    assert api.app_update(brand.token, body=body)["data"] == {}
    row = api.app_info(brand.id, app_id, brand.token)["data"]["app"]
    assert api.app_list(brand.id, brand.token, app_platform_ids=["org.example.aubree"])["data"]["apps"] == [row]
    assert brand.refused(sdk.APPManagementApi(rival.client).app_info, rival.id, app_id, rival.token).code == 40007


def test_what_may_be_targeted_is_looked_up(brand):
    api = sdk.ToolApi(brand.client)
    me = (brand.id, brand.token)
    placements = ["PLACEMENT_TIKTOK"]
    places = api.tool_region(brand.id, placements, "TRAFFIC", brand.token, level_range="TO_PROVINCE")["data"]
    names = {row["location_id"]: row["name"] for row in places["region_info"]}
    assert names["3017382"] == "France"
    assert names == {
        row["region_id"]: row["region_name"] for row in api.search_region(*me, language="en")["data"]["region_list"]
    }
    assert {"code": "fr", "name": "French"} in api.tool_language(*me)["data"]["languages"]
    liked = api.tool_interest_category(*me, version=2, language="fr", placements=placements)["data"]
    assert liked["interest_categories"][0]["interest_category_name"] == "Beauté et soins"
    done = api.tool_action_category(*me, special_industries=["HOUSING"])["data"]["action_categories"]
    assert "Family videos" not in [row["name"] for row in done]
    assert {"timezone": "Asia/Tokyo", "gmt_offset": "GMT+09:00"} in api.tool_timezone(*me)["data"]["timezones"]
    called = {row["phone_region_code"]: row for row in _listed(api.tool_phone_region_code(*me))}
    assert called["FR"]["phone_region_calling_code"] == "+33"
    for empty in (
        api.tool_os_version(brand.id, "IOS", brand.token),
        api.tool_device_model(*me),
        api.tool_carrier(*me),
        api.tool_interest_keyword_recommend(brand.id, "cuisine", brand.token),
        api.tool_interest_keyword_get(*me, keyword_query=[{"keyword_id": "1", "language": "fr"}]),
        api.tool_hashtag_recommend(brand.id, ["cuisine"], brand.token),
        api.tool_hashtag_get(brand.id, ["1"], brand.token),
        api.tool_targeting_list(brand.id, ["3017382"], "ISP", brand.token),
    ):
        assert _listed(empty) == []


def _listed(answer):
    return next(iter(answer["data"].values()))


def test_places_are_searched_and_a_bid_and_an_address_are_asked_about(brand):
    api = sdk.ToolApi(brand.client)
    body = sdk.TargetingSearchBody(
        advertiser_id=brand.id, objective_type="TRAFFIC", placements=["PLACEMENT_TIKTOK"], keywords=["bretagne"],
        search_type="FUZZY_SEARCH", geo_types=["PROVINCE"],
    )  # fmt: skip
    (tag,) = api.tool_targeting_search(brand.token, body=body)["data"]["targeting_tag_list"]
    body = sdk.TargetingInfoBody(advertiser_id=brand.id, targeting_ids=[tag["geo"]["geo_id"]], scene="GEO")
    (told,) = api.tool_targeting_info(brand.token, body=body)["data"]["targeting_tag_list"]
    assert told["name"] == tag["name"] == "Brittany"
    body = sdk.BidRecommendBody(advertiser_id=brand.id, objective_type="REACH", location_ids=["3017382"])
    assert api.tool_bid_recommend(brand.token, body=body)["data"] == {"bid": 0.01}
    info = api.tool_url_validate(brand.id, "https://www.example.org/", brand.token)["data"]["url_info"]
    assert info["validate_info"]["is_valid_url"]
    assert brand.refused(api.tool_open_url, brand.id, "https://example.org", "VIDEO", brand.token).code == 40008


def test_a_set_of_buttons_is_made_from_what_is_suggested(brand):
    api = sdk.CreativeManagementApi(brand.client)
    first = brand.get("creative/cta/recommend", advertiser_id=brand.id, promotion_type="WEBSITE")["recommend_assets"][0]
    body = sdk.PortfolioCreateBody(
        advertiser_id=brand.id, creative_portfolio_type="CTA",
        portfolio_content=[sdk.CreativeportfoliocreatePortfolioContent(**first)],
    )  # fmt: skip
    made = api.creative_portfolio_create(brand.token, body=body)["data"]
    told = api.creative_portfolio_get(brand.id, made["creative_portfolio_id"], brand.token)["data"]
    assert told["portfolio_content"] == [first]
    filtering = sdk.FilteringCreativePortfolioList(creative_portfolio_types=["CTA"])
    listed = api.creative_portfolio_list(brand.id, brand.token, filtering=filtering)["data"]["creative_portfolios"]
    assert listed == [told]
    assert brand.get("file/music/get", advertiser_id=brand.id, page_size=100)["musics"] == []
