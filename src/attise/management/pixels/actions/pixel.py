"""An advertiser makes a pixel, or changes what it is called and may send."""

from __future__ import annotations

import logging

from attise.kernel.actor import Actor
from attise.kernel.errors import NOT_FOUND, Refusal
from attise.kernel.gather import Gather
from attise.kernel.limits import NAME_CHARACTERS, PIXEL_NAME_CHARACTERS, PIXELS
from attise.kernel.means import Means
from attise.kernel.text import clean_plain_name, clean_text
from attise.management.accounts import queries as accounts
from attise.management.accounts.actions import hold_advertiser
from attise.management.outbox.actions import unit, verb
from attise.management.pixels import queries, rules
from attise.management.pixels.errors import TOO_MANY_PIXELS
from attise.management.pixels.models import Pixel
from attise.management.pixels.views import PixelView

log = logging.getLogger(__name__)


@verb
def create_pixel(
    means: Means, actor: Actor, *, advertiser_id: int, name: str, category: str = "", partner_name: str = ""
) -> PixelView:
    """Make a pixel with a random code.

    Raises: ``not_found`` for the advertiser; the refusals of a name, ``pixel_category``, ``pixels_too_many``.
    """
    accounts.get_advertiser(advertiser_id)
    gather = Gather()
    clean = gather.take(clean_plain_name, name, field="name", limit=PIXEL_NAME_CHARACTERS)
    gather.take(rules.check_category, category)
    partner = gather.take(clean_text, partner_name, field="partner_name", limit=NAME_CHARACTERS, empty=True)
    gather.tell()
    now_ms = means.clock.world_ms()
    with unit(means):
        hold_advertiser(advertiser_id=advertiser_id)
        if Pixel.objects.filter(advertiser_id=advertiser_id).count() >= PIXELS:
            raise Refusal(TOO_MANY_PIXELS, limit=PIXELS)
        row = Pixel.objects.create(
            id=means.ids.next(),
            code=rules.code_of(means.chance.token(rules.CODE_BYTES)),
            advertiser_id=advertiser_id,
            name=clean,
            category=category,
            partner_name=partner,
            created_at_ms=now_ms,
            modified_at_ms=now_ms,
        )
    log.info("pixel %s made by %s", row.id, actor)
    return queries.get_pixel(advertiser_id, row.id)


@verb
def update_pixel(
    means: Means,
    actor: Actor,
    *,
    advertiser_id: int,
    pixel_id: int,
    name: str | None = None,
    matches_email: bool | None = None,
    matches_phone: bool | None = None,
    is_paused: bool | None = None,
) -> PixelView:
    """Change a pixel's name, what its tag may send, or whether anything is taken of it.

    Edges learn of a pause within half a minute. Raises: ``not_found``, the refusals of a name.
    """
    before = queries.get_pixel(advertiser_id, pixel_id)
    changed: dict[str, object] = {}
    if name is not None:
        changed["name"] = clean_plain_name(name, field="name", limit=PIXEL_NAME_CHARACTERS)
    if matches_email is not None:
        changed["matches_email"] = matches_email
    if matches_phone is not None:
        changed["matches_phone"] = matches_phone
    if is_paused is not None and is_paused != before.is_paused:
        changed["paused_at_ms"] = means.clock.world_ms() if is_paused else None
    with unit(means):
        rows = Pixel.objects.filter(advertiser_id=advertiser_id, id=pixel_id)
        if not rows.update(modified_at_ms=means.clock.world_ms(), **changed):
            raise Refusal(NOT_FOUND, field="pixel_id")
    log.info("pixel %s changed by %s", pixel_id, actor)
    return queries.get_pixel(advertiser_id, pixel_id)
