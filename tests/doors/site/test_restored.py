"""A log or a database that was brought back from a copy: nothing counts twice, nothing that comes is passed over."""

from __future__ import annotations

import shutil
import threading

import pytest
from django.conf import settings
from django.db import connection

from attise.doors.site.restored import go_on_beyond_readers
from attise.ledger import queries as books
from attise.ledger.verify import verify_ledger
from attise.measurement.attribution.models import Position
from attise.measurement.attribution.recount import recount
from attise.measurement.counters.queries import counts_of
from attise.measurement.ingest.sqlite_log import FILE
from tests.measurement.attribution.happened import POST, Happened, ad_claims, claims, event, open_budget

pytestmark = pytest.mark.django_db(transaction=True)
PRICE = 12_345


@pytest.fixture
def happened(means):
    made = Happened(means, settings.HOUSE.folder).emptied()
    yield made
    made.emptied().close()


def test_what_comes_after_an_older_log_was_brought_back_is_counted(means, happened, tmp_path):
    happened.settle(event(means, "share"))
    Position.objects.update(began=happened.log.end() - 1)  # other tests had the log before
    happened.log.close()
    for suffix in ("", "-wal", "-shm"):
        copied = settings.HOUSE.folder / f"{FILE}{suffix}"
        if copied.exists():
            shutil.copy(copied, tmp_path / copied.name)
    happened.__post_init__()
    for _ in range(5):
        happened.settle(event(means, "share"))
    assert go_on_beyond_readers(settings.HOUSE) is False, "nothing is brought back yet"
    happened.log.close()
    for suffix in ("", "-wal", "-shm"):
        (settings.HOUSE.folder / f"{FILE}{suffix}").unlink(missing_ok=True)
        if (tmp_path / f"{FILE}{suffix}").exists():
            shutil.copy(tmp_path / f"{FILE}{suffix}", settings.HOUSE.folder)

    assert go_on_beyond_readers(settings.HOUSE) is True
    happened.__post_init__()
    happened.settle(event(means, "share"), event(means, "share"))
    assert counts_of(POST).of("shares").total == 8, "six before, and both that were acknowledged since"
    assert go_on_beyond_readers(settings.HOUSE) is False
    assert recount(happened.log, whose=happened.whose).difference, "and verify says that something is gone"


def test_replays_by_two_processes_after_the_position_was_brought_back_count_and_cost_nothing(means, happened):
    """The log is newer than the database's place in it, and everything is sent again meanwhile."""
    envelopes = open_budget(means)
    of = [claims(means, ad_claims(envelopes), viewer=f"p{number}") for number in range(20)]
    sent = [
        event(means, type_, one, after_s=after, event_id=f"{type_}-{one.decision_id}")
        for one in of
        for type_, after in (("impression", 1), ("like", 2), ("click", 3))
    ]
    began = Position.objects.values("position", "entries").get()
    for start in range(0, len(sent), 7):
        happened.settle(*sent[start : start + 7])
    spent = 20 * PRICE
    assert books.balance_of("advertiser:1", "EUR") == 10_000_000_000 - spent

    Position.objects.update(**began)  # as a copy of the row would have it; the keys of what was counted are kept
    happened.append(sent)

    def settle_all() -> None:
        settler = happened.new_settler(batch_events=5)
        try:
            while not settler.settle(means).is_end:
                pass
        finally:
            connection.close()

    both = [threading.Thread(target=settle_all) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join(60)
    happened.settle()
    counted = counts_of(POST)
    assert [counted.of(one).total for one in ("impressions", "likes", "clicks")] == [20, 20, 20]
    assert books.balance_of("advertiser:1", "EUR") == 10_000_000_000 - spent
    assert verify_ledger().difference is None
    assert recount(happened.log, whose=happened.whose).difference is None
