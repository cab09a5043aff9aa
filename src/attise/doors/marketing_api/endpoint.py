"""How an endpoint is declared: its address, whom it serves, its parameters, and the function that answers.

::

    @endpoint("GET", "tt_video/list", needs=Advertiser(), scope=Scope.CREATIVE)
    def list_posts(call: Call, params: ListPosts) -> Data:

Everything the caller may send is a field of the parameters' struct (``wire.kinds`` has the words); everything that is
checked before the function runs follows from the declaration (``dispatch`` has the order).
"""

from __future__ import annotations

import re
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import msgspec
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from attise.doors.marketing_api.wire.compile import object_shape
from attise.doors.marketing_api.wire.shapes import FileShape, ObjectShape
from attise.kernel.actor import Actor
from attise.kernel.errors import Refusal, Refusals
from attise.kernel.means import Means
from attise.management.accounts.rules import Permission, Scope
from attise.management.accounts.views import CreatorGrant, TokenGrant

Data = Any
"""What an endpoint answers: plain values that JSON can carry."""
Method = Literal["GET", "POST"]


@dataclass(frozen=True, slots=True)
class NoToken:
    """Anyone may ask; the body proves who they are."""


@dataclass(frozen=True, slots=True)
class AnyToken:
    """Any live token of an app."""


@dataclass(frozen=True, slots=True)
class Advertiser:
    """A token that holds the advertiser, or each advertiser, named by ``name``."""

    permission: Permission = Permission.READ
    name: str = "advertiser_id"


@dataclass(frozen=True, slots=True)
class BusinessCenter:
    """A token granted by a member of the Business Center named by ``name``; without ``permission``, any member."""

    permission: Permission | None = Permission.READ
    name: str = "bc_id"


@dataclass(frozen=True, slots=True)
class CreatorAccount:
    """A creator's own token, granted ``scope``, for the account that ``name`` names."""

    scope: str
    name: str = "business_id"


Named = Advertiser | BusinessCenter
Needs = NoToken | AnyToken | CreatorAccount | tuple[Named, ...]
"""Whom an endpoint serves; several names are checked in their order."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request on its way: the means, who asks, and what their token may do at this moment."""

    request: HttpRequest
    means: Means
    actor: Actor
    token: TokenGrant | None = None
    account: CreatorGrant | None = None

    @property
    def grant(self) -> TokenGrant:
        """What the token may do, in an endpoint that asks for one."""
        if self.token is None:
            raise AssertionError("this endpoint takes no token of an app")
        return self.token

    @property
    def creator_id(self) -> int:
        """The creator whose token it is, in an endpoint of the creator's side."""
        if self.account is None:
            raise AssertionError("this endpoint takes no token of a creator")
        return self.account.creator_id


@dataclass(frozen=True, slots=True)
class Beside:
    """An answer whose fields lie beside the envelope's own, as one endpoint of the dialect has it."""

    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Partly:
    """An answer of what was done in part: ``data`` says what was not, and why, in the words of the dialect."""

    data: Data
    refused: tuple[Refusal, ...]
    """At least one."""


@dataclass(frozen=True, slots=True)
class Streamed:
    """An answer that is a file and no envelope, as the dialect has it of reports; it is never whole in memory."""

    path: Path
    name: str
    """As it is called where it is saved."""
    content_type: str


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A declared endpoint."""

    methods: tuple[Method, ...]
    path: str
    needs: Needs
    scope: Scope | None
    shape: ObjectShape
    run: Callable[..., Data]
    takes_params: bool
    spelled: Mapping[str, str]
    """How this endpoint spells the field names of the rooms' refusals; places in lists are written ``[]``."""
    is_frequent: bool = False
    """Whether servers call it as things happen, and may a hundred times as often as the rest."""

    @property
    def takes_files(self) -> bool:
        """Whether a multipart form may carry a file here."""
        return any(isinstance(member.shape, FileShape) for member in self.shape.members)

    @property
    def named(self) -> tuple[Named, ...]:
        """The advertisers and Business Centers that a request names."""
        return self.needs if isinstance(self.needs, tuple) else ()

    def respell(self, problem: Refusal | Refusals) -> Refusal | Refusals:
        """Return a refusal with the field names of this endpoint."""
        if isinstance(problem, Refusals):
            return Refusals([self._respelled(item) for item in problem.items])
        return self._respelled(problem)

    def _respelled(self, refusal: Refusal) -> Refusal:
        places = _PLACE.findall(refusal.field or "")
        name = self.spelled.get(_PLACE.sub("[]", refusal.field or ""))
        if name is None:
            return refusal
        for place in places:
            name = name.replace("[]", place, 1)
        return refusal.at(name)


_PLACE = re.compile(r"\[[0-9]+\]")
SPELLED_ALWAYS = {"Idempotency-Key": "request_id"}
REGISTRY: dict[str, dict[str, Endpoint]] = {}
"""Every endpoint by path and method; ``routes`` imports all that fill it."""


class Params(msgspec.Struct, frozen=True):
    """The parameters of an endpoint, or an object within them."""


Run = typing.TypeVar("Run", bound=Callable[..., Data])


def endpoint(
    methods: str,
    path: str,
    *,
    needs: NoToken | AnyToken | CreatorAccount | Named | tuple[Named, ...],
    scope: Scope | None = None,
    spelled: Mapping[str, str] | None = None,
    is_frequent: bool = False,
) -> Callable[[Run], Run]:
    """Declare the decorated function as the answer to ``methods`` (``"GET"``, ``"POST"``, ``"GET POST"``) on ``path``.

    The function's ``params`` are a struct whose fields are the parameters; one without takes none. ``spelled`` maps
    the field names of the rooms' refusals to this endpoint's own; ``is_frequent`` is of ``Endpoint``. Raises:
    AssertionError when an address is declared twice, TypeError when a parameter has no spelling.
    """

    def declare(run: Run) -> Run:
        hints = typing.get_type_hints(run)
        struct = hints.get("params", Params)
        verbs = typing.cast("tuple[Method, ...]", tuple(methods.split()))
        named = (needs,) if isinstance(needs, Advertiser | BusinessCenter) else needs
        made = Endpoint(
            verbs,
            path,
            named,
            scope,
            object_shape(struct),
            run,
            "params" in hints,
            {**SPELLED_ALWAYS, **(spelled or {})},
            is_frequent,
        )
        for method in verbs:
            if method in REGISTRY.setdefault(path, {}):
                raise AssertionError(f"{method} {path} is declared twice")
            REGISTRY[path][method] = made
        return run

    return declare


def stored_path(file: UploadedFile) -> Path:
    """Return where an uploaded file waits on disk; it is gone when the request ends."""
    return Path(file.temporary_file_path())
