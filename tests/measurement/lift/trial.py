"""What stories of lift begin with: a campaign whose contests are in the log, people of both arms, and what they did."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from typing import Any

import msgspec

from attise.measurement.ingest.log import Entry, EntryKind
from attise.measurement.ingest.sqlite_log import SqliteLog
from attise.measurement.lift.actions import take_in
from attise.measurement.reports.actions import roll_up
from attise.measurement.reports.folder import folder_of
from attise.measurement.reports.rollups.manifest import rollups_folder
from attise.records.decision import Decision, Ghost, NoAd, encode_decision
from attise.records.event import Event
from attise.records.token import AdClaims
from tests.measurement.attribution.happened import CREATOR, POST, ad_claims, claims, event, open_budget
from tests.measurement.reports.facing import Facing, decision_of

SHARE_PPM = 200_000
CAMPAIGN = 810


class Trial(Facing):
    """A log with the contests of one campaign."""

    post, creator, campaign, share_ppm = POST, CREATOR, CAMPAIGN, SHARE_PPM

    def opened(self, **said: Any) -> Trial:
        """Have the campaign's money there, and say which campaign it is."""
        for name, value in said.items():
            setattr(self, name, value)
        self.ad: AdClaims = msgspec.structs.replace(ad_claims(open_budget(self.means)), campaign_id=self.campaign)
        return self

    def emptied(self) -> Trial:
        """Let go of what other tests left in a house that they share: its log, its facts and what was added up."""
        super().emptied()
        for folder in (folder_of(self.house), rollups_folder(self.house)):
            shutil.rmtree(folder, ignore_errors=True)
        return self

    def told(self) -> None:
        """Close a log that others will fill, and keep what was added up of it for whoever reads a page now."""
        super().emptied().close()

    def contest(self, person: str, *, is_held: bool, **said: Any) -> Any:
        """Leave the record of a contest that the campaign's ad won for somebody, or would have; returns its claims."""
        of = claims(self.means, self.ad, viewer=person, post_id=self.post, creator_id=self.creator)
        self.keep(won(of, share_ppm=self.share_ppm, is_held=is_held, **said))
        return of

    def keep(self, *decisions: Decision) -> None:
        entries = [Entry(EntryKind.DECISION, one.decision_id, encode_decision(one)) for one in decisions]
        self.log.append(entries, at_ms=self.means.clock.wire_ms())

    def does(self, person: str, type_: str, *, of: Any = None, **said: Any) -> Event:
        """What somebody does a moment later: through an ad's decision, else in the feed, on the post."""
        seen = of or claims(self.means, viewer=person, post_id=self.post, creator_id=self.creator)
        return event(self.means, type_, seen, after_s=said.pop("after_s", 20), person=person, **said)

    def happens(self, events: Sequence[Event]) -> None:
        """Settle what happened, write it as facts, and take it in."""
        self.settle(*events)
        self.export()
        while not roll_up(self.means, self.house).is_end:
            continue
        self.take_in()

    def take_in(self) -> None:
        log = SqliteLog(self.folder, may_write=False)
        try:
            while not take_in(log, creators_of=self._creators_of).is_end:
                continue
        finally:
            log.close()


def won(of: Any, *, share_ppm: int, is_held: bool, **said: Any) -> Decision:
    """Return the record of a contest that the ad of some claims won, or was held out of."""
    found = decision_of(of, holdout_ppm=share_ppm)
    winner = found.winner
    assert winner is not None
    if is_held:
        ghost = Ghost(
            *(winner.ad_id, winner.adgroup_id, winner.campaign_id, winner.advertiser_id, 1.0),
            *(of.post_id, of.creator_id, share_ppm),
        )
        nobody = {"winner": None, "claims": None, "no_ad": NoAd.HOLDOUT, "ghosts": (ghost,)}
        found = msgspec.structs.replace(found, **nobody)
    return msgspec.structs.replace(found, **said)
