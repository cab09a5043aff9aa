"""A house with creators, their posts and grants, and ads on them: of one advertiser with money and of one with little.

The little is spent within the drill; its ads show what is served beyond a budget.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from attise.kernel.actor import COMMAND
from attise.management.accounts import actions as accounts
from attise.management.authorizations import actions as grants
from attise.management.billing.actions import fund_by_hand
from attise.management.campaigns import actions as campaigns
from attise.management.campaigns.rules.adgroup import AdGroupDraft
from attise.management.campaigns.rules.campaign import CampaignDraft
from attise.management.campaigns.rules.creative import Creative
from attise.management.pixels.actions import create_pixel
from attise.management.posts import actions as posts
from attise.management.posts.actions import PostDraft
from attise.management.posts.media.clips import STYLES, make_clip
from attise.management.posts.views import PostView
from attise.management.viewers.actions import create_viewer
from attise.proving.place import Place, again
from attise.records.targeting import Targeting

EURO: Final = 1_000_000
FRANCE: Final = 3_017_382
FUNDS: Final = (10_000 * EURO, EURO // 20)
"""What the two have, in micros."""
AD_COUNTS: Final = (9, 3)
"""Of each."""
CAMPAIGNS_OF_THE_RICH: Final = 3
VIEWERS: Final = 40


@dataclass(frozen=True)
class Lent:
    """A post, the grant under which it is advertised, and its ad."""

    creator_id: int
    post_id: int
    grant_id: int
    ad_id: int
    campaign_id: int
    advertiser_id: int


@dataclass(frozen=True)
class Town:
    """What the load plays with."""

    lent: tuple[Lent, ...]
    advertisers: tuple[int, int]
    """The one with money, the one with little."""
    pixel_id: int
    """Of the first."""
    viewers: tuple[int, ...]

    def of_campaign(self, campaign_id: int) -> frozenset[int]:
        """Return the ads of a campaign."""
        return frozenset(one.ad_id for one in self.lent if one.campaign_id == campaign_id)

    def campaigns(self, advertiser_id: int) -> list[int]:
        """Return an advertiser's campaigns."""
        return sorted({one.campaign_id for one in self.lent if one.advertiser_id == advertiser_id})


def make_town(place: Place) -> Town:
    """Make it through the verbs, each done again where it loses."""
    means = place.means
    center = again(
        lambda: accounts.create_business_center(
            means, COMMAND, name="Drill", company="Drill", country="FR", currency="EUR", timezone="Europe/Paris"
        )
    )
    payers = tuple(_payer(place, center.id, *one) for one in zip(("Aube", "Brise"), FUNDS, strict=True))
    pixel = again(lambda: create_pixel(means, COMMAND, advertiser_id=payers[0], name="Boutique"))
    lent: list[Lent] = []
    with tempfile.TemporaryDirectory(dir=place.house.uploads) as folder:
        clip = Path(folder) / "drill.mp4"
        make_clip(clip, seconds=2, seed=7, style=STYLES[0])
        for payer, count in zip(payers, AD_COUNTS, strict=True):
            trees = [_campaign(place, payer, one) for one in range(CAMPAIGNS_OF_THE_RICH if payer == payers[0] else 1)]
            lent += [_lend(place, payer, trees, clip, len(lent) + number) for number in range(count)]
    viewers = tuple(
        again(lambda: create_viewer(means, country="FR", language="fr", profiling_consent=True)).id
        for _ in range(VIEWERS)
    )
    return Town(tuple(lent), (payers[0], payers[1]), pixel.id, viewers)


def _payer(place: Place, center_id: int, name: str, micros: int) -> int:
    payer = again(
        lambda: accounts.create_advertiser(
            place.means, COMMAND, business_center_id=center_id, name=name, company=name, currency="EUR",
            timezone="Europe/Paris", country="FR", category="sport",
        )
    )  # fmt: skip
    amount = f"{micros // EURO}.{micros % EURO * 100 // EURO:02}"
    again(lambda: fund_by_hand(place.means, advertiser_id=payer.id, amount=amount, reference="drill", key=name))
    return int(payer.id)


def _campaign(place: Place, payer: int, number: int) -> int:
    draft = CampaignDraft(
        name=f"Drill {number}", objective_type="TRAFFIC", budget_mode="BUDGET_MODE_DAY", budget_micros=200 * EURO
    )
    return int(again(lambda: campaigns.create_campaign(place.means, COMMAND, advertiser_id=payer, draft=draft)).id)


def _lend(place: Place, payer: int, trees: Sequence[int], clip: Path, number: int) -> Lent:
    """Have a creator publish and authorize a post, and an advertiser make an ad of it."""
    means = place.means
    creator = again(
        lambda: accounts.create_creator(
            means, COMMAND, handle=f"drill{number}", display_name=f"Drill {number}", country="FR", language="fr"
        )
    )

    def publish() -> PostView:
        upload = clip.with_name(f"{number}.mp4")
        upload.write_bytes(clip.read_bytes())
        draft = PostDraft(caption=f"Sortie longue, jour {number}", tags=("course",), category="sport")
        return posts.publish_post(means, COMMAND, house=place.house, creator_id=creator.id, draft=draft, upload=upload)

    post = again(publish)
    grant, code = again(lambda: grants.grant_post(means, COMMAND, creator_id=creator.id, post_id=post.id, days=30))
    bound = again(lambda: grants.redeem(means, COMMAND, advertiser_id=payer, code=code))
    campaign_id = trees[number % len(trees)]
    draft = AdGroupDraft(
        name=f"Drill {number}",
        optimization_goal="CLICK",
        billing_event="CPC" if number % 3 == 0 else None,
        budget_mode="BUDGET_MODE_DAY",
        budget_micros=50 * EURO,
        pacing="PACING_MODE_FAST",  # a budget that is spread over its day takes part in one contest of many
        targeting=Targeting(locations=(FRANCE,), languages=("fr",)),
    )
    group = again(
        lambda: campaigns.create_adgroup(means, COMMAND, advertiser_id=payer, campaign_id=campaign_id, draft=draft)
    )
    creative = Creative(
        identity_type="AUTH_CODE", identity_id=bound.identity_id, post_id=post.id, call_to_action="LEARN_MORE",
        landing_page_url=f"https://www.example.org/course?number={number}",
    )  # fmt: skip
    (ad,) = again(
        lambda: campaigns.create_ads(
            means, COMMAND, house=place.house, advertiser_id=payer, adgroup_id=group.id, creatives=[creative]
        )
    )
    return Lent(creator.id, post.id, grant.id, ad.id, campaign_id, payer)
