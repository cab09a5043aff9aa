"""What became of an event of a page, in words: credited to which ad, or not and why, or refused and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from attise.doors.consoles import words
from attise.doors.site import formats
from attise.kernel.clock import to_datetime
from attise.kernel.errors import Reason
from attise.management.campaigns.queries import names_of
from attise.measurement.conversions.queries import ConversionView, RefusedView
from attise.measurement.conversions.rules import kind_of
from attise.records.conversion_facts import NOT_TAKEN, limits_of
from attise.records.declared import CURRENCY_UNKNOWN

STATUS_WORDS: Final[dict[str, Promise]] = {
    "credited": gettext_lazy("Credited"),
    "unmatched": gettext_lazy("No ad"),
    "test": gettext_lazy("Test"),
    "doubted": gettext_lazy("Doubted"),
    "refused": gettext_lazy("Refused"),
}
"""What became of it in a word, by ``Told.key``."""
WHY: Final[dict[str, Promise]] = {
    "test": gettext_lazy("Sent to be looked at: not counted."),
    "doubted": gettext_lazy("Doubted: it came from a robot or from nobody’s page. Not counted."),
    "no_consent": gettext_lazy("The visitor did not agree to be recognized: counted, and matched with no ad."),
    "forgotten": gettext_lazy("The view or click that it follows from was let go of."),
    "click_unknown": gettext_lazy("Its click id is none of ours: check that ttclid goes through whole."),
    "click_of_another": gettext_lazy("Its click was on another advertiser’s ad."),
    "click_not_counted": gettext_lazy("Its click is not counted, or not yet."),
    "out_of_window": gettext_lazy(
        "Outside the windows: the last click or view of your ads is too old, or came after it."
    ),
    "nobody_known": gettext_lazy("Nothing leads to somebody who saw your ads: no click id, and no known name."),
}
"""Why no ad is credited, by ``measurement.conversions.rules.Unmatched``."""
TEXTS: Final[dict[str, tuple[Promise, Promise]]] = {
    "text_too_long": (
        gettext_lazy("A text is too long."),
        gettext_lazy("Names of events and ids are short: Purchase, order-1042."),
    ),
    "text_characters": (
        gettext_lazy("A text holds a character that is not taken."),
        gettext_lazy("Remove control characters and invisible signs."),
    ),
    "text_form": (
        gettext_lazy("A text is empty or not of the expected form."),
        gettext_lazy("Say which event it is, such as Purchase."),
    ),
}
"""What is wrong with a refused event's texts and how to mend it: the reasons' own words hold the text that is gone."""
REFUSED: Final[dict[str, Reason]] = {one.code: one for one in (*NOT_TAKEN, CURRENCY_UNKNOWN)}
"""Why else an event is refused, by the code: in the words that whoever sent it was told."""
_OTHERWISE: Final = (
    gettext_lazy("Something in it is not as expected."),
    gettext_lazy("Compare it with the example below."),
)
TOUCHES: Final[dict[str, Promise]] = {
    "click": pgettext_lazy("touch", "click"),
    "engaged": pgettext_lazy("touch", "view of 6 seconds"),
    "view": pgettext_lazy("touch", "impression"),
}
"""How an ad touched somebody, by ``rules.TouchKind``."""


@dataclass(frozen=True, slots=True)
class Told:
    """One event as lists show it."""

    id: int
    key: str
    """One of ``measurement.conversions.queries.STATUSES``, or ``refused``."""
    event: str
    """What it is called here, and below as it was sent."""
    sent: str
    event_id: str
    at_ms: int
    source: str
    told_by_both: bool
    merged: str
    """That page and server completed each other, or how many tellings of the same were dropped; empty: neither."""
    value_micros: int | None
    currency: str
    said: str
    """What became of it, and below where that may be looked at or mended."""
    url: str
    detail: str


def of_conversions(views: Sequence[ConversionView]) -> list[Told]:
    """Return conversions as lists show them. Cost: one query."""
    names = names_of({("ad", one.ad_id) for one in views if one.ad_id})
    return [_told(one, names.get(("ad", one.ad_id), "")) for one in views]


def of_refused(views: Iterable[RefusedView]) -> list[Told]:
    """Return refused events as lists show them."""
    found = []
    for one in views:
        why, mend = _why_refused(one.code)
        said = why if not one.field else _("%(why)s (%(field)s)") % {"why": why, "field": one.field}
        found.append(
            Told(
                *(one.id, "refused", event_name(one.event), one.event, one.event_id, one.received_at_ms),
                *(source_name(one.source), False, "", None, "", said, "", mend),
            )
        )
    return found


def _why_refused(code: str) -> tuple[str, str]:
    """Return what is wrong with an event and how to mend it."""
    reason = REFUSED.get(code)
    if reason is not None:
        return _(reason.message) % limits_of(reason), _(reason.next_step)
    why, mend = TEXTS.get(code, _OTHERWISE)
    return str(why), str(mend)


def event_name(event: str) -> str:
    """Return what an event is called here; one of the advertiser's own bears its own name."""
    kind = kind_of(event)
    return event or "–" if kind == "OTHER" else str(words.EVENTS[kind])


def source_name(source: str) -> str:
    """Return who told."""
    return pgettext("teller", "Server") if source == "server" else pgettext("teller", "Tag")


def _told(one: ConversionView, ad_name: str) -> Told:
    said, url, detail = str(WHY.get(one.why, "")), "", ""
    if one.ad_id:
        said, url = ad_name or str(one.ad_id), reverse("ad", args=[one.ad_id])
        at = timezone.localtime(to_datetime(one.touch_at_ms))
        moment = formats.day_and_clock(at, formats.language_of(get_language()))
        detail = _("%(touch)s on %(when)s") % {"touch": TOUCHES[one.touch], "when": moment}
        if not one.is_counted:
            detail = _("%(detail)s · counted once already") % {"detail": detail}
    return Told(
        *(one.id, one.status, event_name(one.event), one.event, one.event_id, one.at_ms, source_name(one.source)),
        *(one.told_by_both, _merged(one)),
        *(one.value_micros if one.value_micros >= 0 else None, one.currency, said, url, detail),
    )


def _merged(one: ConversionView) -> str:
    dropped = one.copies - one.told_by_both
    parts = [_("tag and server merged")] if one.told_by_both else []
    if dropped > 0:
        parts.append(ngettext("%(count)s duplicate", "%(count)s duplicates", dropped) % {"count": dropped})
    return ", ".join(parts)
