"""The one entrance: every request of the dialect passes the same checks in the same order.

Route (40400, 40006) → method (40117) → known but refused (40008) → token (40104, 40105), its rate (40100) and scope →
what can be read and what is missing (40002) → advertiser or Business Center (40001) → every other value (40002) → the
endpoint. Whatever happens, the answer is HTTP 200 with a whole envelope: an outage is 50002, a bug is 50000 with its
reference in the log.
"""

from __future__ import annotations

import logging
import re

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt

from attise.doors.marketing_api import access, known_paths
from attise.doors.marketing_api.endpoint import REGISTRY, Beside, Endpoint, Partly, Streamed
from attise.doors.marketing_api.wire import codes, envelope, errors, reading
from attise.doors.marketing_api.wire.rates import FREQUENT, Rates
from attise.doors.site import means as site_means
from attise.kernel.errors import N_, Outage, Refusal, Refusals
from attise.kernel.means import Means

log = logging.getLogger("attise.dialect")

VERSION = "v1.3"
_VERSION = re.compile(r"v[0-9]{1,3}(\.[0-9]{1,3})?")
RATES = Rates()
FREQUENT_RATES = Rates(FREQUENT)
OUTAGE = N_("The service does not answer right now. Nothing was half done. Try again in a moment.")
PARTIAL = N_("Partial success: %(count)s of those named were refused; error_list says why.")
BUG = N_("Something went wrong on our side. Nothing was half done. Give the request_id when you report it.")


@csrf_exempt
def dispatch(request: HttpRequest, path: str | None = None) -> HttpResponseBase:
    """Answer one request of the dialect, whatever it is."""
    means = site_means.means()
    request.request_id = envelope.new_request_id(means)
    try:
        return _answer(request, means, path or "")
    except (Refusal, Refusals) as problem:
        return envelope.refusal(request, problem)
    except (OperationalError, InterfaceError, Outage) as error:
        what = error.what if isinstance(error, Outage) else type(error).__name__
        log.warning("outage: %s", what, extra={"request_id": request.request_id})
        return envelope.failure(request, codes.TIMEOUT, gettext(OUTAGE))
    except Exception:
        log.exception("bug behind the dialect", extra={"request_id": request.request_id})
        return envelope.failure(request, codes.SYSTEM_ERROR, gettext(BUG))


def _answer(request: HttpRequest, means: Means, path: str) -> HttpResponseBase:
    endpoint = find_endpoint(request.method or "", path)
    grant = access.authenticate(request, means, endpoint)
    if grant is not None:
        _take_turn(means, endpoint, grant.app_id)
    gathered = reading.gather(request, endpoint.shape, takes_files=endpoint.takes_files)
    missing = gathered.missing(endpoint.shape)
    if missing:
        raise Refusal(errors.MISSING, fields=", ".join(missing))
    if grant is not None:
        access.check_scope(endpoint, grant)
        access.check_named(endpoint, grant, gathered)
    params = reading.decode(gathered, endpoint.shape)
    call = access.open_call(request, means, grant)
    try:
        data = endpoint.run(call, params) if endpoint.takes_params else endpoint.run(call)
    except (Refusal, Refusals) as problem:
        return envelope.refusal(request, endpoint.respell(problem))
    if isinstance(data, Streamed):
        return envelope.file(request, data.path, data.name, data.content_type)
    if isinstance(data, Beside):
        return envelope.success(request, {}, top=data.fields)
    if isinstance(data, Partly):
        return envelope.partial(request, data.data, gettext(PARTIAL) % {"count": len(data.refused)})
    return envelope.success(request, data)


def find_endpoint(method: str, path: str) -> Endpoint:
    """Return the endpoint of a path under ``/open_api``. Raises: what its address or its method deserves."""
    parts = [part for part in path.split("/") if part]
    if not parts:
        raise Refusal(errors.UNKNOWN_ADDRESS)
    if parts[0] != VERSION:
        raise Refusal(errors.WRONG_VERSION if _VERSION.fullmatch(parts[0]) else errors.UNKNOWN_ADDRESS)
    name = "/".join(parts[1:])
    served = REGISTRY.get(name, {})
    allowed = known_paths.methods_of(name) | served.keys()
    if not allowed:
        raise Refusal(errors.UNKNOWN_ADDRESS)
    if method not in allowed:
        raise Refusal(errors.WRONG_METHOD, method=method[:20], allowed=" or ".join(sorted(allowed)))
    if method not in served:
        raise Refusal(errors.OUT_OF_SCOPE if known_paths.is_out_of_scope(name) else errors.NOT_YET)
    return served[method]


def _take_turn(means: Means, endpoint: Endpoint, app_id: int) -> None:
    """Count a request of an app, in a served house (one that claimed a node) unless it is a sandbox."""
    if settings.HOUSE.has_limits and site_means.process().claim is not None:
        (FREQUENT_RATES if endpoint.is_frequent else RATES).take(means.clock, app_id)
