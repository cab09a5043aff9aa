"""Rows out of JSON: the video list of the Display API, what yt-dlp writes, what scrapers write. Pure.

Each format is a set of names for the same things; a document is searched for the first list whose entries know one of
the names for views, or is such an entry itself. So a list wrapped in ``data``, ``items`` or ``entries`` is found
wherever it is.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any, Final

from attise.measurement.scout.bounds import NESTED_MOST
from attise.measurement.scout.observed import COUNTS
from attise.measurement.scout.reading.rows import BadRow, Row, printable
from attise.measurement.scout.reading.values import count_of, moment_of, seconds_of

NAMES: Final[dict[str, tuple[str, ...]]] = {
    "post": ("id", "aweme_id", "video_id", "videoId", "item_id", "post_id", "post"),
    "views": (
        *("view_count", "playCount", "play_count", "stats.playCount", "statsV2.playCount", "statistics.play_count"),
        *("viewCount", "views"),
    ),
    "likes": (
        *("like_count", "diggCount", "digg_count", "stats.diggCount", "statsV2.diggCount", "statistics.digg_count"),
        *("likeCount", "likes"),
    ),
    "comments": (
        *("comment_count", "commentCount", "stats.commentCount", "statsV2.commentCount", "statistics.comment_count"),
        "comments",
    ),
    "shares": (
        *("share_count", "shareCount", "stats.shareCount", "statsV2.shareCount", "statistics.share_count"),
        *("repost_count", "shares"),
    ),
    "saves": (
        *("collectCount", "collect_count", "stats.collectCount", "statsV2.collectCount", "statistics.collect_count"),
        *("save_count", "saves", "bookmarks"),
    ),
    "published": (
        *("create_time", "createTime", "timestamp", "createTimeISO", "release_timestamp", "published_at", "uploadedAt"),
        "upload_date",
    ),
    "seen": (
        *("epoch", "scrapedAt", "scraped_at", "fetchedAt", "fetched_at", "collectedAt", "collected_at", "seen_at"),
        *("retrieved_at", "snapshot_at", "observed_at"),
    ),
    "duration": ("duration", "videoMeta.duration", "video.duration", "video_duration"),
    "creator": (
        *("authorMeta.name", "author.uniqueId", "author.unique_id", "uploader", "channel.username", "channel"),
        *("username", "creator", "author"),
    ),
    "category": ("category", "categories"),
    "title": ("title", "video_description", "text", "desc", "description", "caption"),
}
"""Where each thing is told, the surest first; a point leads into an object."""
_SEARCHED: Final = 4
"""How many levels deep a list of posts is looked for."""
_BRACKETS: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)
_TOKENS: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{},:]', re.DOTALL)
_DIGITS_MOST: Final = 20

Path = tuple[str | int, ...]


def parse(text: str) -> Any:
    """Return the value of a JSON text. Raises: BadRow (``not_json``, ``too_deep``).

    NaN and numbers beyond measure are read, so that only the row that holds one is left out.
    """
    depth = 0
    for match in _BRACKETS.finditer(text):
        if match[0] in "[{":
            depth += 1
            if depth > NESTED_MOST:
                raise BadRow("too_deep")
        elif match[0] in "]}":
            depth -= 1
    try:
        return json.loads(text, parse_int=_whole, parse_constant=str)
    except (ValueError, RecursionError):
        raise BadRow("not_json") from None


def posts_in(value: Any) -> tuple[Path, list[Any]] | None:
    """Return where a document's posts are and what stands there, or None where it has none."""
    if isinstance(value, dict) and _knows_views(value):
        return (), [value]
    waiting: list[tuple[Path, Any]] = [((), value)]
    for _ in range(_SEARCHED):
        deeper: list[tuple[Path, Any]] = []
        for path, one in waiting:
            if isinstance(one, list):
                if any(isinstance(entry, dict) and _knows_views(entry) for entry in one):
                    return path, one
                deeper.extend(((*path, place), entry) for place, entry in enumerate(one[:100]))
            elif isinstance(one, dict):
                deeper.extend(((*path, str(name)), entry) for name, entry in one.items())
        waiting = deeper
    return None


def row_of(entry: Any, *, zone: str, line: int = 0) -> Row:
    """Return the row of one entry. Raises: BadRow."""
    if not isinstance(entry, dict):
        raise BadRow("not_a_post", type(entry).__name__)
    post = printable(str(_find(entry, "post") or ""))
    if not post:
        raise BadRow("no_post")
    counts = tuple(count_of(_find(entry, name)) for name in COUNTS)
    if counts[0] != counts[0]:  # NaN
        raise BadRow("no_views")
    seconds = seconds_of(_find(entry, "duration"))
    if "aweme_id" in entry and seconds is not None:
        seconds = seconds / 1_000  # that shape tells milliseconds
    return Row(
        post=post,
        counts=counts,
        at_ms=moment_of(_find(entry, "seen"), zone=zone),
        published_at_ms=moment_of(_find(entry, "published"), zone=zone),
        duration_s=seconds,
        creator=printable(str(_find(entry, "creator") or "")),
        category=printable(str(_find(entry, "category") or "")),
        title=printable(str(_find(entry, "title") or "")),
        line=line,
    )


def lines_of(text: str, path: Path, entries: list[Any]) -> list[int]:
    """Return the line on which each entry of the list at ``path`` begins; one that is no object is told by the last."""
    ends = [match.start() for match in re.finditer("\n", text)]
    begins = _begins(text, path)
    found, line = [], 1
    for entry in entries:
        if isinstance(entry, dict):
            line = bisect_right(ends, next(begins, 0)) + 1
        found.append(line)
    return found


def _begins(text: str, path: Path) -> Iterator[int]:
    """Yield where the entries of one list that are objects begin; of a document that is one post, its own beginning."""
    if not path and not text.lstrip().startswith("["):
        yield len(text) - len(text.lstrip())
        return
    lists: list[bool] = []  # of each open bracket
    keys: list[str | int] = []  # by which what stands in it is told
    for match in _TOKENS.finditer(text):
        sign = match[0]
        if sign in "[{":
            if sign == "{" and lists and lists[-1] and tuple(keys[:-1]) == path:
                yield match.start()
            lists.append(sign == "[")
            keys.append(0 if sign == "[" else "")
        elif sign in "]}":
            del lists[-1:], keys[-1:]
        elif lists and not lists[-1] and sign[0] == '"':
            keys[-1] = sign[1:-1]
        elif lists and lists[-1] and sign == ",":
            keys[-1] = int(keys[-1]) + 1


def _knows_views(entry: dict[str, Any]) -> bool:
    return any(_at(entry, name) is not None for name in NAMES["views"])


def _find(entry: dict[str, Any], what: str) -> Any:
    """Return the first plain value that an entry tells a thing by; of a list of texts, its first."""
    for name in NAMES[what]:
        found = _at(entry, name)
        if isinstance(found, list) and found and isinstance(found[0], str):
            found = found[0]
        if found is not None and not isinstance(found, dict | list | bool) and found != "":
            return found
    return None


def _at(entry: dict[str, Any], name: str) -> Any:
    first, _, rest = name.partition(".")
    found = entry.get(first)
    return found.get(rest) if rest and isinstance(found, dict) else (None if rest else found)


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) <= _DIGITS_MOST else float("-inf" if digits[0] == "-" else "inf")
