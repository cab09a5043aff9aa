"""Shapes of creators."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from attise.doors.native_api.schemas.common import Country, Given, Language, Told, ToldId, ToldMoment
from attise.kernel.clock import rfc3339
from attise.kernel.limits import BIO_CHARACTERS, CREATOR_CATEGORIES, NAME_CHARACTERS
from attise.management.accounts.views import CreatorView

Handle = Annotated[
    str,
    Field(
        max_length=64, description="a-z, 0-9, dot and underscore; given once and for ever.", examples=["lea.cuisine"]
    ),
]
DisplayName = Annotated[str, Field(max_length=4 * NAME_CHARACTERS, examples=["Léa, cuisine du soir"])]
Categories = Annotated[
    list[Annotated[str, Field(max_length=40)]],
    Field(max_length=CREATOR_CATEGORIES, description="Slugs of the table of categories.", examples=[["food_drink"]]),
]
BirthDate = Annotated[str, Field(max_length=10, json_schema_extra={"format": "date"}, examples=["1998-04-12"])]
Bio = Annotated[str, Field(max_length=4 * BIO_CHARACTERS)]


class CreatorDraft(Given):
    """A creator to make."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"handle": "lea.cuisine", "display_name": "Léa, cuisine du soir", "country": "FR"}]
        }
    )
    handle: Handle
    display_name: DisplayName
    bio: Bio | None = None
    country: Country | None = None
    language: Language | None = None
    categories: Categories | None = None
    birth_date: BirthDate | None = None


class CreatorEdit(Given):
    """What to change of a creator; what is left out stays. ``null`` empties a field that may be empty."""

    display_name: DisplayName | None = None
    bio: Bio | None = None
    country: Country | None = None
    language: Language | None = None
    categories: Categories | None = None
    birth_date: BirthDate | None = None
    is_business: bool | None = None


class CreatorAnswer(Told):
    """A creator."""

    creator_id: ToldId
    handle: str
    display_name: str
    bio: str
    country: str | None
    language: str | None
    categories: list[str]
    birth_date: Annotated[str | None, Field(json_schema_extra={"format": "date"})]
    is_business: bool
    state: Literal["active", "suspended", "gone"]
    created_at: ToldMoment


def tell_creator(view: CreatorView) -> CreatorAnswer:
    """Return a creator as callers see it."""
    return CreatorAnswer(
        creator_id=str(view.id),
        handle=view.handle,
        display_name=view.display_name,
        bio=view.bio,
        country=view.country or None,
        language=view.language or None,
        categories=list(view.categories),
        birth_date=None if view.birth_date is None else view.birth_date.isoformat(),
        is_business=view.is_business,
        state=view.state,
        created_at=rfc3339(view.created_at_ms),
    )
