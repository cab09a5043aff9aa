"""Viewers: they ask for a feed, watch, like and click, and their app tells it as apps do.

That is: in batches, out of order, late, twice, and now and then something that no event is. A batch is sent until it
is answered, so that what a kill took is told again.
"""

from __future__ import annotations

import heapq
import itertools
import queue
import random
import threading
import time
import urllib.parse
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from typing import Any, Final

from attise.proving.storm.asking import Asker
from attise.proving.storm.told import Told
from attise.proving.storm.town import Town
from attise.records.click_link import PARAMETER

PAUSE_S: Final = (0.05, 0.3)
AGENT: Final = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
BATCH: Final = 30
WAITING: Final = 200
"""Events that one viewer's app keeps before it asks for no more."""
TWICE, INVALID, LATE = 0.15, 0.08, 0.1
"""Shares of what is sent: again, that no event is, and long after its time."""
PURCHASES: Final = 0.4
"""Of clicks."""
Errand = Callable[[Asker], None]
_serial = itertools.count(1)


class Errands(threading.Thread):
    """Does for people what the site answers: their feed and its events go on while it is away."""

    def __init__(self, asker: Asker, errands: queue.SimpleQueue[Errand], ending: threading.Event) -> None:
        """Do one errand after the other, each until it is answered; those that are left at the end are left."""
        super().__init__(name="errands", daemon=True)
        self._asker = asker
        self._errands = errands
        self._ending = ending

    def run(self) -> None:
        """Run until the end."""
        while not self._ending.is_set():
            with suppress(queue.Empty):
                self._errands.get(timeout=0.2)(self._asker)
        self._asker.close()


class People(threading.Thread):
    """One app: of somebody the host has declared, or of somebody new each time."""

    def __init__(
        self,
        number: int,
        town: Town,
        asker: Asker,
        told: Told,
        errands: queue.SimpleQueue[Errand],
        ending: threading.Event,
        seed: int,
    ) -> None:
        """Play with the town until the end; ``seed`` decides what is done. What others do for them are ``errands``."""
        super().__init__(name=f"people-{number}", daemon=True)
        self._errands = errands
        self._number = number
        self._town = town
        self._asker = asker
        self._told = told
        self._ending = ending
        self._chance = random.Random(f"{seed}/{number}")  # noqa: S311 - a drill is to be repeatable
        self._waiting: list[tuple[float, int, dict[str, Any], bool]] = []
        """Events by when they are told, with whether they are invalid."""
        self._sent: list[dict[str, Any]] = []

    def run(self) -> None:
        """Watch and tell until the end."""
        while not self._ending.wait(self._chance.uniform(*PAUSE_S)):
            if len(self._waiting) < WAITING and self._chance.random() < 0.5:  # noqa: PLR2004 - half
                self._look()
            self._tell()
        self._asker.close()

    def _look(self) -> None:
        """Ask for a feed, and have something happen to each of its items."""
        viewer_id = str(self._chance.choice(self._town.viewers)) if self._chance.random() < 0.5 else ""  # noqa: PLR2004
        body: dict[str, Any] = {"count": 8, "session_id": f"s{self._number}.{next(_serial)}"}
        if viewer_id:
            body["viewer_id"] = viewer_id
        else:
            body["viewer"] = {"age": 25, "country": "FR", "language": "fr", "consent": {"profiling": True}}
        found = self._asker.ask("feed", "POST", "/v1/feed", body)
        if not found.is_good:
            return
        for item in found.read()["items"]:
            self._watch(item, viewer_id)
            if viewer_id and item["post_id"] and self._chance.random() < 0.05:  # noqa: PLR2004
                self._comment(item, viewer_id)

    def _watch(self, item: dict[str, Any], viewer_id: str) -> None:
        """Have an item be seen, watched, liked, clicked."""
        self._play(item["token"])
        ad = item["ad"] if item["kind"] == "ad" else None
        if ad and ad["click_url"] and self._chance.random() < 0.4:  # noqa: PLR2004
            self._event("click", item["token"], 1.0)
            self._open(ad["click_url"], viewer_id)

    def _play(self, token: str) -> None:
        """Tell what a player and its buttons tell of one item, or some of it."""
        chance = self._chance
        if chance.random() < 0.9:  # noqa: PLR2004 - the rest is passed over, or its impression lost
            self._event("impression", token, 0.0)
        if chance.random() < 0.6:  # noqa: PLR2004
            self._event("view_2s", token, 2.5, watch_ms=2_000)
            self._event("complete", token, 2.6, watch_ms=2_000)
        for type_ in ("like", "save", "share", "follow", "loop", "unlike", "profile_visit"):
            if chance.random() < 0.1:  # noqa: PLR2004
                self._event(type_, token, chance.uniform(0.2, 3.0))

    def _open(self, click_url: str, viewer_id: str) -> None:
        """Go where the button of an ad leads, and now and then buy there."""
        found = self._asker.ask("clicks", "GET", urllib.parse.urlsplit(click_url).path)
        clicked = urllib.parse.parse_qs(urllib.parse.urlsplit(found.leads_to).query).get(PARAMETER)
        if clicked and self._chance.random() < PURCHASES:
            self._purchase(clicked[0], viewer_id)

    def _event(self, type_: str, token: str, after_s: float, **said: Any) -> None:
        if self._chance.random() < LATE:
            after_s += self._chance.uniform(3.0, 12.0)
        event = {"event_id": f"d{self._number}.{next(_serial)}", "type": type_, "token": token, **said}
        heapq.heappush(self._waiting, (time.monotonic() + after_s, next(_serial), event, False))

    def _tell(self) -> None:
        """Send what is due, out of order, with some of what was sent before and something invalid."""
        now_s, chance = time.monotonic(), self._chance
        batch: list[tuple[dict[str, Any], bool]] = []
        while self._waiting and self._waiting[0][0] <= now_s and len(batch) < BATCH:
            _, _, event, is_invalid = heapq.heappop(self._waiting)
            event["at_ms"] = time.time_ns() // 1_000_000
            batch.append((event, is_invalid))
        if not batch:
            return
        if self._sent and chance.random() < TWICE:
            batch += [(event, False) for event in chance.sample(self._sent, min(5, len(self._sent)))]
        if chance.random() < INVALID:
            batch.append((self._invalid(batch[0][0]), True))
        chance.shuffle(batch)
        body = {"events": [event for event, _ in batch], "agent": AGENT}
        found = self._asker.insist("events", "POST", "/v1/events", body)
        if not found.is_good:
            return
        for (event, is_invalid), result in zip(batch, found.read()["results"], strict=True):
            self._told.event(event["event_id"], result["status"], is_invalid=is_invalid)
        self._sent = [event for event, is_invalid in batch if not is_invalid][-BATCH:]

    def _invalid(self, good: dict[str, Any]) -> dict[str, Any]:
        """Return something that no event is: each would be believed by a house that did not look."""
        event = {**good, "event_id": f"bad{self._number}.{next(_serial)}"}
        token = str(event["token"])
        faults: list[dict[str, Any]] = [
            {"type": "impressions"},
            {"token": f"{token[:-2]}{'AA' if token[-2:] != 'AA' else 'BB'}"},
            {"token": token[: len(token) // 2]},
            {"token": token + "A"},
            {"token": None, "viewer_id": "1", "post_id": str(self._town.lent[0].post_id), "type": "like"},
        ]
        return {**event, **self._chance.choice(faults)}

    def _purchase(self, click_id: str, viewer_id: str) -> None:
        """Have the advertiser's server tell of a purchase after a click."""
        name = f"order{self._number}.{next(_serial)}"
        event = {
            "event": "Purchase",
            "event_id": name,
            "value_micros": 19_990_000,
            "currency": "EUR",
            "consent": True,
            "click_id": click_id,
            "email_sha256": [sha256(f"{viewer_id}@example.org".encode()).hexdigest()] if viewer_id else [],
        }
        path = f"/v1/advertisers/{self._town.advertisers[0]}/pixels/{self._town.pixel_id}/events"

        def run(asker: Asker) -> None:
            found = asker.insist("conversions", "POST", path, {"events": [event]})
            if found.is_good:
                self._told.conversion(name, found.read()["results"][0]["status"])

        self._errands.put(run)

    def _comment(self, item: dict[str, Any], viewer_id: str) -> None:
        name = f"{self._number}.{next(_serial)}"
        text = f"{name} : bravo"
        path = f"/v1/posts/{item['post_id']}/comments"
        body = {"viewer_id": viewer_id, "text": text, "token": item["token"]}

        def run(asker: Asker) -> None:
            self._told.said.add(text)
            found = asker.insist("comments", "POST", path, body, Idempotency_Key=f"drill-{name}")
            if found.is_good:
                self._told.comments[int(found.read()["comment_id"])] = text

        self._errands.put(run)
