"""The texts of this room's facts: e-mail addresses, telephone numbers, addresses of the web. Pure."""

from __future__ import annotations

import re

from attise.kernel.errors import N_, Refusal
from attise.kernel.limits import EMAIL_CHARACTERS
from attise.kernel.urls import LOOPBACK, URL_FORM, read_url
from attise.management.accounts.errors import EMAIL_INVALID, PHONE_INVALID

_LOCAL = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_EMAIL = re.compile(rf"{_LOCAL}@{_LABEL}(?:\.{_LABEL})+")
_LOCAL_CHARACTERS = 64
_PHONE = re.compile(r"\+?\(?[0-9][0-9 ().-]{3,27}")
_ON_THE_WIRE = re.compile(r"""[^\x00-\x20"<>\\^`{|}\x7f-\U0010ffff]+""")


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
    """Return an https address (http on this machine) in its one spelling, or an empty text.

    Raises: the refusals of ``kernel.urls.read_url``.
    """
    return "" if text == "" else str(read_url(text, field=field, plain_hosts=LOOPBACK))


def clean_redirect_uri(text: str, *, field: str = "redirect_uris") -> str:
    """Return an address that an app may receive people at: https, or http on this machine, without fragment.

    It is kept as it was entered, since what is sent later is compared with it letter by letter; it must therefore be
    entered as it goes over the wire. Raises: the refusals of ``kernel.urls.read_url``.
    """
    if not _ON_THE_WIRE.fullmatch(text):
        raise Refusal(URL_FORM, field=field, rule=N_("it holds a character that must be percent-encoded"))
    if "#" in text:
        raise Refusal(URL_FORM, field=field, rule=N_("it may not have a part after #"))
    read_url(text, field=field, plain_hosts=LOOPBACK)
    return text
