"""An advertiser removes a post whose grant is over from its library; the history stays."""

from __future__ import annotations

from attise.kernel.actor import Actor
from attise.kernel.errors import NOT_FOUND
from attise.kernel.means import Means
from attise.management.authorizations import envelopes, rules
from attise.management.authorizations.actions.history import record
from attise.management.authorizations.actions.shared import lock_authorization
from attise.management.authorizations.errors import AUTHORIZATION_RUNNING, AuthorizationRefused
from attise.management.authorizations.models import Authorization, Binding
from attise.management.outbox.actions import unit, verb


@verb
def unbind(means: Means, actor: Actor, *, advertiser_id: int, post_id: int) -> None:
    """End an advertiser's holds on a post's grants, all of which must be expired or revoked.

    Raises: ``not_found``, ``authorization_running``.
    """
    with unit(means):
        held = list(
            Binding.objects.select_related("advertiser")
            .filter(
                advertiser_id=advertiser_id,
                authorization__post_id=post_id,
                authorization__kind=Authorization.Kind.POST,
                ended_at_ms__isnull=True,
            )
            .order_by("authorization_id")
        )
        if not held:
            raise AuthorizationRefused(NOT_FOUND, field="item_id")
        now = means.clock.world_ms()
        for binding in held:
            row = lock_authorization(binding.authorization_id)
            until = rules.live_until_ms(row)
            if rules.state_of(row, now).is_live:
                date = rules.day_of(until) if until is not None else "-"
                raise AuthorizationRefused(AUTHORIZATION_RUNNING, field="item_id", date=date)
            envelopes.close_holds(means, [binding])
            binding.ended_at_ms, binding.in_library = now, False
            binding.save(update_fields=["ended_at_ms", "in_library"])
            record(means, actor, row, "unbound", advertiser_id=str(advertiser_id))
            row.save(update_fields=["history_count", "history_head"])
