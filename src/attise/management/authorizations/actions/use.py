"""An ad shows a post by a grant of its whole account: from then on the post's caption is held."""

from __future__ import annotations

from attise.kernel.means import Means
from attise.management.authorizations.actions.shared import relock_post
from attise.management.authorizations.models import AccountUse, Authorization
from attise.management.outbox.actions import unit, verb
from attise.management.posts.actions.hold import hold_post


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
