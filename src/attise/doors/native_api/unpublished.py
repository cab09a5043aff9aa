"""Videos that are not published yet: sent to be looked over, then published with `POST /v1/posts`, or let go of."""

from __future__ import annotations

from django.urls import reverse

from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.post_answers import tell_media
from attise.doors.native_api.preflight import tell_look
from attise.doors.native_api.schemas.common import GivenId, Listing, PathId, Removed
from attise.doors.native_api.schemas.edits import GivenEdits, SoundAnswer, tell_edits
from attise.doors.native_api.schemas.preflight import UnpublishedAnswer, UnpublishedDraft, UnpublishedEdit
from attise.doors.native_api.uploads import FILE, META, MULTIPART, GivenUnpublished, read_unpublished
from attise.doors.native_api.wire import JSON
from attise.kernel.clock import rfc3339
from attise.kernel.limits import UPLOAD_BYTES, UPLOAD_ENVELOPE_BYTES
from attise.management.accounts import queries as accounts
from attise.management.posts import actions, queries
from attise.management.posts.actions.holding_back import KEPT_MS
from attise.management.posts.editing.sounds import SOUNDS
from attise.management.posts.views import UnpublishedView

group = Group("Posts")
_BODY = {
    MULTIPART: {
        "type": "object",
        "properties": {
            META: UnpublishedDraft,
            FILE: {"type": "string", "contentMediaType": "application/octet-stream"},
        },
        "required": [META, FILE],
        "additionalProperties": False,
    },
    JSON: UnpublishedDraft,
}


@group.post(
    "/v1/unpublished",
    gives=UnpublishedAnswer,
    status=201,
    own_unit=True,
    refuses=(404,),
    types=(MULTIPART, JSON),
    limit=UPLOAD_BYTES + UPLOAD_ENVELOPE_BYTES,
    reads=read_unpublished,
    body=_BODY,
)
def hold_back(call: Call, given: GivenUnpublished) -> None:
    """Have a video looked over before it is published.

    Send `multipart/form-data` with the JSON in `meta` and the video in `file`, or JSON with `upload_id`. The video is
    probed and cleaned as that of a post is; what is advised comes some seconds later with `GET /v1/unpublished/{id}`.
    Publish it with `POST /v1/posts` and `unpublished_id`, whatever was advised. It is kept for a day, and ten of a
    creator at a time.
    """
    actions.hold_back(
        call.means,
        house=call.house,
        creator_id=given.draft.creator_id,
        upload=given.upload,
        typed={"caption": given.draft.caption},
        upload_id=given.draft.upload_id,
        keep=lambda view: call.keep(_tell(call, view)),
    )


@group.get("/v1/unpublished", gives=Listing[UnpublishedAnswer], refuses=(404,))
def list_unpublished(call: Call, creator_id: GivenId) -> Listing[UnpublishedAnswer]:
    """List a creator's videos that wait to be published, newest first, in one part."""
    creator = accounts.get_creator(creator_id)
    return Listing[UnpublishedAnswer](
        items=[_tell(call, one) for one in queries.list_unpublished(creator.id)], next_cursor=None
    )


@group.get("/v1/unpublished/{unpublished_id}", gives=UnpublishedAnswer)
def get_unpublished(call: Call, unpublished_id: PathId) -> UnpublishedAnswer:
    """Get a video that waits to be published, with the advice on it."""
    return _tell(call, queries.get_unpublished(unpublished_id))


@group.patch("/v1/unpublished/{unpublished_id}", gives=UnpublishedAnswer)
def reword(call: Call, unpublished_id: PathId, body: UnpublishedEdit) -> UnpublishedAnswer:
    """Have another caption looked at; the one of the post is that of `POST /v1/posts`."""
    before = queries.get_unpublished(unpublished_id)
    typed = {**before.typed, "caption": body.caption}
    return _tell(
        call, actions.reword(call.means, owner_id=before.creator_id or 0, unpublished_id=unpublished_id, typed=typed)
    )


@group.put("/v1/unpublished/{unpublished_id}/edits", gives=UnpublishedAnswer, refuses=(409,))
def edit_video(call: Call, unpublished_id: PathId, body: GivenEdits) -> UnpublishedAnswer:
    """Cut a video that waits, choose its cover, put words over it and a sound under it.

    It is rendered some seconds later (`editing`), then looked over; the one that was sent stays as it is until it is
    published. Publishing waits for neither.
    """
    creator_id = queries.get_unpublished(unpublished_id).creator_id or 0
    return _tell(
        call,
        actions.edit_video(
            call.means, house=call.house, owner_id=creator_id, unpublished_id=unpublished_id, edits=body.taken()
        ),
    )


@group.get("/v1/sounds", gives=Listing[SoundAnswer])
def list_sounds(call: Call) -> Listing[SoundAnswer]:
    """List the sounds that may go under a video, in one part."""
    items = [
        SoundAnswer(
            sound=name,
            name=one.name,
            credit=one.credit,
            duration_ms=one.duration_ms,
            url=call.absolute(reverse("sound_file", args=[name])),
        )
        for name, one in SOUNDS.items()
    ]
    return Listing[SoundAnswer](items=items, next_cursor=None)


@group.delete("/v1/unpublished/{unpublished_id}", gives=Removed)
def let_go(call: Call, unpublished_id: PathId) -> Removed:
    """Let go of a video that is not to be published."""
    creator_id = queries.get_unpublished(unpublished_id).creator_id or 0
    actions.let_go(call.means, house=call.house, owner_id=creator_id, unpublished_id=unpublished_id)
    return Removed()


def _tell(call: Call, view: UnpublishedView) -> UnpublishedAnswer:
    return UnpublishedAnswer(
        unpublished_id=str(view.id),
        creator_id=str(view.creator_id),
        caption=view.caption,
        media=None if view.media is None else tell_media(call, view.media),
        edits=None if view.edits is None else tell_edits(view.edits),
        editing=view.editing,
        edited=None if view.edited is None else tell_media(call, view.edited),
        rendering_reason=view.rendering_reason or None,
        preflight=tell_look(view.preflight),
        kept_until=rfc3339(view.kept_at_ms + KEPT_MS),
    )
