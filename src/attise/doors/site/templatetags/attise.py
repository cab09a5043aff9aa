"""Filters and tags that pages share: the formats in the reader's language, icons, assets, statuses.

``{% load attise %}`` first. Formats: ``integer signed compact money money_short money_per_day day day_form clock
day_and_clock relative days_left duration``, and the tags ``percent change_percent change_points day_range``. A moment
may be an aware datetime or whole milliseconds since 1970; it is shown in the current time zone of the page.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any, Final

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from attise.doors.site import formats, statuses
from attise.doors.site.preferences import theme_of

register = template.Library()

CODE_SHOWN: Final = 4
"""How many characters of a masked code stay readable at each end."""


def _language() -> str:
    return formats.language_of(get_language())


def _shown(text: str) -> str:
    """Return the text; the dash of absent data comes with words for a screen reader."""
    if text != formats.NO_DATA:
        return text
    words = formats.no_data_words(_language())
    return format_html('<span aria-hidden="true">{}</span><span class="vh">{}</span>', text, words)


def _moment(value: datetime | int | None) -> datetime | None:
    """Return a moment in the page's time zone."""
    if value is None or value == "":
        return None
    if isinstance(value, int):
        value = datetime.fromtimestamp(value // 1000, tz=UTC)
    return timezone.localtime(value)


def _day(value: date | int | None) -> date | None:
    """Return a calendar day in the page's time zone."""
    if isinstance(value, datetime | int):
        moment = _moment(value)
        return moment.date() if moment else None
    return value or None


# ---- formats


@register.filter
def integer(value: int | None) -> str:
    """``{{ views|integer }}``: 1,842,310."""
    return _shown(formats.integer(value, _language()))


@register.filter
def signed(value: int | None) -> str:
    """``{{ followers|signed }}``: +1,204."""
    return _shown(formats.signed(value, _language()))


@register.filter
def compact(value: int | None) -> str:
    """``{{ views|compact }}``: 48.2K."""
    return _shown(formats.compact(value, _language()))


@register.filter
def money(micros: int | None, currency: str) -> str:
    """``{{ spend_micros|money:currency }}``: €11,032.84."""
    return _shown(formats.money(micros, currency, _language()))


@register.filter
def money_short(micros: int | None, currency: str) -> str:
    """``{{ max_micros|money_short:currency }}``: €350, or €350.50."""
    return _shown(formats.money(micros, currency, _language(), short=True))


@register.filter
def money_per_day(micros: int | None, currency: str) -> str:
    """``{{ budget_micros|money_per_day:currency }}``: €50/day."""
    return _shown(formats.money_per_day(micros, currency, _language()))


@register.filter
def day(value: date | int | None) -> str:
    """``{{ ends_at|day }}``: 20 Nov 2026."""
    return _shown(formats.day(_day(value), _language()))


@register.filter
def day_form(value: date | int | None) -> str:
    """``{{ ends_at|day_form }}``: 20/11/2026."""
    return _shown(formats.day_form(_day(value)))


@register.filter
def clock(value: datetime | int | None) -> str:
    """``{{ at|clock }}``: 14:05."""
    return _shown(formats.clock(_moment(value), _language()))


@register.filter
def day_and_clock(value: datetime | int | None) -> str:
    """``{{ at|day_and_clock }}``: 20 Nov 2026 at 14:05."""
    return _shown(formats.day_and_clock(_moment(value), _language()))


@register.filter
def relative(value: datetime | int | None, now: datetime | int) -> str:
    """``{{ at|relative:now }}``: 2 h ago; from 7 days on, the date."""
    reader_now = _moment(now)
    if reader_now is None:
        raise TypeError("the present moment is needed")
    return _shown(formats.relative(_moment(value), reader_now, _language()))


@register.filter
def iso(value: datetime | int | None) -> str:
    """``<time datetime="{{ at|iso }}">``: the moment for machines, in UTC."""
    moment = _moment(value)
    return "" if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@register.filter
def days_left(count: int | None) -> str:
    """``{{ days|days_left }}``: 41 days left."""
    return _shown(formats.days_left(count, _language()))


@register.filter
def duration(value_ms: int | None) -> str:
    """``{{ length_ms|duration }}``: 12.4 s."""
    return _shown(formats.duration(value_ms, _language()))


@register.filter
def countdown(seconds: int) -> str:
    """``{{ seconds_left|countdown }}``: 9:42, as the countdown goes on from there."""
    return f"{max(seconds, 0) // 60}:{max(seconds, 0) % 60:02d}"


@register.simple_tag
def percent(part: int | None, whole: int | None, places: int = 1) -> str:
    """``{% percent clicks impressions places=2 %}``: 1.92%."""
    return _shown(formats.percent(part, whole, _language(), places=places))


@register.simple_tag
def change_percent(now: int | None, before: int | None, places: int = 0) -> str:
    """``{% change_percent now before %}``: −52%."""
    return _shown(formats.change_percent(now, before, _language(), places=places))


@register.simple_tag
def change_points(part: int, whole: int, part_before: int, whole_before: int) -> str:
    """``{% change_points clicks views clicks_before views_before %}``: +3.1 pts."""
    return _shown(formats.change_points((part, whole), (part_before, whole_before), _language()))


@register.simple_tag
def day_range(first: date | int | None, last: date | int | None) -> str:
    """``{% day_range first last %}``: 24 Oct – 20 Nov 2026."""
    return _shown(formats.day_range(_day(first), _day(last), _language()))


@register.filter
def masked(code: str) -> str:
    """``{{ code|masked }}``: the ends of a code, enough to recognise it and too little to use it."""
    return code if len(code) <= 3 * CODE_SHOWN else f"{code[:CODE_SHOWN]}…{code[-CODE_SHOWN:]}"


# ---- drawing


@register.simple_tag
def asset(path: str) -> str:
    """``{% asset "attise.css" %}``: the hashed address of a static file; the plain one before files are assembled."""
    try:
        return static(f"attise/{path}")
    except ValueError:  # an error page must not fail for want of a manifest
        return f"/static/attise/{path}"


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """``{% icon "lock" %}``: an icon of the sprite; silent unless it has a label. Sizes: small, large."""
    words = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="{}" {}><use href="{}#{}"></use></svg>', f"icon {size}".strip(), words, asset("icons.svg"), name
    )


@register.simple_tag
def status(key: str, words: str = "") -> SafeString:
    """``{% status "active" %}``: dot and text of the catalogue; ``words`` replaces the text."""
    shape, label = statuses.look_of(key)
    return format_html('<span class="status {}">{}</span>', shape, words or label)


@register.inclusion_tag("parts/remaining.html")
def remaining(days: int | None, of_days: int, ends_at: datetime | int | None) -> dict[str, Any]:
    """``{% remaining days_left granted_days ends_at %}``: what is left of an authorization, with its last day."""
    left = max(days or 0, 0)
    tone = "bad" if days is None or days < 0 else "warn" if left <= statuses.ENDING_DAYS else "good"
    share = min(100 * left // max(of_days, 1), 100)
    return {"tone": tone, "over": days is None or days < 0, "left": left, "share": max(share, 2), "ends_at": ends_at}


# ---- the page itself


@register.simple_tag(takes_context=True)
def theme(context: template.Context) -> str:
    """``{% theme as chosen %}``: light, dark or system, as this browser asked."""
    request = context.get("request")
    return theme_of(request) if request is not None else "system"


@register.simple_tag(takes_context=True)
def here(context: template.Context) -> str:
    """``{% here %}``: the address of this page, to come back to after a preference is changed."""
    request = context.get("request")
    return request.get_full_path() if request is not None else "/"


@register.filter
def per_line(text: str) -> list[str]:
    """``{{ text|per_line }}``: the lines of a text that are not empty."""
    return [line for line in text.splitlines() if line.strip()]


@register.filter
def as_json(value: object) -> str:
    """``data-goes="{{ goes|as_json }}"``: a value as scripts read it; escaped like any text."""
    return json.dumps(value)
