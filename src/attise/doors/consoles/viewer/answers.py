"""Answers to the page's own script: JSON, refusals too."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, JsonResponse

from attise.doors.consoles import telling
from attise.kernel.errors import Refusal


def as_json(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Tell a refusal as its code and a sentence, not as a page."""

    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        try:
            return view(request)
        except Refusal as refusal:
            body = {"code": refusal.code, "message": telling.sentence(refusal)}
            response = JsonResponse(body, status=telling.STATUSES[refusal.reason.kind])
            if "retry_after_s" in refusal.params:
                response.headers["Retry-After"] = str(refusal.params["retry_after_s"])
            return response

    return answer
