"""The calls of a house, put together: what is read, kept, written and counted, and the threads that do it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from attise.doors.edge.app import Answers
from attise.doors.edge.at_once import AnswersAtOnce
from attise.doors.edge.changes import State as Changes
from attise.doors.edge.ending import end_side_by_side
from attise.doors.edge.events.calls import EVENTS, Events
from attise.doors.edge.events.keeping import Keeping
from attise.doors.edge.events.metrics import EventMetrics
from attise.doors.edge.feed.calls import ADDRESSES, ADS, FEED, Feed, Sources
from attise.doors.edge.feed.clicks import Clicks
from attise.doors.edge.feed.credentials import Credentials
from attise.doors.edge.feed.deciding import Deciding, Loads
from attise.doors.edge.feed.items import Items
from attise.doors.edge.feed.memories import PURPOSE, Memories
from attise.doors.edge.feed.metrics import Metrics
from attise.doors.edge.feed.metrics_page import PATH as METRICS
from attise.doors.edge.feed.metrics_page import MetricsPage
from attise.doors.edge.feed.reading import Reading
from attise.doors.edge.feed.viewers import Viewers
from attise.doors.edge.tag.calls import Collect
from attise.doors.edge.tag.pixels import Pixels
from attise.doors.edge.tag.script import Script
from attise.kernel.chance import Chance
from attise.kernel.clock import Clock
from attise.kernel.house import House, HouseError, Mode
from attise.kernel.ids import ClockIds, IdSource
from attise.measurement.ingest import networks
from attise.measurement.ingest.accept import Acceptor, Lists
from attise.measurement.ingest.agents import Agents
from attise.measurement.ingest.keys import Keys
from attise.measurement.ingest.networks import Blocks, Listed
from attise.measurement.ingest.origins import Origins
from attise.measurement.ingest.sqlite_log import SqliteLog
from attise.measurement.ingest.writer import LogWriter
from attise.records import click_link, media_link, ticket
from attise.records.click_link import ClickLinks
from attise.records.media_link import MediaLinks
from attise.records.tag import COLLECT_PATH, TAG_PATH
from attise.records.ticket import Tickets
from attise.records.token import sealer_of
from attise.serving.delivery.memory import NEW, ViewerMemory, decode_memory, encode_memory
from attise.serving.feed.attention import AttentionMeter


class NodeIds:
    """Ids of whichever node number this process holds."""

    def __init__(self, clock: Clock, node: Callable[[], int | None]) -> None:
        """Ask ``node`` for the number."""
        self._clock = clock
        self._node = node
        self._number: int | None = None
        self._ids: IdSource | None = None

    def __call__(self) -> IdSource | None:
        """Return the source, or None while there is no number."""
        number = self._node()
        if number != self._number:
            self._number = number
            self._ids = None if number is None else ClockIds(self._clock, number)
        return self._ids


class Calls:
    """What answers requests for items and clicks, with its threads."""

    def __init__(
        self,
        house: House,
        clock: Clock,
        chance: Chance,
        changes: Changes,
        loads: Loads,
        *,
        node: Callable[[], int | None],
        proto: str,
    ) -> None:
        """Open files and caches; ``changes`` tells them what stopped. Threads begin with ``start``. Raises: Outage."""
        secrets = house.secrets
        tokens, links = sealer_of(secrets), ClickLinks(secrets.key(click_link.PURPOSE))
        self.metrics = Metrics()
        self._reading = Reading(house)
        credentials = Credentials(self._reading.host_key, Tickets(secrets.key(ticket.PURPOSE)), clock)
        viewers = Viewers(self._reading.viewer)
        self._memories: Memories[ViewerMemory] = Memories(
            house.folder, secrets.key(PURPOSE), clock, fresh=lambda: NEW, encode=encode_memory, decode=decode_memory
        )
        self._writer = LogWriter(lambda: SqliteLog(house.folder, may_write=True), clock)
        self._keeping = Keeping(lambda: SqliteLog(house.folder, may_write=True), clock)
        for listener in (credentials, viewers, self._memories):
            changes.listen(listener)
        attention = AttentionMeter() if house.mode is Mode.LIVE else None
        feed = Feed(
            decider=Deciding(loads, changes, clock, tokens, attention),
            credentials=credentials,
            viewers=viewers,
            memories=self._memories,
            items=Items(MediaLinks(secrets.key(media_link.PURPOSE)), links),
            writer=self._writer,
            metrics=self.metrics,
            sources=Sources(clock, chance, NodeIds(clock, node)),
            public=house.settings.public_url,
            proto=proto,
        )
        keys, event_metrics = Keys(), EventMetrics()
        acceptor = Acceptor(tokens, keys, lists_of(house))
        self.metrics.add(event_metrics)
        events = Events(
            acceptor=acceptor,
            keys=keys,
            keeping=self._keeping,
            credentials=credentials,
            viewers=viewers,
            metrics=event_metrics,
            clock=clock,
            chance=chance,
        )
        clicks = Clicks(links, tokens, clock, acceptor, self._writer)
        pixels = Pixels(self._reading.pixel, clock)
        for remembered in (keys, clicks.kept, pixels):
            changes.listen(remembered)
        collect = Collect(
            pixels=pixels,
            links=links,
            origins=Origins(secrets, is_live=house.mode is Mode.LIVE, listed=listed_of(house)),
            keeping=self._keeping,
            ids=NodeIds(clock, node),
            clock=clock,
        )
        page = MetricsPage(self.metrics, credentials)
        self.own: Mapping[str, Answers] = {
            FEED: feed,
            ADS: feed,
            EVENTS: events,
            METRICS: page,
            TAG_PATH: Script(),
            COLLECT_PATH: collect,
        }
        self.at_once: Mapping[bytes, AnswersAtOnce] = {**dict.fromkeys(ADDRESSES, feed), EVENTS.encode(): events}
        self.within: Mapping[str, Answers] = {click_link.PREFIX: clicks}
        self.metrics.loaded = loads.report
        self._measure(clock, changes, viewers, feed, clicks)
        self._measure_events(events)
        self._measure_tag(collect, pixels)
        self.metrics.gauges["attise_attention_price_ecpm"] = (
            "What an ad must be worth for 1,000 impressions, in millionths of a euro.",
            lambda: 0.0 if attention is None else attention.price_ecpm,
        )

    def start(self) -> None:
        """Start the threads that write."""
        self._memories.start()
        self._writer.start()
        self._keeping.keeper.start()

    async def close(self) -> None:
        """Write what waits, and end the threads."""
        await end_side_by_side(self._keeping.keeper.end, self._writer.end, self._memories.end)
        self._reading.close()

    def _measure(
        self, clock: Clock, changes: Changes, viewers: Viewers, feed: Feed[ViewerMemory], clicks: Clicks
    ) -> None:
        """Say what is told beside the counts of answers."""
        writer, memories, reading = self._writer, self._memories, self._reading
        self.metrics.counters |= {
            "attise_decision_log_written": ("Records that are durable.", lambda: writer.written),
            "attise_decision_log_dropped": ("Records that were not kept.", lambda: writer.dropped),
            "attise_decision_log_commits": ("Commits of the log.", lambda: writer.commits),
            "attise_viewer_reads": ("Viewers read from the database.", lambda: viewers.misses),
            "attise_failed_reads": ("Keyed reads that the database did not answer.", lambda: reading.failures),
            "attise_running_state_failures": ("Running states that the disk refused.", lambda: memories.failures),
            "attise_clicks": ("Links of ads that led on.", lambda: clicks.followed),
            "attise_refused_clicks": ("Links that led nowhere.", lambda: clicks.refused),
            "attise_lost_clicks": ("Links that led on without an event.", lambda: clicks.lost),
        }
        self.metrics.gauges |= {
            "attise_decision_log_waiting": ("Records that wait for the disk.", lambda: writer.depth),
            "attise_requests_in_flight": ("Requests for items under way.", lambda: feed.in_flight),
            "attise_cached_viewers": ("Viewers' records in memory.", lambda: len(viewers)),
            "attise_running_states": ("Viewers' running states in memory.", lambda: len(memories)),
            "attise_state_age_seconds": (
                "How long ago the last good reading of changes began.",
                lambda: None if (age_ms := changes.age_ms(clock.monotonic_s())) is None else age_ms / 1_000,
            ),
        }

    def _measure_events(self, events: Events) -> None:
        """Say what is told of events beside the counts of batches."""
        keeper = self._keeping.keeper
        self.metrics.counters |= {
            "attise_event_log_written": ("Events that are durable.", lambda: keeper.written),
            "attise_event_log_commits": ("Commits of events.", lambda: keeper.commits),
        }
        self.metrics.gauges |= {
            "attise_event_log_waiting": ("Events that wait for the disk.", lambda: keeper.depth),
            "attise_event_batches_in_flight": ("Batches of events under way.", lambda: events.in_flight),
        }

    def _measure_tag(self, collect: Collect, pixels: Pixels) -> None:
        """Say what is told of advertisers' pages."""
        self.metrics.counters |= {
            "attise_tag_requests": ("What pages told at once, and was answered.", lambda: collect.requests["ok"]),
            "attise_tag_events": ("Events of pages that are durable.", lambda: collect.kept),
            "attise_tag_refused": (
                "What pages told at once, and was not taken.",
                lambda: collect.requests.total() - collect.requests["ok"],
            ),
            "attise_pixel_reads": ("Pixels read from the database.", lambda: pixels.reads),
        }


def lists_of(house: House) -> Lists:
    """Return what events of a house are doubted by. Raises: HouseError, when the operator's list cannot be read."""
    blocks = Blocks(house.secrets.key(networks.PURPOSE))
    return Lists(Agents(is_live=house.mode is Mode.LIVE), listed_of(house), blocks)


def listed_of(house: House) -> Listed:
    """Return the networks that the operator lists. Raises: HouseError, when the list cannot be read."""
    path = house.folder / networks.FILE
    try:
        return networks.parse_list(path.read_text() if path.exists() else "")
    except (OSError, ValueError) as error:
        raise HouseError(f"{path} cannot be read: {error}") from error
