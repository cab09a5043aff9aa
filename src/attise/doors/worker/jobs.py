"""What settle and the worker do, and how often.

Each job may be run at any time, any number of times, and killed anywhere.
"""

from __future__ import annotations

from collections.abc import Callable

from attise.doors.site.means import means, process
from attise.doors.worker.loops import Job
from attise.kernel.actor import CLOCK
from attise.kernel.house import House
from attise.kernel.limits import DELTA_POLL_MS, TOTALS_POLL_MS

SETTLE_EVERY_S = 0.05
"""How often the log is looked at when all of it is settled."""
EXPORT_EVERY_S = 5.0
"""How often what was settled is written as facts."""
ROLL_UP_EVERY_S = 15.0
"""How often facts are rolled up for reports."""
SCOUT_EVERY_S = 5.0
"""How often it is asked whether an hour of world time has gone since posts were last ranked."""
WIDEN_EVERY_S = 5.0
"""How often posts that were counted since go to the circle that they have come to."""
PROFILES_EVERY_S = 0.5
"""How often it is looked whether viewers did something that was settled and says something of them."""
LIFT_EVERY_S = 2.0
"""How often what was settled is laid to those who are compared for campaigns with a holdout."""
WEIGH_EVERY_S = 5.0
"""How often it is looked whether what split tests came to, or promoted posts, is due to be worked out anew."""
TRAIN_EVERY_S = 60.0
"""How often it is asked whether a turn of training is due."""
MAIL_EVERY_S = 60.0
"""How often it is looked whether a digest is due to anybody."""
SEND_EVERY_S = 30.0
"""How often it is looked whether a report is to be sent to anybody."""
STEPS_AT_ONCE = 20
"""Steps of deltas between two looks at whether the process is to end."""


def worker_jobs(house: House) -> list[Job]:
    """Return the jobs of ``worker`` for a house; Django is set up when this is called."""
    from attise.doors.site.commenting import log_comments
    from attise.doors.worker.exporting import Exporting
    from attise.doors.worker.forgetting import Forgetting
    from attise.doors.worker.lifting import Lifting
    from attise.doors.worker.mailing import mail_digests
    from attise.doors.worker.profiling import Profiling
    from attise.doors.worker.retention import Retention
    from attise.doors.worker.scouting import scout
    from attise.doors.worker.sending import send_reports
    from attise.doors.worker.training import Training
    from attise.doors.worker.weighing import Promoting, Weighing
    from attise.doors.worker.widening import widen
    from attise.management.accounts import actions as accounts
    from attise.management.attempts import actions as attempts
    from attise.management.authorizations import actions as authorizations
    from attise.management.campaigns import actions as campaigns
    from attise.management.idempotency import actions as idempotency
    from attise.management.invoices import actions as invoices
    from attise.management.posts import actions as posts
    from attise.management.review import actions as review
    from attise.management.snapshots import actions as snapshots
    from attise.measurement.attribution import actions as attribution
    from attise.measurement.conversions import actions as conversions
    from attise.measurement.lift import actions as lift

    exporting, forgetting, retention = Exporting(house), Forgetting(attribution.forget_unknown), Retention(house)
    profiling, training = Profiling(house), Training(house)
    lifting, compared, reporters = Lifting(house), Forgetting(lift.forget_unknown), Forgetting(review.forget_unknown)
    weighing, promoting = Weighing(house), Promoting()
    return [
        Job("encode", 1.0, lambda: _with_fresh_rows(lambda: posts.encode_pending(means(), house)), is_long=True),
        Job("render", 1.0, lambda: _with_fresh_rows(lambda: posts.render_pending(means(), house)), is_long=True),
        Job("look over", 1.0, lambda: _with_fresh_rows(lambda: posts.look_over_pending(means(), house)), is_long=True),
        Job("deltas", DELTA_POLL_MS / 1000, lambda: _with_fresh_rows(_make_deltas), is_long=True),
        Job("snapshot", 15.0, lambda: _with_fresh_rows(lambda: snapshots.write_file(means(), house)), is_long=True),
        Job("profiles", PROFILES_EVERY_S, lambda: _with_fresh_rows(profiling.derive)),
        Job("renew profiles", 5.0, lambda: _with_fresh_rows(profiling.renew)),
        Job("lift", LIFT_EVERY_S, lambda: _with_fresh_rows(lifting.take_in)),
        Job("forget compared", 60.0, lambda: _with_fresh_rows(compared.turn)),
        Job("sweep lift", 900.0, lambda: _with_fresh_rows(lambda: lift.sweep(means()))),
        Job("weigh split tests", WEIGH_EVERY_S, lambda: _with_fresh_rows(weighing.turn), is_long=True),
        Job("weigh promotions", WEIGH_EVERY_S, lambda: _with_fresh_rows(promoting.turn), is_long=True),
        Job("remind", 5.0, lambda: _with_fresh_rows(lambda: authorizations.remind(means()))),
        Job("begin budgets", 1.0, lambda: _with_fresh_rows(lambda: campaigns.begin_scheduled_budgets(means()))),
        Job("end split tests", 5.0, lambda: _with_fresh_rows(lambda: campaigns.end_due_splits(means()))),
        Job("end grants", 5.0, lambda: _with_fresh_rows(lambda: authorizations.end_planned(means()))),
        Job("sweep files", 900.0, lambda: _with_fresh_rows(lambda: posts.sweep_orphans(means(), house))),
        Job("log comments", 5.0, lambda: _with_fresh_rows(lambda: log_comments(means()))),
        Job("sweep keys", 300.0, lambda: _with_fresh_rows(lambda: idempotency.sweep(means()))),
        Job("end looks", 5.0, lambda: _with_fresh_rows(lambda: accounts.end_due_looks(means()))),
        Job("sweep links", 3_600.0, lambda: _with_fresh_rows(lambda: accounts.sweep(means()))),
        Job("sweep deltas", 900.0, lambda: _with_fresh_rows(lambda: snapshots.sweep(means()))),
        Job("issue invoices", 3_600.0, lambda: _with_fresh_rows(lambda: invoices.issue_due(means(), CLOCK))),
        Job("keep heads", 3_600.0, lambda: _with_fresh_rows(lambda: _keep_heads(house))),
        Job("sweep conversions", 900.0, lambda: _with_fresh_rows(lambda: conversions.sweep(means()))),
        Job("forget erased", 60.0, lambda: _with_fresh_rows(forgetting.turn)),
        Job("forget reporters", 60.0, lambda: _with_fresh_rows(reporters.turn)),
        Job("sweep attempts", 3_600.0, lambda: _with_fresh_rows(lambda: attempts.sweep(means()))),
        Job("let go of log", 60.0, lambda: _with_fresh_rows(retention.let_go), is_long=True),
        Job("circles", WIDEN_EVERY_S, lambda: _with_fresh_rows(widen)),
        Job("mail digests", MAIL_EVERY_S, lambda: _with_fresh_rows(lambda: mail_digests(means(), house)), is_long=True),
        Job("send reports", SEND_EVERY_S, lambda: _with_fresh_rows(lambda: send_reports(means(), house)), is_long=True),
        Job("scout", SCOUT_EVERY_S, lambda: _with_fresh_rows(scout), is_long=True),
        Job("export facts", EXPORT_EVERY_S, lambda: _with_fresh_rows(exporting.export), is_long=True),
        Job("roll up", ROLL_UP_EVERY_S, lambda: _with_fresh_rows(exporting.roll_up), is_long=True),
        Job("write reports", 1.0, lambda: _with_fresh_rows(exporting.write_reports), is_long=True),
        Job("train", TRAIN_EVERY_S, lambda: _with_fresh_rows(training.train), is_long=True),
    ]


def settle_jobs(house: House) -> list[Job]:
    """Return the jobs of ``settle`` for a house; Django is set up when this is called."""
    from attise.doors.worker.settling import Settlement

    settlement = Settlement(house)
    return [
        Job("settle", SETTLE_EVERY_S, lambda: _with_fresh_rows(settlement.settle)),
        Job("totals", TOTALS_POLL_MS / 1000, lambda: _with_fresh_rows(settlement.publish)),
        Job("follows", 1.0, lambda: _with_fresh_rows(settlement.tell_follows)),
        Job("hidden", 1.0, lambda: _with_fresh_rows(settlement.tell_hidden)),
        Job("sweep settled", 60.0, lambda: _with_fresh_rows(settlement.sweep)),
    ]


def _make_deltas() -> None:
    """Make deltas until there are none to make, or for so long that the process may look whether it is to end."""
    from attise.management.snapshots import actions as snapshots

    claim = process().claim
    holder = "command" if claim is None else f"{claim.number}/{claim.holder}"
    for _ in range(STEPS_AT_ONCE):
        if not snapshots.follow(means(), holder=holder):
            return


def _keep_heads(house: House) -> None:
    """Keep the heads of the ledger's chains outside of the database, at most once a day."""
    from attise.ledger.heads import FILE, keep_heads

    keep_heads(house.folder / FILE, now_ms=means().clock.wire_ms())


def _with_fresh_rows(act: Callable[[], object]) -> None:
    """Do something with a database connection that was checked before, and turn a database that is away into an outage.

    Raises: Outage.
    """
    from django.db import InterfaceError, OperationalError, close_old_connections

    from attise.kernel.errors import Outage

    close_old_connections()
    try:
        act()
    except (InterfaceError, OperationalError) as error:
        raise Outage(f"the database: {type(error).__name__}") from error
    finally:
        close_old_connections()
