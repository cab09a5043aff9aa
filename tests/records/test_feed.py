"""What a decision may know of a viewer."""

import msgspec
import pytest

from attise.kernel.limits import DAY_MS
from attise.records.feed import age_on, context_of
from attise.records.viewer import Viewer

NOW_MS = 1_795_000_000_000  # 2026-11-18
WHOLE = Viewer(
    viewer_id=1,
    pseudonym="p",
    birth_date="1990-05-01",
    gender="female",
    country="FR",
    interests=("14000000",),
    audiences=(7,),
    follows=(9, 3),
    profiling_consent=True,
)


def test_an_adult_who_consents_is_known_whole() -> None:
    found = context_of(WHOLE, now_ms=NOW_MS)
    assert found.may_profile
    assert (found.age, found.interests, found.audiences, found.follows) == (36, ("14000000",), (7,), (3, 9))


@pytest.mark.parametrize(
    "change",
    [{"profiling_consent": False}, {"birth_date": None}, {"birth_date": "2010-01-01"}],
    ids=["no consent", "age unknown", "a minor"],
)
def test_without_consent_or_years_nothing_of_a_profile_is_told(change: dict[str, object]) -> None:
    found = context_of(msgspec.structs.replace(WHOLE, **change), now_ms=NOW_MS)
    assert not found.may_profile
    assert (found.interests, found.audiences, found.behaviours) == ((), (), ())
    assert (found.country, found.follows) == ("FR", (3, 9))


def test_somebody_comes_of_age_on_their_birthday() -> None:
    assert age_on("2008-11-19", NOW_MS) == 17
    assert age_on("2008-11-18", NOW_MS) == 18
    assert age_on("2008-11-19", NOW_MS + DAY_MS) == 18
    assert age_on("2030-01-01", NOW_MS) == 0


def test_an_unknown_age_is_neither_of_age_nor_a_minor() -> None:
    found = context_of(msgspec.structs.replace(WHOLE, birth_date=None), now_ms=NOW_MS)
    assert not found.is_adult
    assert not found.is_minor
