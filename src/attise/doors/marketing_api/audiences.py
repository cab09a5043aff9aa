"""Audiences of an advertiser's own: nobody can make one here yet, and readers that ask for all of them find none."""

from __future__ import annotations

from typing import Annotated

from attise.doors.marketing_api.asked import PageNumber
from attise.doors.marketing_api.endpoint import Advertiser, Call, Data, Params, endpoint
from attise.doors.marketing_api.wire.kinds import Between, Id, Items
from attise.doors.marketing_api.wire.lists import cut, page_info
from attise.management.accounts.rules import Scope

MOST_AT_ONCE = 100


class _List(Params):
    advertiser_id: Id
    custom_audience_ids: Annotated[list[Id], Items(0, MOST_AT_ONCE, bare=True)] | None = None
    page: PageNumber = 1
    page_size: Annotated[int, Between(1, 100)] = 10


@endpoint("GET", "dmp/custom_audience/list", needs=Advertiser(), scope=Scope.AUDIENCE)
def list_audiences(call: Call, params: _List) -> Data:  # noqa: ARG001 - the same arguments for all
    """List the advertiser's audiences: there is none, since none can be made yet."""
    return {"list": [], "page_info": page_info(cut([], params.page, params.page_size))}


class _Read(Params):
    advertiser_id: Id
    custom_audience_ids: Annotated[list[Id], Items(1, MOST_AT_ONCE, bare=True)]
    history_size: Annotated[int, Between(1, 100)] = 100


@endpoint("GET", "dmp/custom_audience/get", needs=Advertiser(), scope=Scope.AUDIENCE)
def read_audiences(call: Call, params: _Read) -> Data:  # noqa: ARG001 - as above
    """Tell audiences and what became of them: of ids that are not the advertiser's, which all are, nothing."""
    return {"list": []}
