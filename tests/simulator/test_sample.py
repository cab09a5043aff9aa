"""The sample set: made through the actions, once, and gone on with after a crash."""

import pytest
from django.conf import settings

from attise.doors.site.opening import open_first_time
from attise.kernel.house import Mode
from attise.management.accounts.models import Advertiser, Creator
from attise.management.authorizations.models import Authorization, Binding
from attise.management.posts.models import Post
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
        model.__name__: model.objects.count() for model in (Creator, Advertiser, Post, Authorization, Binding, Viewer)
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
    assert whole == {"Creator": 3, "Advertiser": 2, "Post": 8, "Authorization": 3, "Binding": 2, "Viewer": 21}
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
