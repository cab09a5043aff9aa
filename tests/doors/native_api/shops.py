"""A shop of the native API: a brand with an ad group, and a creator whose post it may show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from attise.management.accounts.models import Creator
from tests.builders import a_creator, a_post
from tests.doors.native_api.conftest import Host, advertiser_of
from tests.doors.native_api.specimens import a_campaign, an_ad, an_adgroup, an_identity


def made(response: Any) -> dict[str, Any]:
    assert response.status_code == 201, response.content
    return response.json()


def done(response: Any) -> dict[str, Any]:
    assert response.status_code == 200, response.content
    return response.json()


@dataclass
class Shop:
    """A brand with an ad group, and a creator whose post it may show."""

    host: Host
    means: Any
    brand: str
    campaign_id: str
    adgroup_id: str
    creator: Creator
    post_id: str
    identity_id: str

    def draft(self, **more: Any) -> dict[str, Any]:
        return an_ad(self.identity_id, self.post_id, **more)

    def ad(self, **more: Any) -> dict[str, Any]:
        return made(self.host.post(f"/v1/adgroups/{self.adgroup_id}/ads", self.draft(**more)))

    def codes(self, ad: dict[str, Any]) -> dict[str, str]:
        """Return what is in an ad's way now, and how early each stops it."""
        told = done(self.host.get(f"/v1/ads/{ad['ad_id']}/blockers"))["items"]
        return {one["code"]: one["stops"] for one in told}


@pytest.fixture
def shop(host, means) -> Shop:
    brand = advertiser_of(host)[1]
    campaign_id = made(host.post(f"/v1/advertisers/{brand}/campaigns", a_campaign()))["campaign_id"]
    adgroup_id = made(host.post(f"/v1/campaigns/{campaign_id}/adgroups", an_adgroup()))["adgroup_id"]
    creator = a_creator(means)
    post = a_post(means, creator, caption="One pan, ten minutes")
    identity_id = an_identity(host, brand, post.id)
    return Shop(host, means, brand, campaign_id, adgroup_id, creator, str(post.id), identity_id)
