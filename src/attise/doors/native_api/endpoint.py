"""One declaration per operation: where it is, what it takes, what it answers, whom it needs, and what describes it.

A handler is a plain function ``(call, **what the path, the query and the body hold)`` that returns the shape of its
answer. Everything around it (key, body, language, one-time effect, errors) is the same for all and stands elsewhere.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from pydantic import BaseModel

from attise.doors.native_api import once, wire
from attise.doors.native_api.gate import Call
from attise.kernel.errors import Refusals
from attise.kernel.limits import BODY_BYTES

Handler = Callable[..., Any]


@dataclass(frozen=True)
class Endpoint:
    """One operation of the API."""

    method: str
    path: str
    handler: Handler
    gives: type[BaseModel] | None
    """None: a file."""
    status: int
    once: bool
    """Whether an ``Idempotency-Key`` is heard."""
    own_unit: bool
    """Whether the action opens its own unit of work and keeps the answer in it (``once``)."""
    atomic: bool
    """Whether the handler runs in one transaction; False: it only reads, or each of its rows is safe to repeat."""
    refuses: tuple[int, ...]
    """Statuses of its own refusals, beside those that any operation may answer."""
    types: tuple[str, ...]
    """Content types of its body; none: it has no body."""
    limit: int
    """Bytes of body."""
    may_be_empty: bool
    """Whether it works without its body; ``reads`` then says what none means."""
    reads: Callable[[Call], dict[str, Any]] | None
    """Reads a body that is not one JSON object, into values for the handler."""
    body: dict[str, Any] | None
    """Describes such a body: its ``content`` in OpenAPI."""
    streams: bool
    """Whether the handler returns the HTTP answer itself, row by row."""
    files: tuple[str, ...]
    """Content types of the file that the handler returns as the HTTP answer; none: it returns no file."""

    @cached_property
    def parameters(self) -> list[inspect.Parameter]:
        """What the handler takes from path, query and JSON body, with its types."""
        found = inspect.signature(self.handler, eval_str=True).parameters.values()
        hidden = {"call"} | ({"given"} if self.reads else set())
        return [parameter for parameter in found if parameter.name not in hidden]

    @cached_property
    def query(self) -> frozenset[str]:
        """The names of its query."""
        return frozenset(
            parameter.name
            for parameter in self.parameters
            if f"{{{parameter.name}}}" not in self.path and parameter.name != "body"
        )

    def view(self) -> Callable[..., HttpResponse]:
        """Return the function that the framework calls once path, query and body are valid."""

        def view(request: HttpRequest, **values: Any) -> HttpResponse:
            call: Call = request.call
            if call.wrong:
                raise Refusals(call.wrong)
            if self.reads is not None:
                values |= self.reads(call)
            if self.streams or self.files:
                response: HttpResponse = self.handler(call, **values)
                return response
            return once.run(call, self, values)

        # The framework reads types off this signature; ours speak of a call, which it knows nothing of.
        request = inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD)
        keywords = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in self.parameters]
        view.__signature__ = inspect.Signature([request, *keywords])  # type: ignore[attr-defined]
        view.__name__ = self.handler.__name__
        view.__doc__ = self.handler.__doc__
        view.__module__ = self.handler.__module__
        return view


class Group:
    """Operations on one kind of thing; a module makes one and declares its handlers with it."""

    def __init__(self, tag: str) -> None:
        """Name the group as the description does."""
        self.tag = tag
        self.endpoints: list[Endpoint] = []

    def get(self, path: str, *, gives: type[BaseModel], refuses: tuple[int, ...] = ()) -> Callable[[Handler], Handler]:
        """Declare a read."""
        return self.add("GET", path, gives=gives, refuses=refuses, types=(), atomic=False)

    def get_file(self, path: str, *, files: tuple[str, ...]) -> Callable[[Handler], Handler]:
        """Declare a read whose answer is a file of one of some content types."""
        return self.add("GET", path, gives=None, types=(), atomic=False, files=files)

    def post(
        self, path: str, *, gives: type[BaseModel], status: int = 200, **more: Any
    ) -> Callable[[Handler], Handler]:
        """Declare something that happens; repeating it with an idempotency key does it once."""
        return self.add("POST", path, gives=gives, status=status, once=more.pop("once", True), **more)

    def patch(self, path: str, *, gives: type[BaseModel], **more: Any) -> Callable[[Handler], Handler]:
        """Declare a change of some fields."""
        return self.add("PATCH", path, gives=gives, **more)

    def put(self, path: str, *, gives: type[BaseModel], **more: Any) -> Callable[[Handler], Handler]:
        """Declare a replacement."""
        return self.add("PUT", path, gives=gives, **more)

    def delete(self, path: str, *, gives: type[BaseModel], **more: Any) -> Callable[[Handler], Handler]:
        """Declare a removal."""
        return self.add("DELETE", path, gives=gives, types=(), **more)

    def add(
        self,
        method: str,
        path: str,
        *,
        gives: type[BaseModel] | None,
        status: int = 200,
        once: bool = False,
        own_unit: bool = False,
        atomic: bool = True,
        refuses: tuple[int, ...] = (),
        types: tuple[str, ...] | None = None,
        limit: int = BODY_BYTES,
        may_be_empty: bool = False,
        reads: Callable[[Call], dict[str, Any]] | None = None,
        body: dict[str, Any] | None = None,
        streams: bool = False,
        files: tuple[str, ...] = (),
    ) -> Callable[[Handler], Handler]:
        """Declare one operation."""

        def declare(handler: Handler) -> Handler:
            takes = types
            if takes is None:
                takes = (wire.JSON,) if "body" in inspect.signature(handler).parameters else ()
            self.endpoints.append(
                Endpoint(
                    method=method,
                    path=path,
                    handler=handler,
                    gives=gives,
                    status=status,
                    once=once,
                    own_unit=own_unit,
                    atomic=atomic,
                    refuses=refuses,
                    types=takes,
                    limit=limit,
                    may_be_empty=may_be_empty,
                    reads=reads,
                    body=body,
                    streams=streams,
                    files=files,
                )
            )
            return handler

        return declare
