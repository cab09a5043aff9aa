"""What others see of a post and of its file: plain values, made from rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from attise.management.posts.editing.edits import Edits
from attise.management.posts.models import Comment, Media, Post, Unpublished
from attise.management.posts.preflight.looking import Seen, report_of
from attise.management.posts.preflight.report import Report


@dataclass(frozen=True, slots=True)
class PictureView:
    """One picture of a post."""

    file_name: str
    width: int
    height: int
    size_bytes: int
    signature_md5: str


@dataclass(frozen=True, slots=True)
class MediaView:
    """A stored file, or the description of a host's own (``source_url``).

    On disk, under the house's media folder: ``key[:2]/key/file_name``, and the cover beside it.
    """

    id: int
    key: str
    kind: str
    """``video`` or ``image``."""
    file_name: str
    has_cover: bool
    source_url: str
    signature_md5: str
    size_bytes: int
    duration_ms: int
    width: int
    height: int
    bit_rate: int
    """Bits per second."""
    frames_per_1000_s: int
    video_codec: str
    audio_codec: str
    others: tuple[PictureView, ...]
    """Of a carousel: the pictures after the first."""
    created_at_ms: int

    @property
    def pictures(self) -> tuple[PictureView, ...]:
        """Every picture in its order; none when it is a video."""
        if self.kind != "image":
            return ()
        first = PictureView(self.file_name, self.width, self.height, self.size_bytes, self.signature_md5)
        return (first, *self.others)


@dataclass(frozen=True, slots=True)
class PostState:
    """What decides whether a post may be shown, and nothing else of it: for lists of many."""

    state: str
    creator_state: str
    visibility: str
    ads_only: bool
    format: str
    of_post_format: str | None


@dataclass(frozen=True, slots=True)
class RecentPost:
    """What is known of a post that is judged by its counters, and nothing else of it: for lists of many."""

    id: int
    creator_id: int
    category: str
    published_at_ms: int
    duration_ms: int | None


@dataclass(frozen=True, slots=True)
class FrameView:
    """A picture from along a video, beside it under ``name``."""

    name: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PreflightView:
    """Where the advice on a post stands."""

    state: str
    """``waiting``, ``done``, ``failed``; ``none`` when there is nothing to look at."""
    report: Report | None
    """With the caption of this moment, once it is done."""
    reason: str
    """Why it failed: a code."""


@dataclass(frozen=True, slots=True)
class UnpublishedView:
    """A video that is not published yet, and where the advice on it stands (``PreflightView``)."""

    id: int
    creator_id: int | None
    """None: an advertiser's, for its ads."""
    media: MediaView | None
    """As it was sent, or converted; None: it is being converted."""
    typed: Mapping[str, Any]
    kept_at_ms: int
    """Wire time."""
    preflight: PreflightView
    edits: Edits | None
    """None: nothing is done to it."""
    edited: MediaView | None
    """With its edits, once it is rendered."""
    rendering_reason: str
    """Why it cannot be converted or rendered: a code."""

    @property
    def editing(self) -> str:
        """Where its edits stand: ``none``, ``waiting``, ``done`` or ``failed``."""
        if self.edits is None:
            return "none"
        return "done" if self.edited is not None else "failed" if self.rendering_reason else "waiting"

    @property
    def shown(self) -> MediaView | None:
        """What would be published, as far as it is there."""
        return self.edited or self.media

    @property
    def caption(self) -> str:
        """What was typed as its caption, an empty text where nothing was."""
        found = self.typed.get("caption", "")
        return found if isinstance(found, str) else ""


@dataclass(frozen=True, slots=True)
class UploadView:
    """How far a video is that is received piece by piece."""

    id: int
    creator_id: int | None
    """None: an advertiser's."""
    size_bytes: int
    received_bytes: int
    kept_until_ms: int
    """Wire time."""

    @property
    def is_whole(self) -> bool:
        """Whether all of it was received."""
        return self.received_bytes == self.size_bytes


@dataclass(frozen=True, slots=True)
class PostView:
    """A post as it stands, whatever its state: a deleted one is still described to those who hold its id."""

    id: int
    creator_id: int
    creator_handle: str
    creator_display_name: str
    creator_state: str
    format: str
    of_post_id: int | None
    of_post_format: str | None
    caption: str
    visibility: str
    ads_only: bool
    sound: str
    tags: tuple[str, ...]
    category: str
    allow_comments: bool
    allow_duet: bool
    allow_stitch: bool
    partnership: bool
    state: str
    state_reason: str
    locked_until_ms: int
    published_at_ms: int
    created_at_ms: int
    modified_at_ms: int
    media: MediaView | None
    """None while the file is being encoded."""

    @property
    def is_live(self) -> bool:
        """Whether neither moderation, nor its author, nor a missing file stands against it."""
        return self.state == Post.State.LIVE and self.creator_state == "active"

    @property
    def is_public(self) -> bool:
        """Whether everyone may see it in profiles, search and feeds."""
        return self.is_live and self.visibility == Post.Visibility.PUBLIC and not self.ads_only


def view_media(row: Media) -> MediaView:
    """Return the view of a media row."""
    return MediaView(
        id=row.id,
        key=row.key,
        kind=row.kind,
        file_name=row.file_name,
        has_cover=row.has_cover,
        source_url=row.source_url,
        signature_md5=row.signature_md5,
        size_bytes=row.size_bytes,
        duration_ms=row.duration_ms,
        width=row.width,
        height=row.height,
        bit_rate=row.bit_rate,
        frames_per_1000_s=row.frames_per_1000_s,
        video_codec=row.video_codec,
        audio_codec=row.audio_codec,
        others=tuple(PictureView(**said) for said in row.others),
        created_at_ms=row.created_at_ms,
    )


def view_preflight(seen: object, reason: str, caption: str) -> PreflightView:
    """Return where a look stands: ``seen`` and ``reason`` as of ``Preflight``."""
    if seen is None:
        return PreflightView("failed" if reason else "waiting", None, reason)
    return PreflightView("done", report_of(msgspec.convert(seen, Seen), caption), "")


def view_unpublished(row: Unpublished) -> UnpublishedView:
    """Return the view of a row; cheap when its media came with it."""
    caption = row.typed.get("caption", "")
    return UnpublishedView(
        row.id,
        row.creator_id,
        None if row.media is None else view_media(row.media),
        row.typed,
        row.kept_at_ms,
        view_preflight(row.seen, row.reason, caption if isinstance(caption, str) else ""),
        None if row.edits is None else msgspec.convert(row.edits, Edits),
        None if row.edited is None else view_media(row.edited),
        row.rendering_reason,
    )


def view_post(row: Post) -> PostView:
    """Return the view of a post row; cheap when creator, media and the other post came with it."""
    return PostView(
        id=row.id,
        creator_id=row.creator_id,
        creator_handle=row.creator.handle,
        creator_display_name=row.creator.display_name,
        creator_state=row.creator.state,
        format=row.format,
        of_post_id=row.of_post_id,
        of_post_format=None if row.of_post is None else row.of_post.format,
        caption=row.caption,
        visibility=row.visibility,
        ads_only=row.ads_only,
        sound=row.sound,
        tags=tuple(row.tags),
        category=row.category,
        allow_comments=row.allow_comments,
        allow_duet=row.allow_duet,
        allow_stitch=row.allow_stitch,
        partnership=row.partnership,
        state=row.state,
        state_reason=row.state_reason,
        locked_until_ms=row.locked_until_ms,
        published_at_ms=row.published_at_ms,
        created_at_ms=row.created_at_ms,
        modified_at_ms=row.modified_at_ms,
        media=None if row.media is None else view_media(row.media),
    )


@dataclass(frozen=True, slots=True)
class CommentView:
    """What somebody said under a post."""

    id: int
    post_id: int
    viewer_id: int
    text: str
    state: str
    """``shown`` or ``hidden``."""
    is_held: bool
    """Whether the operator hid it, so that its creator cannot show it again."""
    at_ms: int
    """World time."""


def view_comment(row: Comment) -> CommentView:
    """Return the view of a comment's row."""
    is_held = row.hidden_by.startswith(Comment.BY_OPERATOR)
    return CommentView(row.id, row.post_id, row.viewer_id, row.text, row.state, is_held, row.at_ms)
