"""Shapes of viewers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from attise.doors.native_api.schemas.common import Country, Given, GivenId, Language, Told, ToldId, ToldMoment
from attise.kernel.clock import rfc3339
from attise.kernel.limits import EXTERNAL_ID_CHARACTERS, FOLLOWS, INTERESTS
from attise.management.viewers.views import ViewerView
from attise.records.lookups import interests
from attise.records.viewer_facts import DEAREST_DEVICE, INTEREST_CHARACTERS, OLDEST

Gender = Literal["female", "male", "other"]
InterestName = Annotated[str, Field(max_length=INTEREST_CHARACTERS)]
System = Literal["android", "ios", "windows", "macos", "linux", "other"]


class Consent(Given):
    """What the viewer agreed to. What is not said is refused."""

    profiling: Annotated[bool, Field(description="Ads may use what this viewer watched and liked.")]


class ViewerFacts(Given):
    """What may be declared of a viewer. Left out: unknown at first, unchanged later; ``null``: unknown again."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "external_id": "user-1042",
                    "birth_date": "2001-06-30",
                    "country": "FR",
                    "language": "fr",
                    "interests": ["recipes"],
                    "consent": {"profiling": True},
                }
            ]
        }
    )
    external_id: (
        Annotated[str, Field(max_length=4 * EXTERNAL_ID_CHARACTERS, description="Your own name for them; unique.")]
        | None
    ) = None
    birth_date: Annotated[str, Field(max_length=10, json_schema_extra={"format": "date"})] | None = None
    age: Annotated[int, Field(ge=0, le=OLDEST, description="Where the birth date is not known; not both.")] | None = (
        None
    )
    gender: Gender | None = None
    country: Country | None = None
    region: Annotated[str, Field(max_length=6, description="ISO 3166-2.", examples=["FR-IDF"])] | None = None
    language: Language | None = None
    os: System | None = None
    device_price: Annotated[int, Field(ge=0, le=DEAREST_DEVICE, description="Whole US dollars.")] | None = None
    interests: Annotated[list[InterestName], Field(max_length=INTERESTS, description="Slugs or ids.")] | None = None
    follows: Annotated[list[GivenId], Field(max_length=FOLLOWS, description="Ids of creators.")] | None = None
    consent: Consent | None = None


class ConsentAnswer(Told):
    """The consent that stands."""

    profiling: bool
    since: ToldMoment | None


class ViewerAnswer(Told):
    """A viewer; null is unknown."""

    viewer_id: ToldId
    external_id: str | None
    birth_date: Annotated[str | None, Field(json_schema_extra={"format": "date"})]
    gender: Gender | None
    country: str | None
    region: str | None
    language: str | None
    os: System | None
    device_price: int | None
    interests: list[str]
    follows: list[ToldId]
    consent: ConsentAnswer
    created_at: ToldMoment


class TicketAnswer(Told):
    """What a viewer's own browser carries in place of the host key."""

    ticket: str
    expires_at: ToldMoment


def tell_viewer(view: ViewerView) -> ViewerAnswer:
    """Return a viewer as callers see it; interests by their slugs."""
    return ViewerAnswer(
        viewer_id=str(view.id),
        external_id=view.external_id,
        birth_date=None if view.birth_date is None else view.birth_date.isoformat(),
        gender=view.gender or None,
        country=view.country or None,
        region=view.region or None,
        language=view.language or None,
        os=view.os or None,
        device_price=view.device_price,
        interests=[_slug(interest) for interest in view.interests],
        follows=[str(creator_id) for creator_id in view.follows],
        consent=ConsentAnswer(
            profiling=view.profiling_consent,
            since=None if view.consented_at_ms is None else rfc3339(view.consented_at_ms),
        ),
        created_at=rfc3339(view.created_at_ms),
    )


def _slug(interest: str) -> str:
    row = interests.find(interest)
    return interest if row is None else row.slug
