"""The texts of this room's facts: e-mail addresses, telephone numbers, addresses of the web. Pure."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from attise.kernel.errors import N_, Reason, Refusal
from attise.kernel.limits import ADDRESS_CHARACTERS, EMAIL_CHARACTERS
from attise.management.accounts.errors import (
    EMAIL_INVALID,
    LINK_ADDRESS_INVALID,
    PHONE_INVALID,
    REDIRECT_URI_INVALID,
)

_LOCAL = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_EMAIL = re.compile(rf"{_LOCAL}@{_LABEL}(?:\.{_LABEL})+")
_LOCAL_CHARACTERS = 64
_PHONE = re.compile(r"\+?[0-9][0-9 ().-]{3,28}")
_ADDRESS = re.compile(r"[!-~]+")  # visible ASCII: no space, no control character, no look-alike letter
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*", re.IGNORECASE)
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def normal_email(text: str) -> str | None:
    """Return an e-mail address in small letters, or None when it is not one."""
    if len(text) > EMAIL_CHARACTERS + 20:  # outer spaces allowed for; bounded before any work on it
        return None
    email = text.strip().lower()
    if not email.isascii() or len(email) > EMAIL_CHARACTERS or not _EMAIL.fullmatch(email):
        return None
    return email if len(email.partition("@")[0]) <= _LOCAL_CHARACTERS else None


def clean_email(text: str, *, field: str = "email", empty: bool = False) -> str:
    """Return an e-mail address in small letters. Raises: ``email_invalid``."""
    if empty and text == "":
        return ""
    email = normal_email(text)
    if email is None:
        raise Refusal(EMAIL_INVALID, field=field)
    return email


def clean_phone(text: str, *, field: str) -> str:
    """Return a telephone number or an empty text. Raises: ``phone_invalid``."""
    phone = text.strip()
    if phone and not _PHONE.fullmatch(phone):
        raise Refusal(PHONE_INVALID, field=field)
    return phone


def clean_web_address(text: str, *, field: str) -> str:
    """Return an https address (http on this machine) or an empty text. Raises: ``address_invalid``."""
    if text == "":
        return ""
    _check_address(text, LINK_ADDRESS_INVALID, field)
    return text


def clean_redirect_uri(text: str, *, field: str = "redirect_uris") -> str:
    """Return an address that an app may receive people at. Raises: ``redirect_uri_invalid``.

    It is kept as it was entered: what is sent later is compared with it letter by letter.
    """
    _check_address(text, REDIRECT_URI_INVALID, field)
    if "#" in text:
        raise Refusal(REDIRECT_URI_INVALID, field=field, rule=N_("it holds a fragment"))
    return text


def _check_address(text: str, reason: Reason, field: str) -> None:
    """Refuse, for ``reason``, an address that is not one plain https address."""

    def refused(rule: str) -> Refusal:
        return Refusal(reason, field=field, rule=rule)

    if len(text) > ADDRESS_CHARACTERS:
        raise refused(N_("it is longer than 2,048 characters"))
    if not _ADDRESS.fullmatch(text) or "\\" in text:
        raise refused(N_("it holds a character that must be percent-encoded"))
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise refused(N_("it cannot be read")) from None
    if parts.scheme not in {"https", "http"}:
        raise refused(N_("it does not begin with https://"))
    if "@" in parts.netloc:
        raise refused(N_("it holds a name or password"))
    if host not in LOOPBACK and (not _HOST.fullmatch(host) or "." not in host):
        raise refused(N_("it has no host name"))
    if parts.scheme == "http" and host not in LOOPBACK:
        raise refused(N_("it does not begin with https://"))
    if port == 0:
        raise refused(N_("it has no such port"))
