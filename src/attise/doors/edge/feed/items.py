"""Items as hosts and players see them, written once for each post and ad and put together for each answer.

Step 5 of *a feed request is decided*. What an item says of its post is the same for everyone for an hour, its links
included; only the token, the decision and the click link are new. So an answer is a dozen joins of bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast

import msgspec

from attise.kernel.kept import Kept
from attise.kernel.limits import FILE_LINK_LIFE_MS
from attise.records.click_link import ClickLinks, page_with
from attise.records.lookups import call_to_actions
from attise.records.media_link import MediaLinks
from attise.records.snapshot.shapes import SnapshotAd, SnapshotMedia, SnapshotPost

WHY = "/w/"
"""Why one sees this ad: a page of the site by the item's token."""
COVER = "cover.jpg"
BUCKET_S = 3_600
"""Links end on whole hours, so that what is written holds for an hour."""
WRITTEN = 40_000
"""Posts and ads that are kept written; about a kilobyte each."""
WRITTEN_FOR = 4
"""Hosts, in a language each, for which they are."""
LABELS = {"fr": "Sponsorisé", "en": "Sponsored"}
COLLABORATION = {"fr": "Collaboration commerciale", "en": "Paid partnership"}

_encode = msgspec.json.Encoder().encode
_NOTHING_PLAYS = {"media_url": None, "cover_url": None, "duration_ms": 0, "width": 0, "height": 0, "pictures": ()}


class Item(Protocol):
    """One place of an answer, as ``serving.feed`` decided it."""

    @property
    def token(self) -> str:
        """What every event of it brings back."""
        ...

    @property
    def decision_id(self) -> int:
        """The id of what was decided."""
        ...

    @property
    def post(self) -> SnapshotPost | None:
        """The post; None: a standard ad."""
        ...

    @property
    def ad(self) -> SnapshotAd | None:
        """The ad; None: organic."""
        ...


class _Written(msgspec.Struct, frozen=True, gc=False):
    """What an item says that its token does not change, as JSON."""

    begin: bytes
    """From its beginning to where the token stands."""
    within: bytes
    """Of an ad: what stands within ``ad``, to the next item."""
    page: str
    """Where an ad's click leads."""


_Source = SnapshotPost | SnapshotAd | None


class Items:
    """Writes answers. Belongs to one event loop."""

    def __init__(self, media: MediaLinks, clicks: ClickLinks) -> None:
        """Make links with these."""
        self._media = media
        self._clicks = clicks
        self._hour = -1
        self._written: dict[tuple[str, str], tuple[Kept[_Source, _Written], _Maker]] = {}
        """By what links begin with and language: what is written in one hour, and who writes more."""

    def write(self, feed_id: int, items: Sequence[Item], *, base: str, language: str, now_s: int) -> list[bytes]:
        """Return the body of an answer in parts; links begin with ``base``, made at ``now_s`` (wire time, seconds)."""
        sources = [item.ad or item.post for item in items]
        parts = [b'{"feed_id":"%d","items":[' % feed_id]
        for item, known in zip(items, self._known(sources, base, language, now_s // BUCKET_S), strict=True):
            token = item.token
            if not known.within:
                parts += (known.begin, token.encode(), b'"},')
                continue
            click = f'"{base}{self._clicks.make(token, known.page)}"' if known.page else "null"
            of_decision = f'"decision_id":"{item.decision_id}","click_url":{click},"why_url":"{base}{WHY}{token}",'
            parts += (known.begin, f'{token}","ad":{{{of_decision}'.encode(), known.within)
        parts[-1] = parts[-1].removesuffix(b",") + b"]}"
        return parts

    def _known(self, sources: Sequence[_Source], base: str, language: str, hour: int) -> Sequence[_Written]:
        """Return what is written of posts and ads; what is not yet is, together: another version is another object."""
        written, maker = self._of_hour(hour, base, language)
        found = written.find_all(sources)
        if None in found:
            missing = [place for place, one in enumerate(found) if one is None]
            for place, made in zip(missing, maker.write([sources[place] for place in missing]), strict=True):
                found[place] = written.keep(sources[place], made)
        return cast("Sequence[_Written]", found)

    def _of_hour(self, hour: int, base: str, language: str) -> tuple[Kept[_Source, _Written], _Maker]:
        """Return what is written for one host, language and hour, and who writes more."""
        if hour != self._hour:
            self._written.clear()
            self._hour = hour
        found = self._written.get((base, language))
        if found is None:
            if len(self._written) >= WRITTEN_FOR:
                self._written.clear()
            maker = _Maker(self._media, base, language, (hour + 1) * BUCKET_S + FILE_LINK_LIFE_MS // 1000)
            found = self._written[base, language] = (Kept(WRITTEN), maker)
        return found


@dataclass(frozen=True, slots=True)
class _Maker:
    """Writes for one host, language and hour."""

    media_links: MediaLinks
    base: str
    language: str
    expires_s: int

    def write(self, sources: Sequence[_Source]) -> list[_Written]:
        """Return what posts and ads say."""
        media = [None if one is None else one.video if isinstance(one, SnapshotAd) else one.media for one in sources]
        return [self._write(one, playing) for one, playing in zip(sources, self._playing(media), strict=True)]

    def _write(self, source: _Source, playing: dict[str, Any]) -> _Written:
        if source is None:
            raise AssertionError("an organic item has a post")
        if isinstance(source, SnapshotPost):
            body = _bare({"kind": "organic", **self._of_post(source), **playing})
            return _Written(b'{%b,"token":"' % body, b"", "")
        (body, within), creative = self._ad(source, playing), source.creative
        page = page_with(creative.landing_page_url, creative.utm_params)
        return _Written(b'{"kind":"ad",%b,"token":"' % body, within + b"}},", page)

    def _ad(self, ad: SnapshotAd, playing: dict[str, Any]) -> tuple[bytes, bytes]:
        group, creative, video = ad.group, ad.creative, ad.video
        if ad.post is None:
            item = self._of_upload(ad)
        else:
            item = self._of_post(ad.post)
            item["allow_comments"] = item["allow_comments"] and not group.comment_disabled
            item["allow_duet"] = item["allow_duet"] and creative.duet_allowed
            item["allow_stitch"] = item["allow_stitch"] and creative.stitch_allowed
        item["sound"] = None if creative.music_disabled else item["sound"]
        item |= playing if video is not None or not creative.images else self._pictures(creative.images)
        if ad.post is None and video is not None and creative.images:  # the cover that its advertiser chose
            item["cover_url"] = self._link(creative.images[0], creative.images[0].file_name)
        button = call_to_actions.find(creative.call_to_action) if creative.call_to_action else None
        within = {
            "ad_id": str(ad.ad_id),
            "kind": creative.kind,
            "label": LABELS[self.language],
            "on_behalf_of": group.on_behalf_of,
            "paid_by": group.paid_by,
            "name": creative.display_name if ad.post is None else ad.post.display_name,
            "picture_url": None
            if creative.picture is None
            else self._link(creative.picture, creative.picture.file_name),
            "call_to_action": creative.call_to_action or None,
            "call_to_action_text": None if button is None else _named(button, self.language),
            "deeplink": creative.deeplink or None,
            "share_allowed": not group.share_disabled,
            "download_allowed": not group.video_download_disabled,
        }
        return _bare(item), _bare(within)

    def _of_post(self, post: SnapshotPost) -> dict[str, Any]:
        return {
            "post_id": str(post.post_id),
            "creator": {
                "creator_id": str(post.creator_id),
                "handle": post.handle,
                "display_name": post.display_name,
            },
            "caption": post.caption,
            "format": post.format,
            "of_post_id": None if post.of_post_id is None else str(post.of_post_id),
            "sound": post.sound or None,
            "tags": post.tags,
            "partnership": post.partnership,
            "partnership_label": COLLABORATION[self.language] if post.partnership else None,
            "retouched": post.is_retouched,
            "ai_generated": post.is_ai_generated,
            "allow_comments": post.allow_comments,
            "allow_duet": post.allow_duet,
            "allow_stitch": post.allow_stitch,
        }

    def _of_upload(self, ad: SnapshotAd) -> dict[str, Any]:
        """Return what a standard ad shows: its own name and text, and no post that anything could land on."""
        return {
            "post_id": None,
            "creator": None,
            "caption": ad.creative.ad_text,
            "format": "carousel" if ad.video is None else "video",
            "of_post_id": None,
            "sound": None,
            "tags": (),
            "partnership": False,
            "partnership_label": None,
            "retouched": False,
            "ai_generated": False,
            "allow_comments": not ad.group.comment_disabled,
            "allow_duet": False,
            "allow_stitch": False,
        }

    def _playing(self, media: Sequence[SnapshotMedia | None]) -> list[dict[str, Any]]:
        """Return how each of several is played; their links are signed together."""
        links = self._links(media)
        return [dict(_NOTHING_PLAYS) if one is None else self._plays(one, links) for one in media]

    def _plays(self, media: SnapshotMedia, links: Iterator[str]) -> dict[str, Any]:
        """Return how one is played, with the next of some links."""
        url = media.source_url or next(links)
        return {
            "media_url": url,
            "cover_url": next(links) if media.has_cover else url if media.kind == "image" else None,
            "duration_ms": media.duration_ms,
            "width": media.width,
            "height": media.height,
            "pictures": [media.source_url or next(links) for _ in media.others] if media.others else (),
        }

    def _links(self, media: Sequence[SnapshotMedia | None]) -> Iterator[str]:
        """Yield signed addresses of this house, in the order in which ``_plays`` asks for them."""
        files = []
        for one in media:
            if one is not None:
                if not one.source_url:
                    files.append((one.key, one.file_name))
                if one.has_cover:
                    files.append((one.key, COVER))
                if one.others and not one.source_url:
                    files += [(one.key, picture.file_name) for picture in one.others]
        base = self.base
        return iter([base + path for path in self.media_links.make_all(files, expires_s=self.expires_s)])

    def _pictures(self, images: tuple[SnapshotMedia, ...]) -> dict[str, Any]:
        """Return what is shown of pictures that are files of their own: the first, and those that follow it."""
        links = [self._link(image, image.file_name) for image in images]
        return {**self._playing(images[:1])[0], "pictures": links[1:]}

    def _link(self, media: SnapshotMedia, name: str) -> str:
        """Return where a file is: a signed path of this house, or the host's own address."""
        if media.source_url:
            return media.source_url
        return self.base + self.media_links.make(media.key, name, expires_s=self.expires_s)


def _named(button: call_to_actions.CallToAction, language: str) -> str:
    return button.name_fr if language == "fr" else button.name_en


def _bare(value: dict[str, Any]) -> bytes:
    """Return an object's JSON without its braces."""
    return _encode(value)[1:-1]
