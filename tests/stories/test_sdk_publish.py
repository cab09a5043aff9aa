"""A creator's program publishes from an address and authorizes that post: the SDK's client, over a served house."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from attise.management.posts.media.clips import make_clip
from tests.doors.rig import rig
from tests.stories.sdk_house import Advertiser, Host, House, outside, serve

BACK = "https://app.example.org/back"
AGREE = """
import json, sys
from pathlib import Path
from attise.doors.cli.opening import settings_of
from attise.doors.site.setup import open_process, prepare, release_process
process = open_process(prepare(settings_of(Path(sys.argv[1]))), "command")
from attise.management.accounts import actions
app, secret = actions.create_app(process.means, name="Studio", redirect_uris=[sys.argv[3]])
code = actions.agree_creator(process.means, app_id=app.id, creator_id=int(sys.argv[2]), redirect_uri=sys.argv[3])
print(json.dumps({"client_id": str(app.id), "client_secret": secret, "auth_code": code, "redirect_uri": sys.argv[3]}))
release_process(process)
"""


@dataclass
class Films:
    """A brand's own server, and what it was asked."""

    base: str
    asked: list[str]


@pytest.fixture(scope="module")
def films(tmp_path_factory) -> Iterator[Films]:
    folder = tmp_path_factory.mktemp("films")
    make_clip(folder / "clip.mp4", seconds=2, seed=4, style="dunes")
    asked: list[str] = []

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *args):
            super().__init__(*args, directory=str(folder))

        def log_message(self, *_):
            asked.append(self.path)

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield Films(f"http://127.0.0.1:{server.server_port}", asked)
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def house(tmp_path_factory, films: Films) -> Iterator[House]:
    """A served sandbox whose operator listed the brand's server."""
    folder = tmp_path_factory.mktemp("served")
    with rig(folder) as made:
        hosts = films.base.removeprefix("http://")
        yield serve(made, folder / "data", Path(), {"ATTISE_MEDIA_HOSTS": hosts})


def creator_program(house: House, creator_id: str) -> Advertiser:
    """Return the SDK's client with the token of a creator's account, got as a program gets it."""
    done = subprocess.run(
        [sys.executable, "-c", AGREE, str(house.folder), creator_id, BACK],
        capture_output=True,
        check=True,
        text=True,
        env=outside(),
    )
    nobody = Advertiser(house.address, {"access_token": "", "advertiser_id": "", "bc_id": ""})
    proof = json.loads(done.stdout)
    told = nobody.post("tt_user/oauth2/token", grant_type="authorization_code", **proof)
    assert "video.publish" in told["scope"].split(",")
    return Advertiser(house.address, {"access_token": told["access_token"], "advertiser_id": "", "bc_id": ""})


def test_a_video_goes_from_an_address_to_an_advertisers_library(house, films, host: Host, brand):
    creator_id = host.ask("POST", "/v1/creators", {"handle": "mara", "display_name": "Mara"})["creator_id"]
    program = creator_program(house, creator_id)
    shared = program.post(
        "business/video/publish",
        business_id=creator_id,
        video_url=f"{films.base}/clip.mp4",
        post_info={"caption": "Ma routine", "privacy_level": "PUBLIC_TO_EVERYONE", "is_branded_content": True},
    )
    assert shared.keys() == {"share_id"}
    assert films.asked == ["/clip.mp4"]
    post = host.ask("GET", f"/v1/posts/{shared['share_id']}")
    assert (post["state"], post["caption"], post["partnership"]) == ("live", "Ma routine", True)
    item = {"business_id": creator_id, "item_id": shared["share_id"]}
    code = program.post("business/post/authorize/setting", **item, is_ad_promotable=True)["auth_code"]
    brand.post("tt_video/authorize", advertiser_id=brand.id, auth_code=code)
    (row,) = brand.get("tt_video/list", advertiser_id=brand.id)["list"]
    with urllib.request.urlopen(row["video_info"]["preview_url"], timeout=20) as answer:
        got = answer.read()
    assert hashlib.md5(got, usedforsecurity=False).hexdigest() == row["video_info"]["signature"]


def test_what_is_refused_reaches_the_program_with_its_code(house, films, host):
    creator_id = host.ask("POST", "/v1/creators", {"handle": "noe", "display_name": "Noé"})["creator_id"]
    program = creator_program(house, creator_id)
    ask = {"business_id": creator_id, "video_url": f"{films.base}/clip.mp4"}
    for change, code, at in (
        ({"video_url": "http://127.0.0.1:9/x.mp4"}, 40002, "video_url"),
        ({"video_url": f"{films.base}/missing.mp4"}, 40002, "video_url"),
        ({"post_info": {"privacy_level": "MUTUAL_FOLLOW_FRIENDS"}}, 40002, "post_info.privacy_level"),
        ({"post_info": {"is_ai_generated": True}}, 40002, "post_info.is_ai_generated"),
    ):
        refused = program.refused(program.post, "business/video/publish", **{**ask, **change})
        assert (refused.code, refused.message.split(": ")[0]) == (code, at)
    assert host.ask("GET", f"/v1/posts?creator_id={creator_id}")["items"] == []
