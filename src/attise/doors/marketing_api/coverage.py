"""The coverage page, written from the routing table: which endpoints are served, refused by name, or not yet."""

from __future__ import annotations

from itertools import groupby

from attise.doors.marketing_api.endpoint import AnyToken, CreatorAccount, Endpoint, NoToken
from attise.doors.marketing_api.routes import Route, list_routes

HEAD = """# What the dialect covers

Made by `tools/make_docs.py` from the routing table; a test keeps it fresh.

Every endpoint lies under `/open_api/v1.3/`. **Served** endpoints do what they say. The others are known and answer
40008: **refused** ones belong to products that this platform leaves out on purpose (shop and catalog ads, live,
playable ads, events of apps and offline ones), **not yet** ones wait for their room.
"""


def page() -> str:
    """Return the whole page."""
    routes = list_routes()
    counts = {state: sum(route.state == state for route in routes) for state in ("served", "refused", "not yet")}
    total = ", ".join(f"{count} {state}" for state, count in counts.items())
    parts = [HEAD, f"{len(routes)} endpoints: {total}.\n"]
    for family, found in groupby(routes, key=lambda route: route.path.partition("/")[0]):
        parts.append(f"## {family}\n\n| Endpoint | Method | State | What it does | Token |\n|---|---|---|---|---|")
        parts.append("\n".join(_row(route) for route in found) + "\n")
    return "\n".join(parts)


def _row(route: Route) -> str:
    does = token = ""
    if route.endpoint is not None:
        does = (route.endpoint.run.__doc__ or "").strip().splitlines()[0]
        token = _token(route.endpoint)
    return f"| `{route.path}/` | {route.method} | {route.state} | {does} | {token} |"


def _token(endpoint: Endpoint) -> str:
    needs = endpoint.needs
    if isinstance(needs, NoToken):
        return "none"
    if isinstance(needs, AnyToken):
        return "any"
    if isinstance(needs, CreatorAccount):
        return f"creator, `{needs.scope}`"
    rights = ", ".join(dict.fromkeys("member" if one.permission is None else one.permission.value for one in needs))
    scope = "" if endpoint.scope is None else f", scope {int(endpoint.scope)}"
    return f"{rights}{scope}"
