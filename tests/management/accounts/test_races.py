"""Many at once on one account: real threads, real transactions, on SQLite and on PostgreSQL."""

import pytest

from attise.kernel.actor import COMMAND
from attise.kernel.house import Mode
from attise.management.accounts import queries
from attise.management.accounts.actions import (
    accept_invitation,
    agree_oauth,
    change_member,
    create_app,
    create_creator,
    create_person,
    exchange_oauth,
    first_start,
    follow_link,
    invite_member,
    issue_token,
    remove_member,
    sign_in,
    sign_in_link,
    token_bundle,
)
from attise.management.accounts.models import AccessToken, Advertiser, BusinessCenter, Creator, Member, Person
from attise.management.accounts.views import CreatorView, FirstStart, FollowedLink, MemberView, PersonView
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def count(answers, kind):
    return sum(isinstance(answer, kind) for answer in answers)


@pytest.mark.parametrize("round_", range(5))
def test_race_of_two_administrators_who_remove_each_other(means, town, round_):
    paul, zoe = town.person("paul"), town.person("zoe")
    center = town.center(paul, zoe)

    def remove(person):
        return remove_member(means, COMMAND, business_center_id=center.id, person_id=person.id)

    answers = at_once([lambda: remove(paul), lambda: remove(zoe)])
    assert sorted(answers, key=str) == [None, "last_admin"]
    assert queries.list_members(center.id, role="ADMIN").total == 1


def test_race_of_many_administrators_who_leave_or_step_down(means, town):
    people = [town.person(f"admin{number}") for number in range(8)]
    center = town.center(*people)

    def leave(person, number):
        here = {"business_center_id": center.id, "person_id": person.id}
        if number % 2:
            return remove_member(means, COMMAND, **here)
        return change_member(means, COMMAND, **here, role="STANDARD", advertiser_role="ANALYST")

    answers = at_once([lambda p=person, n=number: leave(p, n) for number, person in enumerate(people)])
    assert answers.count("last_admin") == 1
    assert queries.list_members(center.id, role="ADMIN").total == 1


def test_race_of_twenty_on_one_oauth_code(means, town):
    paul = town.person("paul")
    advertiser = town.advertiser(town.center(paul))
    back = "https://outil.example.org/"
    app, secret = create_app(means, name="Outil", redirect_uris=[back])
    code = agree_oauth(means, app_id=app.id, person_id=paul.id, advertiser_ids=[advertiser.id], redirect_uri=back)
    answers = at_once([lambda: exchange_oauth(means, app_id=app.id, secret=secret, auth_code=code)] * 20)
    won = [answer for answer in answers if isinstance(answer, tuple)]
    assert len(won) == 1
    assert answers.count("oauth_code_dead") == 19
    assert AccessToken.objects.count() == 1
    assert queries.find_token(won[0][1]) is not None


def test_race_of_ten_who_accept_one_invitation(means, town):
    center = town.center(town.person("paul"))
    _, secret = invite_member(
        means,
        COMMAND,
        business_center_id=center.id,
        email="zoe@example.org",
        role="STANDARD",
        advertiser_role="ANALYST",
    )
    answers = at_once(
        [lambda: accept_invitation(means, secret=secret, display_name="Zoé", password="trois girafes roses")] * 10
    )
    assert count(answers, MemberView) == 1
    assert set(answers) - {answer for answer in answers if isinstance(answer, MemberView)} <= {
        "link_dead",
        "invitation_sign_in_first",
    }
    assert Person.objects.filter(email="zoe@example.org").count() == 1
    assert Member.objects.filter(business_center_id=center.id).count() == 2


def test_race_of_two_invitations_for_one_newcomer(means, town):
    admin = town.person("paul")
    centers = [town.center(admin, name=f"Maison {number}") for number in range(2)]
    secrets = [
        invite_member(means, COMMAND, business_center_id=center.id, email="zoe@example.org", role="ADMIN")[1]
        for center in centers
    ]
    answers = at_once(
        [
            lambda s=secret: accept_invitation(means, secret=s, display_name="Zoé", password="trois girafes roses")
            for secret in secrets
        ]
    )
    assert count(answers, MemberView) == 1
    assert Person.objects.filter(email="zoe@example.org").count() == 1
    (zoe,) = Person.objects.filter(email="zoe@example.org")
    lost = secrets[0 if isinstance(answers[1], MemberView) else 1]
    assert accept_invitation(means, secret=lost, person_id=zoe.id).person_id == zoe.id


def test_race_of_ten_on_one_handle(means):
    answers = at_once(
        [lambda n=n: create_creator(means, COMMAND, handle="lea", display_name=f"Léa {n}") for n in range(10)]
    )
    assert count(answers, CreatorView) == 1
    assert answers.count("handle_taken") == 9
    assert Creator.objects.count() == 1


def test_race_of_ten_on_one_address(means):
    answers = at_once([lambda: create_person(means, email="zoe@example.org", display_name="Zoé")] * 10)
    assert count(answers, PersonView) == 1
    assert answers.count("email_taken") == 9


def test_race_of_ten_who_follow_one_link(means, town):
    secret = sign_in_link(means, person_id=town.person("paul").id, console="viewer")
    answers = at_once([lambda: follow_link(means, secret)] * 10)
    assert count(answers, FollowedLink) == 1
    assert answers.count("link_dead") == 9


def test_race_of_processes_that_open_the_house(means):
    answers = at_once([lambda: first_start(means, Mode.LIVE)] * 5)
    assert count(answers, FirstStart) == 1
    assert answers.count(None) == 4
    assert (Person.objects.count(), BusinessCenter.objects.count(), Advertiser.objects.count()) == (1, 1, 1)


def test_race_of_commands_that_ask_for_one_advertiser(means):
    answers = at_once([lambda: token_bundle(means, Mode.SANDBOX, advertiser_name="Maison Léa")] * 6)
    assert len({answer["advertiser_id"] for answer in answers}) == 1
    assert len({answer["access_token"] for answer in answers}) == 6
    assert all(queries.find_token(answer["access_token"]) for answer in answers)
    assert Advertiser.objects.count() == 1


def test_race_of_thirty_guesses_gets_ten(means, town):
    town.person("paul", password="quatre chevaux verts")
    answers = at_once([lambda: sign_in(means, email="paul@example.org", password="wrong")] * 30)
    assert answers.count("sign_in_refused") == 10
    assert answers.count("too_many_requests") == 20


def test_a_token_is_dead_for_every_reader_once_its_granter_is_removed(means, town):
    paul = town.person("paul")
    center = town.center(town.person("zoe"))
    town.join(center, paul, "STANDARD", "OPERATOR")
    app, _ = create_app(means, name="Outil")
    _, text = issue_token(means, app_id=app.id, person_id=paul.id, advertiser_ids=[town.advertiser(center).id])
    remove_member(means, COMMAND, business_center_id=center.id, person_id=paul.id)
    assert at_once([lambda: queries.find_token(text)] * 8) == [None] * 8
