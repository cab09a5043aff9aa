"""The operator's commands for money: funding by hand, once by a key; a recount that finds an edit of the database."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from pathlib import Path

import pytest

from attise.kernel.house import Mode
from tests.doors.cli.running import ATTISE
from tests.houses import furnish


@pytest.fixture
def attise(made, tmp_path):
    """Run a command on a folder of its own; returns its exit code and what it printed."""

    def run(*arguments: str) -> tuple[int, str]:
        command = made.start(*ATTISE, *arguments, "--data", str(tmp_path / "house"))
        return command.process.wait(60), command.text

    return run


def edit(folder: Path, statement: str) -> None:
    """Change the database as somebody with the file would: guards taken off first, and put back."""
    with contextlib.closing(sqlite3.connect(folder / "attise.sqlite3", timeout=10)) as connection:
        guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            connection.execute(f"DROP TRIGGER {name}")
        assert connection.execute(statement).rowcount > 0
        for _, sql in guards:
            connection.execute(sql)
        connection.commit()


def test_a_live_house_gives_nothing_and_takes_the_operator_s_word_once(attise, tmp_path):
    furnish(tmp_path / "house", Mode.LIVE)
    code, text = attise("token", "--json")
    assert code == 0, text
    advertiser = json.loads(text)["advertiser_id"]
    fund = ("fund", "--advertiser", advertiser, "--amount", "49.90", "--reference", "VIR 42", "--key", "k", "--json")
    answers = [attise(*fund) for _ in range(2)]
    assert answers[0] == answers[1], "the same key, the same answer"
    told = json.loads(answers[0][1])
    assert (told["amount_micros"], told["available_micros"], told["currency"]) == (49_900_000, 49_900_000, "EUR")
    code, text = attise("fund", "--advertiser", advertiser, "--amount", "50", "--key", "k")
    assert (code, "used for another movement" in text) == (1, True), text
    code, text = attise("fund", "--advertiser", advertiser, "--amount", "50")
    assert (code, "available_micros  99900000" in text) == (0, True), text


def test_an_edit_of_the_database_ends_a_recount_with_one(attise, tmp_path):
    furnish(tmp_path / "house", Mode.SANDBOX)
    advertiser = json.loads(attise("token", "--json")[1])["advertiser_id"]
    code, text = attise("verify", "ledger", "--json")
    assert (code, json.loads(text)["counted"]["transfers"]) == (0, 2), "test credit for the advertiser and its center"
    edit(
        tmp_path / "house",
        f"UPDATE ledger_account SET balance_micros = balance_micros + 5 WHERE key = 'advertiser:{advertiser}'",
    )
    said = f"account advertiser:{advertiser} (EUR): 10000000005 is kept, 10000000000 was moved"
    for arguments in (("verify", "ledger"), ("verify",)):
        code, text = attise(*arguments)
        assert (code, said in text) == (1, True), text
    code, text = attise("verify", "--json")
    found = json.loads(text)
    assert (code, found["ok"], found["checks"]["authorizations"]["difference"]) == (1, False, None)
    assert found["difference"] == found["checks"]["ledger"]["difference"] == said
