"""A creator grants a post, extends it, changes its terms, takes it back; an advertiser applies its code."""

import pytest

from attise.kernel.actor import Actor
from attise.kernel.errors import Refusal, Refusals
from attise.kernel.limits import DAY_MS, GRANT_DAYS
from attise.management.authorizations import actions, queries
from attise.management.authorizations.rules import State
from attise.management.outbox import queries as outbox
from attise.management.outbox.models import Change
from attise.management.posts.models import Post
from attise.records.terms import Terms
from tests.builders import a_creator, a_post, an_advertiser
from tests.losing import losing

pytestmark = pytest.mark.django_db
HOST = Actor("host", 1, "192.0.2.0")


@pytest.fixture
def lea(means):
    return a_creator(means)


@pytest.fixture
def post(means, lea):
    return a_post(means, lea)


@pytest.fixture
def brand(means):
    return an_advertiser(means)


def grant(means, post, **fields):
    return actions.grant_post(means, HOST, creator_id=post.creator_id, post_id=post.id, **{"days": 30, **fields})


def refused(code):
    return pytest.raises(Refusal, check=lambda refusal: refusal.code == code)


@pytest.mark.parametrize("days", GRANT_DAYS)
def test_a_grant_ends_to_the_second(means, clock, post, days):
    view, _ = grant(means, post, days=days)
    assert (view.state, view.ends_at_ms - view.starts_at_ms) == (State.ISSUED, days * DAY_MS)
    clock.advance(seconds=days * 86_400 - 0.001)
    assert queries.get_authorization(means, authorization_id=view.id).state is State.ISSUED
    clock.advance(seconds=0.001)
    assert queries.get_authorization(means, authorization_id=view.id).state is State.EXPIRED


@pytest.mark.parametrize("days", [0, 1, 8, 31, -7, 366, True, 7.0, "7", None])
def test_other_durations_are_refused(means, post, days):
    with refused("grant_days_invalid"):
        grant(means, post, days=days)


def test_the_code_is_shown_once_and_stored_nowhere(means, post):
    view, code = grant(means, post)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM authorizations_authorization")
        stored = repr(cursor.fetchall())
    assert code not in stored
    assert view.code_mask in stored
    assert code not in repr(queries.list_history(view.id))


def test_applying_a_code_puts_the_post_in_the_library_byte_for_byte(means, post, brand):
    _, code = grant(means, post)
    bound = actions.redeem(means, Actor("token", 5), advertiser_id=brand.id, code=f"  {code}\n")
    assert (bound.post.id, bound.code, bound.authorization.state) == (post.id, code, State.BOUND)
    page = queries.list_bound_posts(means, advertiser_id=brand.id)
    assert [item.code for item in page.items] == [code]
    assert page.total == 1
    notices = outbox.list_notices("creator", post.creator_id).items
    assert [notice.kind for notice in notices] == ["code_redeemed"]


def test_applying_it_again_is_a_success_that_changes_nothing(means, post, brand):
    _, code = grant(means, post)
    first = actions.redeem(means, HOST, advertiser_id=brand.id, code=code)
    changes = Change.objects.count()
    assert actions.redeem(means, HOST, advertiser_id=brand.id, code=code) == first
    assert Change.objects.count() == changes


def test_posts_of_one_creator_share_one_identity(means, lea, brand):
    identities = set()
    for _ in range(3):
        _, code = grant(means, a_post(means, lea))
        identities.add(actions.redeem(means, HOST, advertiser_id=brand.id, code=code).identity_id)
    assert len(identities) == 1
    identity = queries.list_identities(means, advertiser_id=brand.id).items
    assert [(row.identity_type, row.can_pull, row.can_push) for row in identity] == [("AUTH_CODE", True, False)]


def test_the_seven_refusals_come_in_their_order(means, clock, lea, brand):
    """Each cause is added on top of the later ones: the earliest test speaks."""
    rival = an_advertiser(means, "Rivale")
    carousel = a_post(means, lea, format="carousel")
    post = a_post(means, lea)
    view, code = grant(means, post)
    actions.redeem(means, HOST, advertiser_id=rival.id, code=code)

    def answer(text=code):
        with pytest.raises(Refusal) as caught:
            actions.redeem(means, HOST, advertiser_id=brand.id, code=text)
        with pytest.raises(Refusal) as seen:
            queries.preview_code(means, advertiser_id=brand.id, code=text)
        assert seen.value.code == caught.value.code
        return caught.value.code

    Post.objects.filter(id=post.id).update(format="duet", of_post=carousel, visibility="private", state="deleted")
    assert answer() == "auth_code_already_used"
    clock.advance(days=30)
    assert answer() == "auth_code_expired"
    actions.revoke(means, HOST, creator_id=lea.id, authorization_id=view.id, when="now")
    assert answer() == "auth_code_expired"  # no arrow leaves expired
    assert answer(code[:-3]) == "auth_code_format_error"
    assert answer(code.replace("#", "")) == "auth_code_format_error"

    view, code = grant(means, a_post(means, lea))
    actions.revoke(means, HOST, creator_id=lea.id, authorization_id=view.id, when="now")
    clock.advance(days=31)
    assert answer(code) == "auth_code_revoked"

    open_post = a_post(means, lea)
    _, code = grant(means, open_post)
    everything = {"format": "duet", "of_post": carousel, "visibility": "private"}
    Post.objects.filter(id=open_post.id).update(**everything, state="removed")
    assert answer(code) == "video_unavailable"
    Post.objects.filter(id=open_post.id).update(state="live")
    assert answer(code) == "not_public_video"
    Post.objects.filter(id=open_post.id).update(visibility="public")
    assert answer(code) == "carousel_duet_not_supported"


def test_a_code_that_was_never_issued_reads_like_a_malformed_one(means, brand):
    from attise.management.authorizations.codes import make_code

    stranger = make_code(means.secrets, means.chance).text
    with refused("auth_code_format_error"):
        actions.redeem(means, HOST, advertiser_id=brand.id, code=stranger)


def test_a_private_post_needs_the_creators_word_to_be_made_public(means, lea):
    post = a_post(means, lea, visibility="private")
    with refused("not_public_video"):
        grant(means, post)
    grant(means, post, make_public=True)
    assert Post.objects.get(id=post.id).visibility == "public"


def test_an_ads_only_post_may_stay_private(means, lea, brand):
    post = a_post(means, lea, visibility="private", ads_only=True)
    _, code = grant(means, post)
    assert actions.redeem(means, HOST, advertiser_id=brand.id, code=code).post.visibility == "private"


@pytest.mark.parametrize("fields", [{"format": "story"}, {"format": "duet"}])
def test_a_story_and_a_carousel_duet_get_no_code(means, lea, fields):
    if fields["format"] == "duet":
        fields = {**fields, "of_post": a_post(means, lea, format="carousel")}
    with refused("carousel_duet_not_supported"):
        grant(means, a_post(means, lea, **fields))


def test_another_creators_post_does_not_exist(means, post):
    stranger = a_creator(means, "noe.teste")
    with refused("not_found"):
        actions.grant_post(means, HOST, creator_id=stranger.id, post_id=post.id, days=7)


def test_a_new_code_replaces_the_one_that_nobody_applied(means, post, brand):
    old, old_code = grant(means, post)
    _, new_code = grant(means, post, days=7)
    assert queries.get_authorization(means, authorization_id=old.id).state is State.REVOKED
    with refused("auth_code_revoked"):
        actions.redeem(means, HOST, advertiser_id=brand.id, code=old_code)
    bound = actions.redeem(means, HOST, advertiser_id=brand.id, code=new_code)
    grant(means, post, days=7)
    assert queries.get_authorization(means, authorization_id=bound.authorization.id).state is State.BOUND


def test_a_new_code_leaves_what_has_expired_expired(means, clock, post, brand):
    view, code = grant(means, post, days=7)
    clock.advance(days=7)
    grant(means, post)
    assert queries.get_authorization(means, authorization_id=view.id).state is State.EXPIRED
    with refused("auth_code_expired"):
        actions.redeem(means, HOST, advertiser_id=brand.id, code=code)
    assert [entry.verb for entry in queries.list_history(view.id)] == ["issued"]


def test_several_advertisers_may_share_a_code_when_the_terms_say_so(means, post):
    _, code = grant(means, post, terms=Terms(max_advertisers=2))
    for name in ("Un", "Deux"):
        actions.redeem(means, HOST, advertiser_id=an_advertiser(means, name).id, code=code)
    with refused("auth_code_already_used"):
        actions.redeem(means, HOST, advertiser_id=an_advertiser(means, "Trois").id, code=code)


def test_extending_adds_to_the_current_end_and_keeps_the_code(means, clock, post, brand):
    view, code = grant(means, post, days=7)
    actions.redeem(means, HOST, advertiser_id=brand.id, code=code)
    clock.advance(days=6)
    longer = actions.extend(means, HOST, creator_id=post.creator_id, authorization_id=view.id, days=30)
    assert longer.ends_at_ms == view.ends_at_ms + 30 * DAY_MS
    clock.advance(days=30)
    assert actions.redeem(means, HOST, advertiser_id=brand.id, code=code).authorization.state is State.BOUND
    clock.advance(days=1)
    with refused("authorization_over"):
        actions.extend(means, HOST, creator_id=post.creator_id, authorization_id=view.id, days=7)


def test_revoking_now_is_told_in_the_same_transaction(means, post, brand):
    view, code = grant(means, post)
    actions.redeem(means, HOST, advertiser_id=brand.id, code=code)
    over = actions.revoke(means, HOST, creator_id=post.creator_id, authorization_id=view.id, when="now")
    assert over.state is State.REVOKED
    last = Change.objects.latest("version")
    assert (last.kind, last.object_id) == ("grant_stopped", view.id)
    again = actions.revoke(means, HOST, creator_id=post.creator_id, authorization_id=view.id, when="now")
    assert again == over
    assert Change.objects.latest("version") == last


def test_revoking_when_campaigns_end_waits_for_them(means, clock, post, brand):
    view, code = grant(means, post)
    actions.redeem(means, HOST, advertiser_id=brand.id, code=code)
    end = clock.world_ms() + 3 * DAY_MS
    planned = actions.revoke(
        means, HOST, creator_id=post.creator_id, authorization_id=view.id, when="campaigns_end", campaigns_end_ms=end
    )
    assert planned.state is State.BOUND
    clock.advance(days=3)
    assert queries.get_authorization(means, authorization_id=view.id).state is State.REVOKED
    with refused("auth_code_revoked"):
        actions.redeem(means, HOST, advertiser_id=brand.id, code=code)


def test_with_no_campaign_running_the_end_of_campaigns_is_now(means, post):
    view, _ = grant(means, post)
    over = actions.revoke(means, HOST, creator_id=post.creator_id, authorization_id=view.id, when="campaigns_end")
    assert over.state is State.REVOKED


def test_the_caption_is_locked_while_any_grant_lives(means, clock, post):
    def locked():
        return Post.objects.get(id=post.id).locked_until_ms > clock.world_ms()

    first, code = grant(means, post, days=30)
    actions.redeem(means, HOST, advertiser_id=an_advertiser(means).id, code=code)
    second, _ = grant(means, post, days=7)
    assert locked()
    actions.revoke(means, HOST, creator_id=post.creator_id, authorization_id=first.id, when="now")
    assert locked()
    actions.revoke(means, HOST, creator_id=post.creator_id, authorization_id=second.id, when="now")
    assert not locked()
    grant(means, post, days=7)
    clock.advance(days=7)
    assert not locked()


def test_a_paid_grant_marks_the_post_for_good(means, post):
    view, _ = grant(means, post, terms=Terms(share_ppm=200_000))
    assert Post.objects.get(id=post.id).partnership
    actions.revoke(means, HOST, creator_id=post.creator_id, authorization_id=view.id, when="now")
    assert Post.objects.get(id=post.id).partnership


def test_everything_wrong_with_terms_is_said_at_once(means, post):
    terms = Terms(
        spend_cap_micros=-1,
        currency="XXQ",
        countries=("FR", "ZZ"),
        refused_objectives=("BORED",),
        refused_categories=("nothing-like-it",),
        share_ppm=2_000_000,
        fee_micros=5,
        max_advertisers=0,
    )
    with pytest.raises(Refusals) as caught:
        grant(means, post, terms=terms)
    assert [item.field for item in caught.value.items] == [
        "terms.spend_cap_micros",
        "terms.currency",
        "terms.share_ppm",
        "terms.share_ppm",
        "terms.max_advertisers",
        "terms.countries",
        "terms.refused_objectives",
        "terms.refused_categories",
    ]


def test_terms_change_by_version_and_pay_stays_once_bound(means, post, brand):
    paid = Terms(share_ppm=100_000, countries=("FR",))
    view, code = grant(means, post, terms=paid)
    actions.redeem(means, HOST, advertiser_id=brand.id, code=code)
    wider = Terms(share_ppm=100_000, countries=("FR", "BE"))
    changed = actions.change_terms(means, HOST, creator_id=post.creator_id, authorization_id=view.id, terms=wider)
    assert (changed.terms, changed.terms_version) == (wider, 2)
    with refused("terms_invalid"):
        actions.change_terms(
            means, HOST, creator_id=post.creator_id, authorization_id=view.id, terms=Terms(share_ppm=1)
        )
    verbs = [entry.verb for entry in queries.list_history(view.id)]
    assert verbs == ["issued", "bound", "terms_changed"]


def test_unbinding_waits_for_the_end(means, clock, post, brand):
    _, code = grant(means, post, days=7)
    actions.redeem(means, HOST, advertiser_id=brand.id, code=code)
    with refused("authorization_running"):
        actions.unbind(means, HOST, advertiser_id=brand.id, post_id=post.id)
    clock.advance(days=7)
    actions.unbind(means, HOST, advertiser_id=brand.id, post_id=post.id)
    assert queries.list_bound_posts(means, advertiser_id=brand.id).total == 0
    with refused("not_found"):
        actions.unbind(means, HOST, advertiser_id=brand.id, post_id=post.id)


def test_a_fresh_code_for_the_same_post_shows_the_newest(means, clock, post, brand):
    _, old = grant(means, post, days=7)
    actions.redeem(means, HOST, advertiser_id=brand.id, code=old)
    clock.advance(days=8)
    _, new = grant(means, post, days=7)
    actions.redeem(means, HOST, advertiser_id=brand.id, code=new)
    page = queries.list_bound_posts(means, advertiser_id=brand.id)
    assert ([item.code for item in page.items], page.total) == ([new], 1)


def test_a_guesser_is_made_to_wait_and_only_malformed_codes_count(means, clock, post, brand):
    _, code = grant(means, post)
    guards = actions.guards_of("token:9", "192.0.2.0")
    clock.advance(seconds=(60_000 - clock.wire_ms() % 60_000) / 1000)
    for _ in range(10):
        with refused("auth_code_format_error"):
            actions.redeem(means, HOST, advertiser_id=brand.id, code="#wrong", guards=guards)
    with pytest.raises(Refusal) as caught:
        actions.redeem(means, HOST, advertiser_id=brand.id, code=code, guards=guards)
    assert caught.value.code == "too_many_requests"
    clock.advance(seconds=caught.value.params["retry_after_s"])
    rival = an_advertiser(means, "Rivale")
    actions.redeem(means, HOST, advertiser_id=rival.id, code=code, guards=guards)
    for _ in range(30):  # good codes that are refused for another reason are not guesses
        with refused("auth_code_already_used"):
            actions.redeem(means, HOST, advertiser_id=brand.id, code=code, guards=guards)
    other = actions.guards_of("token:10", "192.0.2.0")
    with refused("auth_code_format_error"):
        actions.redeem(means, HOST, advertiser_id=brand.id, code="#wrong", guards=other)


def test_reminders_come_once_at_seven_three_and_one_days(means, clock, post, brand):
    _, code = grant(means, post, days=30)
    actions.redeem(means, HOST, advertiser_id=brand.id, code=code)

    def told():
        actions.remind(means)
        actions.remind(means)
        notices = outbox.list_notices("advertiser", brand.id).items
        return [(notice.kind, notice.body["days"]) for notice in reversed(notices) if "days" in notice.body]

    assert told() == []
    seen = []
    for step, expected in ((23, 7), (3, None), (1, 3), (2, 1), (1, 0)):
        clock.advance(days=step)
        if expected is not None:
            seen.append(("authorization_expired" if expected == 0 else "authorization_ending", expected))
        assert told() == seen


@pytest.mark.django_db(transaction=True)
def test_a_reminder_that_loses_to_another_transaction_is_told_once(means, clock, post, brand):
    _, code = grant(means, post)
    actions.redeem(means, HOST, advertiser_id=brand.id, code=code)
    clock.advance(days=24)
    with losing(clock, 2, table="outbox_notice") as lost:
        assert actions.remind(means) == 1
    assert len(lost.pauses) == 2
    kinds = [one.kind for one in outbox.list_notices("creator", post.creator_id).items]
    assert kinds.count("authorization_ending") == 1


def test_a_planned_revocation_that_has_come_is_reminded_of_no_more(means, clock, post, brand):
    view, code = grant(means, post, days=30)
    actions.redeem(means, HOST, advertiser_id=brand.id, code=code)
    end = clock.world_ms() + 25 * DAY_MS
    names = {"creator_id": post.creator_id, "authorization_id": view.id}
    actions.revoke(means, HOST, when="campaigns_end", campaigns_end_ms=end, **names)
    clock.advance(days=24)
    assert actions.remind(means) == 1
    clock.advance(days=6)
    assert actions.remind(means) == 0


def test_reminding_looks_only_at_what_is_due(means, clock, lea, brand, django_assert_num_queries):
    """A grant that was told of is not held again at each turn of the worker."""
    for _ in range(3):
        _, code = grant(means, a_post(means, lea), days=7)
        actions.redeem(means, HOST, advertiser_id=brand.id, code=code)
    assert actions.remind(means) == 3
    with django_assert_num_queries(3) as asked:  # begin, what is due, end
        assert actions.remind(means) == 0
    assert "told_days" in asked[1]["sql"]


def test_lists_cost_the_same_whatever_their_length(means, lea, brand, django_assert_max_num_queries):
    for _ in range(15):
        _, code = grant(means, a_post(means, lea))
        actions.redeem(means, HOST, advertiser_id=brand.id, code=code)
    with django_assert_max_num_queries(5):
        assert len(queries.list_bound_posts(means, advertiser_id=brand.id, page_size=10).items) == 10
    with django_assert_max_num_queries(2):
        assert len(queries.list_authorizations(means, creator_id=lea.id, limit=10).items) == 10
    with django_assert_max_num_queries(3):
        queries.list_identities(means, advertiser_id=brand.id)


def test_searching_the_library_by_id_words_and_kind(means, lea, brand):
    video = a_post(means, lea, caption="Routine du matin")
    carousel = a_post(means, lea, format="carousel", caption="Dix photos")
    for post in (video, carousel):
        _, code = grant(means, post)
        actions.redeem(means, HOST, advertiser_id=brand.id, code=code)

    def found(**fields):
        return [item.post.id for item in queries.list_bound_posts(means, advertiser_id=brand.id, **fields).items]

    assert found() == [carousel.id, video.id]
    assert found(keyword=str(video.id)) == [video.id]
    assert found(keyword="ROUTINE") == [video.id]
    assert found(keyword="lea.p") == [carousel.id, video.id]
    assert found(item_types=["CAROUSEL"]) == [carousel.id]
    assert found(item_types=["VIDEO"]) == [video.id]
    assert found(keyword="nothing") == []
    assert found(page=2, page_size=1) == [video.id]
    assert found(page=9, page_size=5) == []
