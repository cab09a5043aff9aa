"""The routes of the edge: what it answers itself, and what it passes on.

Step 0 of every request from outside. Before: ``guard`` has bounded the connection and the head. After: ``feed``,
``media``, ``health`` or ``proxy``.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Mapping
from typing import Protocol

from attise.doors.edge import problems
from attise.doors.edge.addresses import METHODS, body_limit, is_inside
from attise.doors.edge.at_once import AnswersAtOnce
from attise.doors.edge.exchange import ClientLeft, Exchange, Receive, Refused, Scope, Send
from attise.doors.edge.headers import REQUEST_ID
from attise.doors.edge.proxy import Proxy
from attise.kernel.chance import Chance

log = logging.getLogger("attise.edge")

FINDING = "attise.finding"
"""Where the guard leaves what it found wrong with a request's head."""

HOST = re.compile(r"(?:[A-Za-z0-9_.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")


class Answers(Protocol):
    """What answers at an address of the edge's own."""

    async def answer(self, exchange: Exchange) -> None:
        """Answer a request whose head was checked. Raises: Refused, ClientLeft."""
        ...


class Edge:
    """The bare ASGI callable."""

    def __init__(
        self,
        *,
        proxy: Proxy,
        own: Mapping[str, Answers],
        within: Mapping[str, Answers],
        chance: Chance,
        at_once: Mapping[bytes, AnswersAtOnce] | None = None,
    ) -> None:
        """Answer what is the edge's own, and pass on the rest.

        ``own`` has what answers by whole path, ``within`` by how paths begin; ``chance`` names requests that bring no
        name of their own; ``at_once`` has what may answer before all this, by address (``guard``).
        """
        self.at_once: Mapping[bytes, AnswersAtOnce] = at_once or {}
        self._proxy = proxy
        self._own = dict(own)
        self._within = tuple(within.items())
        self._chance = chance

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; what fails is told in the caller's shape, and never how."""
        exchange = Exchange(scope, receive, send, request_id=self._name(scope))
        try:
            await self._answer(exchange)
        except Refused as refused:
            await self._refuse(exchange, refused.problem)
        except ClientLeft:
            return
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if not exchange.has_left or task is None:
                raise
            task.uncancel()
        except Exception:
            log.exception("a request failed", extra={"request_id": exchange.request_id})
            await self._refuse(exchange, problems.BUG)

    async def _answer(self, exchange: Exchange) -> None:
        _check_head(exchange)
        path = exchange.path
        answers = self._own.get(path) or next(
            (answers for prefix, answers in self._within if path.startswith(prefix)), None
        )
        if answers is not None:
            _check_length(exchange)
            await answers.answer(exchange)
        elif is_inside(path):
            raise Refused(problems.NOT_FOUND)
        else:
            await self._proxy.forward(exchange)

    async def _refuse(self, exchange: Exchange, problem: problems.Problem) -> None:
        """Tell a problem, unless an answer has begun: then the connection is cut, which the client can see."""
        if exchange.has_started:
            return
        try:
            await exchange.refuse(problem)
        except TimeoutError:
            return

    def _name(self, scope: Scope) -> str:
        """Return the request's own name where it is a plain one, else a new one."""
        for key, value in scope["headers"]:
            if key == b"x-request-id":
                text = value.decode("latin-1")
                if REQUEST_ID.fullmatch(text):
                    return str(text)
        return self._chance.token(16).hex()


def _check_head(exchange: Exchange) -> None:
    """Refuse a head that two servers could read in two ways, or that asks for what is not spoken here."""
    finding = exchange.scope.get("state", {}).get(FINDING)
    if finding is not None:
        raise Refused(finding)
    if not exchange.scope["raw_path"].startswith(b"/"):
        raise Refused(problems.BAD_REQUEST)
    hosts, is_old = exchange.count(b"host"), exchange.scope["http_version"] == "1.0"
    if hosts > 1 or (hosts == 0 and not is_old) or (hosts and not HOST.fullmatch(exchange.header(b"host"))):
        raise Refused(problems.BAD_REQUEST)
    codings = exchange.count(b"transfer-encoding")
    if codings and (
        is_old
        or codings > 1
        or exchange.header(b"transfer-encoding").lower() != "chunked"
        or exchange.count(b"content-length")
    ):
        raise Refused(problems.BAD_REQUEST)
    if exchange.count(b"content-length") > 1:
        raise Refused(problems.BAD_REQUEST)
    if exchange.count(b"upgrade") and "upgrade" in exchange.header(b"connection").lower():
        raise Refused(problems.UPGRADE)
    if exchange.method not in METHODS:
        raise Refused(problems.METHOD_NOT_ALLOWED)


def _check_length(exchange: Exchange) -> None:
    """Refuse a body larger than any that is taken here."""
    declared = exchange.declared_length
    if declared is not None and declared > body_limit(exchange.path):
        raise Refused(problems.TOO_LARGE)
