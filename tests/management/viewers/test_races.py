"""Many at once on one viewer: real threads, real transactions, on SQLite and on PostgreSQL."""

import msgspec
import pytest

from attise.management.viewers.actions import create_viewer, erase_viewer, update_viewer, viewer_of_person
from attise.management.viewers.models import Viewer as Row
from attise.management.viewers.views import ViewerView
from attise.records.viewer import Viewer
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_race_of_ten_on_one_external_id(means):
    answers = at_once([lambda: create_viewer(means, external_id="u-1")] * 10)
    assert sum(isinstance(answer, ViewerView) for answer in answers) == 1
    assert answers.count("external_id_taken") == 9
    assert Row.objects.count() == 1


def test_race_of_ten_pages_of_one_person(means):
    answers = at_once([lambda: viewer_of_person(means, person_id=5)] * 10)
    assert len(set(answers)) == 1
    assert Row.objects.count() == 1


def test_race_of_changes_loses_none_of_them(means):
    viewer = create_viewer(means)
    facts = [
        {"country": "FR"},
        {"language": "fr"},
        {"gender": "female"},
        {"os": "ios"},
        {"device_price": 300},
        {"age": 30},
        {"interests": ["sport"]},
        {"profiling_consent": True},
    ]
    at_once([lambda fact=fact: update_viewer(means, viewer_id=viewer.id, **fact) for fact in facts])
    record = msgspec.json.decode(Row.objects.get(id=viewer.id).record, type=Viewer)
    assert (record.country, record.language, record.gender, record.os) == ("FR", "fr", "female", "ios")
    assert (record.device_price, len(record.interests), record.profiling_consent) == (300, 1, True)
    assert record.birth_date is not None


@pytest.mark.parametrize("round_", range(3))
def test_race_of_a_change_and_an_erasure_never_brings_the_viewer_back(means, round_):
    viewer = create_viewer(means, external_id="u-1")
    answers = at_once(
        [lambda: erase_viewer(means, viewer_id=viewer.id)]
        + [lambda: update_viewer(means, viewer_id=viewer.id, language="fr")] * 4
    )
    assert isinstance(answers[0], str), "it is erased"
    assert all(answer == "not_found" or isinstance(answer, ViewerView) for answer in answers[1:])
    assert not Row.objects.exists()
