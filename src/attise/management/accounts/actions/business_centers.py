"""An organisation is founded."""

from __future__ import annotations

from attise.kernel.actor import Actor
from attise.kernel.gather import Gather
from attise.kernel.limits import COMPANY_CHARACTERS, NAME_CHARACTERS
from attise.kernel.means import Means
from attise.kernel.text import clean_text
from attise.management.accounts.models import BusinessCenter, Member
from attise.management.accounts.views import BusinessCenterView, business_center_view
from attise.management.outbox.actions import unit, verb
from attise.records.declared import clean_country, clean_currency, clean_timezone


@verb
def create_business_center(
    means: Means, actor: Actor, *, name: str, company: str, country: str, currency: str, timezone: str
) -> BusinessCenterView:
    """Found a Business Center; a person who does becomes its first administrator.

    Founded by the host or a command it has no member yet: ``add_member`` gives it one.
    Raises: the rules of texts, ``country_unknown``, ``currency_unknown``, ``timezone_unknown``, together.
    """
    gather = Gather()
    name = gather.take(clean_text, name, field="name", limit=NAME_CHARACTERS)
    company = gather.take(clean_text, company, field="company", limit=COMPANY_CHARACTERS)
    country = gather.take(clean_country, country)
    currency = gather.take(clean_currency, currency)
    timezone = gather.take(clean_timezone, timezone)
    gather.tell()
    with unit(means):
        now = means.clock.world_ms()
        row = BusinessCenter.objects.create(
            id=means.ids.next(),
            name=name,
            company=company,
            country=country,
            currency=currency,
            timezone=timezone,
            created_at_ms=now,
        )
        if actor.kind == "person":
            Member.objects.create(
                id=means.ids.next(),
                person_id=actor.id,
                business_center=row,
                role=Member.Role.ADMIN,
                created_at_ms=now,
            )
    return business_center_view(row)
