"""The second step: whom it is shown to, for how much a day, for how long, and at which bid at most."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from attise.doors.consoles.advertiser.assistant import goals
from attise.doors.consoles.advertiser.assistant.forms import REQUIRED, StepForm
from attise.doors.consoles.advertiser.least_budget import least_micros, usual_text
from attise.doors.consoles.money_text import read_money
from attise.doors.consoles.words import named
from attise.doors.site import formats
from attise.kernel.ids import parse_id
from attise.management.campaigns.targeting_rules import ADULTS
from attise.records.lookups import behaviours, interests, languages, regions
from attise.records.targeting import Behaviour, Targeting

DAYS: Final = (3, 7, 14, 28)
AGES: Final[dict[str, str]] = {
    "AGE_18_24": "18–24",
    "AGE_25_34": "25–34",
    "AGE_35_44": "35–44",
    "AGE_45_54": "45–54",
    "AGE_55_100": "55+",
}
GENDERS: Final[dict[str, Promise]] = {
    "GENDER_UNLIMITED": pgettext_lazy("gender", "Everybody"),
    "GENDER_FEMALE": pgettext_lazy("gender", "Women"),
    "GENDER_MALE": pgettext_lazy("gender", "Men"),
}
SYSTEMS: Final[dict[str, Promise | str]] = {
    "": pgettext_lazy("device", "All phones"),
    "ANDROID": "Android",
    "IOS": "iOS",
}
LISTS: Final = frozenset({"ages", "interests", "behaviours"})
"""Fields of several values."""
FINEST: Final = 2
"""The level of behaviours that are offered."""


class AudienceForm(StepForm):
    """Whom it is shown to, for how much a day, for how many days."""

    country = forms.TypedChoiceField(label=gettext_lazy("Where"), coerce=int)
    gender = forms.ChoiceField(label=gettext_lazy("Who"), choices=list(GENDERS.items()))
    ages = forms.MultipleChoiceField(
        label=gettext_lazy("Ages"),
        choices=list(AGES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None ticked: all adults. Ads are never aimed at minors here."),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    system = forms.ChoiceField(label=gettext_lazy("Devices"), choices=list(SYSTEMS.items()), required=False)
    interests = forms.MultipleChoiceField(
        label=gettext_lazy("Interests"), required=False, widget=forms.CheckboxSelectMultiple
    )
    behaviours = forms.MultipleChoiceField(
        label=gettext_lazy("What they did in the last 15 days"), required=False, widget=forms.CheckboxSelectMultiple
    )
    budget = forms.CharField(
        label=gettext_lazy("Budget a day"),
        max_length=30,
        error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("Days"), coerce=int, choices=[(number, str(number)) for number in DAYS]
    )
    bid = forms.CharField(
        label=gettext_lazy("Bid at most"),
        max_length=30,
        required=False,
        help_text=gettext_lazy("Left empty, bids are set for you, within the budget."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )

    def usual(self) -> dict[str, Any]:
        """Return the advertiser's country, everybody, 50 a day for a week, or more where the least is more."""
        country = regions.by_iso(self.visit.advertiser.country)
        return {
            "country": country.id if country else "",
            "gender": "GENDER_UNLIMITED",
            "budget": usual_text(self.visit.advertiser.currency),
            "days": 7,
        }

    def prepare(self) -> None:
        """Call countries, languages and interests as the reader's language does."""
        places = [(one.id, named(one)) for one in regions.countries()]
        self.fields["country"].choices = sorted(places, key=_by_name)
        spoken = [(one.code, named(one)) for one in languages.all()]
        self.fields["language"].choices = [("", _("All languages")), *sorted(spoken, key=_by_name)]
        self.fields["interests"].choices = [(one.wire_id, named(one)) for one in interests.all() if one.level == 1]
        self.fields["behaviours"].choices = [
            (one.wire_id, named(one)) for one in behaviours.all() if one.level == FINEST
        ]
        self.interest_fields = [self["interests"], self["behaviours"]]
        if goals.leads_to_app(self.body):
            del self.fields["system"]  # the app's own

    def clean_budget(self) -> str:
        """Refuse what is no amount, and less than a campaign needs a day."""
        typed, currency = self.cleaned_data["budget"], self.visit.advertiser.currency
        micros = read_money(typed, currency)
        if micros is None:
            raise forms.ValidationError(_("Type an amount, such as 500 or 500.50."))
        least = least_micros(currency)
        if micros < least:
            language = formats.language_of(get_language())
            amount = formats.money(least, currency, language, short=True)
            raise forms.ValidationError(_("The minimum is %(amount)s per day.") % {"amount": amount})
        return str(typed)

    def clean_bid(self) -> str:
        """Refuse what is no amount."""
        typed = self.cleaned_data["bid"]
        if typed and not read_money(typed, self.visit.advertiser.currency):
            raise forms.ValidationError(_("Type an amount, such as 500 or 500.50."))
        return str(typed)


def targeting_of(body: dict[str, Any], *, platform: str = "") -> Targeting:
    """Return whom a draft is meant for, as far as it can be read; ``platform``: of the app that it is for."""
    country = parse_id(str(body.get("country", "")))
    system = platform or body.get("system", "")
    return Targeting(
        locations=() if country is None or regions.by_id(country) is None else (country,),
        languages=tuple(one for one in (body.get("language", ""),) if languages.find(one) is not None),
        age_groups=tuple(one for one in body.get("ages") or () if one in AGES) or ADULTS,
        gender=body.get("gender") if body.get("gender") in GENDERS else "GENDER_UNLIMITED",
        operating_systems=(system,) if system and system in SYSTEMS else (),
        interests=tuple(row.id for row in map(interests.find, body.get("interests") or ()) if row is not None),
        behaviours=_behaviours_of(body.get("behaviours") or ()),
    )


def _behaviours_of(chosen: list[str] | tuple[()]) -> tuple[Behaviour, ...]:
    """Return what was chosen of behaviours, by what they are about: videos, creators, hashtags."""
    scenes: dict[str, list[int]] = {}
    for row in map(behaviours.find, chosen):
        if row is not None:
            scenes.setdefault(row.action_scene, []).append(row.id)
    return tuple(Behaviour(scene, tuple(ids)) for scene, ids in scenes.items())


def _by_name(pair: tuple[Any, str]) -> str:
    return pair[1]
