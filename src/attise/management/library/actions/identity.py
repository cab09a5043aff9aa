"""An advertiser makes, and deletes, an identity that is only a name and a picture."""

from __future__ import annotations

import logging
import uuid

from attise.kernel.actor import Actor
from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.gather import Gather
from attise.kernel.limits import NAME_CHARACTERS
from attise.kernel.means import Means
from attise.kernel.text import clean_text
from attise.management.accounts import queries as accounts
from attise.management.accounts.actions import hold_advertiser
from attise.management.library import queries, rules
from attise.management.library.errors import IMAGE_NOT_SQUARE
from attise.management.library.models import Identity
from attise.management.library.views import IdentityView
from attise.management.outbox.actions import unit, verb
from attise.records.change import ChangeKind

log = logging.getLogger(__name__)


@verb
def create_identity(
    means: Means, actor: Actor, *, advertiser_id: int, display_name: str, image_id: str | None = None
) -> IdentityView:
    """Make an identity with a name and, if given, a square image of the advertiser's own.

    Raises: ``not_found`` for the advertiser or the image; the refusals of a name; ``identity_image_not_square``.
    """
    accounts.get_advertiser(advertiser_id)
    gather = Gather()
    name = gather.take(clean_text, display_name, field="display_name", limit=NAME_CHARACTERS)
    material_id = gather.take(_check_image, advertiser_id, image_id)
    gather.tell()
    # Read elsewhere as one of those random names that are no numbers; ours is 122 bits of chance in that spelling.
    identity_id = str(uuid.UUID(bytes=means.chance.token(16), version=4))
    with unit(means):
        Identity.objects.create(
            id=means.ids.next(),
            identity_id=identity_id,
            advertiser_id=advertiser_id,
            display_name=name,
            image_id=material_id,
            created_at_ms=means.clock.world_ms(),
        )
    log.info("identity %s made by %s", identity_id, actor)
    return queries.get_identity(advertiser_id, identity_id)


@verb
def name_identity(means: Means, actor: Actor, *, advertiser_id: int, display_name: str) -> IdentityView:
    """Return the advertiser's identity of a name without a picture, the newest; it is made where there is none.

    Asked for by two at once, it is made once. Raises: as ``create_identity``.
    """
    name = clean_text(display_name, field="display_name", limit=NAME_CHARACTERS)
    with unit(means):
        hold_advertiser(advertiser_id=advertiser_id)
        rows = Identity.objects.filter(advertiser_id=advertiser_id, display_name=name, deleted_at_ms__isnull=True)
        known = rows.filter(image__isnull=True).order_by("-id").values_list("identity_id", flat=True).first()
        if known is not None:
            return queries.get_identity(advertiser_id, known)
        return create_identity(means, actor, advertiser_id=advertiser_id, display_name=name)


@verb
def delete_identity(means: Means, actor: Actor, *, advertiser_id: int, identity_id: str) -> None:
    """Delete an identity; a tombstone stays, and the ads shown under it stop.

    Raises: ``not_found``, also the second time.
    """
    with unit(means) as work:
        rows = Identity.objects.filter(advertiser_id=advertiser_id, identity_id=identity_id, deleted_at_ms__isnull=True)
        row_id = rows.values_list("id", flat=True).first()
        if row_id is None or not rows.update(deleted_at_ms=means.clock.world_ms()):
            raise Refusal(NOT_FOUND, field="identity_id")
        work.change(ChangeKind.IDENTITY_STOPPED, row_id, advertiser_id=advertiser_id)
    log.info("identity %s deleted by %s", identity_id, actor)


def _check_image(advertiser_id: int, image_id: str | None) -> int | None:
    """Return the row id of the image of an identity, or None when there is none."""
    if image_id is None:
        return None
    image = queries.get_image(advertiser_id, image_id)
    if not rules.is_square(image.media.width, image.media.height):
        raise Refusal(IMAGE_NOT_SQUARE, field="image_id", width=image.media.width, height=image.media.height)
    return image.material_id
