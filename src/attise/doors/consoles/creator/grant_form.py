"""The sheet on which a creator authorizes a post: how long, and on what terms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from attise.doors.consoles import words
from attise.doors.consoles.money_text import read_money, read_percent, typed_money, typed_percent
from attise.doors.site import formats
from attise.kernel.limits import DEFAULT_GRANT_DAYS, GRANT_DAYS, MAX_ADVERTISERS_PER_GRANT
from attise.management.authorizations.views import AuthorizationView
from attise.records.lookups import categories, currencies, regions
from attise.records.terms import Terms

PAYS = (
    ("none", pgettext_lazy("pay", "Nothing")),
    ("share", pgettext_lazy("pay", "A share of what the ads cost")),
    ("fee", pgettext_lazy("pay", "A fixed fee")),
)
SPELLED = {
    "days": "days",
    "terms": "pay",
    "terms.spend_cap_micros": "spend_cap",
    "terms.currency": "currency",
    "terms.countries": "countries",
    "terms.refused_objectives": "refused_objectives",
    "terms.refused_categories": "refused_categories",
    "terms.share_ppm": "share",
    "terms.fee_micros": "fee",
    "terms.max_advertisers": "max_advertisers",
}
"""The fields of the room, by those of this form."""


def _countries() -> list[tuple[str, str]]:
    return sorted(((row.iso, words.named(row)) for row in regions.countries()), key=lambda pair: _sorted_as(pair[1]))


def _sorted_as(text: str) -> str:
    """Return a text as lists are sorted: without accents or case."""
    import unicodedata

    return "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign))


def _categories() -> list[tuple[str, str]]:
    """Return the categories that an ad may have at all."""
    return [(row.slug, words.named(row)) for row in categories.all() if row.gate != "banned"]


class GrantForm(forms.Form):
    """Duration and terms; ``terms`` gives the latter as the room takes them."""

    is_again = False
    """Whether it opens with what was asked the last time."""
    days = forms.TypedChoiceField(
        label=gettext_lazy("Authorization period"),
        choices=[(days, days) for days in GRANT_DAYS],
        coerce=int,
        initial=DEFAULT_GRANT_DAYS,
        error_messages={
            "required": gettext_lazy("Choose one of these durations."),
            "invalid_choice": gettext_lazy("Choose one of these durations."),
        },
    )
    pay = forms.ChoiceField(
        label=gettext_lazy("What you are paid"),
        choices=PAYS,
        initial="none",
        required=False,
        widget=forms.RadioSelect,
    )
    share = forms.CharField(
        label=gettext_lazy("Your share, in percent"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    fee = forms.CharField(
        label=gettext_lazy("Fee per advertiser"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    spend_cap = forms.CharField(
        label=pgettext_lazy("creator", "Spend at most"),
        help_text=pgettext_lazy("creator", "Ads on your post stop when they have cost this much in all."),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    currency = forms.ChoiceField(
        label=gettext_lazy("Currency"),
        choices=[(row.code, f"{row.code} ({row.symbol})") for row in currencies.all()],
        initial="EUR",
        required=False,
    )
    countries = forms.MultipleChoiceField(
        label=gettext_lazy("Only in these countries"),
        choices=_countries,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    refused_objectives = forms.MultipleChoiceField(
        label=gettext_lazy("Objectives you refuse"),
        choices=list(words.OBJECTIVES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    refused_categories = forms.MultipleChoiceField(
        label=gettext_lazy("Categories you refuse"),
        choices=_categories,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    approve_each_ad = forms.BooleanField(
        label=pgettext_lazy("creator", "I approve each ad before it runs"), required=False
    )
    max_advertisers = forms.IntegerField(
        label=gettext_lazy("Number of advertisers who may use the code"),
        min_value=1,
        max_value=MAX_ADVERTISERS_PER_GRANT,
        initial=1,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Read amounts in the chosen currency; only those of the way of being paid that was chosen count."""
        given: dict[str, Any] = super().clean() or {}
        currency = given.get("currency") or "EUR"
        given["spend_cap_micros"] = self._money("spend_cap", currency)
        given["fee_micros"], given["share_ppm"] = 0, 0
        if given.get("pay") == "fee":
            given["fee_micros"] = self._money("fee", currency, needed=True) or 0
        if given.get("pay") == "share":
            text = given.get("share") or ""
            ppm = read_percent(text)
            if not ppm:
                self.add_error("share", _("Give a percentage above 0 and up to 100."))
            given["share_ppm"] = ppm or 0
        return given

    def _money(self, name: str, currency: str, *, needed: bool = False) -> int | None:
        text = (self.cleaned_data.get(name) or "").strip()
        if not text and not needed:
            return None
        micros = read_money(text, currency)
        if not micros:
            self.add_error(name, _("Give an amount such as 50 or 1 200,50."))
            return None
        return micros

    @classmethod
    def again(cls, last: AuthorizationView) -> GrantForm:
        """Return the form as it opens after a grant of the same post: with its duration and its terms."""
        form = cls(initial=_typed(last.terms) | ({"days": last.days} if last.days in GRANT_DAYS else {}))
        form.is_again = last.terms != Terms()
        return form

    @property
    def opens_terms(self) -> bool:
        """Whether the folded part opens: something in it is to correct, or was asked the last time."""
        return self.is_again or any(name != "days" for name in self.errors)

    def terms(self) -> Terms:
        """Return what was asked, as the room takes it. Call after ``is_valid``."""
        given = self.cleaned_data
        has_amount = given["spend_cap_micros"] is not None or given["fee_micros"] > 0
        return Terms(
            spend_cap_micros=given["spend_cap_micros"],
            currency=(given["currency"] or "EUR") if has_amount else None,
            countries=tuple(given["countries"]),
            refused_objectives=tuple(given["refused_objectives"]),
            refused_categories=tuple(given["refused_categories"]),
            share_ppm=given["share_ppm"],
            fee_micros=given["fee_micros"],
            approve_each_ad=given["approve_each_ad"],
            max_advertisers=given["max_advertisers"] or 1,
        )


def _typed(terms: Terms) -> dict[str, Any]:
    """Return terms as their fields hold them."""
    currency = terms.currency or "EUR"
    return {
        "pay": "share" if terms.share_ppm else "fee" if terms.fee_micros else "none",
        "share": typed_percent(terms.share_ppm, formats.language_of(get_language())) if terms.share_ppm else "",
        "fee": typed_money(terms.fee_micros or None, currency),
        "spend_cap": typed_money(terms.spend_cap_micros, currency),
        "currency": currency,
        "countries": list(terms.countries),
        "refused_objectives": list(terms.refused_objectives),
        "refused_categories": list(terms.refused_categories),
        "approve_each_ad": terms.approve_each_ad,
        "max_advertisers": terms.max_advertisers,
    }


def chosen_days(form: GrantForm) -> int | None:
    """Return the duration that was chosen, whatever was sent: one of the four, or None."""
    given = str(form["days"].value())
    return next((days for days in GRANT_DAYS if given == str(days)), None)
