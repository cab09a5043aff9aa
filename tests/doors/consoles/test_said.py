"""What is said under a creator's post: they hide it and show it again, but for what the operator hid."""

from __future__ import annotations

import re

import pytest

from attise.kernel.actor import COMMAND
from attise.management.accounts.actions import make_host_key
from attise.management.posts.actions import moderate_comment
from attise.management.posts.queries import list_comments
from tests.doors.native_api.conftest import Host

pytestmark = pytest.mark.django_db


def said(client, post) -> str:
    page = client.get(f"/creation/publications/{post.id}").content.decode()
    found = page.partition('aria-labelledby="said"')[2].partition("</section>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", found).split())


def test_a_creator_hides_a_comment_and_shows_it_again(town, creator):
    post = town.a_post("Mon sac de sport")
    assert "Nobody has said anything yet." in said(creator, post)
    one = town.a_comment(post, "Trop cher")
    address = f"/creation/publications/{post.id}/commentaires/{one.id}"
    assert creator.post(address, {"state": "hidden"}).status_code == 302
    assert list_comments(post.id).items == []
    assert re.search(r"Hidden Trop cher Show again", said(creator, post))
    assert creator.post(address, {"state": "shown"}).status_code == 302
    assert [found.text for found in list_comments(post.id).items] == ["Trop cher"]
    assert "Hide the comment of" in said(creator, post)


def test_what_the_operator_hid_a_creator_cannot_show_through_either_door(town, creator):
    post = town.a_post("Mon sac de sport")
    one = town.a_comment(post, "Des mots qui blessent")
    moderate_comment(town.means, COMMAND, post_id=post.id, comment_id=one.id, is_hidden=True)
    assert "Hidden by the operator Des mots qui blessent" in said(creator, post)
    assert "Show again" not in said(creator, post)
    creator.post(f"/creation/publications/{post.id}/commentaires/{one.id}", {"state": "shown"})
    host = Host(make_host_key(town.means, name="app")[1])
    address = f"/v1/posts/{post.id}/comments/{one.id}/moderation"
    refused = host.post(address, {"state": "shown", "creator_id": str(town.creator.id)})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "comment_held")
    assert host.post(address, {"state": "hidden", "creator_id": str(town.creator.id)}).status_code == 200
    assert list_comments(post.id).items == []
    assert host.post(address, {"state": "shown"}).json()["state"] == "shown"


def test_comments_that_are_not_there_are_not_found(town, creator):
    post = town.a_post("Mon sac de sport")
    elsewhere = town.a_comment(town.a_post("Un autre"), "Trop cher")
    for comment_id in (123, elsewhere.id):
        address = f"/creation/publications/{post.id}/commentaires/{comment_id}"
        assert creator.post(address, {"state": "hidden"}).status_code == 404
