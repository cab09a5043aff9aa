"""Settles one batch in children that are killed (SIGKILL) before the first, the second, the third… statement of it.

Run by ``test_kill.py`` as ``python killed.py JOB``, on the database of the test. A step is every statement, and the
commit, before and after it. Prints what it saw as JSON.
"""

from __future__ import annotations

import json
import os
import sys
from itertools import count

JOB = json.loads(sys.argv[1])

import django  # noqa: E402
from django.conf import settings  # noqa: E402

settings.DATABASES["default"]["NAME"] = JOB["database"]
django.setup()

from django.db import connections, transaction  # noqa: E402

from attise.kernel.actor import COMMAND  # noqa: E402
from attise.kernel.chance import SystemChance  # noqa: E402
from attise.kernel.clock import SystemClock  # noqa: E402
from attise.kernel.ids import ClockIds  # noqa: E402
from attise.kernel.means import Means  # noqa: E402
from attise.ledger import actions, queries  # noqa: E402
from attise.ledger.verify import verify_ledger  # noqa: E402
from attise.records.charge import Charge  # noqa: E402
from tests.dying import kill_at  # noqa: E402

PAYER, EVENTS, PRICE = "advertiser:1", 30, 1_000


def means() -> Means:
    clock = SystemClock()
    return Means(clock, SystemChance(), ClockIds(clock, os.getpid() % 1024), settings.HOUSE.secrets)


def settle(round_: int) -> None:
    """Fund a little, charge thirty events, give one back and set a limit, in one transaction and one book."""
    now = means()
    with transaction.atomic(), actions.batch(now, "EUR") as book:
        asked = [
            Charge(
                key=f"event:{round_}:{number}",
                envelopes=(JOB["envelope"],),
                amount_micros=PRICE,
                legs=((f"creator:{number % 4}", 300), ("house:revenue", PRICE - 300)),
                decided_at_ms=JOB["decided_at_ms"],
                received_at_ms=now.clock.wire_ms(),
            )
            for number in range(EVENTS)
        ]
        entries = {"outside:manual": -EVENTS * PRICE, PAYER: EVENTS * PRICE}
        actions.move(now, COMMAND, key=f"fund:{round_}", currency="EUR", reason="funding", entries=entries)
        actions.charge_many(book, asked)
        actions.reverse_charge(
            now,
            COMMAND,
            charge_key=f"event:{round_}:0",
            currency="EUR",
            key=f"credit:{round_}",
            reason="invalid_traffic",
        )
        actions.set_limit(now, key="campaign:1", limit_micros=None)


def look(round_: int, before: int) -> list[str]:
    """Return what is wrong: books that do not add up, a batch that is there in part."""
    difference = verify_ledger().difference
    wrong = [] if difference is None else [difference]
    charged = [queries.find_charge(f"event:{round_}:{number}") is not None for number in range(EVENTS)]
    funded = queries.find_transfer(f"fund:{round_}") is not None
    if len({*charged, funded}) != 1:
        wrong.append("half a batch")
    kept = PRICE if funded else 0
    if queries.balance_of(PAYER, "EUR") != before + kept:
        wrong.append(f"the balance is {queries.balance_of(PAYER, 'EUR')}, not {before + kept}")
    return wrong


def main() -> None:
    kills, wrong, begun = 0, [], 0
    for step in count(1):
        before = queries.balance_of(PAYER, "EUR")
        fresh = queries.find_transfer(f"fund:{begun}") is None
        connections.close_all()
        child = os.fork()
        if child == 0:
            kill_at(step)
            settle(begun)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        wrong += [f"killed at step {step}: {what}" for what in look(begun, before)] if fresh else []
        if queries.find_transfer(f"fund:{begun}") is not None:
            settle(begun)  # somebody asks again: nothing is done twice
            wrong += [f"after step {step}: {what}" for what in look(begun, before)]
            begun += 1
        if not os.WIFSIGNALED(status):
            wrong += [] if status == 0 else [f"step {step}: the child failed, status {status}"]
            break
        kills += 1
    sys.stdout.write(json.dumps({"kills": kills, "rounds": begun, "wrong": wrong}))


main()
