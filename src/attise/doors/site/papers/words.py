"""A paper in words: title, lines, sums and notes, in the language of the page; HTML and PDF are made of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from attise.doors.site import formats
from attise.kernel.money import MICROS
from attise.management.invoices.rules import CREDIT_NOTE, Body, Line, Party
from attise.records.lookups import currencies

MICRO_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A line as it is read."""

    what: str
    detail: str
    count: str
    amount: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper as it is read."""

    title: str
    number: str
    facts: tuple[tuple[str, str], ...]
    issuer: tuple[str, ...]
    buyer: tuple[str, ...]
    lines: tuple[PaperLine, ...]
    exact: str
    """The sum to the micro; empty where it ends on what the currency can write."""
    total: str
    notes: tuple[str, ...]


def paper_of(body: Body) -> Paper:
    """Return a paper in words."""
    language = formats.language_of(get_language())
    is_credit = body.kind == CREDIT_NOTE
    facts = [
        (_("Number"), body.number),
        (_("Issued on"), formats.day(_day(body.issued_on), language)),
        (_("Month"), _month(body, language)),
    ]
    if body.refers_to:
        facts.append((_("Corrects the invoices"), ", ".join(body.refers_to)))
    is_exact = body.total_micros == body.rounded_micros
    return Paper(
        title=pgettext("paper", "Corrective invoice") if is_credit else pgettext("paper", "Invoice"),
        number=body.number,
        facts=tuple(facts),
        issuer=_party(body.issuer),
        buyer=_party(body.advertiser),
        lines=tuple(_line(line, body.currency, language) for line in body.lines),
        exact="" if is_exact else exact_money(body.total_micros, body.currency, language),
        total=formats.money(body.rounded_micros, body.currency, language),
        notes=_notes(body, is_exact=is_exact),
    )


def exact_money(micros: int, currency: str, language: str) -> str:
    """Return an amount with every decimal that it has, six at most: ``0,008734 €``."""
    row = currencies.get(currency)
    places = row.exponent
    while places < MICRO_DECIMALS and micros * 10**places % MICROS:
        places += 1
    number = formats.decimal(micros, MICROS, language, places=places)
    return f"{number}{formats.HARD}{row.symbol}" if language == formats.FRENCH else f"{row.symbol}{number}"


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _month(body: Body, language: str) -> str:
    """Return the month with its days, in the zone that bounds them."""
    first = body.first_day
    after = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    last = after.fromordinal(after.toordinal() - 1)
    return f"{formats.day(first, language)}{formats.RANGE}{formats.day(last, language)} ({body.timezone})"


def _party(party: Party) -> tuple[str, ...]:
    lines = [party.name, *party.address.splitlines(), party.country, party.registration]
    if party.contact:
        lines.append(_("Attn. %(name)s") % {"name": party.contact})
    if party.payer:
        lines.append(_("Paid by %(name)s") % {"name": party.payer})
    return tuple(line for line in lines if line)


def _line(line: Line, currency: str, language: str) -> PaperLine:
    if line.kind == "campaign":
        what = _("Campaign “%(name)s”") % {"name": line.name or line.reference}
    elif line.kind == "fee":
        what = _("Fixed fee of %(name)s") % {"name": line.name or line.reference}
    else:
        what = _("Ads")
    details = [line.reference] if line.reference else []
    if line.is_late:
        details.append(_("of days before this month, settled since"))
    return PaperLine(
        what,
        " · ".join(details),
        formats.integer(line.count, language),
        exact_money(line.amount_micros, currency, language),
    )


def _notes(body: Body, *, is_exact: bool) -> tuple[str, ...]:
    notes = [_("Amounts are without taxes, which are not kept here.")]
    if not is_exact:
        notes.append(
            _("Lines are exact to the millionth; their sum is rounded once, to the nearest amount that can be paid.")
        )
    if body.kind == CREDIT_NOTE:
        notes.append(_("The amount was given back to the prepaid balance."))
    else:
        notes.append(_("Paid from the prepaid balance: nothing is due."))
    return (*notes, *body.mention.splitlines())
