"""A small world with one of everything, and what the description of the API says of each operation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings

from attise.doors.native_api.urls import document
from attise.kernel.actor import Actor
from attise.management.accounts import actions as accounts
from attise.management.accounts.models import Advertiser
from attise.management.library import actions as library
from attise.management.library.rules import PortfolioItem
from attise.management.posts.models import Unpublished
from attise.measurement.ingest.log import Entry, EntryKind
from attise.measurement.ingest.sqlite_log import SqliteLog
from attise.records.decision import encode_decision
from attise.records.token import sealer_of
from attise.serving.delivery.decide import decide_slots
from tests.builders import a_creator, a_post
from tests.delivering import a_request, a_state
from tests.delivering import an_ad as an_ad_to_show
from tests.doors.native_api.conftest import Host, advertiser_of
from tests.earning import a_payout, an_invoice
from tests.measurement.attribution.happened import ad_claims, claims

UNKNOWN_ID = "1000000000000000001"
OF_THE_EDGE = frozenset({"/v1/feed", "/v1/ads", "/v1/events"})
"""Described with the rest; tried in ``tests/doors/edge``."""

SPOKEN_IN_TUS = frozenset({"/v1/uploads", "/v1/uploads/{upload_id}"})
"""In headers, as that protocol has it; tried in ``test_uploads.py``."""


@cache
def described() -> dict[str, Any]:
    """Return the description as it is served."""
    return json.loads(document())


@dataclass(frozen=True)
class Operation:
    """One operation of the description."""

    method: str
    path: str
    said: dict[str, Any]

    @property
    def name(self) -> str:
        return self.said["operationId"]

    @property
    def ids(self) -> list[str]:
        return [one["name"] for one in self.said.get("parameters", []) if one["in"] == "path"]

    @property
    def query(self) -> list[str]:
        return [one["name"] for one in self.said.get("parameters", []) if one["in"] == "query"]

    def body(self, kind: str = "application/json") -> dict[str, Any] | None:
        """Return the schema of the body, without references at its top."""
        content = self.said.get("requestBody", {}).get("content", {})
        return resolve(content[kind]["schema"]) if kind in content else None

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def operations() -> list[Operation]:
    """Return what the site answers; for the rest see ``of_the_edge``."""
    return [operation for operation in everything() if operation.path not in OF_THE_EDGE]


def of_the_edge() -> list[Operation]:
    return [operation for operation in everything() if operation.path in OF_THE_EDGE]


def everything() -> list[Operation]:
    return [
        Operation(method.upper(), path, said)
        for path, methods in described()["paths"].items()
        if path not in SPOKEN_IN_TUS
        for method, said in methods.items()
    ]


def resolve(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = described()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return schema


def branches(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what a value may be: the alternatives of a schema, resolved."""
    schema = resolve(schema)
    return [part for one in schema["anyOf"] for part in branches(one)] if "anyOf" in schema else [schema]


def fields(
    schema: dict[str, Any], before: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], list[dict[str, Any]]]]:
    """Yield every field of a body, however deep, with what it may be."""
    for name, part in resolve(schema).get("properties", {}).items():
        yield (*before, name), branches(part)
        for branch in branches(part):
            if branch.get("type") == "object":
                yield from fields(branch, (*before, name))


@dataclass(frozen=True)
class World:
    """Ids of one object of each kind, by the names that addresses give them."""

    creator_id: str
    viewer_id: str
    comment_id: str
    post_id: str
    authorization_id: str
    request_id: str
    bc_id: str
    advertiser_id: str
    pixel_id: str
    app_id: str
    campaign_id: str
    adgroup_id: str
    ad_id: str
    ad_token: str
    portfolio_id: str
    decision_id: str
    payout_id: str
    invoice_id: str
    unpublished_id: str
    post_request_id: str
    boost_id: str
    split_id: str
    lot_id: str
    report_id: str
    report_file_id: str
    person_id: str
    code: str
    identity_id: str
    other_adgroup_id: str
    lot_posts: tuple[str, ...]

    @property
    def ids(self) -> dict[str, str]:
        named = [
            name
            for name in self.__annotations__
            if name.endswith("_id") and name not in {"identity_id", "other_adgroup_id"}
        ]
        return {name: getattr(self, name) for name in named}

    def path(self, operation: Operation, **others: str) -> str:
        return operation.path.format(**{**self.ids, **others})

    def body(self, operation: Operation) -> Any:
        """Return a body that the operation takes as far as its shape goes; None when it takes none."""
        return BODIES[operation.name](self) if operation.name in BODIES else None


def a_campaign(**more: Any) -> dict[str, Any]:
    """Return the body of a campaign whose ad groups have their own budgets."""
    return {"name": "Autumn", "objective_type": "TRAFFIC", **more}


def an_adgroup(**more: Any) -> dict[str, Any]:
    """Return the body of an ad group with a budget of its own."""
    return {
        "name": "France",
        "optimization_goal": "CLICK",
        "budget_mode": "BUDGET_MODE_DAY",
        "budget_micros": 50_000_000,
        "targeting": {"locations": ["FR"]},
        **more,
    }


def an_ad(identity_id: str, post_id: str, **more: Any) -> dict[str, Any]:
    """Return the body of a Spark Ad by a code."""
    return {
        "name": "Léa",
        "identity_type": "AUTH_CODE",
        "identity_id": identity_id,
        "post_id": post_id,
        "call_to_action": "LEARN_MORE",
        "landing_page_url": "https://shop.example/soups",
        **more,
    }


def a_split(first_id: str, second_id: str) -> dict[str, Any]:
    """Return the body of a test of two ad groups."""
    return {"name": "Two ad groups", "first_id": first_id, "second_id": second_id, "days": 14}


def a_boost(post_id: str) -> dict[str, Any]:
    """Return the body of a boost."""
    return {
        "post_id": post_id,
        "name": "Soups",
        "budget_micros": 50_000_000,
        "call_to_action": "LEARN_MORE",
        "landing_page_url": "https://shop.example/soups",
    }


def a_lot(*post_ids: str) -> dict[str, Any]:
    """Return the body of a lot of some posts, of which one is boosted."""
    boost = {name: value for name, value in a_boost("").items() if name != "post_id"}
    return {**boost, "name": "A lot", "post_ids": list(post_ids), "promoted": 1}


_CENTER = {"name": "N", "company": "C", "country": "FR", "currency": "EUR", "timezone": "Europe/Paris"}
BODIES: dict[str, Any] = {
    "create_creator": lambda _: {"handle": "someone.new", "display_name": "New"},
    "update_creator": lambda _: {"display_name": "Newer"},
    "create_viewer": lambda _: {"country": "FR", "consent": {"profiling": True}},
    "update_viewer": lambda _: {"country": "BE"},
    "publish_post": lambda world: {
        "creator_id": world.creator_id,
        "media_url": "https://media.example.org/v.mp4",
        "media_md5": "0" * 32,
    },
    "edit_post": lambda _: {"visibility": "public"},
    "comment_post": lambda world: {"viewer_id": world.viewer_id, "text": "Lovely"},
    "report_comment": lambda world: {"viewer_id": world.viewer_id},
    "report_ad": lambda world: {"token": world.ad_token, "reason": "misleading"},
    "decide_on_ad": lambda _: {"reports": 1, "verdict": "kept"},
    "decide_on_comment": lambda _: {"reports": 1, "verdict": "hidden", "note": "An insult."},
    "moderate_comment": lambda _: {"state": "hidden"},
    "moderate_post": lambda _: {"state": "hidden", "reason": "r"},
    "grant_post": lambda _: {"days": 30, "terms": {"countries": ["FR"], "currency": "EUR", "spend_cap_micros": 10**9}},
    "change_terms": lambda _: {"terms": {"countries": ["FR"]}},
    "extend_authorization": lambda _: {"days": 7},
    "revoke_authorization": lambda _: {"when": "now"},
    "request_access": lambda world: {"bc_id": world.bc_id, "permissions": ["existing_posts"]},
    "accept_access": lambda world: {"creator_id": world.creator_id},
    "refuse_access": lambda world: {"creator_id": world.creator_id},
    "create_business_center": lambda _: _CENTER,
    "create_advertiser": lambda world: {**_CENTER, "bc_id": world.bc_id},
    "add_funds": lambda _: {"amount_micros": 5_000_000},
    "return_funds": lambda _: {"amount_micros": 1_000_000},
    "add_center_funds": lambda _: {"amount_micros": 5_000_000},
    "return_center_funds": lambda _: {"amount_micros": 1_000_000},
    "transfer_funds": lambda world: {
        "advertiser_id": world.advertiser_id,
        "amount_micros": 1_000_000,
        "to": "advertiser",
    },
    "give_back_charges": lambda _: {"charges": ["event:0"], "reason": "invalid_traffic"},
    "name_payout_account": lambda _: {"holder": "Léa Martin", "number": "FR7630006000011234567890189"},
    "ask_payout": lambda _: {"currency": "EUR"},
    "approve_payout": lambda _: {"note": "Checked."},
    "refuse_payout": lambda _: {"note": "A paper is missing."},
    "mark_payout_paid": lambda _: {"reference": "VIR 42"},
    "mark_payout_failed": lambda _: {"note": "The account is closed."},
    "state_issuer": lambda _: {"name": "House", "address": "1 street"},
    "issue_invoices": lambda _: {"period": "2026-10"},
    "create_pixel": lambda _: {"name": "Shop"},
    "change_pixel": lambda _: {"paused": False},
    "report_events": lambda _: {"events": [{"event": "Purchase", "event_id": "a", "consent": True}]},
    "report_app_events": lambda _: {"events": [{"event": "InstallApp", "event_id": "a", "consent": True}]},
    "register_app": lambda _: {"download_url": "https://apps.apple.com/fr/app/shop/id1234567"},
    "apply_codes": lambda world: {"codes": [world.code]},
    "preview_code": lambda world: {"code": world.code},
    "assign_account": lambda world: {"advertiser_id": world.advertiser_id},
    "unassign_account": lambda world: {"advertiser_id": world.advertiser_id},
    "link_own_account": lambda world: {"creator_id": world.creator_id},
    "create_campaign": lambda world: a_campaign(name="Another", app_id=world.app_id),
    "edit_campaign": lambda _: {"name": "Renamed"},
    "take_recommendation": lambda _: {"key": "pause_tired.1"},
    "switch_campaign": lambda _: {"operation_status": "DISABLE"},
    "create_adgroup": lambda world: an_adgroup(pixel_id=world.pixel_id, app_id=world.app_id),
    "edit_adgroup": lambda _: {"name": "Renamed"},
    "switch_adgroup": lambda _: {"operation_status": "DISABLE"},
    "estimate_audience": lambda _: {"objective_type": "TRAFFIC", "targeting": {"locations": ["FR"]}},
    "schedule_budget": lambda _: {"scheduled_budget_micros": 60_000_000},
    "create_ad": lambda world: an_ad(
        world.identity_id,
        world.post_id,
        portfolio_id=world.portfolio_id,
        tracking_pixel_id=world.pixel_id,
        tracking_app_id=world.app_id,
    ),
    "edit_ad": lambda _: {"name": "Renamed"},
    "switch_ad": lambda _: {"operation_status": "DISABLE"},
    "launch_ad": lambda _: {},
    **dict.fromkeys(
        ("suspend_creator", "suspend_advertiser", "suspend_person"), lambda _: {"reason": "Spam.", "strike": True}
    ),
    **dict.fromkeys(("restore_creator", "restore_advertiser", "restore_person"), lambda _: {"reason": "Heard."}),
    "change_settings": lambda _: {"fee_ppm": 100_000, "note": "The price list of January."},
    "stop_all_ads": lambda _: {"note": "A fault in our prices."},
    "resume_all_ads": lambda _: {"note": "Mended."},
    "decide_review": lambda _: {"creative_version": 1, "verdict": "approved"},
    "withdraw_approval": lambda _: {"creative_version": 1, "rule": "minors"},
    "decide_on_post": lambda _: {"reports": 1, "verdict": "kept"},
    "appeal_refusal": lambda _: {"note": "It is ours."},
    "say_creators_word": lambda world: {"creator_id": world.creator_id, "verdict": "approved"},
    "choose_interests": lambda _: {"interests": ["pets"]},
    "change_interests": lambda _: {"add": ["pets"], "remove": ["games"], "allow": ["music"]},
    "hold_back": lambda world: {"creator_id": world.creator_id, "upload_id": UNKNOWN_ID},
    "edit_video": lambda _: {"texts": [{"text": "Ah", "from_ms": 0, "to_ms": 900}], "sound": "neon"},
    "reword": lambda _: {"caption": "Mine"},
    "ask_for_post": lambda world: {"advertiser_id": world.advertiser_id, "days": 30},
    "accept_request": lambda world: {"creator_id": world.creator_id, "days": 30},
    "refuse_request": lambda world: {"creator_id": world.creator_id},
    "wish_boost": lambda world: a_boost(world.post_id),
    "announce_lot": lambda world: {**a_lot(*world.lot_posts), "name": "Another lot"},
    "create_split_test": lambda world: a_split(world.adgroup_id, world.other_adgroup_id),
    "compare_formats": lambda world: {
        "name": "Two formats",
        "ad_id": world.ad_id,
        "video_id": "v10033g50000aaaa",
        "display_name": "Aubrée",
    },
    "save_report": lambda world: {
        "name": "Another",
        "plan": {"campaign_ids": [world.campaign_id]},
        "person_id": world.person_id,
    },
    "change_report": lambda world: {
        "name": "Renamed",
        "plan": {"campaign_ids": [world.campaign_id]},
        "person_id": world.person_id,
    },
    "write_report": lambda _: {"format": "xlsx"},
    "send_report": lambda _: {"every": "week", "day": 1, "hour": 8},
    "move_clock": lambda _: {"advance_s": 0},
    "bring_traffic": lambda _: {"viewers": 1, "hours": 1},
}
ROWS: dict[str, Any] = {
    "bulk_creators": lambda _: {"handle": "someone.new", "display_name": "New"},
    "bulk_viewers": lambda _: {"external_id": "u"},
    "bulk_posts": lambda world: {**BODIES["publish_post"](world), "key": "k"},
    "bulk_codes": lambda world: {"advertiser_id": world.advertiser_id, "code": world.code},
}


def a_world(host: Host, means: Any) -> World:
    creator = a_creator(means)
    post = a_post(means, creator)
    bc_id, advertiser_id = advertiser_of(host)
    identity_id = an_identity(host, advertiser_id, post.id)
    campaign_id = told(host.post(f"/v1/advertisers/{advertiser_id}/campaigns", a_campaign()), "campaign_id")
    adgroup_id = told(host.post(f"/v1/campaigns/{campaign_id}/adgroups", an_adgroup()), "adgroup_id")
    other_id = told(host.post(f"/v1/campaigns/{campaign_id}/adgroups", an_adgroup(name="Other")), "adgroup_id")
    ad_id = told(host.post(f"/v1/adgroups/{adgroup_id}/ads", an_ad(identity_id, str(post.id))), "ad_id")
    grant = host.post(f"/v1/posts/{post.id}/authorizations", {"days": 30}).json()
    ask = {"bc_id": bc_id, "permissions": ["existing_posts"]}
    opened = host.post("/v1/access-requests", ask).json()["request_id"]
    host.post(f"/v1/access-requests/{opened}/accept", {"creator_id": str(creator.id)})
    asked = host.post("/v1/access-requests", ask).json()
    here = f"/v1/advertisers/{advertiser_id}"
    buttons = library.create_portfolio(
        means, Actor("host", 1), advertiser_id=int(advertiser_id), contents=[PortfolioItem("", (3012,))]
    )
    app = {"download_url": "https://play.google.com/store/apps/details?id=org.example.shop"}
    viewer_id = host.post("/v1/viewers", {}).json()["viewer_id"]
    said = host.post(f"/v1/posts/{post.id}/comments", {"viewer_id": viewer_id, "text": "Lovely"})
    foreign = a_post(means, a_creator(means, handle="noe.mange"))
    boost = host.post(f"{here}/boosts", a_boost(str(foreign.id))).json()
    unpublished = Unpublished.objects.create(
        id=means.ids.next(), creator_id=creator.id, pending_file="x", kept_at_ms=means.clock.wire_ms()
    )
    lot_posts = tuple(str(a_post(means, creator).id) for _ in range(3))
    person = accounts.create_person(means, email="ines@brand.example", display_name="Inès")
    accounts.add_member(means, Actor("host", 1), business_center_id=int(bc_id), person_id=person.id, role="ADMIN")
    report = told(host.post(f"{here}/reports", {"name": "Weekly", "plan": {}}), "report_id")
    host.send("PUT", f"{here}/reports/{report}/readers/{person.id}", {"every": "day", "hour": 9})
    return World(
        creator_id=str(creator.id),
        viewer_id=viewer_id,
        comment_id=told(said, "comment_id"),
        post_id=str(post.id),
        authorization_id=grant["authorization_id"],
        request_id=asked["request_id"],
        bc_id=bc_id,
        advertiser_id=advertiser_id,
        pixel_id=host.post(f"{here}/pixels", {"name": "Site"}).json()["pixel_id"],
        app_id=host.post(f"{here}/apps", app).json()["app_id"],
        campaign_id=campaign_id,
        adgroup_id=adgroup_id,
        ad_id=ad_id,
        ad_token=a_token(means, int(ad_id)),
        portfolio_id=str(buttons.id),
        decision_id=str(a_decision(means)),
        payout_id=str(a_payout(means, creator).id),
        invoice_id=str(an_invoice(means, Advertiser.objects.get(id=int(advertiser_id))).id),
        unpublished_id=str(unpublished.id),
        post_request_id=boost["request"]["request_id"],
        boost_id=boost["boost_id"],
        split_id=told(host.post(f"{here}/split-tests", a_split(adgroup_id, other_id)), "split_id"),
        lot_id=told(host.post(f"{here}/lots", a_lot(*lot_posts)), "lot_id"),
        lot_posts=lot_posts,
        other_adgroup_id=other_id,
        report_id=report,
        person_id=str(person.id),
        report_file_id=told(host.post(f"{here}/reports/{report}/files", {}), "report_file_id"),
        code=grant["code"],
        identity_id=identity_id,
    )


def a_token(means: Any, ad_id: int) -> str:
    """Return the item token of an ad, as the feed would give it."""
    return sealer_of(settings.HOUSE.secrets).seal(claims(means, ad_claims(ad_id=ad_id)))


def a_decision(means: Any) -> int:
    """Decide on one ad, as the edge would, and return the id that the log has it by."""
    request = a_request(ids=tuple(means.ids.next() for _ in range(10)))
    (decision,) = decide_slots(request, a_state([an_ad_to_show(1)]), None, (3,))
    log = SqliteLog(settings.HOUSE.folder, may_write=True)
    log.append([Entry(EntryKind.DECISION, decision.decision_id, encode_decision(decision))], at_ms=request.wire_ms)
    log.close()
    return decision.decision_id


def an_identity(host: Host, advertiser_id: str, post_id: int) -> str:
    """Authorize a post, apply its code for an advertiser, and return the identity that stands for it."""
    grant = host.post(f"/v1/posts/{post_id}/authorizations", {"days": 30}).json()
    applied = host.post(f"/v1/advertisers/{advertiser_id}/codes", {"codes": [grant["code"]]}).json()
    return applied["results"][0]["bound"]["identity_id"]


def told(response: Any, name: str) -> str:
    """Return a field of what was just made."""
    assert response.status_code == 201, response.content
    return response.json()[name]
