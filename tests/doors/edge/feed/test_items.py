"""Items: what hosts and players are told of a post and of an ad, whoever made it; and the way on from the ad."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from attise.doors.edge.feed import items as items_module
from attise.kernel.limits import DAY_MS
from attise.records import media_link
from attise.records.click_link import ClickLinks, page_with
from attise.records.media_link import MediaLinks
from attise.records.token import TokenKind
from tests.doors.edge.feed.conftest import SECRETS
from tests.doors.edge.feed.shown_items import claims, shown
from tests.snapshot_records import MEDIA, PICTURES, a_post_record, a_standard_ad_record, an_ad_record


def ask(house, *items, **more):
    house.decider.items = list(items)
    reply = house.ask({}, **more)
    assert reply.status == 200
    return reply.json["items"]


def edited(ad, **parts):
    return msgspec.structs.replace(
        ad, **{name: msgspec.structs.replace(getattr(ad, name), **fields) for name, fields in parts.items()}
    )


def test_an_organic_item_tells_all_that_a_player_needs(house):
    item = shown(house, post=a_post_record())
    (told,) = ask(house, item)
    assert told["kind"] == "organic"
    assert told["post_id"] == "50"
    assert told["creator"] == {"creator_id": "5", "handle": "lea.peau", "display_name": "Léa"}
    assert told["token"] == item.token
    assert (told["duration_ms"], told["format"], told["sound"], told["tags"]) == (
        12_000,
        "video",
        "Pluie",
        ["routine", "peau"],
    )
    assert (told["partnership"], told["partnership_label"]) == (True, "Paid partnership")
    assert (told["allow_comments"], told["allow_duet"], told["allow_stitch"]) == (True, True, False)
    assert "ad" not in told
    assert told["media_url"].startswith("http://app.example/media/")


def test_links_open_for_hours_and_for_nothing_else(house):
    (told,) = ask(house, shown(house, post=a_post_record()))
    links = MediaLinks(SECRETS.key(media_link.PURPOSE))
    now_s = house.clock.wire_ms() // 1000
    for url, name in ((told["media_url"], "video.mp4"), (told["cover_url"], "cover.jpg")):
        path = urlsplit(url).path
        link = links.open(path, now_s=now_s + 5 * 3_600)
        assert (link.key, link.name) == (MEDIA.key, name)
        assert links.open(path, now_s=now_s + 8 * 3_600) is None


def test_a_hosts_own_media_keep_their_own_address_and_a_carousel_has_all_its_pictures(house):
    own = msgspec.structs.replace(MEDIA, source_url="https://media.example/v.mp4")
    (told,) = ask(house, shown(house, post=a_post_record(media=own)))
    assert told["media_url"] == "https://media.example/v.mp4"
    assert told["cover_url"].startswith("http://app.example/media/")
    (told,) = ask(house, shown(house, post=a_post_record(51, format="carousel", media=PICTURES)))
    assert len(told["pictures"]) == 1
    assert told["cover_url"] == told["media_url"]


def test_a_creators_ad_is_their_post_with_a_label_a_button_and_who_pays(house):
    ad = edited(an_ad_record(), creative={"call_to_action": "SHOP_NOW", "landing_page_url": "https://shop.example/a"})
    item = shown(house, ad=ad)
    (told,) = ask(house, item, headers={"accept-language": "fr"})
    organic = ask(house, shown(house, post=ad.post))[0]
    assert told["kind"] == "ad"
    for name in ("post_id", "creator", "caption", "tags", "duration_ms"):
        assert told[name] == organic[name]
    assert told["ad"]["ad_id"] == str(ad.ad_id)
    assert told["ad"]["decision_id"] == str(item.decision_id)
    assert (told["ad"]["label"], told["ad"]["on_behalf_of"], told["ad"]["paid_by"]) == (
        "Sponsorisé",
        "Maison Aubrée",
        "Groupe Aubrée",
    )
    assert (told["ad"]["call_to_action"], told["ad"]["call_to_action_text"]) == ("SHOP_NOW", "Acheter")
    assert told["ad"]["click_url"].startswith("http://app.example/c/")
    assert told["ad"]["why_url"] == f"http://app.example/w/{item.token}"
    assert ask(house, item)[0]["ad"]["label"] == "Sponsored"


def test_what_an_ad_may_do_is_what_its_post_and_its_advertiser_both_allow(house):
    ad = edited(an_ad_record(), group={"comment_disabled": True}, creative={"duet_allowed": False})
    (told,) = ask(house, shown(house, ad=ad))
    assert (told["allow_comments"], told["allow_duet"], told["allow_stitch"]) == (False, False, False)


def test_a_standard_ad_has_its_own_name_picture_text_and_video_and_no_creator(house):
    ad = edited(a_standard_ad_record(), creative={"landing_page_url": ""})
    (told,) = ask(house, shown(house, ad=ad))
    assert (told["post_id"], told["creator"], told["caption"]) == (None, None, "La crème qui tient sa promesse")
    assert told["ad"]["name"] == "Maison Aubrée"
    assert "/" + "p" * 26 + "/image.jpg" in told["ad"]["picture_url"]
    assert "/" + "v" * 26 + "/video.mp4" in told["media_url"]
    assert told["cover_url"].endswith("image.jpg"), "the cover that its advertiser chose"
    assert told["ad"]["click_url"] is None, "it leads nowhere"


def test_a_standard_ad_of_pictures_shows_them_in_their_order(house):
    second = msgspec.structs.replace(PICTURES, key="j" * 26, others=())
    ad = edited(a_standard_ad_record(), creative={"video": None, "images": (PICTURES, second)})
    (told,) = ask(house, shown(house, ad=ad))
    assert told["format"] == "carousel"
    assert "/" + "i" * 26 + "/" in told["media_url"]
    assert ["/" + "j" * 26 + "/" in url for url in told["pictures"]] == [True]


def test_texts_of_people_are_texts_whatever_is_in_them(house):
    nasty = 'a"b\\c\x00</script>\u2028é😀'
    ad = edited(an_ad_record(), post={"caption": nasty}, group={"on_behalf_of": nasty, "paid_by": nasty})
    organic, told = ask(house, shown(house, post=a_post_record(caption=nasty)), shown(house, ad=ad))
    assert organic["caption"] == told["caption"] == told["ad"]["on_behalf_of"] == told["ad"]["paid_by"] == nasty


def test_what_is_written_once_follows_its_post_its_language_and_the_hour(house, monkeypatch):
    made = []
    real = items_module._Maker.write
    monkeypatch.setattr(items_module._Maker, "write", lambda self, ones: made.extend(ones) or real(self, ones))
    post = a_post_record()
    item = shown(house, post=post)
    ask(house, item)
    ask(house, item)
    assert len(made) == 1
    ask(house, item, headers={"accept-language": "fr"})
    assert len(made) == 2
    (told,) = ask(house, shown(house, post=a_post_record(caption="changed")))
    assert told["caption"] == "changed"
    house.clock.advance(seconds=3_600)
    before = told["media_url"]
    assert ask(house, shown(house, post=post))[0]["media_url"] != before


def test_items_that_are_written_together_say_what_each_says_alone(house):
    own = msgspec.structs.replace(MEDIA, source_url="https://media.example/v.mp4")
    second = msgspec.structs.replace(PICTURES, key="j" * 26, others=())
    pictures = edited(a_standard_ad_record(9), creative={"video": None, "images": (PICTURES, second)})
    items = [
        shown(house, post=a_post_record()),
        shown(house, ad=a_standard_ad_record()),
        shown(house, post=a_post_record(51, format="carousel", media=PICTURES)),
        shown(house, ad=pictures),
        shown(house, post=a_post_record(52, media=own)),
        shown(house, ad=an_ad_record()),
        shown(house, post=a_post_record(53, media=msgspec.structs.replace(MEDIA, key="n" * 26, has_cover=False))),
    ]
    together = ask(house, *items)
    alone = [ask(house, written_anew(item))[0] for item in items]
    assert [without_token(one) for one in together] == [without_token(one) for one in alone]
    keys = [one["media_url"].split("/")[-2][:1] for one in together]
    assert keys == ["k", "v", "i", "i", "m", "k", "n"], "of the fifth, the host's own address"
    assert [one["cover_url"] is None for one in together] == [False] * 6 + [True]
    assert [len(one["pictures"]) for one in together] == [0, 0, 1, 1, 0, 0, 0]


def written_anew(item):
    """Return an item whose post and ad are other objects, which are not written yet."""
    parts = {name: getattr(item, name) for name in ("post", "ad")}
    copies = {name: None if one is None else msgspec.structs.replace(one) for name, one in parts.items()}
    return dataclasses.replace(item, **copies)


def without_token(told):
    ad = told.get("ad", {})
    kept = {name: value for name, value in ad.items() if name not in {"decision_id", "click_url", "why_url"}}
    return {**told, "token": "", "ad": kept}


def follow(house, url, *, method="GET", **more):
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return asyncio.run(house.send(method=method, path=path, key="", **more))


@pytest.fixture
def link(house):
    ad = edited(
        an_ad_record(),
        creative={
            "landing_page_url": "https://shop.example/a?b=1&utm_source=old#top",
            "utm_params": (("utm_source", "at tise"), ("utm_campaign", "__CAMPAIGN_NAME__")),
        },
    )
    item = shown(house, ad=ad)
    return ask(house, item)[0]["ad"]["click_url"], item


def test_a_click_leads_to_the_page_of_the_ad_with_an_id_of_its_own(house, link):
    url, item = link
    for method in ("GET", "HEAD"):
        reply = follow(house, url, method=method)
        assert reply.status == 302
        to = urlsplit(reply.headers["location"])
        assert (to.scheme, to.netloc, to.path, to.fragment) == ("https", "shop.example", "/a", "top")
        query = parse_qs(to.query)
        assert query["b"] == ["1"]
        assert query["utm_source"] == ["at tise"]
        assert query["utm_campaign"] == ["__CAMPAIGN_NAME__"]
        assert house.links.decision_of(query["ttclid"][0]) == item.decision_id
    assert reply.headers["cache-control"] == "no-store"
    assert follow(house, url, method="POST").status == 405


def test_no_other_link_leads_anywhere(house, link):
    url, _ = link
    path = urlsplit(url).path
    token, page = path.removeprefix("/c/").split("/")
    other = ClickLinks(b"\x01" * 32).make(token, "https://evil.example/")
    organic = house.tokens.seal(claims(house, TokenKind.ORGANIC))
    bad = [
        "/c/",
        "/c/x",
        f"/c/{token}",
        f"/c/{token}/",
        f"/c/{token}/{page}/",
        f"/c/{token}/{page}A",
        f"/c/{token}/{page[:-1]}",
        f"/c/{token}A/{page}",
        f"/c//{page}",
        f"/c/{token}/{page}?url=https://evil.example",
        f"/c/{token}/https://evil.example",
        other,
        house.links.make(organic, "https://shop.example/"),
        house.links.make("nonsense", "https://shop.example/"),
        *(
            house.links.make(token, address)
            for address in (
                "javascript:alert(1)",
                "data:text/html,x",
                "//evil.example",
                "https:///x",
                "https://a.example/\r\nset-cookie: x=1",
                "https://a.example/é",
                "https://a.example/ x",
                "ftp://a.example/",
                "",
            )
        ),
    ]
    for path in bad:
        reply = asyncio.run(house.send(method="GET", path=path, key=""))
        assert reply.status == 404, path
        assert "location" not in reply.headers
        assert b"<!doctype html>" in reply.body


def test_every_bit_of_a_link_counts(house, link):
    path = urlsplit(link[0]).path
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for place in range(len("/c/"), len(path)):
        if path[place] == "/":
            continue
        changed = path[:place] + letters[(letters.index(path[place]) + 1) % 64] + path[place + 1 :]
        assert house.clicks._lead(changed) is None, place


def test_a_late_click_lands_without_an_id(house, link):
    house.clock.advance(seconds=DAY_MS // 1000 + 1)
    reply = follow(house, link[0])
    assert reply.status == 302
    assert "ttclid" not in reply.headers["location"]
    house.clock.advance(days=5)
    assert follow(house, link[0]).status == 302


def test_a_click_id_cannot_be_made_up(house):
    good = house.links.click_id(10**18 + 5)
    assert house.links.decision_of(good) == 10**18 + 5
    for text in ("", "x", good + "A", good[:-1], good.swapcase(), "x" * 500, "é" * 27):
        assert house.links.decision_of(text) is None
    assert ClickLinks(b"\x02" * 32).decision_of(good) is None


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("https://a.example", "https://a.example?k=v%26"),
        ("https://a.example/?", "https://a.example/?k=v%26"),
        ("https://a.example/?k=1&k=2&j=3", "https://a.example/?j=3&k=v%26"),
        ("https://a.example/#k=1", "https://a.example/?k=v%26#k=1"),
        ("https://a.example/?q=a%20b", "https://a.example/?q=a%20b&k=v%26"),
    ],
)
def test_a_parameter_is_added_where_browsers_read_it(page, expected):
    assert page_with(page, [("k", "v&")]) == expected
    assert page_with(page, []) == page


def test_an_answer_is_one_json_document_of_the_shape_that_is_told(house):
    house.decider.items = [shown(house, post=a_post_record()), shown(house, ad=an_ad_record())]
    reply = house.ask({})
    told = json.loads(reply.body)
    assert set(told) == {"feed_id", "items"}
    assert int(reply.headers["content-length"]) == len(reply.body)
    assert told["feed_id"] == str(house.decider.asked[0][0].feed_id)
