"""Advertisers and creators at work: budgets are changed, campaigns paused and resumed, grants revoked."""

from __future__ import annotations

import random
import threading
import time
from typing import Final

from attise.kernel.clock import Clock
from attise.proving.storm.asking import Asker
from attise.proving.storm.told import Pause, Told
from attise.proving.storm.town import EURO, Town

PAUSE_S: Final = (0.3, 1.0)
PAUSED_S: Final = (2.5, 5.0)
"""How long a campaign is paused: longer than decisions may go on."""
REVOKED_SHARE: Final = 0.5
"""Of the grants, at most: somebody is still to be shown."""


class Managers(threading.Thread):
    """One after the other: what each did is known before the next begins."""

    def __init__(self, town: Town, asker: Asker, told: Told, clock: Clock, ending: threading.Event, seed: int) -> None:
        """Manage the town until the end; ``clock`` is of this machine, as that of decisions."""
        super().__init__(name="managers", daemon=True)
        self._town = town
        self._asker = asker
        self._told = told
        self._clock = clock
        self._ending = ending
        self._chance = random.Random(f"{seed}/managers")  # noqa: S311 - a drill is to be repeatable
        self._grants = list(town.lent)
        self._chance.shuffle(self._grants)
        self._most = int(len(self._grants) * REVOKED_SHARE)
        self._revoked = 0
        self._paused: dict[int, tuple[float, Pause]] = {}

    def run(self) -> None:
        """Manage until the end, and leave paused what is paused."""
        while not self._ending.wait(self._chance.uniform(*PAUSE_S)):
            campaign_id = self._chance.choice(self._town.campaigns(self._town.advertisers[0]))
            act = self._chance.choice((self._budget, self._budget, self._pause, self._revoke))
            act(campaign_id)
            for id_, (until_s, stop) in list(self._paused.items()):
                if time.monotonic() >= until_s:
                    self._resume(id_, stop)
        for _, stop in self._paused.values():
            self._told.stop(stop)
        self._asker.close()

    def _budget(self, campaign_id: int) -> None:
        micros = self._chance.randint(100, 400) * EURO
        path = f"/v1/campaigns/{campaign_id}"
        if self._asker.insist("budgets", "PATCH", path, {"budget_micros": micros}).is_good:
            self._told.budgets[campaign_id] = micros
        else:
            self._told.budgets.pop(campaign_id, None)  # what became of it is not known

    def _pause(self, campaign_id: int) -> None:
        if campaign_id in self._paused or len(self._paused) > 1:
            return
        path = f"/v1/campaigns/{campaign_id}/switch"
        if self._asker.insist("switches", "POST", path, {"operation_status": "DISABLE"}).is_good:
            stop = Pause("pause", self._town.of_campaign(campaign_id), self._clock.wire_ms())
            self._paused[campaign_id] = (time.monotonic() + self._chance.uniform(*PAUSED_S), stop)

    def _resume(self, campaign_id: int, stop: Pause) -> None:
        asked_ms = self._clock.wire_ms()
        path = f"/v1/campaigns/{campaign_id}/switch"
        self._asker.insist("switches", "POST", path, {"operation_status": "ENABLE"})
        del self._paused[campaign_id]
        self._told.stop(Pause(stop.what, stop.ad_ids, stop.answered_ms, asked_ms))

    def _revoke(self, _campaign_id: int) -> None:
        if self._revoked >= self._most:
            return
        lent = self._grants[self._revoked]
        path = f"/v1/authorizations/{lent.grant_id}/revoke"
        if self._asker.insist("revocations", "POST", path, {"when": "now"}).is_good:
            self._revoked += 1
            self._told.stop(Pause("revocation", frozenset({lent.ad_id}), self._clock.wire_ms()))
