"""The client of benchmarks asks and reads as it says, and notices what is wrong."""

from __future__ import annotations

import itertools
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from attise.proving.load import at_rate, closed, request_of
from tests.doors.rig import ROOT, rig

SIZE = 5_000


@pytest.fixture(scope="module")
def port(tmp_path_factory) -> Iterator[int]:
    with rig(tmp_path_factory.mktemp("load")), socket.create_server(("127.0.0.1", 0)) as listener:
        process = subprocess.Popen(
            [sys.executable, "-m", "attise.proving.bare", str(listener.fileno()), str(SIZE)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=(listener.fileno(),),
            env={"PYTHONPATH": str(ROOT / "src")},
        )
        assert process.stdout.readline() == b"ready\n"
        yield listener.getsockname()[1]
        process.stdin.close()
        process.wait(20)


def requests(port: int) -> Iterator[bytes]:
    return itertools.repeat(request_of("/", b'{"viewer_id":"5","count":10}', port=port, authorization="Bearer x"))


def test_answers_are_read_to_their_end_and_counted(port):
    load = closed(port, requests(port), connections=4, seconds=0.3, check=lambda body: len(body) == SIZE)
    assert load.answers > 4
    assert load.wrong == 0
    assert load.bytes_in == load.answers * SIZE
    assert len(load.ms) == load.answers
    assert load.per_s > 0


def test_an_open_loop_asks_as_often_as_it_was_told(port):
    load = at_rate(port, requests(port), per_s=40, connections=8, seconds=0.5)
    assert load.answers == 20
    assert load.wrong == 0


def test_a_check_that_refuses_counts_as_wrong(port):
    assert closed(port, requests(port), connections=1, seconds=0.05, check=lambda _: False).wrong > 0
