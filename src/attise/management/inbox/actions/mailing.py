"""A person wants digests by e-mail, or no more; and one was sent."""

from __future__ import annotations

from collections.abc import Mapping

from attise.kernel.means import Means
from attise.management.inbox.models import Mailing, Place
from attise.management.inbox.rules import Audience
from attise.management.outbox.actions import unit, verb


@verb
def want_mail(means: Means, *, person_id: int, wants: bool) -> None:
    """Send a person digests from now on, or none any more."""
    with unit(means):
        if wants:
            Mailing.objects.get_or_create(person_id=person_id, defaults={"mailed_at_ms": means.clock.wire_ms()})
        else:
            Mailing.objects.filter(person_id=person_id).delete()


@verb
def note_mailed(means: Means, *, person_id: int, upto: Mapping[Audience, int]) -> None:
    """Remember that a digest was sent, or that there was nothing to send; ``upto``: the newest notice of each audience.

    Noted before it is sent: what is lost on the way is still in the inbox, and nobody is told the same twice.
    """
    with unit(means):
        for (audience, audience_id), newest in upto.items():
            row, _made = Place.objects.get_or_create(person_id=person_id, audience=audience, audience_id=audience_id)
            Place.objects.filter(pk=row.pk, mailed_to__lt=newest).update(mailed_to=newest)
        Mailing.objects.filter(person_id=person_id).update(mailed_at_ms=means.clock.wire_ms())
