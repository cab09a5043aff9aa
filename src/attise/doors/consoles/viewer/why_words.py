"""What an ad asked for and what of a viewer met it, in words: only what was used in the decision."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from attise.doors.consoles import words
from attise.doors.site import formats
from attise.records.decision import CoarseViewer
from attise.records.lookups import behaviours, interests, languages, regions
from attise.records.targeting import Targeting

ANY_GENDER: Final = "GENDER_UNLIMITED"
AGES: Final[dict[str, Promise]] = {
    "AGE_13_17": gettext_lazy("13 to 17"),
    "AGE_18_24": gettext_lazy("18 to 24"),
    "AGE_25_34": gettext_lazy("25 to 34"),
    "AGE_35_44": gettext_lazy("35 to 44"),
    "AGE_45_54": gettext_lazy("45 to 54"),
    "AGE_55_100": gettext_lazy("55 and over"),
}
GENDERS: Final[dict[str, Promise]] = {
    "female": gettext_lazy("woman"),
    "male": gettext_lazy("man"),
    "other": gettext_lazy("another gender"),
}
FOLLOWERS: Final[dict[str, Promise]] = {
    "only": gettext_lazy("you follow this creator"),
    "excluded": gettext_lazy("you do not follow this creator yet"),
}
SYSTEMS: Final[dict[str, str]] = {"android": "Android", "ios": "iOS"}


def shown_because(asked: Targeting, viewer: CoarseViewer) -> list[tuple[str, str]]:
    """Return each part of an audience that limits it with what of this viewer met it: name, words.

    Empty: the ad is for everybody. What the ad did not ask for is not told, because it was not used.
    """
    asks_price = asked.device_price_least is not None or asked.device_price_most is not None
    parts = [
        (asked.locations, _("Where you are"), _place(viewer)),
        (asked.languages, _("Your language"), _language(viewer.language)),
        (asked.age_groups, _("Your age"), str(AGES.get(viewer.age_group, ""))),
        (asked.gender != ANY_GENDER, _("Your gender"), str(GENDERS.get(viewer.gender, viewer.gender))),
        (asked.operating_systems, _("Your phone's system"), SYSTEMS.get(viewer.os.lower(), viewer.os)),
        (asks_price, _("What your phone costs"), _price(viewer.device_price)),
        (asked.interests, _("What you are interested in"), _interests(asked.interests, viewer.interests)),
        (asked.behaviours, _("What you watched lately"), _behaviours(asked, viewer)),
        (asked.audiences, _("Lists"), _lists(set(asked.audiences) & set(viewer.audiences))),
        (asked.followers != "any", _("Whom you follow"), str(FOLLOWERS.get(asked.followers, ""))),
    ]
    return [(name, told) for is_asked, name, told in parts if is_asked and told]


def _place(viewer: CoarseViewer) -> str:
    row = regions.by_iso(viewer.region) if viewer.region else None
    return words.named(row or regions.by_iso(viewer.country)) if row or viewer.country else ""


def _language(code: str) -> str:
    row = languages.find(code)
    return "" if row is None else words.named(row)


def _price(dollars: int | None) -> str:
    if dollars is None:
        return ""
    return _("about %(price)s dollars") % {"price": formats.integer(dollars, formats.language_of(get_language()))}


def _lists(met: Collection[int]) -> str:
    if not met:
        return ""
    count = len(met)
    told = ngettext(
        "you are in %(count)d list of the advertiser", "you are in %(count)d lists of the advertiser", count
    )
    return told % {"count": count}


def _interests(asked: tuple[int, ...], had: tuple[str, ...]) -> str:
    """Return the interests that the viewer has and the ad asks for, by themselves or by what they belong to."""
    rows = [row for row in (interests.find(one) for one in had) if row is not None]
    return words.listed([words.named(row) for row in rows if row.id in asked or row.parent_id in asked])


def _behaviours(asked: Targeting, viewer: CoarseViewer) -> str:
    wanted = {one for behaviour in asked.behaviours for one in behaviour.category_ids}
    rows = [behaviours.get(one) for one in sorted({one.category_id for one in viewer.behaviours})]
    return words.listed([words.named(row) for row in rows if row.id in wanted or row.parent_id in wanted])
