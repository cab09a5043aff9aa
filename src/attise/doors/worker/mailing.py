"""Digests by e-mail: to whoever asked for them, at most once an hour, what they have neither read nor been mailed.

Noted before it is handed over: a mail server that is away costs a digest, which is in the inbox all the same, and never
sends one twice.
"""

from __future__ import annotations

import logging
from smtplib import SMTPException
from typing import Final

from django.core.mail import send_mail
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from attise.doors.site.notices import in_words, shown_email
from attise.kernel.house import House
from attise.kernel.means import Means
from attise.management.accounts import queries as accounts
from attise.management.accounts.views import PersonView
from attise.management.inbox import actions, queries
from attise.management.inbox.rules import OPERATOR, Audience, kinds_told
from attise.management.outbox.queries import CENTER

log = logging.getLogger("attise.worker")

MOST: Final = 20
"""Notices of one audience that a digest tells; the inbox has the rest."""


def mail_digests(means: Means, house: House) -> int:
    """Send what is due and return how many digests that were; none where no mail server is named."""
    if not house.settings.email_url:
        return 0
    return sum(_mail(means, house, person_id) for person_id in queries.list_due(means.clock))


def _mail(means: Means, house: House, person_id: int) -> bool:
    """Send one person's digest; False when there was nothing to tell, or nobody to tell it to."""
    person = accounts.find_person(person_id)
    address = "" if person is None or not person.is_active else shown_email(person.email)
    upto: dict[Audience, int] = {}
    parts: list[tuple[str, list[str]]] = []
    if person is not None and address:
        with translation.override(person.language or "en"):
            for audience, name, kinds in _audiences(person):
                found = queries.list_unmailed(person_id, audience, kinds=kinds, limit=MOST)
                said = [one for one in in_words(found) if one]
                if found:
                    upto[audience] = found[0].id
                if said:
                    parts.append((name, said))
            subject, text = _written(parts, house)
    actions.note_mailed(means, person_id=person_id, upto=upto)
    if not parts:
        return False
    try:
        send_mail(subject, text, None, [address])
    except (OSError, SMTPException) as error:
        log.warning("a digest could not be handed over: %s", type(error).__name__)
        return False
    return True


def _written(parts: list[tuple[str, list[str]]], house: House) -> tuple[str, str]:
    count = sum(len(said) for _name, said in parts)
    subject = ngettext("Attise: %(count)s thing to read", "Attise: %(count)s things to read", count) % {"count": count}
    lines = [line for name, said in parts for line in (name, *(f"- {one}" for one in said), "")]
    where = f"{house.settings.public_url}/boite" if house.settings.public_url else "/boite"
    lines += [_("Your inbox: %(address)s") % {"address": where}, _("You asked for this digest; the inbox ends it.")]
    return subject, "\n".join(lines) + "\n"


def _audiences(person: PersonView) -> list[tuple[Audience, str, frozenset[str] | None]]:
    """Return whose notices a person may read, each with its name and the kinds (None: all): what their inbox has."""
    found: list[tuple[Audience, str, frozenset[str] | None]] = []
    creator = accounts.find_creator_of_person(person.id)
    if creator is not None and creator.is_active:
        found.append((("creator", creator.id), f"@{creator.handle}", None))
    for center in accounts.memberships_of(person.id):
        kinds = kinds_told(center.roles)
        if kinds is None:
            found.append(((CENTER, center.business_center_id), center.business_center_name, None))
        if kinds is None or kinds:
            advertisers = accounts.list_advertisers_of_business_center(center.business_center_id)
            found += [(("advertiser", one.id), one.name, kinds) for one in advertisers]
    if person.is_operator:
        found.append((OPERATOR, _("Operator"), None))
    return found
