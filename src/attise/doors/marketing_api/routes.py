"""The routing table: importing this module declares every endpoint that is served."""

from __future__ import annotations

from dataclasses import dataclass

from attise.doors.marketing_api import (
    ad,
    adgroup,
    advertiser,
    apps,
    assets,
    audiences,
    business_center,
    campaign,
    creative,
    creator_comments,
    creator_oauth,
    creator_publish,
    creator_side,
    events,
    files,
    identity,
    known_paths,
    lookups,
    money,
    oauth,
    pixels,
    places,
    report,
    report_task,
    spark_ad,
    suggestions,
    transfers,
    tt_video,
)
from attise.doors.marketing_api.endpoint import REGISTRY, Endpoint

FAMILIES = (
    oauth,
    advertiser,
    business_center,
    assets,
    money,
    transfers,
    creator_oauth,
    creator_side,
    creator_publish,
    creator_comments,
    tt_video,
    identity,
    files,
    creative,
    audiences,
    pixels,
    events,
    apps,
    campaign,
    adgroup,
    places,
    lookups,
    suggestions,
    ad,
    spark_ad,
    report,
    report_task,
)
"""The modules whose endpoints are served, in the order in which an integration meets them."""


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one path: served by an endpoint, left out on purpose, or not yet."""

    method: str
    path: str
    endpoint: Endpoint | None

    @property
    def state(self) -> str:
        """``served``, ``refused`` or ``not yet``."""
        if self.endpoint is not None:
            return "served"
        return "refused" if known_paths.is_out_of_scope(self.path) else "not yet"


def list_routes() -> list[Route]:
    """Return every method of every address that is known or served, by path."""
    paths = known_paths.known().keys() | REGISTRY.keys()
    return [
        Route(method, path, REGISTRY.get(path, {}).get(method))
        for path in sorted(paths)
        for method in sorted(known_paths.methods_of(path) | REGISTRY.get(path, {}).keys())
    ]
