"""The official SDK's typed calls, unchanged but for the host: what an advertiser prepares before it launches an ad."""

from __future__ import annotations

import business_api_client as sdk

from tests.stories.sdk_house import brand, host, house, rival

__all__ = ["brand", "host", "house", "rival"]
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
