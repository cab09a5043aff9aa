"""Every "no" that the edge says itself, in three shapes and two languages.

The edge speaks when nothing else in the house does, so its few sentences stand here and need no catalogue.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from dataclasses import dataclass

from attise.doors.edge.addresses import METHODS, Shape
from attise.doors.edge.headers import SECURITY, RawHeaders


@dataclass(frozen=True, slots=True)
class Problem:
    """A refusal of the edge: its status, its code in the native API, its number in the dialect, and its words."""

    status: int
    code: str
    number: int
    en: tuple[str, str]
    """What happened, and the next step."""
    fr: tuple[str, str]
    retry_after_s: int | None = None
    allow: tuple[str, ...] = ()
    closes: bool = False
    """Whether the connection ends with the answer: what follows on it cannot be told apart from the request."""


BAD_REQUEST = Problem(
    400,
    "bad_request",
    40002,
    ("This request cannot be read.", "Check its first line, its Host header and the length of its body."),
    ("Cette demande est illisible.", "Vérifier sa première ligne, son en-tête Host et la longueur de son corps."),
    closes=True,
)
NOT_FOUND = Problem(
    404,
    "not_found",
    40400,
    ("There is nothing at this address.", "Check the link, or ask for a new one: links to media end by themselves."),
    (
        "Il n’y a rien à cette adresse.",
        "Vérifier le lien ou en demander un nouveau : les liens vers un média expirent.",
    ),
)
METHOD_NOT_ALLOWED = Problem(
    405,
    "method_not_allowed",
    40117,
    ("This method is not taken here.", "Use one of the methods named in the Allow header."),
    ("Cette méthode n’est pas acceptée ici.", "Utiliser une des méthodes de l’en-tête Allow."),
    allow=METHODS,
)
READ_ONLY = Problem(
    405,
    "method_not_allowed",
    40117,
    METHOD_NOT_ALLOWED.en,
    METHOD_NOT_ALLOWED.fr,
    allow=("GET", "HEAD"),
)
TOO_SLOW = Problem(
    408,
    "request_timeout",
    40002,
    ("The request came in too slowly.", "Send it again over a better connection."),
    ("La demande est arrivée trop lentement.", "La renvoyer avec une meilleure connexion."),
    closes=True,
)
TOO_LARGE = Problem(
    413,
    "body_too_large",
    40002,
    (
        "The body is larger than this address takes.",
        "Send at most 1 MiB: 2 MiB of events, 500 MiB where a file is taken.",
    ),
    (
        "Le corps dépasse ce que cette adresse accepte.",
        "Envoyer 1 Mio au plus : 2 Mio d’événements, 500 Mio là où un fichier est attendu.",
    ),
    closes=True,
)
ADDRESS_TOO_LONG = Problem(
    414,
    "address_too_long",
    40002,
    ("The address is too long.", "Shorten it, or send the values in a body."),
    ("L’adresse est trop longue.", "La raccourcir ou envoyer les valeurs dans un corps."),
    closes=True,
)
UPGRADE = Problem(
    426,
    "upgrade_refused",
    40002,
    ("This server speaks HTTP/1.1 and changes to no other protocol.", "Ask again without the Upgrade header."),
    ("Ce serveur parle HTTP/1.1 et n’en change pas.", "Redemander sans l’en-tête Upgrade."),
    closes=True,
)
HEAD_TOO_LARGE = Problem(
    431,
    "headers_too_large",
    40002,
    ("The headers are too many or too large.", "Send fewer headers, or clear the cookies of this site."),
    ("Les en-têtes sont trop nombreux ou trop grands.", "En envoyer moins ou effacer les cookies de ce site."),
    closes=True,
)
BUG = Problem(
    500,
    "internal_error",
    50000,
    ("Something went wrong on our side.", "Try again; if it lasts, tell the operator the reference below."),
    (
        "Quelque chose a échoué de notre côté.",
        "Réessayer ; si cela dure, donner la référence ci-dessous à l’opérateur.",
    ),
)
AWAY = Problem(
    503,
    "unavailable",
    50002,
    ("The service does not answer right now.", "Try again in a moment."),
    ("Le service ne répond pas pour le moment.", "Réessayer dans un instant."),
    retry_after_s=2,
)
BUSY = Problem(
    503,
    "busy",
    50002,
    ("Too many requests are being answered at once.", "Try again in a moment."),
    ("Trop de demandes sont en cours à la fois.", "Réessayer dans un instant."),
    retry_after_s=1,
)

_STYLE = (
    ":root{color-scheme:light dark}body{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:18vh auto 0;"
    "padding:0 1.25rem}h1{font-size:1.6rem;line-height:1.2}small{opacity:.7}"
)
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest())
_PAGE_POLICY = b"default-src 'none'; style-src 'sha256-" + _STYLE_HASH + b"'; frame-ancestors 'none'; base-uri 'none'"
_REFERENCE = {"en": "Reference", "fr": "Référence"}


def write(problem: Problem, shape: Shape, *, language: str, request_id: str) -> tuple[int, RawHeaders, bytes]:
    """Return status, headers and body of a problem; the dialect's status is always 200."""
    message, next_step = problem.fr if language == "fr" else problem.en
    headers: RawHeaders = [*SECURITY, (b"x-request-id", request_id.encode())]
    status = problem.status
    if shape is Shape.PAGE:
        kind = b"text/html; charset=utf-8"
        body = _page(message, next_step, language, request_id)
        headers += [(b"content-security-policy", _PAGE_POLICY), (b"content-language", language.encode())]
        headers.append((b"vary", b"Accept-Language, Cookie"))
    else:
        kind = b"application/json"
        if shape is Shape.DIALECT:
            status = 200
            said = {"code": problem.number, "message": message, "request_id": request_id, "data": {}}
        else:
            said = {"error": {"code": problem.code, "message": message, "next": next_step, "request_id": request_id}}
        body = json.dumps(said, ensure_ascii=False).encode()
    headers += [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
    if problem.retry_after_s is not None:
        headers.append((b"retry-after", str(problem.retry_after_s).encode()))
    if problem.allow:
        headers.append((b"allow", ", ".join(problem.allow).encode()))
    if problem.closes:
        headers.append((b"connection", b"close"))
    if problem is UPGRADE:
        headers.append((b"upgrade", b"HTTP/1.1"))
    return status, headers, body


def _page(message: str, next_step: str, language: str, request_id: str) -> bytes:
    """Return the page of a problem, whole in itself: the site's style may be as far away as the site."""
    title = html.escape(message)
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{title} · Attise</title><style>{_STYLE}</style>'
        f"</head><body><main><h1>{title}</h1><p>{html.escape(next_step)}</p>"
        f"<p><small>{_REFERENCE[language]} {html.escape(request_id)}</small></p></main></body></html>"
    ).encode()
