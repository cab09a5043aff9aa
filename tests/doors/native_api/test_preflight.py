"""The host reads the advice on a post: waiting, done, failed, none; in both languages, with the caption as it is."""

import pytest

from attise.management.posts.models import Preflight
from tests.builders import a_creator, a_post
from tests.preflighted import looked_over

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(means):
    return a_post(means, a_creator(means))


def test_a_post_that_was_looked_over_tells_its_checks(host, post):
    looked_over(post.id)
    found = host.get(f"/v1/posts/{post.id}/preflight")
    told = found.json()
    assert (found.status_code, told["post_id"], told["state"], told["speech"]) == (200, str(post.id), "done", "absent")
    checks = {check["name"]: check for check in told["checks"]}
    assert list(checks)[:5] == ["hook", "first_person", "natural_setting", "rhythm", "call_to_comment"]
    assert told["ready"] == f"{sum(check['verdict'] == 'ok' for check in told['checks'][:5])}/5"
    assert checks["loudness"] == {
        "name": "loudness",
        "verdict": "look_again",
        "value": -23.5,
        "threshold": [-20.0, -9.0],
        "unit": "LUFS",
        "at_ms": None,
        "evidence": None,
        "tip": "The sound is weak. Raise it, or speak nearer to the phone.",
        "words": {
            "fr": "Le son est faible. Monte-le, ou parle plus près du téléphone.",
            "en": "The sound is weak. Raise it, or speak nearer to the phone.",
        },
    }
    assert (checks["silence"]["at_ms"], checks["silence"]["threshold"]) == (5_200, 1.5)
    assert (told["cuts"], told["duration_ms"]) == ([1_800, 4_300, 8_900], 13_000)


def test_the_caption_of_the_moment_counts(host, post):
    looked_over(post.id)
    host.send("PATCH", f"/v1/posts/{post.id}", {"caption": "Ma recette. Et toi ?"})
    checks = {check["name"]: check for check in host.get(f"/v1/posts/{post.id}/preflight").json()["checks"]}
    assert (checks["first_person"]["evidence"], checks["call_to_comment"]["evidence"]) == ("Ma", "Et toi ?")


def test_what_is_not_there_yet_or_cannot_be_is_said(host, post):
    def told() -> tuple:
        answer = host.get(f"/v1/posts/{post.id}/preflight").json()
        assert (answer["checks"], answer["cuts"], answer["ready"]) == ([], [], None)
        return answer["state"], answer["reason"]

    assert told() == ("none", None)
    row = Preflight.objects.create(post_id=post.id)
    assert told() == ("waiting", None)
    row.reason = "media_incomplete"
    row.save()
    assert told() == ("failed", "media_incomplete")
