"""A snapshot of drawn ads: arrays as they were drawn, and behind them the records that a house's writer would write.

A drawn record says nothing of what people write and cameras make. Here it does, so that a record takes as long to read,
and an answer is as long, as in a house (``dressed_ad``).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from attise.records.snapshot.reader import SnapshotFile
from attise.records.snapshot.shapes import SnapshotAd, SnapshotCreative, SnapshotGroup, SnapshotPost
from attise.records.snapshot.writer import SnapshotWriter
from attise.simulator.targeted_ads import DrawnAds

CAPTION: Final = "Ce que personne ne dit de la course à pied : trois semaines, et un souffle qui revient."
_KEYS: Final = {"ads": "ad_id", "groups": "adgroup_id", "posts": "post_id"}
_UTM: Final = (("utm_source", "attise"),)


class DrawnWriter(SnapshotWriter):
    """Writes a snapshot of drawn arrays; the records are made from their rows, one after the other."""

    def draw(self, ads: DrawnAds, *, has_records: bool = True) -> None:
        """Take some ads, once, and nothing beside them.

        Without records every payload is said to lie at 0: for whoever reads none.
        Cost: 10 to 15 s a million ads, with half a gigabyte of file; a second without records.
        """
        rows = {name: len(ads.arrays[f"{name}.{key}"]) for name, key in _KEYS.items()}
        payloads = {f"{name}.payload": np.zeros(count, dtype="<u8") for name, count in rows.items()}
        if has_records:
            payloads["posts.payload"] = self._put_all(map(dressed_post, ads.posts()), rows["posts"])
            payloads["groups.payload"] = self._put_all(map(dressed_group, ads.groups()), rows["groups"])
            own = ((dressed_creative(creative), grant) for creative, grant in ads.own_parts())
            payloads["ads.payload"] = self._put_all(own, rows["ads"])
        tables: Any = SimpleNamespace(
            ads=SimpleNamespace(rows=rows["ads"]),
            posts=SimpleNamespace(rows=rows["posts"]),
            words=SimpleNamespace(all=lambda: ads.words),
            arrays=lambda: dict(ads.arrays) | payloads,
        )
        self._tables = tables

    def _put_all(self, records: Iterable[object], count: int) -> NDArray[np.uint64]:
        """Append records, and return where each lies."""
        return np.fromiter(map(self._put_payload, records), dtype="<u8", count=count)


def file_of(ads: DrawnAds, folder: Path) -> SnapshotFile:
    """Return the snapshot of some ads, mapped, as version 1; nothing of it is left in ``folder``."""
    with DrawnWriter(folder, version=1, number=0, made_at_ms=0) as writer:
        writer.draw(ads)
        writer.commit()
    found = SnapshotFile(writer.path)
    writer.path.unlink()  # the mapping holds it
    return found


def dressed_ad(ad: SnapshotAd) -> SnapshotAd:
    """Return a drawn ad with a button, a page, names and its post's own words."""
    post = None if ad.post is None else dressed_post(ad.post)
    return SnapshotAd(dressed_creative(ad.creative), dressed_group(ad.group), ad.grant, post)


def dressed_post(post: SnapshotPost) -> SnapshotPost:
    """Return a drawn post with a caption, tags, names and a file."""
    media = msgspec.structs.replace(
        post.media, key=f"{post.post_id:026d}", file_name="video.mp4", has_cover=True, width=540, height=960
    )
    return msgspec.structs.replace(
        post, media=media, caption=CAPTION, display_name="Léa Martin", sound="Pluie", tags=("course", "sport")
    )


def dressed_group(group: SnapshotGroup) -> SnapshotGroup:
    """Return a drawn ad group with the names of who advertises and who pays."""
    return msgspec.structs.replace(group, on_behalf_of="Maison Aubrée", paid_by="Groupe Aubrée")


def dressed_creative(creative: SnapshotCreative) -> SnapshotCreative:
    """Return what is a drawn ad's own with a button and a page."""
    return msgspec.structs.replace(
        creative,
        display_name="Maison Aubrée",
        call_to_action="LEARN_MORE",
        landing_page_url=f"https://www.example.org/course/{creative.ad_id}?from=attise",
        utm_params=_UTM,
    )
