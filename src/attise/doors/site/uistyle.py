"""The style page: every component in every state, to look at while building pages. Debug only.

Place: ``/ui/`` when the house runs with debug on. Owns nothing; its people and figures are made up for the page.
``?pseudo=1`` shows it in a pretended longer language; ``?dialog=codes`` shows a dialog as it is without scripts.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import segno
from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from attise.doors.site import charts, formats
from attise.doors.site.pseudo import pseudo_language
from attise.doors.site.statuses import LOOKS
from attise.doors.site.templatetags.attise import asset

NOW: Final = datetime(2026, 11, 20, 13, 5, tzinfo=UTC)
DAY: Final = timedelta(days=1)
CODE: Final = "k3VtQ9xbnWf0RzLhY7uAaC2mPsJd8eGw"
ERROR_PAGES: Final = ("400", "403", "404", "413", "500", "503")


class SignInForm(forms.Form):
    """A sign-in form as pages make them; the server's words and the widget's attributes carry the rest."""

    email = forms.EmailField(
        label=gettext_lazy("Email"),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class SampleForm(forms.Form):
    """One field of each kind."""

    company = forms.CharField(
        label=gettext_lazy("Company name"),
        help_text=gettext_lazy("As on your invoices; it is shown as the payer of your ads."),
    )
    country = forms.ChoiceField(
        label=gettext_lazy("Country"),
        choices=[("", "–"), ("FR", "France"), ("BE", gettext_lazy("Belgium")), ("CH", gettext_lazy("Switzerland"))],
    )
    link = forms.URLField(label=gettext_lazy("Link"), required=False, assume_scheme="https")
    caption = forms.CharField(label=gettext_lazy("Caption"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    locked = forms.CharField(label=gettext_lazy("Currency"), initial="EUR", disabled=True, required=False)
    terms = forms.BooleanField(label=gettext_lazy("I accept the terms of the authorization"))


def style_page(request: HttpRequest) -> HttpResponse:
    """Show every component; ``?pseudo=1`` in a longer, pretended language."""
    if request.GET.get("pseudo"):
        with pseudo_language():
            return render(request, "ui/style.html", _samples(request))
    return render(request, "ui/style.html", _samples(request))


def preview(request: HttpRequest, page: str) -> HttpResponse:
    """Show what the style page cannot hold: ``auth``, an error page by its number, or a fetched ``part``."""
    if page == "auth":
        form = SignInForm({"email": "ines@example.org"} if "errors" in request.GET else None)
        return render(request, "ui/auth.html", {"form": form})
    if page in ERROR_PAGES:
        return render(request, f"{page}.html")
    if page == "part":
        if "fail" in request.GET:
            return HttpResponse("", status=503)
        return render(request, "ui/part.html", {"post": _post(asset("samples/kitchen.svg"), locked=False)})
    raise Http404


def _samples(request: HttpRequest) -> dict[str, Any]:
    """Return what the style page shows."""
    language = formats.language_of(getattr(request, "LANGUAGE_CODE", None))
    return {
        "now": NOW,
        "console": {"name": _("Ads Manager"), "home": "/ui/"},
        "nav": _navigation(),
        "nav_foot": [{"url": "#help", "label": _("Help"), "icon": "help", "current": False}],
        "account": {"name": "Atelier Rive", "detail": _("Advertiser account"), "initials": "AR", "is_brand": True},
        "consoles": [
            {"url": "#ads", "name": _("Ads Manager"), "detail": "Atelier Rive", "current": True},
            {"url": "#creator", "name": _("Creator tools"), "detail": "@mara.cuisine", "current": False},
            {"url": "#viewer", "name": _("For you"), "detail": "@mara.cuisine", "current": False},
        ],
        "icons": _icons(),
        "form": SampleForm(),
        "bad_form": SampleForm({"bad-country": "FR", "bad-link": "atelier"}, prefix="bad"),
        "durations": _durations(language),
        "statuses": list(LOOKS),
        "posts": [_post(asset("samples/morning.svg"), locked=True), _post(asset("samples/kitchen.svg"), locked=False)],
        "authorizations": _authorizations(),
        "code": CODE,
        "two_codes": f"{CODE}\nn8QzT4vbkLw1HsXe",
        "refusals": _refusals(language),
        "qr": _qr("https://attise.example/a/Qm9uam91cg"),
        "qr_url": "https://attise.example/a/Qm9uam91cg",
        "qr_steps": [
            _("Open the camera of your phone."),
            _("Point it at this code."),
            _("Check who asks, then accept."),
        ],
        "steps": [_("Objective"), _("Targeting"), pgettext("noun", "Post"), pgettext("noun", "Ad"), _("Review")],
        "amounts": [11_032_840_000, -52_000_000, 50_000_000, None],
        "tiles": _tiles(language),
        "charts": _charts(language),
        "dialog": request.GET.get("dialog", ""),
    }


def _navigation() -> list[dict[str, Any]]:
    """Return a navigation of the length that consoles have."""
    rows = [
        (_("Overview"), "home", ""),
        (_("Campaigns"), "campaign", ""),
        (_("Spark Ads posts"), "library", pgettext("short", "Posts")),
        (_("Worth boosting"), "bolt", pgettext("short", "Boost")),
        (_("Creators"), "people", ""),
        (_("Authorizations"), "key", ""),
        (_("Reports"), "chart", ""),
        (_("Billing"), "wallet", ""),
        (_("Business Center"), "settings", ""),
    ]
    return [
        {
            "url": f"#nav-{place}",
            "label": label,
            "icon": icon,
            "short": short,
            "current": place == 2,  # noqa: PLR2004 - any one will do
            "count": 12 if place == 2 else None,  # noqa: PLR2004 - as above
        }
        for place, (label, icon, short) in enumerate(rows)
    ]


def _durations(language: str) -> list[dict[str, Any]]:
    """Return the four lives of an authorization, each with the day it ends."""
    return [
        {
            "value": days,
            "label": _("%(days)s days") % {"days": days},
            "detail": _("until %(date)s") % {"date": formats.day((NOW + days * DAY).date(), language)},
            "checked": days == 30,  # noqa: PLR2004 - the default of the house
        }
        for days in (7, 30, 60, 365)
    ]


def _post(cover_url: str, *, locked: bool) -> dict[str, Any]:
    """Return a post with its counters; each total is the sum of its parts."""
    parts = [
        (_("Views"), "play", 31_004, 17_209 if locked else 0),
        (_("Likes"), "heart", 2_816, 1_102 if locked else 0),
        (_("Comments"), "comment", 214, 98 if locked else 0),
        (_("Shares"), "share", 171, 45 if locked else 0),
        (_("Saves"), "save", 690, 233 if locked else 0),
    ]
    return {
        "handle": "mara.cuisine",
        "caption": _("Three weeks of lunch boxes in one afternoon: here is the order that works. #batchcooking"),
        "published_at": NOW - 2 * DAY,
        "cover_url": cover_url,
        "locked": locked,
        "tags": [{"tone": "spark", "text": "Spark"}] if locked else [],
        "counters": [
            {"label": label, "icon": icon, "total": organic + paid, "organic": organic, "paid": paid}
            for label, icon, organic, paid in parts
        ],
    }


def _authorizations() -> list[dict[str, Any]]:
    """Return rows of a creator's table, one in each state."""
    rows = [
        ("morning", "Atelier Rive", "auth_bound", 41, 60, 2),
        ("kitchen", "Atelier Rive", "auth_ending", 3, 30, 1),
        ("studio", None, "auth_issued", 30, 30, None),
        ("kitchen", "Maison Pollen", "auth_expired", -1, 7, 0),
    ]
    return [
        {
            "cover_url": asset(f"samples/{cover}.svg"),
            "caption": _("Lunch boxes, in order"),
            "code": CODE,
            "brand": brand,
            "status": status,
            "days_left": left,
            "of_days": of_days,
            "ends_at": NOW + left * DAY,
            "ads": ads,
        }
        for cover, brand, status, left, of_days, ads in rows
    ]


def _refusals(language: str) -> list[dict[str, str]]:
    """Return two refused codes, as the list of results shows them."""
    date = formats.day((NOW - 2 * DAY).date(), language)
    return [
        {
            "code": "pL2dX8qmUe5NcTbK",
            "key": "auth_code_expired",
            "message": _("This code expired on %(date)s. Ask the creator for a new one.") % {"date": date},
            "next": _("Request a new code"),
        },
        {
            "code": "n8QzT4vb",
            "key": "auth_code_format_error",
            "message": _("This code is not valid. Check it was copied in full, or ask for a new one."),
            "next": pgettext("verb", "Fix"),
        },
    ]


def _course(seed: int, days: int = 28) -> list[int]:
    """Return made-up figures of some days that go up and down."""
    return [400 + 12 * day + 7 * seed * ((day * (seed + 5)) % 11) for day in range(days)]


def _tiles(language: str) -> list[charts.Tile]:
    """Return a tile in each state: better, worse, neither, with its two parts, without anything."""
    changes = [
        charts.change(now, 100, formats.percent(abs(now - 100), 100, language, places=0), good=good)
        for now, good in ((118, 1), (150, -1), (50, 0))
    ]
    parts = formats.compact(31_004, language), formats.compact(17_209, language)
    return [
        charts.Tile(
            _("Impressions"), formats.integer(1_842_310, language), changes[0], spark=charts.sparkline(_course(1))
        ),
        charts.Tile(
            _("Cost per result"),
            formats.money(940_000, "EUR", language),
            changes[1],
            spark=charts.sparkline(_course(3)),
            url="#charts",
            is_current=True,
        ),
        charts.Tile(
            _("Spend"),
            formats.money(11_032_840_000, "EUR", language),
            changes[2],
            spark=charts.sparkline(_course(2)),
            url="#charts",
        ),
        charts.Tile(_("Views"), formats.integer(48_213, language), parts=parts),
        charts.Tile(_("Results"), formats.NO_DATA, spark=charts.sparkline([None] * 28)),
    ]


def _charts(language: str) -> list[charts.Chart]:
    """Return two lines side by side, and two parts that make a whole, the last days of which are still to come."""
    days = [(NOW - (27 - day) * DAY).date() for day in range(28)]
    names = [(formats.day(day, language), formats.day_short(day, language)) for day in days]

    def euros(value: int | None) -> str:
        return formats.money(value, "EUR", language)

    def whole(value: int | None) -> str:
        return formats.integer(value, language)

    coming = [*_course(2, 22), *([None] * 6)]
    return [
        charts.chart(
            "cost",
            _("Cost per result"),
            _("Two formats side by side: each line bears its name at its end."),
            steps=names,
            steps_name=_("Day"),
            lines=[
                charts.Line("Spark", "ember", [1_100_000 - 9_000 * day for day in range(28)]),
                charts.Line(_("Standard"), "slate dashed", [1_900_000 + 31_000 * (day % 4) for day in range(28)]),
            ],
            say=euros,
            say_mark=euros,
            finest=10_000,
        ),
        charts.chart(
            "views",
            _("Views"),
            _("Two parts that make one number; days that are still to come stay empty."),
            steps=names,
            steps_name=_("Day"),
            lines=[
                charts.Line(_("organic"), "slate", coming),
                charts.Line(pgettext("counter", "paid"), "ember", coming),
            ],
            say=whole,
            say_mark=whole,
            is_stacked=True,
        ),
    ]


def _qr(url: str) -> SafeString:
    """Return a link as a sign to scan, drawn here."""
    svg: str = segno.make(url, error="m").svg_inline(omitsize=True, border=0, svgclass=None, lineclass=None)
    return mark_safe(svg)  # noqa: S308 - made from our own link by our own drawing


def _icons() -> list[str]:
    """Return the names of the sprite, as its file tells them."""
    sprite = (Path(__file__).parent / "static/attise/icons.svg").read_text()
    return re.findall(r'<symbol id="([a-z-]+)"', sprite)


urlpatterns = [
    path("", style_page, name="style_page"),
    path("<slug:page>", preview, name="style_preview"),
]
