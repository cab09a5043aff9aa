"""Each refusal of a Spark code, provoked by its real cause, reads the same through the three doors.

The native API, the dialect and the console are asked with the same code by the same advertiser; name, sentence and
order agree, in both languages.
"""

from __future__ import annotations

import html
import json
import re

import pytest
from django.test import Client
from django.utils import translation

from attise.kernel.actor import COMMAND, Actor
from attise.management.accounts import actions as accounts
from attise.management.authorizations import actions
from attise.management.authorizations.codes import make_code
from attise.management.authorizations.errors import SPARK_REASONS
from attise.management.posts import actions as posts
from attise.management.posts.models import Post
from tests.builders import a_creator, a_person, a_post, an_advertiser

pytestmark = pytest.mark.django_db
HOST = Actor("host", 1)
LANGUAGES = ("en", "fr")


def plain(text: str) -> str:
    """Return a text with every run of spaces, the unbreakable ones too, as one."""
    return re.sub(r"\s+", " ", text)


class Doors:
    """One advertiser at three doors."""

    def __init__(self, means) -> None:
        self.brand = an_advertiser(means)
        person = a_person(means)
        accounts.add_member(
            means, COMMAND, business_center_id=self.brand.business_center_id, person_id=person.id, role="ADMIN"
        )
        _, self.key = accounts.make_host_key(means, name="tests")
        app, _ = accounts.create_app(means, name="tests")
        _, self.token = accounts.issue_token(
            means, app_id=app.id, person_id=person.id, advertiser_ids=[self.brand.id], scopes=[6]
        )
        self.browser = Client()
        self.browser.force_login(person)

    def native(self, code: str, language: str) -> tuple[str, str]:
        answer = Client().post(
            f"/v1/advertisers/{self.brand.id}/codes",
            json.dumps({"codes": [code]}),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.key}", "Accept-Language": language},
        )
        error = answer.json()["results"][0]["error"]
        return error["code"], error["message"]

    def dialect(self, code: str, language: str) -> tuple[str, str]:
        answer = (
            Client()
            .post(
                "/open_api/v1.3/tt_video/authorize/",
                json.dumps({"advertiser_id": str(self.brand.id), "auth_code": code}),
                content_type="application/json",
                headers={"Access-Token": self.token, "Accept-Language": language},
            )
            .json()
        )
        assert answer["code"] == 40002
        name, _, sentence = answer["message"].partition(": ")
        assert answer["data"]["error_name"] == name
        return name, sentence

    def console(self, code: str, language: str) -> tuple[str, str]:
        self.browser.cookies["attise-language"] = language
        page = self.browser.post("/ads/bibliotheque/codes", {"codes": code}).content.decode()
        text = html.unescape(re.sub(r"<[^>]+>", " ", page))
        shown = [reason.code for reason in SPARK_REASONS if re.search(rf"\b{reason.code}\b", text)]
        assert len(shown) == 1, shown
        return shown[0], text


@pytest.fixture
def doors(means):
    return Doors(means)


@pytest.fixture
def creator(means):
    return a_creator(means)


def a_code(means, post):
    return actions.grant_post(means, HOST, creator_id=post.creator_id, post_id=post.id, days=30)


def malformed(means, clock, creator):
    return a_code(means, a_post(means, creator))[1][:-4]


def never_issued(means, clock, creator):
    return make_code(means.secrets, means.chance).text


def revoked(means, clock, creator):
    view, code = a_code(means, a_post(means, creator))
    actions.revoke(means, HOST, creator_id=creator.id, authorization_id=view.id, when="now")
    return code


def replaced(means, clock, creator):
    post = a_post(means, creator)
    _, code = a_code(means, post)
    a_code(means, post)
    return code


def expired(means, clock, creator):
    _, code = a_code(means, a_post(means, creator))
    clock.advance(days=30)
    return code


def bound_to_another(means, clock, creator):
    _, code = a_code(means, a_post(means, creator))
    actions.redeem(means, HOST, advertiser_id=an_advertiser(means, "Rivale").id, code=code)
    return code


def deleted(means, clock, creator):
    from django.conf import settings

    post = a_post(means, creator)
    _, code = a_code(means, post)
    posts.delete_post(means, HOST, house=settings.HOUSE, post_id=post.id, creator_id=creator.id)
    return code


def moderated(means, clock, creator):
    from django.conf import settings

    post = a_post(means, creator)
    _, code = a_code(means, post)
    posts.moderate_post(means, HOST, house=settings.HOUSE, post_id=post.id, state="hidden", reason="rules")
    return code


def author_gone(means, clock, creator):
    _, code = a_code(means, a_post(means, creator))
    accounts.retire_creator(means, HOST, creator_id=creator.id)
    return code


def made_private(means, clock, creator):
    post = a_post(means, creator)
    _, code = a_code(means, post)
    posts.edit_post(means, HOST, post_id=post.id, creator_id=creator.id, visibility="private")
    return code


def carousel_duet(means, clock, creator):
    """A duet whose other post was a video when the code was asked; no door makes one, so the row is."""
    post = a_post(means, creator, format="duet", of_post=a_post(means, creator))
    _, code = a_code(means, post)
    Post.objects.filter(id=post.of_post_id).update(format="carousel")
    return code


CASES = {
    malformed: "auth_code_format_error",
    never_issued: "auth_code_format_error",
    revoked: "auth_code_revoked",
    replaced: "auth_code_revoked",
    expired: "auth_code_expired",
    bound_to_another: "auth_code_already_used",
    deleted: "video_unavailable",
    moderated: "video_unavailable",
    author_gone: "video_unavailable",
    made_private: "not_public_video",
    carousel_duet: "carousel_duet_not_supported",
}


@pytest.mark.parametrize("cause", CASES, ids=lambda cause: cause.__name__)
def test_one_cause_one_name_one_sentence(means, clock, doors, creator, cause):
    code = cause(means, clock, creator)
    reason = next(reason for reason in SPARK_REASONS if reason.code == CASES[cause])
    for language in LANGUAGES:
        with translation.override(language):
            pattern = re.escape(plain(translation.gettext(reason.message))).replace(r"%\(date\)s", ".+?")
        for door in (doors.native, doors.dialect, doors.console):
            name, text = door(code, language)
            assert name == reason.code, door
            assert re.search(pattern, plain(text)), (door, language, text[-400:])


def test_every_refusal_of_the_ruling_has_its_cause_here():
    assert set(CASES.values()) == {reason.code for reason in SPARK_REASONS}


@pytest.mark.parametrize("format_of_post", ["story", "duet"])
def test_a_format_that_cannot_be_sponsored_is_met_when_the_code_is_asked(means, doors, creator, format_of_post):
    other = a_post(means, creator, format="carousel") if format_of_post == "duet" else None
    post = a_post(means, creator, format=format_of_post, of_post=other)
    answer = Client().post(
        f"/v1/posts/{post.id}/authorizations",
        json.dumps({"days": 30}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {doors.key}"},
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "carousel_duet_not_supported")
