"""What one line of a bulk body asks for, kind by kind: its shape, and how it is done so that it may come again.

A line is known again by its ``key`` (any text of the caller's), or without one by what is unique of the thing itself:
a creator's handle, a viewer's ``external_id``, an advertiser and a code. A post has no such thing and needs its key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from attise.doors.native_api import strict_json
from attise.doors.native_api.gate import Call
from attise.doors.native_api.posts import draft_of
from attise.doors.native_api.schemas.authorizations import CodeText
from attise.doors.native_api.schemas.common import Given, GivenId
from attise.doors.native_api.schemas.creators import CreatorDraft
from attise.doors.native_api.schemas.posts import PostDraft
from attise.doors.native_api.schemas.verdicts import BulkVerdict
from attise.doors.native_api.schemas.viewers import ViewerFacts
from attise.doors.native_api.viewers import facts_of
from attise.kernel.errors import Refusal
from attise.kernel.house import Mode
from attise.kernel.limits import IDEMPOTENCY_KEY_CHARACTERS
from attise.management.accounts import actions as accounts_actions
from attise.management.accounts import queries as accounts
from attise.management.accounts.errors import HANDLE_TAKEN
from attise.management.accounts.views import CreatorView
from attise.management.authorizations import actions as authorizations
from attise.management.posts import actions as posts_actions
from attise.management.viewers import actions as viewers_actions
from attise.management.viewers import queries as viewers

Key = Annotated[
    str,
    Field(
        min_length=1,
        max_length=IDEMPOTENCY_KEY_CHARACTERS,
        pattern=r"^[!-~]+$",
        description="Your own name for this line: the same line with the same key is done once in a day.",
    ),
]
Keep = Callable[[BulkVerdict], None]


class CreatorRow(CreatorDraft):
    """A creator to make; without a key, known again by its handle."""

    key: Key | None = None


class ViewerRow(ViewerFacts):
    """A viewer to make, or to change when its ``external_id`` is known."""

    key: Key | None = None


class PostRow(PostDraft):
    """A post to publish from your own server."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "key": "video-1042",
                    "creator_id": "7507931062747136000",
                    "caption": "One pan, ten minutes #dinner",
                    "media_url": "https://media.example.com/v/1.mp4",
                    "media_md5": "9e107d9d372bb6826bd81d3542a419d6",
                }
            ]
        }
    )
    key: Key


class CodeRow(Given):
    """A code to apply for an advertiser."""

    key: Key | None = None
    advertiser_id: GivenId
    code: CodeText


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of line: its shape and what is done with it."""

    shape: type[BaseModel]
    do: Callable[[Call, int, Any, Keep], None]
    """Does one line and hands its verdict to the last argument, within the unit that did it."""
    own_unit: bool = False
    """Whether the action opens its own unit (``once``)."""


def digest(value: Any) -> str:
    """Return what makes a repeated line the same line, from its parsed JSON."""
    return hashlib.sha256(strict_json.canonical(value)).hexdigest()


def _creator(call: Call, line: int, row: CreatorRow, keep: Keep) -> None:
    facts = row.model_dump(exclude_none=True, exclude={"key"})
    try:
        view = accounts_actions.create_creator(call.means, call.actor, **facts)
    except Refusal as refusal:
        known = accounts.find_creator_by_handle(row.handle.strip()) if refusal.reason is HANDLE_TAKEN else None
        if known is None or not _is_said_of(facts, known):
            raise
        keep(BulkVerdict(line=line, key=row.key, status="exists", id=str(known.id)))
        return
    keep(BulkVerdict(line=line, key=row.key, status="created", id=str(view.id)))


def _is_said_of(facts: dict[str, Any], known: CreatorView) -> bool:
    """Tell whether a line says nothing that differs from the creator of that handle."""
    born = None if known.birth_date is None else known.birth_date.isoformat()
    told = {
        "handle": known.handle,
        "display_name": known.display_name,
        "bio": known.bio,
        "country": known.country,
        "language": known.language,
        "categories": list(known.categories),
        "birth_date": born,
    }
    said = {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}
    said["handle"] = said["handle"].removeprefix("@").lower()
    return all(told[name] == value for name, value in said.items())


def _viewer(call: Call, line: int, row: ViewerRow, keep: Keep) -> None:
    facts = facts_of(row)
    facts.pop("key", None)
    known = None if row.external_id is None else viewers.find_viewer_by_external_id(row.external_id.strip())
    if known is None:
        view = viewers_actions.create_viewer(call.means, **facts)
        keep(BulkVerdict(line=line, key=row.key, status="created", id=str(view.id)))
        return
    view = viewers_actions.update_viewer(call.means, viewer_id=known.id, **facts)
    keep(BulkVerdict(line=line, key=row.key, status="exists" if view == known else "changed", id=str(view.id)))


def _post(call: Call, line: int, row: PostRow, keep: Keep) -> None:
    posts_actions.publish_post(
        call.means,
        call.actor,
        house=call.house,
        creator_id=row.creator_id,
        draft=draft_of(row),
        unpublished_id=row.unpublished_id,
        may_date=call.house.mode is Mode.SANDBOX,
        keep=lambda view: keep(BulkVerdict(line=line, key=row.key, status="created", id=str(view.id))),
    )


def _code(call: Call, line: int, row: CodeRow, keep: Keep) -> None:
    advertiser = accounts.get_advertiser(row.advertiser_id)
    bound = authorizations.redeem(call.means, call.actor, advertiser_id=advertiser.id, code=row.code)
    keep(
        BulkVerdict(
            line=line,
            key=row.key,
            status="bound",
            id=str(bound.post.id),
            authorization_id=str(bound.authorization.id),
        )
    )


KINDS: dict[str, Kind] = {
    "creators": Kind(CreatorRow, _creator),
    "viewers": Kind(ViewerRow, _viewer),
    "posts": Kind(PostRow, _post, own_unit=True),
    "codes": Kind(CodeRow, _code),
}
