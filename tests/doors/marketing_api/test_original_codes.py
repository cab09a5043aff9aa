"""A duet or a stitch is applied along with the code of the post it was made with: both, or neither."""

from __future__ import annotations

import pytest
from django.conf import settings

from attise.kernel.actor import Actor
from attise.management.accounts import actions as accounts
from attise.management.authorizations import actions as grants
from attise.management.authorizations import queries
from attise.management.authorizations.actions.redeem import guards_of
from attise.management.authorizations.errors import ORIGINAL_REASONS
from attise.management.outbox import queries as outbox
from attise.management.posts import actions as posts
from attise.records.terms import Terms
from tests.builders import a_creator, a_post
from tests.losing import losing
from tests.races import at_once

pytestmark = pytest.mark.django_db
HOST = Actor("host", 1)


@pytest.fixture
def zoe(means):
    """Whose video the other one was made with."""
    return a_creator(means, handle="zoe")


@pytest.fixture
def original(means, zoe):
    return a_post(means, zoe)


@pytest.fixture(params=["duet", "stitch"])
def made(means, request, original):
    """A video that another creator made with it."""
    return a_post(means, a_creator(means, handle="lea"), format=request.param, of_post=original)


def a_code(means, post, **terms) -> str:
    return grants.grant_post(
        means, HOST, creator_id=post.creator_id, post_id=post.id, days=30, terms=Terms(**terms) if terms else None
    )[1]


def a_grant_of(means, post):
    return queries.list_authorizations(means, post_id=post.id).items[0]


def apply(tenant, code: str, original_code: str | None = None):
    more = {} if original_code is None else {"original_post_auth_code": original_code}
    return tenant.client().post("tt_video/authorize", advertiser_id=str(tenant.advertiser.id), auth_code=code, **more)


def library(tenant) -> list[str]:
    rows = tenant.client().get("tt_video/list", advertiser_id=tenant.advertiser.id)["data"]["list"]
    return sorted(row["item_info"]["item_id"] for row in rows)


def told(answer, name: str) -> None:
    assert answer["code"] == 40002, answer
    assert answer["message"].startswith(f"{name}: original_post_auth_code: ")
    assert (answer["data"]["error_name"], answer["data"]["field"]) == (name, "original_post_auth_code")


def test_both_are_applied_and_both_authors_are_told(means, brand, made, original):
    answer = apply(brand, a_code(means, made), a_code(means, original))
    assert answer["code"] == 0, answer
    assert answer["data"]["item_id"] == str(made.id)
    assert library(brand) == sorted([str(made.id), str(original.id)])
    for post in (made, original):
        assert a_grant_of(means, post).state == "bound"
        notices = outbox.list_notices("creator", post.creator_id).items
        assert [one.kind for one in notices] == ["code_redeemed"]


def test_applying_both_again_changes_nothing(means, brand, made, original):
    codes = a_code(means, made), a_code(means, original)
    first = apply(brand, *codes)
    version = outbox.get_version()
    assert apply(brand, *codes)["data"] == first["data"]
    assert apply(brand, codes[0])["data"] == first["data"]
    assert outbox.get_version() == version


@pytest.mark.parametrize("nothing", [None, ""])
def test_without_a_second_code_the_first_is_applied_alone(means, brand, made, nothing):
    assert apply(brand, a_code(means, made), nothing)["code"] == 0
    assert library(brand) == [str(made.id)]


class TestRefused:
    """The first code is good, the second one is not: neither is applied."""

    @pytest.fixture
    def refused(self, means, brand, made):
        code = a_code(means, made)

        def refused(original_code: str, name: str) -> None:
            told(apply(brand, code, original_code), name)
            assert library(brand) == []
            assert a_grant_of(means, made).state == "issued"
            assert outbox.list_notices("creator", made.creator_id).items == []

        return refused

    def test_malformed(self, means, refused, original):
        refused(a_code(means, original)[:-4], "auth_code_format_error")

    def test_never_issued(self, means, refused):
        from attise.management.authorizations.codes import make_code

        refused(make_code(means.secrets, means.chance).text, "auth_code_format_error")

    def test_revoked(self, means, refused, original, zoe):
        code = a_code(means, original)
        grant = a_grant_of(means, original)
        grants.revoke(means, HOST, creator_id=zoe.id, authorization_id=grant.id, when="now")
        refused(code, "auth_code_revoked")

    def test_expired(self, means, clock, brand, made, original):
        code = a_code(means, original)
        clock.advance(days=30)
        answer = apply(brand, a_code(means, made), code)
        told(answer, "auth_code_expired")
        assert library(brand) == []

    def test_used_by_another_advertiser(self, means, rival, refused, original):
        code = a_code(means, original)
        assert apply(rival, code)["code"] == 0
        refused(code, "auth_code_already_used")

    def test_deleted(self, means, refused, original):
        code = a_code(means, original)
        posts.delete_post(means, HOST, house=settings.HOUSE, post_id=original.id)
        refused(code, "video_unavailable")

    def test_author_gone(self, means, refused, original, zoe):
        code = a_code(means, original)
        accounts.retire_creator(means, HOST, creator_id=zoe.id)
        refused(code, "video_unavailable")

    def test_made_private(self, means, refused, original):
        code = a_code(means, original)
        original.visibility = "private"
        original.save()
        refused(code, "not_public_video")

    def test_of_another_video_of_the_same_author(self, means, refused, zoe):
        refused(a_code(means, a_post(means, zoe)), "original_post_auth_code_mismatch")

    def test_the_first_code_once_more(self, means, brand, made):
        code = a_code(means, made)
        told(apply(brand, code, code), "original_post_auth_code_mismatch")

    def test_a_video_that_was_made_with_none(self, means, brand, original, zoe):
        code, other = a_code(means, original), a_code(means, a_post(means, zoe))
        told(apply(brand, code, other), "original_post_auth_code_not_expected")
        assert library(brand) == []

    def test_every_name_of_its_own_has_a_test_here(self):
        tested = {"original_post_auth_code_mismatch", "original_post_auth_code_not_expected"}
        assert tested == {reason.code for reason in ORIGINAL_REASONS}


def test_the_first_code_is_judged_first(means, brand, made):
    answer = apply(brand, a_code(means, made)[:-4], "not a code either")
    assert answer["message"].startswith("auth_code_format_error: This code")
    assert "field" not in answer["data"]


def test_a_guess_at_the_second_code_counts(means, brand, made):
    guards = guards_of("token:1", "")
    code = a_code(means, made)
    for _ in range(10):
        with pytest.raises(Exception, match="auth_code_format_error"):
            grants.redeem(means, HOST, advertiser_id=brand.advertiser.id, code=code, original_code="#x", guards=guards)
    with pytest.raises(Exception, match="too_many_requests"):
        grants.redeem(means, HOST, advertiser_id=brand.advertiser.id, code=code, guards=guards)


@pytest.mark.django_db(transaction=True)
def test_of_many_advertisers_at_once_one_gets_both(means, brand, rival, made, original):
    codes = a_code(means, made), a_code(means, original)
    tenants = [brand, rival] * 4
    answers = at_once([lambda tenant=tenant: apply(tenant, *codes)["code"] for tenant in tenants])
    winners = {tenant.advertiser.id for tenant, code in zip(tenants, answers, strict=True) if code == 0}
    assert len(winners) == 1
    both = sorted([str(made.id), str(original.id)])
    assert sorted([library(brand), library(rival)]) == [[], both]


@pytest.mark.django_db(transaction=True)
def test_both_are_applied_once_when_the_transaction_loses(means, clock, brand, made, original):
    codes = a_code(means, made), a_code(means, original)
    with losing(clock, 2, table="authorizations_binding") as lost:
        assert apply(brand, *codes)["code"] == 0
    assert len(lost.pauses) == 2
    assert [len(outbox.list_notices("creator", post.creator_id).items) for post in (made, original)] == [1, 1]
