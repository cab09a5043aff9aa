"""The advice on a post's page: it comes by itself, says each tip once with its place, and never where there is none."""

from __future__ import annotations

import re

import pytest

from attise.management.posts.models import Preflight
from tests.preflighted import looked_over

pytestmark = pytest.mark.django_db


def page_of(client, post) -> str:
    return client.get(f"/creation/publications/{post.id}").content.decode()


def test_the_page_asks_until_the_advice_is_there(town, creator):
    post = town.a_post()
    row = Preflight.objects.create(post_id=post.id)
    part = f"/creation/publications/{post.id}/conseils"
    page = page_of(creator, post)
    assert f'hx-get="{part}" hx-trigger="every 2s"' in page
    assert "nothing waits for it" in page
    assert creator.get(part).status_code == 204
    row.delete()
    looked_over(post.id)
    found = creator.get(part)
    assert found.status_code == 200
    assert "hx-get" not in found.content.decode()
    assert "Ready for Spark Ads" in found.content.decode()


@pytest.mark.parametrize(
    ("language", "words"), [("en", ("at 5.2 s", "1.9 s (1.5 s at most)")), ("fr", ("à 5,2", "1,9"))]
)
def test_each_check_has_its_tip_and_its_place(town, signed_in, language, words):
    post = town.a_post()
    looked_over(post.id)
    page = page_of(signed_in(town.lea, language=language), post).replace("\u202f", " ").replace("\xa0", " ")
    for one in words:
        assert one in page
    assert page.count('class="told"') == 10
    assert len(re.findall(r'<line class="cut" x1="[\d.]+" x2="[\d.]+" y1="0"', page)) == 3
    assert len(re.findall(r'<rect class="bar"', page)) == 60


def test_a_video_that_cannot_be_looked_over_says_what_to_do(town, creator):
    post = town.a_post()
    Preflight.objects.create(post_id=post.id, reason="media_incomplete")
    page = page_of(creator, post)
    assert "This video could not be looked over." in page
    assert "Send the whole file again" in page
    Preflight.objects.update(reason="look_failed")
    assert "This video could not be looked over." in page_of(creator, post)


def test_pictures_have_no_advice(town, creator):
    post = town.a_post()
    assert 'id="preflight"' not in page_of(creator, post)
    assert creator.get(f"/creation/publications/{post.id}/conseils").content.decode().strip() == ""
