"""Two whole tenants, with one object of every kind that an endpoint of the dialect may name.

Used by what goes through the routing table: the isolation matrix and the recorded shapes. A parameter that names
something and is not known here fails both, until somebody says what it names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from attise.doors.marketing_api.endpoint import Endpoint
from attise.doors.marketing_api.wire.shapes import IdShape, ListShape, ObjectShape, Shape
from attise.kernel.actor import Actor
from attise.ledger.funding import ManualTransfer
from attise.management.accounts import actions as accounts
from attise.management.authorizations import actions as grants
from attise.management.billing import actions as billing
from attise.management.campaigns import actions as campaigns
from attise.management.campaigns.rules.adgroup import AdGroupDraft
from attise.management.campaigns.rules.campaign import CampaignDraft
from attise.management.campaigns.rules.creative import Creative
from attise.management.library import actions as library
from attise.management.library.models import Image, Video
from attise.management.library.rules import PortfolioItem
from attise.management.pixels import actions as pixels
from attise.management.pixels.rules import EventDraft
from attise.management.pixels.views import EventView, MobileAppView, PixelView
from attise.management.posts.models import Comment, Media
from attise.measurement.reports.actions import tasks
from attise.measurement.reports.asking.asked import Asked
from attise.measurement.reports.models import Task
from attise.records.targeting import Targeting
from tests.builders import a_creator, a_post
from tests.doors.marketing_api.conftest import Dialect, Tenant, make_tenant

HOST = Actor("host", 1)

TEXT_IDS = {"identity_id", "video_id", "video_ids", "image_ids", "image_uri", "pixel_code", "event_source_id"}
"""Names of objects that are texts rather than numbers."""
NO_OBJECTS = {
    "app_id": "public: an app shows it to everybody it asks",
    "client_id": "the same, by its other name",
    "location_ids": "rows of a public table",
    "interest_category_ids": "the same",
    "action_category_ids": "the same",
    "audience_ids": "nobody has an audience yet: there is none to name",
    "excluded_audience_ids": "the same",
    "custom_audience_ids": "the same",
    "cursor": "a place in one's own list, whatever number stands there",
    "industry": "a number of a public table",
    "request_id": "the caller's own mark on a creation",
    "tcm_account_id": "nobody has an account of a marketplace: there is none to name",
}
OBJECTS_HERE = {
    (path, "app_id") for path in ("app/info", "app/update", "campaign/create", "adgroup/create", "adgroup/update")
}
"""Names of no object that name one in some endpoint: a mobile app, not an app of developers."""
NO_OBJECTS_HERE = {("creative/portfolio/create", "asset_ids")}
"""Names of objects that name none in some endpoint: buttons of a public table."""
PROOFS = {"secret", "client_secret", "auth_code", "access_token", "refresh_token", "code", "original_post_auth_code"}
"""Texts that prove a right by themselves: whoever holds one may learn what became of it."""
PLAIN: dict[str, Any] = {
    "auth_code": "x",
    "display_name": "x",
    "emails": ["isolation@example.org"],
    "asset_type": "TT_ACCOUNT",
    "grant_type": "authorization_code",
    "redirect_uri": "https://app.example.org/back",
    "is_ad_promotable": False,
    "advertiser_info": {"name": "x", "currency": "EUR", "timezone": "Europe/Paris"},
    "customer_info": {"company": "x"},
    "identity_type": "AUTH_CODE",
    "campaign_name": "x",
    "objective_type": "TRAFFIC",
    "adgroup_name": "x",
    "budget_mode": "BUDGET_MODE_DAY",
    "budget": 50,
    "schedule_type": "SCHEDULE_FROM_NOW",
    "schedule_start_time": "2026-09-21 15:00:00",
    "optimization_goal": "CLICK",
    "billing_event": "CPC",
    "pacing": "PACING_MODE_SMOOTH",
    "operation_status": "ENABLE",
    "tcm_account_id": "x",
    "pixel_name": "x",
    "pixel_events": [{"event_type": "FORM"}],
    "placements": ["PLACEMENT_TIKTOK"],
    "os_type": "IOS",
    "scene": "GEO",
    "search_type": "FUZZY_SEARCH",
    "keyword": "mont",
    "keywords": ["fra"],
    "keyword_ids": ["1"],
    "targeting_ids": ["3012874"],
    "location_ids": ["3017382"],
    "custom_audience_ids": ["1"],
    "url": "https://example.org/",
    "portfolio_content": [{"asset_content": "Learn more", "asset_ids": ["3012"]}],
    "download_url": "https://apps.apple.com/app/id1234567",
    "date_range": {"start_date": "2026-11-01", "end_date": "2026-11-20"},
    "upload_type": "UPLOAD_BY_VIDEO_ID",
    "transfer_type": "RECHARGE",
    "event_source": "web",
    "event": "Lead",
    "data": [{"event": "Lead", "event_time": 1_790_000_000}],
    "batch": [{"event": "Lead"}],
    "report_type": "BASIC",
    "dimensions": ["ad_id"],
    "video_url": "http://127.0.0.1:1/video.mp4",
}
"""Values for what names nothing."""
FOR_ENDPOINT: dict[tuple[str, str], Any] = {
    ("identity/delete", "identity_type"): "CUSTOMIZED_USER",
    ("identity/get", "identity_type"): "BC_AUTH_TT",
    ("file/image/ad/upload", "upload_type"): "UPLOAD_BY_URL",
}


@dataclass
class World:
    """One tenant with one object of every kind, by the name of the parameter that takes it."""

    tenant: Tenant
    names: dict[str, str]
    creator_token: str
    marks: list[str]

    def value(self, path: str, name: str) -> str:
        return self.names.get(f"{path}:{name}", self.names[name])


def a_world(means, name: str, handle: str) -> World:
    tenant = make_tenant(means, name)
    creator = a_creator(means, handle=handle)
    post = a_post(means, creator, caption=f"Secret of {name}")
    _, code = grants.grant_post(means, HOST, creator_id=creator.id, post_id=post.id, days=30, terms=None)
    actor = Actor("token", 1)
    bound = grants.redeem(means, actor, advertiser_id=tenant.advertiser.id, code=code)
    _, secret = grants.request_access(means, actor, business_center_id=tenant.center.id, permissions=["existing_posts"])
    grants.accept_access(means, HOST, creator_id=creator.id, secret=secret)
    video, image = a_video(means, tenant), an_image(means, tenant)
    made = library.create_identity(means, actor, advertiser_id=tenant.advertiser.id, display_name=f"Brand {name}")
    pixel, event, app = a_pixel(means, tenant)
    campaign = campaigns.create_campaign(means, actor, advertiser_id=tenant.advertiser.id, draft=campaign_of(name))
    adgroup = campaigns.create_adgroup(
        means, actor, advertiser_id=tenant.advertiser.id, campaign_id=campaign.id, draft=adgroup_of(name)
    )
    buttons = library.create_portfolio(
        means, actor, advertiser_id=tenant.advertiser.id, contents=[PortfolioItem(f"Button of {name}", (3012,))]
    )
    (ad,) = campaigns.create_ads(
        means,
        actor,
        house=settings.HOUSE,
        advertiser_id=tenant.advertiser.id,
        adgroup_id=adgroup.id,
        creatives=[creative_of(name, bound.identity_id, post.id)],
    )
    agreed = accounts.agree_creator(
        means, app_id=tenant.app_id, creator_id=creator.id, redirect_uri="https://app.example.org/back"
    )
    tokens = accounts.exchange_creator(
        means,
        app_id=tenant.app_id,
        secret=tenant.app_secret,
        auth_code=agreed,
        redirect_uri="https://app.example.org/back",
    )
    asked = Asked(level="AUCTION_AD", advertiser_ids=(tenant.advertiser.id,), dimensions=("ad_id",), is_lifetime=True)
    report_id = tasks.ask_for(
        means, asked, advertiser_id=tenant.advertiser.id, has_titles=True, file_name=f"Report of {name}"
    )
    report = tasks.path_of(settings.HOUSE, report_id)
    report.write_text(f"Report of {name}")
    Task.objects.filter(id=report_id).update(state=Task.DONE, ended_at_ms=means.clock.wire_ms())
    money = {"amount_micros": 100_000_000, "provider": ManualTransfer()}
    billing.fund_business_center(means, HOST, business_center_id=tenant.center.id, **money)
    billing.fund_advertiser(means, HOST, advertiser_id=tenant.advertiser.id, **money)
    comment = a_comment(means, post.id, f"Comment for {name}")
    names = {
        "advertiser_id": tenant.advertiser.id,
        "advertiser_ids": tenant.advertiser.id,
        "account_ids": tenant.advertiser.id,
        "bc_id": tenant.center.id,
        "identity_authorized_bc_id": tenant.center.id,
        "asset_id": creator.id,
        "asset_ids": creator.id,
        "user_id": tenant.people["analyst"].id,
        "business_id": creator.id,
        "item_id": post.id,
        "item_ids": post.id,
        "identity_id": bound.identity_id,
        "identity/delete:identity_id": made.identity_id,
        "video_id": video.video_id,
        "video_ids": video.video_id,
        "business/video/list:video_ids": post.id,
        "material_ids": video.id,
        "image_ids": image.image_id,
        "image_uri": image.image_id,
        "pixel_id": pixel.id,
        "pixel_ids": pixel.id,
        "pixel_code": pixel.code,
        "event_source_id": pixel.code,
        "event_id": event.id,
        "app_id": app.id,
        "campaign_id": campaign.id,
        "campaign_ids": campaign.id,
        "adgroup_id": adgroup.id,
        "adgroup_ids": adgroup.id,
        "creative_portfolio_id": buttons.id,
        "creative_portfolio_ids": buttons.id,
        "call_to_action_id": buttons.id,
        "ad_id": ad.id,
        "ad_ids": ad.id,
        "tiktok_item_id": post.id,
        "tracking_pixel_id": pixel.id,
        "tracking_app_id": app.id,
        "task_id": report_id,
        "exclude_video_ids": post.id,
        "comment_id": comment.id,
        "comment_ids": comment.id,
        "business/comment/list:video_id": post.id,
        "business/comment/reply/list:video_id": post.id,
        "spark_ad/recommend:video_ids": post.id,
        "business/video/recommend:video_ids": post.id,
    }
    marks = [
        name,
        handle,
        creator.display_name,
        code,
        video.file_name,
        image.file_name,
        f"Secret of {name}",
        comment.text,
    ]
    marks += [pixel.code, pixel.name, app.download_url, campaign.name, adgroup.name, ad.name, f"Button of {name}"]
    marks += [str(value) for value in names.values()]
    return World(tenant, {key: str(value) for key, value in names.items()}, tokens.access_token, marks)


def a_media(means, kind: str, file_name: str) -> Media:
    return Media.objects.create(
        id=means.ids.next(),
        key=means.chance.token(13).hex(),
        kind=kind,
        signature_md5="0" * 32,
        file_name=file_name,
        has_cover=kind == "video",
        size_bytes=1,
        width=64,
        height=64,
        created_at_ms=0,
    )


def a_comment(means, post_id: int, text: str, *, viewer_id: int = 7, state: str = "shown") -> Comment:
    now_ms = means.clock.world_ms()
    return Comment.objects.create(
        id=means.ids.next(), post_id=post_id, viewer_id=viewer_id, text=text, state=state, at_ms=now_ms
    )


def a_video(means, tenant: Tenant) -> Video:
    return Video.objects.create(
        id=means.ids.next(),
        video_id=f"v10033g50000{means.chance.token(6).hex()}",
        advertiser_id=tenant.advertiser.id,
        media=a_media(means, "video", "video.mp4"),
        file_name=f"{tenant.center.name}.mp4",
        created_at_ms=0,
        modified_at_ms=0,
    )


def an_image(means, tenant: Tenant) -> Image:
    return Image.objects.create(
        id=means.ids.next(),
        image_id=f"i10033g50000{means.chance.token(6).hex()}",
        advertiser_id=tenant.advertiser.id,
        media=a_media(means, "image", "image.png"),
        file_name=f"{tenant.center.name}.png",
        created_at_ms=0,
        modified_at_ms=0,
    )


def campaign_of(name: str) -> CampaignDraft:
    budget = {"budget_mode": "BUDGET_MODE_DAY", "budget_micros": 50_000_000}
    return CampaignDraft(name=f"Campaign of {name}", objective_type="TRAFFIC", **budget)


def adgroup_of(name: str) -> AdGroupDraft:
    return AdGroupDraft(
        name=f"Ad group of {name}",
        optimization_goal="CLICK",
        budget_mode="BUDGET_MODE_DAY",
        budget_micros=50_000_000,
        targeting=Targeting(locations=(3_017_382,)),
    )


def creative_of(name: str, identity_id: str, post_id: int) -> Creative:
    shown = {"identity_type": "AUTH_CODE", "identity_id": identity_id, "post_id": post_id}
    leads = {"call_to_action": "LEARN_MORE", "landing_page_url": "https://www.example.org/"}
    return Creative(name=f"Ad of {name}", **shown, **leads)


def a_pixel(means, tenant: Tenant) -> tuple[PixelView, EventView, MobileAppView]:
    here = {"advertiser_id": tenant.advertiser.id}
    pixel = pixels.create_pixel(means, HOST, **here, name=f"Site of {tenant.center.name}")
    (event,) = pixels.create_events(means, HOST, **here, pixel_id=pixel.id, drafts=[EventDraft("SHOPPING")])
    url = f"https://play.google.com/store/apps/details?id=org.example.{tenant.center.name.lower()}"
    return pixel, event, pixels.register_app(means, HOST, **here, download_url=url)


def is_id(path: str, name: str, shape: Shape) -> bool:
    inner = shape.item if isinstance(shape, ListShape) else shape
    is_none = (name in NO_OBJECTS and (path, name) not in OBJECTS_HERE) or (path, name) in NO_OBJECTS_HERE
    return name in TEXT_IDS or (isinstance(inner, IdShape) and not is_none)


def places(endpoint: Endpoint) -> list[tuple[tuple[str | int, ...], Shape]]:
    """Return the place of every parameter that names an object, deep down; 0 is the first object of a list."""
    return _places(endpoint.path, endpoint.shape, ())


def _places(path: str, shape: ObjectShape, prefix: tuple[str | int, ...]) -> list[tuple[tuple[str | int, ...], Shape]]:
    found = []
    for member in shape.members:
        if isinstance(member.shape, ObjectShape):
            found += _places(path, member.shape, (*prefix, member.name))
        elif isinstance(member.shape, ListShape) and isinstance(member.shape.item, ObjectShape):
            found += _places(path, member.shape.item, (*prefix, member.name, 0))
        elif is_id(path, member.name, member.shape):
            found.append(((*prefix, member.name), member.shape))
    return found


def params_of(endpoint: Endpoint, world: World) -> dict[str, Any]:
    """Return parameters with which an endpoint would act on one's own objects."""
    params: dict[str, Any] = {}
    for member in endpoint.shape.members:
        name = member.name
        if is_id(endpoint.path, name, member.shape):
            if member.required:
                params[name] = wrapped(world.value(endpoint.path, name), member.shape)
        elif (endpoint.path, name) in FOR_ENDPOINT:
            params[name] = FOR_ENDPOINT[endpoint.path, name]
        elif name in PLAIN and (member.required or name == "upload_type"):
            params[name] = PLAIN[name]
        elif member.required and name not in PROOFS | NO_OBJECTS.keys() | {"creatives"}:
            raise AssertionError(f"{endpoint.path}: say in this file what {name} names")
    if endpoint.path == "identity/video/info":
        params["item_id"] = world.names["item_id"]  # one of item_id and item_ids is required
    if endpoint.path in {"report/integrated/get", "report/task/create"}:
        params |= {"advertiser_id": world.names["advertiser_id"], "data_level": "AUCTION_AD", "query_lifetime": True}
    leads = {"call_to_action": "LEARN_MORE", "landing_page_url": "https://www.example.org/"}
    shown = {name: world.names[name] for name in ("identity_id", "tiktok_item_id")}
    if endpoint.path == "ad/create":
        params["creatives"] = [{"identity_type": "AUTH_CODE", **shown, **leads}]
    if endpoint.path == "ad/update":
        params |= {"creatives": [{"ad_id": world.names["ad_id"]}], "patch_update": True}
    if endpoint.path == "ad/status/update":
        params["ad_ids"] = [world.names["ad_id"]]
    if endpoint.path == "business/spark_ad/create":
        params |= {**leads, "location_ids": ["3017382"], "bid_type": "BID_TYPE_NO_BID"}
    if endpoint.path == "bc/transfer":
        params |= {"advertiser_id": world.names["advertiser_id"], "cash_amount": 5}
    if endpoint.path == "adgroup/budget/update":
        params["budget"] = [{"adgroup_id": world.names["adgroup_id"], "budget": 60}]
    return params


def wrapped(value: str, shape: Shape) -> Any:
    return [value] if isinstance(shape, ListShape) else value


def ask(client: Dialect, method: str, path: str, params: dict[str, Any]) -> dict[str, Any]:
    answer = client.get(path, **params) if method == "GET" else client.post(path, **params)
    return {name: answer[name] for name in ("code", "message", "data")}
