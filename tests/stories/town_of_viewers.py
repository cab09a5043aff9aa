"""A served sandbox with a few posts and one Spark Ad, made through the host's own API; what a host asks of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from attise.management.posts.media.clips import STYLES, make_clip
from tests.doors.cli.running import Served, made_by
from tests.doors.rig import Answer, until

POSTS = 9
MARK = "town-boundary"


@dataclass
class FeedTown:
    """What a host knows of the sandbox."""

    served: Served
    bundle: dict[str, str]
    posts: list[str] = field(default_factory=list)
    authorization_id: str = ""
    ad_id: str = ""
    campaign_id: str = ""
    ahead_ms: int = 0
    """How far world time was moved ahead of the wire's."""

    def ask(self, method: str, path: str, body: Any = None, *, key: str | None = None, **headers: str) -> Answer:
        raw = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        given = {"Authorization": f"Bearer {key or self.bundle['host_key']}", "Content-Type": "application/json"}
        return self.served.door.ask(path, method=method, headers={**given, **headers}, body=raw)

    def made(self, path: str, body: Any) -> dict[str, Any]:
        answer = self.ask("POST", path, body)
        assert answer.status in {200, 201}, answer.body
        return answer.json

    def viewer(self, **facts: Any) -> str:
        return self.made("/v1/viewers", {"country": "FR", "language": "fr", "age": 30, **facts})["viewer_id"]

    def feed(self, viewer_id: str | None = None, *, call: str = "feed", count: int = 8, **more: Any) -> list[dict]:
        asked = {"count": count, **more} if viewer_id is None else {"viewer_id": viewer_id, "count": count, **more}
        answer = self.ask("POST", f"/v1/{call}", asked)
        assert answer.status == 200, answer.body
        return answer.json["items"]

    def ads(self, viewer_id: str | None = None, **more: Any) -> list[dict]:
        return [item for item in self.feed(viewer_id, **more) if item["kind"] == "ad"]

    def somebody(self) -> dict[str, Any]:
        """Return a viewer to describe in a request, who has no memory."""
        return {"viewer": {"country": "FR", "language": "fr", "age": 30}}

    def publish(self, creator_id: str, caption: str, file: Path, **more: Any) -> str:
        meta = json.dumps({"creator_id": creator_id, "caption": caption, **more})
        head = f'--{MARK}\r\nContent-Disposition: form-data; name="meta"\r\n\r\n{meta}\r\n'
        part = f'--{MARK}\r\nContent-Disposition: form-data; name="file"; filename="a.mp4"\r\n\r\n'
        body = head.encode() + part.encode() + file.read_bytes() + f"\r\n--{MARK}--\r\n".encode()
        kind = f"multipart/form-data; boundary={MARK}"
        answer = self.ask("POST", "/v1/posts", body, **{"Content-Type": kind})
        assert answer.status == 201, answer.body
        return answer.json["post_id"]


def build(served: Served, folder: Path, *, landing: str = "https://shop.example/soups") -> FeedTown:
    """Make creators, posts, a grant, and an ad that runs; return once its ad is shown."""
    town = FeedTown(served, made_by(served, "token", "--json"))
    file = folder / "clip.mp4"
    make_clip(file, seconds=2, seed=1, style=STYLES[0])
    for number in range(3):
        creator = town.made("/v1/creators", {"handle": f"town.{number}", "display_name": f"Town {number}"})
        town.posts += [town.publish(creator["creator_id"], f"post {number} {turn}", file) for turn in range(POSTS // 3)]
    advertise(town, landing=landing)
    until(lambda: town.ads(call="ads", count=1, **town.somebody()), "the first ad")
    return town


def advertise(town: FeedTown, *, landing: str = "https://shop.example/soups", **targeting: Any) -> None:
    """Grant the first post and launch an ad of it, in France, for those that ``targeting`` names."""
    advertiser = town.bundle["advertiser_id"]
    grant = town.made(f"/v1/posts/{town.posts[0]}/authorizations", {"days": 30})
    bound = town.made(f"/v1/advertisers/{advertiser}/codes", {"codes": [grant["code"]]})["results"][0]["bound"]
    campaign = town.made(
        f"/v1/advertisers/{advertiser}/campaigns",
        {"name": f"Autumn {grant['authorization_id']}", "objective_type": "TRAFFIC"},
    )
    group = town.made(
        f"/v1/campaigns/{campaign['campaign_id']}/adgroups",
        {
            "name": "France",
            "optimization_goal": "CLICK",
            "budget_mode": "BUDGET_MODE_DAY",
            # What this story asks for is shown: neither pacing nor money holds it back.
            "budget_micros": 5_000_000_000,
            "pacing": "PACING_MODE_FAST",
            "bid_type": "BID_TYPE_CUSTOM",
            "bid_micros": 400_000,
            "targeting": {"locations": ["FR"], **targeting},
        },
    )
    ad = town.made(
        f"/v1/adgroups/{group['adgroup_id']}/ads",
        {
            "name": "Town",
            "identity_type": "AUTH_CODE",
            "identity_id": bound["identity_id"],
            "post_id": town.posts[0],
            "call_to_action": "LEARN_MORE",
            "landing_page_url": landing,
        },
    )
    town.made(f"/v1/ads/{ad['ad_id']}/launch", {})
    town.authorization_id, town.ad_id = grant["authorization_id"], ad["ad_id"]
    town.campaign_id = campaign["campaign_id"]


def path_of(url: str) -> str:
    """Return what is asked of the house when an address of it is opened."""
    return urlsplit(url).path
