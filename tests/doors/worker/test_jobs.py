"""The worker does what the rooms ask of it, and a long job keeps nothing else waiting."""

import threading
import time

from django.db import connection

from attise.doors.worker.jobs import settle_jobs, worker_jobs
from attise.doors.worker.loops import Job
from attise.doors.worker.process import Apart, end_together
from attise.kernel.house import Settings, open_house
from tests.ledger.payers import EURO, an_envelope


def test_a_long_job_runs_apart_and_again():
    runs, third = [], threading.Event()

    def run():
        runs.append(threading.current_thread().name)
        if len(runs) == 3:
            third.set()

    apart = Apart(Job("encode", 0.01, run, is_long=True))
    apart.start()
    assert third.wait(10)
    end_together([apart])
    assert not apart.is_alive()
    assert set(runs) == {"encode"}


def test_long_jobs_that_are_under_way_hold_the_end_up_together_not_one_after_the_other(caplog):
    held, under_way = threading.Event(), threading.Barrier(9)

    def run():
        under_way.wait(10)
        held.wait(60)

    apart = [Apart(Job(f"roll up {number}", 60.0, run, is_long=True)) for number in range(8)]
    for one in apart:
        one.start()
    under_way.wait(10)
    began_s = time.monotonic()
    with caplog.at_level("INFO", "attise.worker"):
        end_together(apart, within_s=0.2)
    assert time.monotonic() - began_s < 0.2 * 4, "eight of them take no longer than one"
    assert "roll up 7" in caplog.text
    held.set()
    for one in apart:
        one.join(10)
        assert not one.is_alive(), "none begins again"


def test_what_takes_long_or_may_not_wait_runs_apart(data_folder):
    from django.conf import settings

    jobs = {job.name: job for job in worker_jobs(settings.HOUSE)}
    long = [
        "encode",
        "render",
        "look over",
        "deltas",
        "snapshot",
        "weigh split tests",
        "weigh promotions",
        "let go of log",
        "mail digests",
    ]
    long += ["send reports", "scout", "export facts", "roll up", "write reports", "train"]
    assert [name for name, job in jobs.items() if job.is_long] == long
    assert {
        "profiles",
        "renew profiles",
        "remind",
        "begin budgets",
        "end split tests",
        "sweep files",
        "sweep keys",
        "sweep links",
        "end looks",
        "forget reporters",
        "sweep attempts",
        "sweep deltas",
    } <= jobs.keys()


def test_every_job_runs_on_an_empty_house(means, transactional_db, tmp_path):
    house = open_house(Settings(data=tmp_path / "house"))
    for job in [*worker_jobs(house), *settle_jobs(house)]:
        job.run()


def test_settle_tells_what_may_be_spent_often_enough_to_stop_in_time(means, transactional_db):
    from django.conf import settings

    jobs = {job.name: job for job in settle_jobs(settings.HOUSE)}
    assert [name for name, job in jobs.items() if job.is_long] == []
    totals = jobs["totals"]
    an_envelope(means, "campaign:1", EURO)
    totals.run()
    with connection.cursor() as cursor:
        cursor.execute("SELECT version, published_at_ms FROM attribution_head")
        assert cursor.fetchall() == [(1, means.clock.wire_ms())]
