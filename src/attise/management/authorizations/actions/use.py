"""An ad uses a grant of a whole account: it shows a post by it, whose caption is then held, or publishes one by it."""

from __future__ import annotations

from attise.kernel.means import Means
from attise.management.authorizations.actions.shared import relock_post
from attise.management.authorizations.models import AccountUse, Authorization
from attise.management.outbox.actions import unit, verb
from attise.management.posts.actions.hold import hold_post


def hold_grant(*, authorization_id: int) -> None:
    """Keep a grant as it is until the end of the caller's unit: who ends it meanwhile waits. Cost: one query."""
    list(Authorization.objects.select_for_update(no_key=True).filter(id=authorization_id).values_list("id"))


@verb
def use_account(means: Means, *, authorization_id: int, post_id: int) -> None:
    """Hold a post's caption as long as a grant of its account lives; a grant of the post itself does so anyway.

    Called by ``campaigns`` within its own unit of work. The post is locked, then the grant, as everywhere: a revocation
    that comes meanwhile either sees this use, or is seen by it.
    """
    with unit(means):
        hold_post(post_id=post_id)
        row = Authorization.objects.select_for_update(no_key=True).get(id=authorization_id)
        if row.kind == Authorization.Kind.POST:
            return
        _, is_new = AccountUse.objects.get_or_create(
            authorization_id=authorization_id,
            post_id=post_id,
            defaults={"id": means.ids.next(), "created_at_ms": means.clock.world_ms()},
        )
        if is_new:
            relock_post(means, post_id)
