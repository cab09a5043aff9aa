"""``attise drill revoke``: from the answer that a grant is revoked to the last decision that used it.

A demo house, which reads the database as often as a live one, is served by two edges on one port and asked without a
pause. In each round an advertiser is given an ad on a post of its own; when a decision has shown it, its creator
revokes the grant. When decisions were made is read from their durable log, which every edge writes. In some rounds
``worker`` and ``settle`` are stopped meanwhile, in others each reading of the database takes longer than half a second.

Bounds: the last decision comes two seconds after the answer at most, whatever is down; where nothing is, a new ad is
decided on within two seconds of its answer. Its budget is not spread over the day: each contest may show it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import asdict, dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Final

from django.db import connection

from attise.kernel.actor import COMMAND
from attise.kernel.house import House
from attise.kernel.limits import STATE_LIFE_MS
from attise.management.accounts import actions as accounts
from attise.management.authorizations import actions as grants
from attise.management.billing.actions import fund_by_hand
from attise.management.campaigns import actions as campaigns
from attise.management.campaigns.rules.adgroup import AdGroupDraft
from attise.management.campaigns.rules.creative import Creative
from attise.management.posts import actions as posts
from attise.management.posts.actions import PostDraft
from attise.management.posts.media.clips import STYLES, make_clip
from attise.management.posts.views import PostView
from attise.measurement.ingest.log import EntryKind
from attise.measurement.ingest.sqlite_log import SqliteLog
from attise.proving.grown import EURO, FRANCE, First, make_first
from attise.proving.place import Place, again
from attise.proving.result import quantile
from attise.records.decision import decode_decision
from attise.records.targeting import Targeting

ASKERS: Final = 4
PAUSE_S: Final = 0.01
AFTER_S: Final = 1.0
"""How much longer than the bound decisions are looked for."""
PATIENCE_S: Final = 30.0
NEW_AD_MS: Final = 2_000
GROUP: Final = AdGroupDraft(
    name="Drill",
    optimization_goal="CLICK",
    budget_mode="BUDGET_MODE_DAY",
    budget_micros=50 * EURO,
    pacing="PACING_MODE_FAST",  # a budget that is spread over its day takes part in one contest of many
    targeting=Targeting(locations=(FRANCE,), languages=("fr",)),
)


@dataclass(frozen=True)
class Promise:
    """What was measured against a bound; ``ok`` is what the exit code speaks of."""

    name: str
    value: float
    bound: float
    unit: str
    rounds: int
    p50: float
    p99: float

    @property
    def ok(self) -> bool:
        """Whether the bound was kept."""
        return self.rounds > 0 and self.value <= self.bound

    def plain(self) -> dict[str, object]:
        """Return it as JSON takes it."""
        return {**asdict(self), "ok": self.ok}


def run(place: Place, *, seconds: float) -> list[Promise]:
    """Do rounds of each sort for about ``seconds`` together, one of each at least."""
    first = make_first(place.means, place.house)
    payer = first["accounts_advertiser"]
    again(lambda: fund_by_hand(place.means, advertiser_id=payer, amount="10000", reference="drill", key="drill"))
    again(
        lambda: campaigns.switch_ads(
            place.means, COMMAND, advertiser_id=payer, ad_ids=[first["campaigns_ad"]], to="DISABLE"
        )
    )
    faults: dict[str, Callable[[], AbstractContextManager[None]]] = {
        "all well": nullcontext,
        "worker and settle stopped": lambda: _stopped(("worker", "settle")),
        "database slow": lambda: _slow(place.house),
    }
    if place.house.settings.database_url is not None:
        del faults["database slow"]  # the way it is made slow is SQLite's
    took: dict[str, list[float]] = {name: [] for name in faults}
    news: list[float] = []
    with _asked(place), tempfile.TemporaryDirectory(dir=place.house.uploads) as folder:
        clip = Path(folder) / "drill.mp4"
        make_clip(clip, seconds=2, seed=7, style=STYLES[0])
        end_s, number = time.monotonic() + seconds, 0
        while number < len(faults) or time.monotonic() < end_s:
            name = list(faults)[number % len(faults)]
            number += 1
            shown_ms, last_ms = _round(place, first, clip, number, faults[name])
            _tell(f"round {number}: {name}: first decision after {shown_ms:.0f} ms, last one after {last_ms:.0f} ms")
            took[name].append(last_ms)
            news.append(shown_ms)
    found = [_promise(f"revoke, {name}", took[name], STATE_LIFE_MS) for name in faults]
    return [*found, _promise("new ad", news, NEW_AD_MS)]


def _promise(name: str, took: list[float], bound: float) -> Promise:
    return Promise(name, max(took), bound, "ms", len(took), quantile(took, 0.5), quantile(took, 0.99))


def _round(
    place: Place, first: First, clip: Path, number: int, fault: Callable[[], AbstractContextManager[None]]
) -> tuple[float, float]:
    """Make an ad, wait until it is decided on, revoke; return both times (milliseconds, wire)."""
    means, house = place.means, place.house
    creator_id, grant_id, creative = _granted(place, first, clip, number)
    log = _Log(house)
    payer, tree = first["accounts_advertiser"], first["campaigns_campaign"]
    group = again(lambda: campaigns.create_adgroup(means, COMMAND, advertiser_id=payer, campaign_id=tree, draft=GROUP))
    (ad,) = again(
        lambda: campaigns.create_ads(
            means, COMMAND, house=house, advertiser_id=payer, adgroup_id=group.id, creatives=[creative]
        )
    )
    answered_ms = means.clock.wire_ms()
    first_ms = _first_of(log, ad.id)
    with fault():
        again(lambda: grants.revoke(means, COMMAND, creator_id=creator_id, authorization_id=grant_id, when="now"))
        revoked_ms = means.clock.wire_ms()
        time.sleep(STATE_LIFE_MS / 1_000 + AFTER_S)
    last_ms = max([revoked_ms, *log.decided(ad.id)])
    log.close()
    return float(first_ms - answered_ms), float(last_ms - revoked_ms)


def _granted(place: Place, first: First, clip: Path, number: int) -> tuple[int, int, Creative]:
    """Have a creator of one round publish and authorize a post; return creator, grant and what an ad shows of it."""
    means = place.means
    creator = again(
        lambda: accounts.create_creator(
            means, COMMAND, handle=f"drill{number}", display_name=f"Drill {number}", country="FR", language="fr"
        )
    )

    def publish() -> PostView:
        upload = clip.with_name(f"{number}.mp4")
        upload.write_bytes(clip.read_bytes())
        draft = PostDraft(caption=f"Sortie longue, jour {number}", tags=("course",), category="sport")
        return posts.publish_post(means, COMMAND, house=place.house, creator_id=creator.id, draft=draft, upload=upload)

    post = again(publish)
    grant, code = again(lambda: grants.grant_post(means, COMMAND, creator_id=creator.id, post_id=post.id, days=30))
    bound = again(lambda: grants.redeem(means, COMMAND, advertiser_id=first["accounts_advertiser"], code=code))
    creative = Creative(
        identity_type="AUTH_CODE", identity_id=bound.identity_id, post_id=post.id, call_to_action="LEARN_MORE",
        landing_page_url=f"https://www.example.org/course?round={number}",
    )  # fmt: skip
    return creator.id, grant.id, creative


class _Log:
    """The durable log of decisions, from where it stood on."""

    def __init__(self, house: House) -> None:
        self._inner = SqliteLog(house.folder, may_write=False)
        self._position = self._inner.end()
        self._seen: list[tuple[int, int]] = []

    def decided(self, ad_id: int) -> list[int]:
        """Return when an ad was decided on (wire), as far as it is logged by now."""
        while batches := self._inner.read(self._position, limit=200):
            for batch in batches:
                for entry in batch.entries:
                    if entry.kind == EntryKind.DECISION:
                        said = decode_decision(entry.body)
                        if said.winner is not None:
                            self._seen.append((said.winner.ad_id, said.wire_ms))
            self._position = batches[-1].position
        return [at_ms for seen, at_ms in self._seen if seen == ad_id]

    def close(self) -> None:
        """Let go of the file."""
        self._inner.close()


def _first_of(log: _Log, ad_id: int) -> int:
    """Return when an ad was first decided on."""
    until_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < until_s:
        found = log.decided(ad_id)
        if found:
            return min(found)
        time.sleep(PAUSE_S)
    raise RuntimeError(f"ad {ad_id} was not decided on within {PATIENCE_S:.0f} s: see /healthz, part serving")


# Load


@contextmanager
def _asked(place: Place) -> Iterator[None]:
    """Ask for ads without a pause, each time on a connection of its own, so that every edge has its share."""
    ending = threading.Event()
    askers = [threading.Thread(target=_ask, args=(place, ending), daemon=True) for _ in range(ASKERS)]
    for asker in askers:
        asker.start()
    try:
        yield
    finally:
        ending.set()
        for asker in askers:
            asker.join(PATIENCE_S)


def _ask(place: Place, ending: threading.Event) -> None:
    viewer = {"age": 25, "country": "FR", "language": "fr", "consent": {"profiling": True}}
    body = json.dumps({"viewer": viewer, "count": 2}).encode()
    headers = {"Authorization": f"Bearer {place.key}", "Content-Type": "application/json"}
    while not ending.wait(PAUSE_S):
        asking = HTTPConnection("127.0.0.1", place.port, timeout=10)
        try:
            asking.request("POST", "/v1/ads", body, headers)
            asking.getresponse().read()
        except (OSError, HTTPException):
            continue  # an edge that is being stopped or started: the next one answers
        finally:
            asking.close()


# Faults


@contextmanager
def _stopped(roles: tuple[str, ...]) -> Iterator[None]:
    """Stop processes for the time of a block, and let them go on."""
    pids = [pid for role in roles for pid in pids_of(role)]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def pids_of(role: str) -> list[int]:
    """Return the process ids of a role, as they hold their node numbers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT holder FROM processes_process WHERE role = %s AND seen_at_ms > 0", [role])
        return [int(holder.rpartition(":")[2]) for (holder,) in cursor.fetchall()]


@contextmanager
def _slow(house: House) -> Iterator[None]:
    """Have every reader of the SQLite file wait, again and again, for the time of a block."""
    command = [sys.executable, "-m", "attise.proving.slow_readers", str(house.database)]
    holder = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 - our own module
    try:
        yield
    finally:
        holder.kill()
        holder.wait()


def is_kept(found: list[Promise]) -> bool:
    """Tell whether everything was kept."""
    return all(one.ok for one in found)


def lines(found: list[Promise]) -> Iterator[str]:
    """Yield a line for each promise."""
    for one in found:
        kept = "kept" if one.ok else "BROKEN"
        yield (
            f"{kept:<7}{one.name:<36} p50 {one.p50:6.0f}  p99 {one.p99:6.0f}  max {one.value:6.0f}  "
            f"bound {one.bound:6.0f} {one.unit}, {one.rounds} rounds"
        )


def plain(found: list[Promise]) -> Mapping[str, object]:
    """Return what was found as JSON takes it."""
    return {"drill": "revoke", "promises": [one.plain() for one in found], "ok": is_kept(found)}


def _tell(what: str) -> None:
    sys.stderr.write(f"drill revoke: {what}\n")
