"""What viewers seem to like, from outside: watched and liked, won by an ad, withdrawn, and not there again by itself.

The steps of *What a viewer seems to like* in docs/stories/an-event-comes-back.md, over a served sandbox.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from attise.kernel.clock import SystemClock
from attise.management.posts.media.clips import STYLES, make_clip
from tests.doors.cli.running import made_by, serve
from tests.doors.rig import rig, until
from tests.stories.town_of_viewers import FeedTown, advertise

CLIP_S = 2
SOON_S = 5
"""Within which what was accepted is settled, derived, and known at the edge."""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FeedTown]:
    """Four videos about games, and an ad of the first for whoever likes games."""
    folder = tmp_path_factory.mktemp("profiles")
    with rig(folder) as opened:
        served = serve(opened, folder / "house", "--sandbox")
        made = FeedTown(served, made_by(served, "token", "--json"))
        file = folder / "clip.mp4"
        make_clip(file, seconds=CLIP_S, seed=1, style=STYLES[0])
        creator = made.made("/v1/creators", {"handle": "town.games", "display_name": "Games"})["creator_id"]
        made.posts = [made.publish(creator, f"post {number}", file, category="games") for number in range(4)]
        advertise(made, interests=["games"])
        yield made


def watch_and_like(town: FeedTown, *viewer_ids: str) -> None:
    """Ask for the feed, watch each video of it to its end, and like it; several viewers at once."""
    items = {one: until(lambda one=one: town.feed(one, count=4), "videos to watch") for one in viewer_ids}
    time.sleep(CLIP_S)
    now_ms = SystemClock().wire_ms() + town.ahead_ms
    events = [
        {
            "event_id": f"{viewer_id}-{kind}-{item['post_id']}-{now_ms}",
            "type": kind,
            "token": item["token"],
            "at_ms": now_ms,
            "watch_ms": CLIP_S * 1_000,
        }
        for viewer_id, shown in items.items()
        for item in shown
        for kind in ("complete", "like")
    ]
    results = town.made("/v1/events", {"events": events})["results"]
    assert {one["status"] for one in results} == {"accepted"}


def interests(town: FeedTown, viewer_id: str) -> list[tuple[str, str]]:
    told = town.ask("GET", f"/v1/viewers/{viewer_id}/interests").json
    return [(one["interest"], one["source"]) for one in told["items"]]


def consent(town: FeedTown, viewer_id: str, *, profiling: bool) -> None:
    assert town.ask("PATCH", f"/v1/viewers/{viewer_id}", {"consent": {"profiling": profiling}}).status == 200


def move(town: FeedTown, hours: int) -> None:
    """Let so much time pass that an ad may be shown again to whoever saw it."""
    town.made("/sandbox/v1/clock", {"advance_s": hours * 3_600})
    town.ahead_ms += hours * 3_600_000


def test_what_is_watched_and_liked_lets_an_ad_win_until_the_consent_is_withdrawn(town):
    agreeing, other, refusing = (town.viewer(consent={"profiling": one}) for one in (True, True, False))
    assert not town.ads(agreeing, call="ads", count=1), "nothing is known yet"

    # 1. All three watch and like the same; of two of them it says something.
    watch_and_like(town, agreeing, other, refusing)
    began_s = time.monotonic()
    for viewer_id in (agreeing, other):
        until(lambda: interests(town, viewer_id) == [("games", "derived")], "the interest", patience_s=SOON_S)  # noqa: B023

    # 2. Within seconds the ad for those who like games can win for them, and tells them why.
    (ad,) = until(lambda: town.ads(agreeing, call="ads", count=1), "the ad", patience_s=SOON_S)
    assert time.monotonic() - began_s < SOON_S
    assert ad["ad"]["ad_id"] == town.ad_id
    assert interests(town, refusing) == []
    assert not town.ads(refusing, call="ads", count=1)

    # 3. The consent is withdrawn: the next answers know nothing of it, though time enough has passed for another ad.
    move(town, 25)
    consent(town, agreeing, profiling=False)
    assert interests(town, agreeing) == []
    until(lambda: not town.ads(agreeing, call="ads", count=1), "the withdrawal", patience_s=SOON_S)
    assert until(lambda: town.ads(other, call="ads", count=1), "the other's ad", patience_s=SOON_S)

    # 4. Given again, it begins at nothing: what was done under the first says nothing more.
    consent(town, agreeing, profiling=True)
    move(town, 25)
    assert interests(town, agreeing) == []
    assert not town.ads(agreeing, call="ads", count=1)

    # 5. What is done from now on does; and what the viewer removes is gone whatever they do.
    watch_and_like(town, agreeing)
    until(lambda: town.ads(agreeing, call="ads", count=1), "the ad again", patience_s=SOON_S)
    move(town, 25)
    assert town.ask("PATCH", f"/v1/viewers/{agreeing}/interests", {"remove": ["games"]}).status == 200
    until(lambda: not town.ads(agreeing, call="ads", count=1), "the removal", patience_s=SOON_S)
    watch_and_like(town, agreeing)
    move(town, 1)
    assert interests(town, agreeing) == []
