"""A small town for ads: a brand with a library and accounts, a creator with posts, a live house and a sandbox."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings

from attise.kernel.actor import Actor
from attise.kernel.house import House, Mode
from attise.kernel.means import Means
from attise.ledger import actions as ledger
from attise.management.accounts.models import Advertiser, Creator
from attise.management.authorizations import actions as grants
from attise.management.authorizations import queries as granted
from attise.management.campaigns.actions.create_ads import create_ads
from attise.management.campaigns.actions.set_review import set_review
from attise.management.campaigns.envelopes import payer_of
from attise.management.campaigns.models import AdGroup
from attise.management.campaigns.queries.ads import get_ad
from attise.management.campaigns.rules.creative import Creative
from attise.management.campaigns.views import AdView
from attise.management.library import actions as library
from attise.management.library.models import Image, Video
from attise.management.outbox.actions import unit
from attise.management.posts import store
from attise.management.posts.models import Media, Post
from attise.records.terms import Terms
from tests.builders import a_creator, a_post, an_advertiser
from tests.campaign_rows import HOST, a_code, a_group_of

TOKEN = Actor("token", 1)
PAGE = "https://www.example.org/soin"


def a_house(mode: Mode, folder: Path) -> House:
    """The tests' house as if it were of another mode, with files of its own."""
    house = copy.copy(settings.HOUSE)
    house.mode, house.media = mode, folder
    return house


def funded(means: Means, advertiser: Advertiser, euros: int = 1_000) -> Advertiser:
    """Give an advertiser money."""
    micros = euros * 1_000_000
    entries = {"world": -micros, payer_of(advertiser.id): micros}
    with unit(means):
        ledger.open_account(means, key=payer_of(advertiser.id), currency="EUR", is_prepaid=True)
        ledger.move(means, HOST, key=f"fund:{means.ids.next()}", currency="EUR", reason="test", entries=entries)
    return advertiser


@dataclass
class Town:
    """What the tests of ads begin with; all of it is made at its first use."""

    means: Means
    folder: Path

    @cached_property
    def live(self) -> House:
        return a_house(Mode.LIVE, self.folder)

    @cached_property
    def sandbox(self) -> House:
        return a_house(Mode.SANDBOX, self.folder)

    @cached_property
    def brand(self) -> Advertiser:
        return funded(self.means, an_advertiser(self.means))

    @cached_property
    def group(self) -> AdGroup:
        return a_group_of(self.means, self.brand)

    @cached_property
    def lea(self) -> Creator:
        return a_creator(self.means)

    @cached_property
    def post(self) -> Post:
        return a_post(self.means, self.lea)

    # Who may stand as author ---------------------------------------------------------------------------------------

    def by_code(self, post: Post | None = None, *, terms: Terms | None = None, days: int = 30) -> dict[str, Any]:
        post = post or self.post
        identity_id = a_code(self.means, post, self.brand, days=days, terms=terms)
        return {"identity_type": "AUTH_CODE", "identity_id": identity_id, "post_id": post.id}

    def by_access(self, *permissions: str) -> dict[str, Any]:
        wanted = list(permissions or ("existing_posts", "new_posts", "new_posts_ads_only"))
        center = self.brand.business_center
        _, secret = grants.request_access(self.means, HOST, business_center_id=center.id, permissions=wanted)
        grants.accept_access(self.means, HOST, creator_id=self.lea.id, secret=secret)
        return {**self._identity("BC_AUTH_TT"), "business_center_id": center.id}

    def by_own(self) -> dict[str, Any]:
        grants.link_own_account(self.means, HOST, advertiser_id=self.brand.id, creator_id=self.lea.id)
        return self._identity("TT_USER")

    def by_name(self, name: str = "Aubrée") -> dict[str, Any]:
        made = library.create_identity(self.means, TOKEN, advertiser_id=self.brand.id, display_name=name)
        return {"identity_type": "CUSTOMIZED_USER", "identity_id": made.identity_id}

    def _identity(self, kind: str) -> dict[str, Any]:
        page = granted.list_identities(self.means, advertiser_id=self.brand.id, identity_type=kind)
        return {"identity_type": kind, "identity_id": page.items[0].identity_id}

    # What an ad may show -------------------------------------------------------------------------------------------

    def video(self, *, advertiser: Advertiser | None = None, width: int = 360, height: int = 640) -> str:
        media = self._media("video", "video.mp4", width, height)
        name = f"v10033g50000{media.key}"
        Video.objects.create(
            id=self.means.ids.next(),
            video_id=name,
            advertiser=advertiser or self.brand,
            media=media,
            file_name=f"{name}.mp4",
            created_at_ms=0,
            modified_at_ms=0,
        )
        return name

    def image(self, *, width: int = 360, height: int = 640, suffix: str = "jpg") -> str:
        media = self._media("image", f"image.{suffix}", width, height)
        name = f"i10033g50000{media.key}"
        Image.objects.create(
            id=self.means.ids.next(),
            image_id=name,
            advertiser=self.brand,
            media=media,
            file_name=f"{name}.{suffix}",
            created_at_ms=0,
            modified_at_ms=0,
        )
        return name

    def _media(self, kind: str, file_name: str, width: int, height: int) -> Media:
        """A stored file with a few bytes in it: nothing of these tests looks inside."""
        key = store.new_key(self.means.chance)
        with store.making(self.live, key) as work:
            names = [file_name, store.COVER_NAME] if kind == "video" else [file_name]
            for name in names:
                (work / name).write_bytes(f"{kind} {key} {name}".encode())
            store.place(self.live, key, {name: work / name for name in names})
        return Media.objects.create(
            id=self.means.ids.next(),
            key=key,
            kind=kind,
            signature_md5="0" * 32,
            file_name=file_name,
            has_cover=kind == "video",
            size_bytes=10,
            duration_ms=2000,
            width=width,
            height=height,
            created_at_ms=self.means.clock.world_ms(),
        )

    # Ads -----------------------------------------------------------------------------------------------------------

    def spark(self, **fields: Any) -> Creative:
        if "identity_id" not in fields:
            fields = {**self.by_code(), **fields}
        return Creative(**{"call_to_action": "LEARN_MORE", "landing_page_url": PAGE, **fields})

    def upload(self, **fields: Any) -> Creative:
        """A creative with a video of the library: standard, or a push if an account is given."""
        if "identity_id" not in fields:
            fields = {**self.by_name(), **fields}
        values = {"call_to_action": "SHOP_NOW", "landing_page_url": PAGE, "ad_text": "Un soin pour l’hiver."}
        if "video_id" not in fields:
            values["video_id"] = self.video()
        if "image_ids" not in fields:
            values["image_ids"] = (f"{fields.get('video_id', values.get('video_id'))}-1.1",)
        return Creative(**{**values, **fields})

    def make(self, *creatives: Creative, house: House | None = None, group: AdGroup | None = None) -> list[AdView]:
        return create_ads(
            self.means,
            TOKEN,
            house=house or self.sandbox,
            advertiser_id=self.brand.id,
            adgroup_id=(group or self.group).id,
            creatives=creatives,
        )

    def ad(self, creative: Creative | None = None, *, house: House | None = None) -> AdView:
        (made,) = self.make(creative or self.spark(), house=house)
        return made

    def again(self, ad: AdView) -> AdView:
        return get_ad(self.means, advertiser_id=self.brand.id, ad_id=ad.id)

    def approve(self, ad: AdView) -> AdView:
        version = self.again(ad).creative_version
        return set_review(self.means, HOST, house=self.live, ad_id=ad.id, creative_version=version, verdict="approved")

    def refuse(self, ad: AdView) -> AdView:
        now = self.again(ad)
        return set_review(
            self.means,
            HOST,
            house=self.live,
            ad_id=ad.id,
            creative_version=now.creative_version,
            verdict="rejected",
            rule="landing_page",
            was=now.review,
        )
