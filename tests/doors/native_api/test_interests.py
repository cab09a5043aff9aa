"""A viewer's interests through the host: where each comes from, and what the viewer says of it."""

import pytest

from attise.management.viewers.models import Viewer
from tests.doors.native_api.conftest import errors_of

pytestmark = pytest.mark.django_db


def a_viewer(host, **facts) -> str:
    return host.post("/v1/viewers", {"birth_date": "1990-05-01", **facts}).json()["viewer_id"]


def path_of(viewer_id: str) -> str:
    return f"/v1/viewers/{viewer_id}/interests"


def told(response) -> dict[str, list]:
    body = response.json()
    return {
        "chosen": [one["interest"] for one in body["items"] if one["source"] == "chosen"],
        "derived": [one["interest"] for one in body["items"] if one["source"] == "derived"],
        "removed": [one["interest"] for one in body["removed"]],
    }


@pytest.fixture
def watching(host) -> str:
    """Somebody of whom games and pets were derived."""
    viewer_id = a_viewer(host, consent={"profiling": True})
    Viewer.objects.filter(id=int(viewer_id)).update(
        interests_derived={"1007": 1_790_000_000_000, "1011": 1_790_000_000_000}, behaviours=[[200203, "LIKED", 20_000]]
    )
    return viewer_id


def test_each_interest_says_where_it_comes_from_and_since_when(host, watching):
    host.patch(f"/v1/viewers/{watching}", {"interests": ["recipes", "pets"]})
    found = host.get(path_of(watching)).json()
    assert (found["used"], found["why_not"]) == (True, None)
    assert [(one["interest"], one["source"]) for one in found["items"]] == [
        ("recipes", "chosen"),
        ("pets", "chosen"),
        ("games", "derived"),
    ]
    assert found["items"][2]["since"] == "2026-09-21T14:13:20Z"
    assert found["items"][0]["since"].endswith("Z")
    assert found["behaviours"] == [{"behaviour": "videos_games", "action": "liked", "last_on": "2024-10-04"}]


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({}, "no_consent"),
        ({"birth_date": None, "consent": {"profiling": True}}, "age_unknown"),
        ({"birth_date": "2012-01-01", "consent": {"profiling": True}}, "minor"),
    ],
)
def test_why_nothing_is_derived_is_said(host, facts, why):
    found = host.get(path_of(a_viewer(host, **facts))).json()
    assert (found["used"], found["why_not"], found["items"], found["behaviours"]) == (False, why, [], [])


def test_choosing_replaces_what_was_chosen_and_leaves_what_is_derived(host, watching):
    host.put(path_of(watching), {"interests": ["music", "100703"]})
    assert told(host.put(path_of(watching), {"interests": ["music", "travel"]})) == {
        "chosen": ["music", "travel"],
        "derived": ["games", "pets"],
        "removed": [],
    }
    assert told(host.put(path_of(watching), {"interests": []}))["chosen"] == []


def test_a_removed_interest_goes_with_all_that_belongs_to_it_until_it_is_wanted_again(host, watching):
    host.put(path_of(watching), {"interests": ["board_games", "music"]})
    assert told(host.patch(path_of(watching), {"remove": ["games"]})) == {
        "chosen": ["music"],
        "derived": ["pets"],
        "removed": ["games"],
    }
    assert host.get(path_of(watching)).json()["behaviours"] == []
    assert told(host.patch(path_of(watching), {"allow": ["games"]}))["removed"] == []
    host.patch(path_of(watching), {"remove": ["games"]})
    found = told(host.patch(path_of(watching), {"add": ["games"], "remove": ["music"]}))
    assert (found["chosen"], found["removed"]) == (["games"], ["music"])
    host.patch(f"/v1/viewers/{watching}", {"interests": ["music"]})
    assert told(host.get(path_of(watching)))["removed"] == [], "named in the viewer's facts it is wanted again"


def test_forgetting_leaves_only_what_was_removed(host, watching):
    host.patch(path_of(watching), {"add": ["music"], "remove": ["games"]})
    assert told(host.delete(path_of(watching))) == {"chosen": [], "derived": [], "removed": ["games"]}


def test_withdrawing_the_consent_leaves_what_was_chosen_alone(host, watching):
    host.patch(path_of(watching), {"add": ["music"]})
    host.patch(f"/v1/viewers/{watching}", {"consent": {"profiling": False}})
    assert told(host.get(path_of(watching))) == {"chosen": ["music"], "derived": [], "removed": []}


def test_what_is_wrong_is_told_at_its_field(host, watching):
    response = host.patch(path_of(watching), {"add": ["nothing"], "remove": ["neither"]})
    assert response.status_code == 422
    assert errors_of(response) == [("add", "interest_unknown"), ("remove", "interest_unknown")]
    assert host.put(path_of(watching), {}).status_code == 422
    assert host.get(path_of("1000000000000000001")).status_code == 404
    assert host.delete(path_of("1000000000000000001")).status_code == 404
