"""What stories of facts begin with: a house whose log is settled, decisions in it, and facts read back by SQL."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec

from attise.measurement.ingest.log import Entry, EntryKind
from attise.measurement.ingest.sqlite_log import SqliteLog
from attise.measurement.reports.actions import Exported, export
from attise.measurement.reports.columnar import read_columns
from attise.measurement.reports.folder import folder_of
from attise.measurement.reports.queries import list_files, paths_of
from attise.records.decision import HEADS, CoarseViewer, Contender, Decision, Moment, Versions, encode_decision
from attise.records.token import Claims
from tests.measurement.attribution.happened import Happened


class Facing(Happened):
    """A log, who settles it, and who exports what was settled."""

    @property
    def house(self) -> Any:
        return SimpleNamespace(folder=self.folder)

    def decide(self, of: Claims, *, viewer: CoarseViewer | None = None, **said) -> None:
        """Leave the record of a decision in the log, as an edge does after its answer."""
        body = encode_decision(decision_of(of, viewer=viewer, **said))
        self.log.append([Entry(EntryKind.DECISION, of.decision_id, body)], at_ms=self.means.clock.wire_ms())

    def export(self) -> int:
        """Export all there is; returns how many facts."""
        log, many = SqliteLog(self.folder, may_write=False), 0
        try:
            while True:
                done: Exported = export(self.means, self.house, log)
                many += done.facts
                if done.is_end:
                    return many
        finally:
            log.close()

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        return ask(self.folder, statement)


def ask(folder: Path, statement: str) -> list[tuple[Any, ...]]:
    """Rows of a statement over all facts that hold."""
    files = paths_of(folder_of(SimpleNamespace(folder=folder)), list_files())
    columns = read_columns(statement, files)
    return list(zip(*[values.tolist() for values in columns.values()], strict=True))


VIEWER = CoarseViewer(
    *("ann", "AGE_25_34", "FEMALE", "FR", "FR-IDF", "fr", "android", 300, True, ("1001", "1002"), (), (), False)
)

VIEWERS = [
    msgspec.structs.replace(VIEWER, country="FR", region="FR-IDF", gender="female", age_group="AGE_25_34"),
    msgspec.structs.replace(VIEWER, country="BE", region="", gender="male", age_group="AGE_18_24", os="ios"),
    msgspec.structs.replace(VIEWER, country="", region="", may_profile=False, os="linux"),
]
"""Two who agreed to be profiled, and one who did not, of whom little is known."""


def decision_of(of: Claims, *, viewer: CoarseViewer | None = None, **said) -> Decision:
    ad = of.ad
    assert ad is not None
    winner = Contender(
        *(ad.ad_id, ad.adgroup_id, ad.campaign_id, ad.advertiser_id, of.post_id, of.creator_id, ad.currency),
        *(ad.billing_event, "CLICK", 400_000, (0.01,) * len(HEADS), 0.5, 2e6, -1e4, 2e6, False, 1, 60_000),
        duration_ms=of.duration_ms,
        objective="TRAFFIC",
        category="sport",
        kind="spark",
        language="fr",
    )
    return Decision(
        *(of.decision_id, of.feed_id, of.surface, of.session_id, of.decided_at_ms, of.sealed_at_ms, 12),
        msgspec.structs.replace(viewer or VIEWER, pseudonym=of.viewer),
        Moment(of.place, 4, 60_000),
        Versions(snapshot=1, model=of.model_version),
        msgspec.structs.replace(winner, **said),
        *(None, None, ad, 1e6, 0.0, 0.0, (), False, 1.0, 1_000, 80, 1_600, 64, ()),
    )
