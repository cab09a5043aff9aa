"""The creator's side, where a browser adds nothing: what is kept, what is refused, what is filtered."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from attise.kernel.actor import COMMAND
from attise.management.accounts import actions as accounts
from attise.management.accounts.models import Advertiser
from attise.management.authorizations import actions as access
from attise.management.authorizations import queries
from attise.management.authorizations.rules import State
from attise.management.posts import actions as posts
from attise.management.posts.models import Post
from attise.measurement.counters import actions as counters
from attise.measurement.counters.folding import Subject
from attise.measurement.counters.tally import Tally
from tests import campaign_rows as rows
from tests.browser.town import a_clip, forget_files
from tests.drawing import a_picture

pytestmark = pytest.mark.django_db


def authorize(client, post, *, follow=False, **fields):
    return client.post(f"/creation/publications/{post.id}/autoriser", {"days": "30", **fields}, follow=follow)


def grants_of(town, post):
    return queries.list_of_posts(town.means, post_ids=[post.id])[post.id]


def test_a_code_passes_through_the_session_unreadable_and_is_gone_once_shown(town, creator):
    post = town.a_post()
    assert authorize(creator, post).headers["Location"] == f"/creation/publications/{post.id}#autorisation"
    kept = [session.get_decoded() for session in Session.objects.all()]
    assert any(key.startswith("once:code:") for one in kept for key in one)
    assert "#A" not in str(kept)
    page = creator.get(f"/creation/publications/{post.id}").content.decode()
    code = page.partition('id="code" value="')[2].partition('"')[0]
    assert code.startswith("#")
    assert "mailto:?subject=" in page
    assert code not in creator.get(f"/creation/publications/{post.id}").content.decode()
    assert not any(key.startswith("once:") for one in Session.objects.all() for key in one.get_decoded())


def test_looking_at_a_page_by_head_does_not_spend_the_code(town, creator):
    post = town.a_post()
    authorize(creator, post)
    assert creator.head(f"/creation/publications/{post.id}").status_code == 200
    assert 'id="code"' in creator.get(f"/creation/publications/{post.id}").content.decode()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"days": "31"}, "Choose one of these durations"),
        ({"days": ""}, "Choose one of these durations"),
        ({"days": "30", "pay": "share", "share": "0"}, "above 0 and up to 100"),
        ({"days": "30", "pay": "fee", "fee": ""}, "Give an amount"),
        ({"days": "30", "pay": "gift"}, "gift"),
        ({"days": "30", "max_advertisers": "101"}, "100"),
        ({"days": "30", "countries": ["XX"]}, "XX"),
        ({"days": "30", "currency": "XYZ"}, "XYZ"),
        ({"days": "30", "spend_cap": "99999999999999999999"}, "Give an amount"),
    ],
)
def test_terms_that_cannot_be_are_refused_beside_their_field_and_nothing_is_made(town, creator, fields, words):
    post = town.a_post()
    answer = authorize(creator, post, **fields)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert grants_of(town, post) == []


def test_terms_are_kept_as_they_were_asked(town, creator):
    post = town.a_post()
    authorize(
        creator,
        post,
        days="60",
        pay="fee",
        fee="1 200,50",
        share="50",
        spend_cap="10 000 €",
        currency="EUR",
        countries=["FR", "BE"],
        refused_objectives=["TRAFFIC"],
        refused_categories=["alcohol"],
        approve_each_ad="on",
        max_advertisers="3",
    )
    [grant] = grants_of(town, post)
    terms = grant.terms
    assert (terms.fee_micros, terms.share_ppm, terms.spend_cap_micros) == (1_200_500_000, 0, 10_000_000_000)
    assert (set(terms.countries), terms.currency) == ({"BE", "FR"}, "EUR")
    assert (terms.refused_objectives, terms.refused_categories) == (("TRAFFIC",), ("alcohol",))
    assert (terms.approve_each_ad, terms.max_advertisers, grant.days) == (True, 3, 60)
    page = creator.get(f"/creation/publications/{post.id}").content.decode()
    assert "€10,000" in page
    assert "Paid partnership" in page


@pytest.mark.parametrize(("language", "cap"), [("en", "500.50"), ("fr", "500,50")])
def test_a_new_code_asks_again_what_the_last_one_asked(town, signed_in, language, cap):
    creator, post = signed_in(town.lea, language=language), town.a_post()
    page = creator.get(f"/creation/publications/{post.id}?dialog=autoriser").context["panel"]["form"]
    assert not page.is_again, "nothing was asked of this post yet"
    asked = {"pay": "share", "share": "10", "spend_cap": cap, "currency": "EUR", "approve_each_ad": "on"}
    authorize(creator, post, **asked | {"days": "60"}, refused_objectives=["TRAFFIC"], countries=["FR"])
    [grant] = grants_of(town, post)
    town.revoke(grant)
    answer = creator.get(f"/creation/publications/{post.id}?dialog=autoriser")
    form = answer.context["panel"]["form"]
    assert {name: form[name].value() for name in ("share", "spend_cap")} == {"share": "10", "spend_cap": cap}
    assert [one["value"] for one in answer.context["panel"]["durations"] if one["checked"]] == [60]
    assert 'class="fold" open' in answer.content.decode(), "what applies again is not folded away"
    sent = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "", False)}
    authorize(creator, post, **sent)
    assert grants_of(town, post)[0].terms == grant.terms
    assert grants_of(town, post)[0].days == 60


def test_a_sheet_left_open_while_the_post_changed_says_so(town, creator):
    post = town.a_post()
    posts.edit_post(town.means, COMMAND, post_id=post.id, visibility="private")
    answer = authorize(creator, post)
    assert answer.status_code == 422
    assert "Make the video public first." in answer.content.decode()
    posts.moderate_post(town.means, COMMAND, house=None, post_id=post.id, state="removed", reason="Music")
    assert "This post cannot be sponsored now." in authorize(creator, post).content.decode()
    assert grants_of(town, post) == []


def test_a_caption_is_locked_in_words_with_its_day(town, creator):
    post = town.a_post("before")
    town.a_grant(post)
    answer = creator.post(f"/creation/publications/{post.id}/legende", {"caption": "after"})
    assert answer.status_code == 422
    assert "until 21 Oct 2026" in answer.content.decode()
    post.refresh_from_db()
    assert post.caption == "before"


def test_a_caption_that_an_access_without_end_holds_is_said_so_without_a_day(town, creator):
    post = town.a_post("before")
    Post.objects.filter(id=post.id).update(locked_until_ms=1 << 62)
    answer = creator.get(f"/creation/publications/{post.id}")
    assert answer.status_code == 200
    assert "while ads show the post by access to your account" in answer.content.decode()


def test_extending_what_has_ended_meanwhile_is_a_page_with_a_way_back(town, creator, clock):
    post = town.a_post()
    grant, _ = town.a_grant(post, days=7)
    clock.advance(days=8)
    answer = creator.post(
        f"/creation/autorisations/{grant.id}/prolonger",
        {f"days_{grant.id}": "30"},
        headers={"Referer": f"http://testserver/creation/publications/{post.id}"},
    )
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "This authorization has ended" in page
    assert f'href="/creation/publications/{post.id}"' in page
    assert creator.post(f"/creation/autorisations/{grant.id}/prolonger", {}).status_code in {409, 422}


@pytest.mark.parametrize(
    ("language", "subject", "body"),
    [
        ("en", "Video code of my post", "Here is the video code"),
        ("fr", "Code vidéo de ma publication", "Voici le code"),
    ],
)
def test_a_code_is_handed_over_in_the_language_of_the_page(town, signed_in, language, subject, body):
    post = town.a_post()
    page = authorize(signed_in(town.lea, language=language), post, follow=True).content.decode()
    letter = unquote(re.search(r'href="mailto:\?([^"]+)"', page)[1])
    assert letter.startswith(f"subject={subject}&amp;body=")
    assert body in letter


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_revocation_speaks_of_each_choice_and_offers_none_where_there_is_none(town, signed_in, language):
    client = signed_in(town.lea, language=language)
    used, unused = town.a_post(), town.a_post()
    town.applied(town.a_code(used))
    town.a_code(unused)

    def dialog(post) -> str:
        page = client.get(f"/creation/publications/{post.id}").content.decode()
        return re.search(r'<dialog class="dialog" id="revoke-\d+".*?</dialog>', page, re.DOTALL)[0]

    for kind in ("when-now", "when-end"):
        told = [re.sub(r"<[^>]+>", "", one) for one in re.findall(rf'<(?:p|span) class="{kind}">(.*?)</', dialog(used))]
        assert len(told) == 2, "what happens, and the button"
        assert told[0].startswith("Maison Aubrée")
    assert 'type="radio"' not in dialog(unused)
    assert '<input type="hidden" name="when" value="now">' in dialog(unused)


def an_ad_until(town, code, ends_at_ms):
    """Run an ad on a code of a post, up to a moment."""
    bound = access.redeem(town.means, COMMAND, advertiser_id=town.advertiser.id, code=code)
    campaign = rows.a_campaign(town.means, Advertiser.objects.get(id=town.advertiser.id))
    group = rows.an_adgroup(town.means, campaign, ends_at_ms=ends_at_ms)
    shown = {"identity_id": bound.identity_id, "post_id": bound.post.id, "creator_id": bound.post.creator_id}
    rows.an_ad(town.means, group, **shown)


def test_a_revocation_says_when_it_is(town, creator):
    """Now, or at the end of what runs."""
    now, later = town.a_post(), town.a_post()
    first, (second, code) = town.a_grant(now)[0], town.a_grant(later)
    answer = creator.post(f"/creation/autorisations/{first.id}/revoquer", {"when": "now"}, follow=True)
    assert "Authorization revoked. The code no longer works." in answer.content.decode()
    end = town.means.clock.world_ms() + 3 * 86_400_000
    an_ad_until(town, code, end)
    page = creator.get(f"/creation/publications/{later.id}").content.decode()
    choice = re.search(rf'id="when-end-{second.id}"( checked)?>.*?<small>(.*?)</small>', page)
    assert choice.groups() == (" checked", "On 24 Sep 2026 at the latest.")
    answer = creator.post(f"/creation/autorisations/{second.id}/revoquer", {"when": "campaigns_end"}, follow=True)
    assert "The authorization ends with the running campaigns, on 24 Sep 2026." in answer.content.decode()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_question_names_who_asks_for_what_and_none_of_their_advertisers(town, signed_in, language):
    """The advertisers of a Business Center are nobody's business before its question has its answer."""
    center = accounts.create_business_center(
        town.means, COMMAND, name="Groupe Aubrée", company="Groupe Aubrée SA", country="FR", currency="EUR",
        timezone="Europe/Paris",
    )  # fmt: skip
    for name in ("Maison Discrète", "Marque Secrète"):
        town.an_advertiser(name, center)
    _, secret = access.request_access(town.means, COMMAND, business_center_id=center.id, permissions=["existing_posts"])
    client = signed_in(town.lea, language=language)
    page = client.get(f"/acces/{secret}").content.decode()
    assert "Groupe Aubrée" in page
    assert ("existing posts" if language == "en" else "publications existantes") in page
    assert "Maison Discrète" not in page
    assert "Marque Secrète" not in page
    client.post(f"/acces/{secret}", {"answer": "accept"})
    assert "Maison Discrète" in client.get("/creation/demandes").content.decode()


def test_the_list_keeps_what_goes_on_or_what_is_over(town, creator, clock):
    kept = town.a_post("goes on")
    town.a_grant(kept, days=365)
    over, revoked = town.a_post("has expired"), town.a_post("was revoked")
    town.a_grant(over, days=7)
    town.revoke(town.a_grant(revoked)[0])
    clock.advance(days=8)

    def shown(query: str) -> set[str]:
        page = creator.get(f"/creation/autorisations{query}").content.decode()
        return {caption for caption in ("goes on", "has expired", "was revoked") if caption in page}

    assert shown("") == {"goes on", "has expired", "was revoked"}
    assert shown("?etat=en-cours") == {"goes on"}
    assert shown("?etat=terminees") == {"has expired", "was revoked"}
    assert shown("?etat=nonsense") == shown("")


def test_grants_are_filtered_as_their_state_says(town, clock):
    """The list's condition and the rule of states agree, whatever the moment."""
    for days in (7, 30):
        town.a_grant(town.a_post(), days=days)
    planned, _ = town.a_grant(town.a_post(), days=60)
    from attise.management.authorizations.models import Authorization

    Authorization.objects.filter(id=planned.id).update(revoke_at_ms=clock.world_ms() + 86_400_000)
    for _ in range(40):
        clock.advance(days=1)
        everything = queries.list_authorizations(town.means, creator_id=town.creator.id).items
        live = queries.list_authorizations(town.means, creator_id=town.creator.id, live=True).items
        over = queries.list_authorizations(town.means, creator_id=town.creator.id, live=False).items
        assert [one.id for one in live] == [one.id for one in everything if one.state.is_live]
        assert [one.id for one in over] == [one.id for one in everything if not one.state.is_live]
    assert {one.state for one in everything} == {State.EXPIRED, State.REVOKED}


def test_older_posts_are_a_link_away(town, creator, monkeypatch):
    from attise.doors.consoles.creator import posts as page_of_posts

    monkeypatch.setattr(page_of_posts, "PAGE", 2)
    for number in range(5):
        town.a_post(f"Post number {number}")
    first = creator.get("/creation/publications").content.decode()
    assert "Post number 4" in first
    assert "Post number 2" not in first
    following = first.partition('href="?apres=')[2].partition('"')[0]
    second = creator.get(f"/creation/publications?apres={following}").content.decode()
    assert "Post number 2" in second
    assert "Post number 4" not in second


# ---- publishing


def test_without_a_file_the_words_come_back_with_what_is_missing(town, creator):
    answer = creator.post(
        "/creation/publier", {"caption": "My words", "tags": "a b", "visibility": "private", "format": "video"}
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "A post needs its file" in page
    assert "My words" in page
    assert 'value="private" id="visibility_private" checked' in page
    assert Post.objects.count() == 0


def test_what_is_no_video_is_refused_as_a_file_and_a_bad_tag_as_a_tag(town, creator):
    file = SimpleUploadedFile("film.mp4", b"#EXTM3U\nfile:///etc/passwd", content_type="video/mp4")
    answer = creator.post(
        "/creation/publier",
        {"caption": "x", "tags": "fine b@d", "visibility": "public", "format": "video", "file": file},
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "2 points to correct" in page
    assert 'href="#file"' in page
    assert 'href="#id_tags"' in page
    assert Post.objects.count() == 0


@pytest.fixture
def no_files():
    forget_files()
    yield
    forget_files()


def _album(tmp_path, *lights):
    return [a_picture(tmp_path / f"{light}.jpg", light=light) for light in lights]


def _send(creator, files, **said):
    opened = [SimpleUploadedFile(path.name, path.read_bytes()) for path in files]
    return creator.post("/creation/publier", {"visibility": "public", "format": "video", "file": opened, **said})


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("post_format", ["video", "carousel"])
def test_several_pictures_are_a_carousel_whether_or_not_it_was_said(town, creator, no_files, tmp_path, post_format):
    answer = _send(creator, _album(tmp_path, 40, 120, 200), format=post_format, caption="Market")
    post = Post.objects.get()
    assert answer.headers["Location"] == f"/creation/publications/{post.id}"
    assert post.format == "carousel"
    page = creator.get(answer.headers["Location"]).content.decode()
    assert "Your pictures are online." in page
    shown = re.findall(r'<li id="picture-\d"><img src="(/media/[^"]+)" alt="Market, picture (\d) of 3"', page)
    assert [number for _, number in shown] == ["1", "2", "3"]
    names = [post.media.file_name, *(said["file_name"] for said in post.media.others)]
    assert [path.rpartition("/")[2] for path, _ in shown] == names


def test_each_bad_picture_is_named_by_its_place_and_a_story_takes_one_file(town, creator, no_files, tmp_path):
    album = _album(tmp_path, 40, 120)
    album[1].write_text("<svg/>")
    page = _send(creator, album).content.decode()
    assert "Picture 2: " in page
    assert 'href="#file"' in page
    page = _send(creator, album, format="story").content.decode()
    assert "Only a photo carousel is made of several files." in page
    assert not Post.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_video_is_published_with_all_that_was_said(town, creator, no_files):
    with a_clip().open("rb") as file:
        answer = creator.post(
            "/creation/publier",
            {
                "caption": "Four\nlines",
                "tags": "#one, two  one",
                "sound": "Birds",
                "category": "food_drink",
                "visibility": "followers",
                "format": "video",
                "ads_only": "on",
                "partnership": "on",
                "allow_duet": "on",
                "file": file,
            },
        )
    post = Post.objects.get()
    assert answer.headers["Location"] == f"/creation/publications/{post.id}"
    assert post.partnership
    assert "Paid partnership" in creator.get(f"/creation/publications/{post.id}").content.decode()
    assert (post.caption, post.tags, post.sound, post.category) == (
        "Four\nlines",
        ["one", "two"],
        "Birds",
        "food_drink",
    )
    assert (post.visibility, post.ads_only, post.allow_duet, post.allow_comments) == ("followers", True, True, False)


def test_what_a_post_earned_is_shown_in_its_two_parts(town, creator):
    post = town.a_post()
    tally, subject = Tally(), Subject("post", post.id, post.creator_id)
    tally.add(subject, "views", 0, is_paid=False, step=1_203)
    tally.add(subject, "views", 0, is_paid=True, step=41)
    with transaction.atomic():
        counters.count(tally, states={}, watched={}, followed=())
    page = creator.get(f"/creation/publications/{post.id}").content.decode()
    shown = page.partition('id="counters-title"')[2].partition("</section>")[0]
    assert [number in shown for number in ("1,244", "1,203", "41")] == [True] * 3
