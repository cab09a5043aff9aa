"""What a draft would look like to viewers: what ``viewer/parts/reel.html`` draws."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from attise.doors.consoles import pictures
from attise.doors.consoles.advertiser.assistant.choosing import STANDARD, Chosen
from attise.doors.consoles.visit import AdvertiserVisit
from attise.doors.consoles.words import initials
from attise.doors.site import formats
from attise.management.campaigns.rules.creative import BY_ACCESS
from attise.measurement.counters.queries import counts_of
from attise.records.lookups import call_to_actions

COUNTED = ("likes", "comments", "saves", "shares")


def preview_of(visit: AdvertiserVisit, chosen: Chosen, body: dict[str, Any]) -> dict[str, Any]:
    """Return the post, or the video as it would be published or shown under the brand's name, with its button."""
    button = call_to_actions.find(str(body.get("call_to_action", "")))
    french = formats.language_of(get_language()) == formats.FRENCH
    shared = {
        "kind": chosen.kind,
        "is_standard": chosen.kind == STANDARD,
        "advertiser": _("Advertiser: {who}").format(who=visit.advertiser.name),
        "call": "" if button is None else button.name_fr if french else button.name_en,
    }
    if chosen.post is not None:
        counts, post = counts_of(chosen.post.id), chosen.post
        return shared | {
            "post": post,
            "cover_url": pictures.cover_of(visit.means, post),
            "initials": initials(post.creator_display_name),
            "card": {name: counts.of(name).total for name in COUNTED},
        }
    account = chosen.account
    name = str(body.get("display_name") or visit.advertiser.name)
    player = None if chosen.video is None else pictures.player_of_media(visit.means, chosen.video.media, "")
    return shared | {
        "name": "" if account is not None else name,
        "post": {
            "id": 0 if chosen.video is None else chosen.video.material_id,
            "creator_handle": "" if account is None else account.handle,
            "caption": body.get("ad_text", ""),
            "partnership": account is not None and account.identity_type == BY_ACCESS,
        },
        "cover_url": None if player is None else player["cover_url"],
        "initials": initials(name if account is None else account.display_name),
        "card": dict.fromkeys(COUNTED, 0),
    }
