"""Amounts and percentages as people type them: ``50``, ``50,00``, ``50 €``, ``1 200,50``, ``1,200.50``."""

from __future__ import annotations

import re

from django.utils.translation import get_language

from attise.doors.site import formats
from attise.kernel.money import format_amount, parse_amount
from attise.records.lookups import currencies
from attise.records.terms import PPM

_SPACES = re.compile(r"[\s\u00a0\u202f]+")
_GROUPED = re.compile(r"[0-9]{1,3}(?:[.,'’][0-9]{3})+")
_PERCENT = 100
_PPM_OF_PERCENT = PPM // _PERCENT


def read_money(text: str, currency: str) -> int | None:
    """Return the micros of an amount in a currency, or None when it is none.

    Spaces and the currency's own sign are let go. Of two kinds of separators the last one is the decimal's; a single
    one followed by three figures groups thousands, unless the currency has three decimals.
    """
    row = currencies.get(currency)
    bare = text.strip()
    for sign in (row.symbol, row.code, "€", "$", "£"):
        bare = bare.removesuffix(sign).removeprefix(sign).strip()
    bare = _SPACES.sub("", bare).replace("'", "").replace("’", "")
    last = max(bare.rfind(","), bare.rfind("."))
    if last >= 0:
        whole, decimals = bare[:last], bare[last + 1 :]
        groups = len(decimals) == 3 and row.exponent < 3 and _GROUPED.fullmatch(bare) is not None  # noqa: PLR2004
        if groups:
            whole, decimals = whole + decimals, ""
        elif not decimals:
            return None
        if re.search(r"[.,]", whole) and not (groups or _GROUPED.fullmatch(whole)):
            return None
        bare = re.sub(r"[.,]", "", whole) + (f".{decimals}" if decimals else "")
    return parse_amount(bare, exponent=row.exponent)


def read_percent(text: str) -> int | None:
    """Return a percentage in parts per million, or None when it is none or above 100; at most four decimals."""
    bare = _SPACES.sub("", text).removesuffix("%").replace(",", ".")
    micros = parse_amount(bare, exponent=4)
    if micros is None:
        return None
    ppm, rest = divmod(micros, _PERCENT)
    return ppm if rest == 0 and ppm <= PPM else None


def typed_money(micros: int | None, currency: str) -> str:
    """Return an amount as it is typed in the reader's language, without decimals that are zero; empty for none."""
    if micros is None:
        return ""
    text = format_amount(micros, exponent=currencies.get(currency).exponent)
    whole, _, decimals = text.partition(".")
    if not decimals.strip("0"):
        return whole
    return f"{whole},{decimals}" if formats.language_of(get_language()) == formats.FRENCH else text


def typed_percent(ppm: int, language: str) -> str:
    """Return parts per million as a percentage is typed in a language, without decimals that are zero."""
    whole, rest = divmod(ppm, _PPM_OF_PERCENT)
    decimals = f"{rest:04}".rstrip("0")
    return f"{whole}{',' if language == formats.FRENCH else '.'}{decimals}" if decimals else str(whole)


def places_of(ppm: int) -> int:
    """Return how many decimals a share in parts per million needs in percent."""
    return next((places for places in range(4) if ppm % 10 ** (4 - places) == 0), 4)
