"""The sample set: made through the actions, once, and gone on with after a crash."""

import pytest
from django.conf import settings

from attise.doors.site.opening import open_first_time
from attise.kernel.actor import COMMAND
from attise.kernel.house import Mode
from attise.management.accounts import queries
from attise.management.accounts.actions import create_creator, retire_creator
from attise.management.accounts.models import Advertiser, Creator, Person
from attise.management.authorizations.models import Authorization, Binding
from attise.management.posts.models import Post
from attise.management.viewers import queries as viewers
from attise.management.viewers.models import Viewer
from attise.simulator import sample

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def build(means):
    first = open_first_time(means, Mode.DEMO)

    def run(tell=lambda *_: None):
        sample.build(
            means,
            settings.HOUSE,
            creator_id=first.creator_id,
            advertiser_id=first.advertiser_id,
            center_id=first.business_center_id,
            tell=tell,
        )

    yield run
    (settings.HOUSE.folder / "sample.json").unlink(missing_ok=True)


def counts():
    return {
        model.__name__: model.objects.count()
        for model in (Person, Creator, Advertiser, Post, Authorization, Binding, Viewer)
    }


def test_it_is_whole_and_made_once_also_after_a_crash(build):
    def die_at_the_fifth(step, _steps, _what):
        if step == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(die_at_the_fifth)
    assert 0 < Post.objects.count() < 8
    build()
    whole = counts()
    # The own account's link of the first person is an authorization and a binding too.
    assert whole == {
        "Person": 3, "Creator": 3, "Advertiser": 2, "Post": 8, "Authorization": 3, "Binding": 2, "Viewer": 23,
    }  # fmt: skip
    handles = {row.handle: row.consoles for row in queries.list_people().items}
    assert {handle for handle, consoles in handles.items() if "creator" in consoles} == {
        "attise", "lea.peau", "noe.teste",
    }, "every creator has somebody to sign in as"  # fmt: skip
    person = queries.find_first_operator()
    assert viewers.find_viewer_of_person(person.id).country == "FR", "where the ads are for"
    formats = list(Post.objects.values_list("format", "visibility", "ads_only"))
    assert ("story", "public", False) in formats
    assert ("video", "private", False) in formats
    assert ("video", "public", True) in formats
    build()
    assert counts() == whole
    # What was made but not written down, as when the machine stops in between, is found by what it is.
    (settings.HOUSE.folder / "sample.json").write_text("{}")
    build()
    assert counts() == whole


def test_a_set_that_was_made_without_people_gets_them(build, means):
    """As one of an earlier release; a creator who is gone, and an address that somebody has, stay as they are."""

    def build_people():
        def stop_then(step, _steps, _what):
            if step == 1:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            build(stop_then)
        return {row.handle: row.person.email for row in queries.list_people().items if row.handle != "attise"}

    create_creator(means, COMMAND, handle="lea.peau", display_name="Léa")
    noe = create_creator(means, COMMAND, handle="noe.teste", display_name="Noé")
    assert build_people() == {"lea.peau": "lea@example.org", "noe.teste": "noe@example.org"}
    (settings.HOUSE.folder / "sample.json").write_text("{}")
    Creator.objects.filter(handle="lea.peau").update(person=None)
    retire_creator(means, COMMAND, creator_id=noe.id)
    Creator.objects.filter(handle="noe.teste").update(person=None)
    build_people()
    assert [row.handle for row in queries.list_people().items] == ["", "", "attise"]
