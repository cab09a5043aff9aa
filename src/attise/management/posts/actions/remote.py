"""A host keeps its own files: one is fetched once, to be looked at, and not kept.

Step 1 of *publish* for such a post. What is stored here is what the file is, and its cover.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from attise.kernel.errors import Outage, Refusal
from attise.kernel.house import House
from attise.kernel.limits import VIDEO_BYTES
from attise.kernel.means import Means
from attise.kernel.urls import Hosts, clean_url
from attise.management.egress.fetch import PORTS, Fetched, fetch
from attise.management.posts import store
from attise.management.posts.actions.intake import IMAGE_SUFFIXES, Taken, is_image
from attise.management.posts.errors import MD5_MISMATCH, NOT_PLAYABLE
from attise.management.posts.media.errors import MediaRefused
from attise.management.posts.media.inspection import inspect_image, inspect_video

FETCH_S = 30.0
"""With the look at the file, still within the time that an answer may take."""
_FIELD = "media_url"
_FETCHED = "fetched"


@dataclass(frozen=True, slots=True)
class Remote:
    """A file on a host's own server: its address and what it must be."""

    url: str
    md5: str


def clean_media_url(house: House, text: str) -> str:
    """Return the address of a file in its one spelling: https, or plain http on a host that the operator listed.

    Raises: the refusals of ``kernel.urls``.
    """
    return clean_url(text, field=_FIELD, plain_hosts=_listed_hosts(house), ports=PORTS, fragment=False)


@contextmanager
def fetching(means: Means, house: House, url: str, *, field: str, max_bytes: int) -> Iterator[Fetched]:
    """Fetch what is at an address into a folder of work, of which nothing is left at the end.

    Raises: the refusals of ``egress.fetch``, at ``field``.
    """
    with store.making(house, store.new_key(means.chance)) as work:
        yield fetch(
            url,
            into=work / _FETCHED,
            field=field,
            max_bytes=max_bytes,
            timeout_s=FETCH_S,
            private_hosts=_listed_hosts(house),
        )


def describe(means: Means, house: House, remote: Remote, *, may_be_image: bool) -> Taken:
    """Fetch a file, compare it with its MD5, look at it, and return what it is; only its cover is kept.

    Raises: the refusals of ``egress.fetch``; ``md5_mismatch``; MediaRefused; ``media_not_playable``; Outage.
    """
    key = store.new_key(means.chance)
    with fetching(means, house, remote.url, field=_FIELD, max_bytes=VIDEO_BYTES) as found:
        if found.md5 != remote.md5:
            raise Refusal(MD5_MISMATCH, field="media_md5", got=found.md5)
        work = found.path.parent
        try:
            if may_be_image and is_image(found.path):
                return _describe_image(key, found, work, remote)
            return _describe_video(house, key, found, work, remote)
        except MediaRefused as refusal:
            raise refusal.at(_FIELD) from refusal


def _describe_video(house: House, key: str, found: Fetched, work: Path, remote: Remote) -> Taken:
    """Return what the fetched video is; its cover is stored."""
    inspected = inspect_video(found.path, work)
    if inspected.format is None:
        raise Refusal(NOT_PLAYABLE, field=_FIELD)
    store.place(house, key, {store.COVER_NAME: inspected.cover})
    return Taken(
        key=key,
        kind="video",
        file_name=f"video.{inspected.format}",
        has_cover=True,
        signature_md5=found.md5,
        size_bytes=found.size_bytes,
        width=inspected.width,
        height=inspected.height,
        duration_ms=inspected.duration_ms,
        bit_rate=found.size_bytes * 8_000 // max(inspected.duration_ms, 1),
        frames_per_1000_s=inspected.fps_milli,
        video_codec=inspected.video_codec,
        audio_codec=inspected.audio_codec or "",
        source_url=remote.url,
    )


def _describe_image(key: str, found: Fetched, work: Path, remote: Remote) -> Taken:
    """Return what the fetched picture is."""
    inspected = inspect_image(found.path, work)
    return Taken(
        key=key,
        kind="image",
        file_name=f"image.{IMAGE_SUFFIXES[inspected.format]}",
        has_cover=False,
        signature_md5=found.md5,
        size_bytes=found.size_bytes,
        width=inspected.width,
        height=inspected.height,
        source_url=remote.url,
    )


def _listed_hosts(house: House) -> Hosts:
    """Return the hosts that the operator listed. Raises: Outage when the list cannot be read."""
    try:
        return Hosts.parse(house.settings.media_hosts)
    except Refusal as refusal:
        raise Outage("ATTISE_MEDIA_HOSTS cannot be read", retry_after_s=3_600) from refusal
