"""Statuses, the one error shape, and sentences in the caller's language: the last step of every request."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from pydantic import BaseModel

from attise.doors.site.failures import native_error
from attise.kernel.errors import Kind, Refusal, Refusals
from attise.records.native_errors import status_of

JSON = "application/json"
_SPELLINGS = {
    "business_center_id": "bc_id",
    "auth_code": "code",
    "item_id": "post_id",
    "asset_id": "creator_id",
    "profiling_consent": "consent.profiling",
    "starts_at_ms": "starts_at",
    "ends_at_ms": "ends_at",
    "dark_post": "ads_only",
    "scheduled_budget": "scheduled_budget_micros",
}
"""Fields that rooms name otherwise than this door does."""


def say(text: str, params: dict[str, Any]) -> str:
    """Return a message id in the language of the request, filled; texts among the values are translated too."""
    if not text:
        return ""
    values = {name: gettext(value) if isinstance(value, str) and value else value for name, value in params.items()}
    return gettext(text) % values if values else gettext(text)


def field_of(refusal: Refusal) -> str | None:
    """Return the field of a refusal as this door spells it."""
    return None if refusal.field is None else _SPELLINGS.get(refusal.field, refusal.field)


def tell_refusal(refusal: Refusal) -> dict[str, str]:
    """Return one refusal as an entry of ``errors``, with its own next step."""
    told = {"code": refusal.code, "message": say(refusal.reason.message, refusal.params)}
    next_step = say(refusal.reason.next_step, refusal.params)
    if next_step:
        told["next"] = next_step
    field = field_of(refusal)
    return {"field": field, **told} if field is not None else told


def refuse(request: HttpRequest, refused: Refusal | Refusals) -> HttpResponse:
    """Return the answer to a refused request: the first refusal in full, and all that a person will mend together.

    With several of different statuses, the first one's holds, except that what does not exist comes before a rule.
    """
    items = refused.items if isinstance(refused, Refusals) else (refused,)
    first = next((item for item in items if item.reason.kind is Kind.ABSENT), items[0])
    response = native_error(
        request,
        status_of(first),
        first.code,
        say(first.reason.message, first.params),
        next_step=say(first.next_step, first.params),
        field=field_of(first),
        errors=[tell_refusal(item) for item in items] if len(items) > 1 or items[0].field is not None else None,
    )
    response.headers["Cache-Control"] = "no-store"
    retry_after_s = first.params.get("retry_after_s")
    if retry_after_s is not None:
        response.headers["Retry-After"] = str(retry_after_s)
    if first.reason.kind is Kind.UNAUTHENTICATED:
        response.headers["WWW-Authenticate"] = 'Bearer realm="attise"'
    return response


def answer(status: int, told: BaseModel) -> HttpResponse:
    """Return an answer in JSON."""
    return raw_answer(status, told.model_dump_json().encode())


def raw_answer(status: int, body: bytes) -> HttpResponse:
    """Return an answer whose bytes are known."""
    response = HttpResponse(body, status=status, content_type=JSON)
    response.headers["Cache-Control"] = "no-store"
    return response
