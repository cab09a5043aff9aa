"""The dialect's clients in these tests, and a small house for them: two tenants who must not see each other."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from attise.kernel.actor import COMMAND
from attise.management.accounts import actions as accounts
from attise.management.accounts.rules import ADMIN, ANALYST, CAMPAIGN_OPERATOR, FINANCE, Roles
from attise.management.accounts.views import AdvertiserView, BusinessCenterView, PersonView


class Dialect:
    """Calls ``/open_api/v1.3`` as a program does, and checks that every envelope is whole."""

    def __init__(self, token: str | None = None) -> None:
        self.token = token
        self.client = Client(raise_request_exception=False)

    def headers(self) -> dict[str, str]:
        return {} if self.token is None else {"Access-Token": self.token}

    def get(self, path: str, **params: Any) -> dict[str, Any]:
        query = {
            name: json.dumps(value) if isinstance(value, dict | list) else str(value) for name, value in params.items()
        }
        return self.whole(self.client.get(f"/open_api/v1.3/{path}/", query, headers=self.headers()))

    def post(self, path: str, **body: Any) -> dict[str, Any]:
        return self.raw("POST", f"/open_api/v1.3/{path}/", json.dumps(body).encode())

    def form(self, path: str, **fields: Any) -> dict[str, Any]:
        return self.whole(self.client.post(f"/open_api/v1.3/{path}/", fields, headers=self.headers()))

    def raw(self, method: str, address: str, body: bytes = b"", content_type: str = "application/json", **extra: Any):
        path, _, query = address.partition("?")
        response = self.client.generic(
            method, path, body, content_type=content_type, headers=self.headers(), QUERY_STRING=query, **extra
        )
        return self.whole(response)

    @staticmethod
    def whole(response: Any) -> dict[str, Any]:
        if response.streaming:  # a file, which the dialect gives without an envelope
            text = b"".join(response.streaming_content).decode()
            return {"code": 0, "message": "OK", "request_id": response.headers["X-Tt-Logid"], "data": text}
        assert response.status_code == 200, response.content[:300]
        assert response.headers["Content-Type"] == "application/json"
        envelope = json.loads(response.content)
        assert {"code", "message", "request_id", "data"} <= envelope.keys()
        assert response.headers["X-Tt-Logid"] == envelope["request_id"]
        assert (envelope["code"] == 0) == (envelope["message"] == "OK")
        return envelope


@dataclass(frozen=True)
class Tenant:
    """A Business Center with its people, an advertiser, an app, and a token of each role."""

    center: BusinessCenterView
    advertiser: AdvertiserView
    people: dict[str, PersonView]
    tokens: dict[str, str]
    app_id: int
    app_secret: str

    def client(self, role: str = "admin") -> Dialect:
        return Dialect(self.tokens[role])


ROLES: dict[str, Roles] = {
    "admin": ADMIN,
    "operator": CAMPAIGN_OPERATOR,
    "analyst": ANALYST,
    "finance": FINANCE,
}


def make_tenant(means, name: str) -> Tenant:
    center = accounts.create_business_center(
        means, COMMAND, name=name, company=f"{name} SA", country="FR", currency="EUR", timezone="Europe/Paris"
    )
    advertiser = accounts.create_advertiser(
        means,
        COMMAND,
        business_center_id=center.id,
        name=f"{name} Ads",
        currency="EUR",
        timezone="Europe/Paris",
        company=f"{name} SA",
        country="FR",
        contact_name="Lea Martin",
        contact_email="lea@example.org",
        contact_phone="+33 1 23 45 67 89",
    )
    app, secret = accounts.create_app(means, name=f"{name} app", redirect_uris=["https://app.example.org/back"])
    people, tokens = {}, {}
    for role, roles in ROLES.items():
        people[role] = accounts.create_person(
            means, email=f"{role}@{name.lower()}.example", display_name=f"{name} {role}"
        )
        accounts.add_member(
            means,
            COMMAND,
            business_center_id=center.id,
            person_id=people[role].id,
            role=roles.role,
            advertiser_role=roles.advertiser_role,
            finance_role=roles.finance_role,
        )
        _, tokens[role] = accounts.issue_token(
            means, app_id=app.id, person_id=people[role].id, advertiser_ids=[advertiser.id]
        )
    return Tenant(center, advertiser, people, tokens, app.id, secret)


@pytest.fixture
def brand(means) -> Tenant:
    return make_tenant(means, "Brand")


@pytest.fixture
def rival(means) -> Tenant:
    return make_tenant(means, "Rival")


@pytest.fixture
def api(brand: Tenant) -> Dialect:
    return brand.client()
