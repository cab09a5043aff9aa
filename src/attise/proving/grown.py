"""A house with many ads, grown from a real one by copying rows: the first of each was made by the verbs.

Of ``n`` ads: a post with its file, a creator, a grant and a hold for every four, an ad group for every five, a campaign
for every ten, and an advertiser for every thousand. The ads of a group have ids in a row and show posts that their
advertiser was granted. Copying is short, reading is real.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction

from attise.kernel.actor import COMMAND
from attise.kernel.house import House
from attise.kernel.means import Means
from attise.management.accounts import actions as accounts
from attise.management.authorizations import actions as grants
from attise.management.campaigns import actions as campaigns
from attise.management.campaigns.rules.adgroup import AdGroupDraft
from attise.management.campaigns.rules.campaign import CampaignDraft
from attise.management.campaigns.rules.creative import Creative
from attise.management.posts import actions as posts
from attise.management.posts.actions import PostDraft
from attise.management.posts.media.clips import STYLES, make_clip
from attise.records.targeting import Targeting

FIRST_COPY = 8_000_000_000_000_000_000
SPACE = 16
"""Ids between two copies of one number, one for each table."""
TABLES = (
    "accounts_advertiser",
    "accounts_creator",
    "posts_media",
    "posts_post",
    "authorizations_authorization",
    "authorizations_identity",
    "authorizations_binding",
    "campaigns_campaign",
    "campaigns_adgroup",
    "campaigns_ad",
)
FRANCE = 3_017_382
EURO = 1_000_000


@dataclass(frozen=True, slots=True)
class First:
    """What the verbs made, by table."""

    ids: dict[str, int]
    creative: Creative
    """Of its ad."""

    def __getitem__(self, table: str) -> int:
        """Return the id of the first row of a table."""
        return self.ids[table]


def make_first(means: Means, house: House) -> First:
    """Make one of each, through the verbs."""
    center = accounts.create_business_center(
        means, COMMAND, name="Bench", company="Bench", country="FR", currency="EUR", timezone="Europe/Paris"
    )
    payer = accounts.create_advertiser(
        means, COMMAND, business_center_id=center.id, name="Bench", company="Bench", currency="EUR",
        timezone="Europe/Paris", country="FR", category="sport",
    )  # fmt: skip
    creator = accounts.create_creator(means, COMMAND, handle="bench", display_name="Bench", country="FR", language="fr")
    with tempfile.TemporaryDirectory(dir=house.uploads) as folder:
        file = Path(folder) / "bench.mp4"
        make_clip(file, seconds=2, seed=1, style=STYLES[0])
        draft = PostDraft(
            caption="Ce que personne ne dit de la course à pied", tags=("course", "sport"), category="sport"
        )
        post = posts.publish_post(means, COMMAND, house=house, creator_id=creator.id, draft=draft, upload=file)
    grant, code = grants.grant_post(means, COMMAND, creator_id=creator.id, post_id=post.id, days=365)
    bound = grants.redeem(means, COMMAND, advertiser_id=payer.id, code=code)
    campaign = campaigns.create_campaign(
        means, COMMAND, advertiser_id=payer.id,
        draft=CampaignDraft(
            name="Bench", objective_type="TRAFFIC", budget_mode="BUDGET_MODE_DAY", budget_micros=100 * EURO
        ),
    )  # fmt: skip
    group = campaigns.create_adgroup(
        means, COMMAND, advertiser_id=payer.id, campaign_id=campaign.id,
        draft=AdGroupDraft(
            name="Bench", optimization_goal="CLICK", budget_mode="BUDGET_MODE_DAY", budget_micros=50 * EURO,
            targeting=Targeting(locations=(FRANCE,), languages=("fr",), age_groups=("AGE_18_24", "AGE_25_34")),
        ),
    )  # fmt: skip
    creative = Creative(
        identity_type="AUTH_CODE", identity_id=bound.identity_id, post_id=post.id, call_to_action="LEARN_MORE",
        landing_page_url="https://www.example.org/course?from=attise",
    )  # fmt: skip
    (ad,) = campaigns.create_ads(
        means, COMMAND, house=house, advertiser_id=payer.id, adgroup_id=group.id, creatives=[creative]
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, identity_id FROM authorizations_binding")
        binding_id, identity_id = cursor.fetchone()
        cursor.execute("SELECT media_id FROM posts_post")
        (media_id,) = cursor.fetchone()
    ids = (payer.id, creator.id, media_id, post.id, grant.id, identity_id, binding_id, campaign.id, group.id, ad.id)
    return First(dict(zip(TABLES, ids, strict=True)), creative)


def grow(first: First, ads: int) -> None:
    """Copy the first of each until there are ``ads`` more ads, whatever copies were there before."""
    payers = max(ads // 1_000, 10)
    shown, groups, tree = ads // 4, ads // 5, ads // 10
    if any(count % (2 * payers) for count in (shown, groups, 2 * tree)):
        raise ValueError("posts and ad groups must share out evenly among advertisers")
    payer = f"n.i % {payers}"
    group = "n.i / 5"
    post = f"({group} + {payers} * (n.i % 5)) % {shown}"
    copies: dict[str, tuple[int, dict[str, str]]] = {
        "accounts_advertiser": (payers, {"name": "'Bench ' || n.i"}),
        "accounts_creator": (shown, {"handle": "'bench' || n.i"}),
        "posts_media": (shown, {"key": "'bench' || n.i"}),
        "posts_post": (shown, {"creator_id": _id("accounts_creator", "n.i"), "media_id": _id("posts_media", "n.i")}),
        "authorizations_authorization": (
            shown,
            {
                "creator_id": _id("accounts_creator", "n.i"),
                "post_id": _id("posts_post", "n.i"),
                "code_hash": "'bench' || n.i",
            },
        ),
        "authorizations_identity": (
            shown,
            {
                "identity_id": "'bench' || n.i",
                "advertiser_id": _id("accounts_advertiser", payer),
                "creator_id": _id("accounts_creator", "n.i"),
            },
        ),
        "authorizations_binding": (
            shown,
            {
                "authorization_id": _id("authorizations_authorization", "n.i"),
                "advertiser_id": _id("accounts_advertiser", payer),
                "identity_id": _id("authorizations_identity", "n.i"),
            },
        ),
        "campaigns_campaign": (
            tree,
            {"advertiser_id": _id("accounts_advertiser", payer), "name": "'Bench ' || n.i"},
        ),
        "campaigns_adgroup": (
            groups,
            {
                "advertiser_id": _id("accounts_advertiser", payer),
                "campaign_id": _id("campaigns_campaign", f"(n.i / {2 * payers}) * {payers} + n.i % {payers}"),
                "bid_micros": "100000 + (n.i * 7919) % 900000",
                "bid_type": "'BID_TYPE_CUSTOM'",
            },
        ),
        "campaigns_ad": (
            ads,
            {
                "advertiser_id": _id("accounts_advertiser", f"({group}) % {payers}"),
                "adgroup_id": _id("campaigns_adgroup", group),
                "creator_id": _id("accounts_creator", post),
                "post_id": _id("posts_post", post),
                "identity_id": f"'bench' || ({post})",
            },
        ),
    }
    with transaction.atomic():
        for table in reversed(TABLES):
            _run(f"DELETE FROM {table} WHERE id >= {FIRST_COPY}")  # noqa: S608 - our own tables
        for table in TABLES:
            _copy(table, first[table], *copies[table])
    _run("ANALYZE")


def _id(table: str, number: str) -> str:
    """Return the id of a copy, as SQL."""
    return f"{FIRST_COPY} + ({number}) * {SPACE} + {TABLES.index(table)}"


def _copy(table: str, row_id: int, count: int, changed: dict[str, str]) -> None:
    """Insert copies of one row; ``n.i`` is the number of the copy."""
    with connection.cursor() as cursor:
        names = [column.name for column in connection.introspection.get_table_description(cursor, table)]
    values = {**{name: name for name in names}, **changed, "id": _id(table, "n.i")}
    _run(
        f"WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {count}) "  # noqa: S608 - as above
        f"INSERT INTO {table} ({', '.join(names)}) "
        f"SELECT {', '.join(values[name] for name in names)} FROM {table}, n WHERE {table}.id = {row_id}"
    )


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
