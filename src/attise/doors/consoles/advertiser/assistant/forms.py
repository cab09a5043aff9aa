"""The forms of the assistant's steps: what is asked, and what is wrong with it before anything is made."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from attise.doors.consoles import telling, words
from attise.doors.consoles.advertiser.least_budget import least_micros, usual_text
from attise.doors.consoles.money_text import read_money
from attise.doors.consoles.visit import AdvertiserVisit
from attise.doors.site import formats
from attise.kernel.clock import to_datetime
from attise.kernel.errors import Refusal
from attise.kernel.urls import LOOPBACK
from attise.management.campaigns.rules.addresses import clean_public_url
from attise.management.campaigns.rules.creative import LEADS_TO_PROFILE
from attise.management.campaigns.rules.objectives import OBJECTIVES
from attise.management.pixels import queries as pixels
from attise.records.lookups import call_to_actions, regions

CONVERSIONS: Final = "WEB_CONVERSIONS"
OFFERED: Final = ("TRAFFIC", "VIDEO_VIEWS", "REACH", "ENGAGEMENT", CONVERSIONS)
"""Objectives of the assistant. Leads and app installs need a form or an app: programs make those."""
NEEDS_LINK: Final = ("TRAFFIC", CONVERSIONS)
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
CALLS: Final = (
    *("LEARN_MORE", "SHOP_NOW", "ORDER_NOW", "SIGN_UP", "DOWNLOAD_NOW", "INSTALL_NOW"),
    *("BOOK_NOW", "GET_QUOTE", "CONTACT_US", "SUBSCRIBE", "VIEW_NOW", "APPLY_NOW"),
)
"""Buttons, the mildest first."""
MEANS: Final[dict[str, Promise]] = {
    "TRAFFIC": gettext_lazy("Lead people to your page."),
    "VIDEO_VIEWS": gettext_lazy("Have the video watched for six seconds or more."),
    "REACH": gettext_lazy("Be seen by as many people as possible."),
    "ENGAGEMENT": gettext_lazy("Bring followers to the creator's account."),
    CONVERSIONS: gettext_lazy("Have people buy or sign up on your page."),
}
REQUIRED: Final = {"required": gettext_lazy("This field is required.")}
LINK_CHARACTERS: Final = 2_048
NAME_CHARACTERS: Final = 512


def leads_to_profile(objective: str) -> bool:
    """Tell whether an ad of an objective leads to the creator's profile, and to no page."""
    return objective in OBJECTIVES and OBJECTIVES[objective].goals[0].name in LEADS_TO_PROFILE


class StepForm(forms.Form):
    """A step's form; it knows whose page it is on and what the other steps hold."""

    def __init__(self, visit: AdvertiserVisit, body: dict[str, Any], data: Any = None) -> None:
        """Show what the draft holds, or read what is sent."""
        self.visit, self.body = visit, body
        known = {name: body[name] for name in self.base_fields if name in body}
        super().__init__(data, initial={**self.usual(), **known})
        self.prepare()

    def usual(self) -> dict[str, Any]:
        """Return what fields hold before anybody typed."""
        return {}

    def prepare(self) -> None:
        """Fill choices that depend on the advertiser."""


class ObjectiveForm(StepForm):
    """What the campaign is for; with an event of a pixel where it is for conversions."""

    objective = forms.ChoiceField(choices=[(one, one) for one in OFFERED], error_messages=REQUIRED)
    event = forms.ChoiceField(label=gettext_lazy("What counts as a result"), required=False)
    name = forms.CharField(
        label=gettext_lazy("Name of the campaign"), max_length=NAME_CHARACTERS, error_messages=REQUIRED
    )

    def usual(self) -> dict[str, Any]:
        """Return traffic, and a name of the moment."""
        language = formats.language_of(get_language())
        when = formats.day_and_clock(timezone.localtime(to_datetime(self.visit.means.clock.world_ms())), language)
        return {"objective": OFFERED[0], "name": _("Campaign of %(when)s") % {"when": when}}

    def prepare(self) -> None:
        """Offer the events of the advertiser's pixels."""
        found = pixels.page_pixels(self.visit.advertiser.id, limit=50).items
        offered = [
            (f"{pixel.id}:{event.event_type}", f"{pixel.name} · {words.EVENTS[event.event_type]}")
            for pixel in found
            for event in pixel.events
            if event.event_type in words.EVENTS
        ]
        self.fields["event"].choices = [("", _("Choose an event")), *offered]
        self.has_events = bool(offered)

    def clean(self) -> dict[str, Any]:
        """Ask for an event where results are events."""
        cleaned = super().clean() or {}
        if cleaned.get("objective") == CONVERSIONS and not cleaned.get("event") and "event" not in self.errors:
            self.add_error("event", _("Choose the event that counts as a result, or another objective."))
        return cleaned

    def options(self) -> list[dict[str, Any]]:
        """Return the objectives as ``parts/choices.html`` takes them."""
        chosen = self["objective"].value()
        return [
            {
                "value": one,
                "label": words.OBJECTIVES[one],
                "detail": _("%(means)s Billed %(billed)s.")
                % {"means": MEANS[one], "billed": words.BILLED[OBJECTIVES[one].goals[0].billing]},
                "checked": one == chosen,
            }
            for one in OFFERED
        ]


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
        """Call countries as the reader's language does."""
        french = formats.language_of(get_language()) == formats.FRENCH
        named = [(one.id, one.name_fr if french else one.name_en) for one in regions.countries()]
        self.fields["country"].choices = sorted(named, key=lambda pair: pair[1])

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


class PostForm(StepForm):
    """Which post is shown; the page draws the choices."""

    post_id = forms.CharField(
        max_length=19, error_messages={"required": gettext_lazy("Choose the post that the ad shows.")}
    )


class AdForm(StepForm):
    """The button, and where it leads."""

    call_to_action = forms.ChoiceField(label=gettext_lazy("Button"), required=False)
    landing_page_url = forms.CharField(
        label=gettext_lazy("Link"),
        max_length=LINK_CHARACTERS,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "url", "placeholder": "https://"}),
    )

    def usual(self) -> dict[str, Any]:
        """Return the mildest button where it leads somewhere: to the page that is asked for, or to the profile."""
        objective = self.body.get("objective", OFFERED[0])
        return {"call_to_action": CALLS[0] if objective in NEEDS_LINK or leads_to_profile(objective) else ""}

    def prepare(self) -> None:
        """Call buttons as the reader's language does, and ask for a link where the objective needs one."""
        french = formats.language_of(get_language()) == formats.FRENCH
        named = [(code, call_to_actions.find(code)) for code in CALLS]
        buttons = [(code, one.name_fr if french else one.name_en) for code, one in named if one is not None]
        objective = self.body.get("objective", OFFERED[0])
        needs_link = objective in NEEDS_LINK
        self.fields["call_to_action"].choices = buttons if needs_link else [("", _("No button")), *buttons]
        self.fields["call_to_action"].required = needs_link
        if leads_to_profile(objective):
            del self.fields["landing_page_url"]
            return
        self.fields["landing_page_url"].required = needs_link
        self.fields["landing_page_url"].error_messages["required"] = _(
            "Where should the ad lead? Paste the address of your page."
        )

    def clean_landing_page_url(self) -> str:
        """Refuse what leads nowhere that viewers can go; the room looks once more, and harder."""
        typed = str(self.cleaned_data["landing_page_url"]).strip()
        try:
            return clean_public_url(typed, field="landing_page_url", listed=LOOPBACK) if typed else ""
        except Refusal as refusal:
            raise forms.ValidationError(telling.sentence(refusal)) from None

    def clean(self) -> dict[str, Any]:
        """Ask for the page of a button, and for the button of a page: one without the other leads nowhere."""
        cleaned = super().clean() or {}
        if "landing_page_url" not in self.fields or self.errors:
            return cleaned
        button, link = cleaned.get("call_to_action"), cleaned.get("landing_page_url")
        if button and not link:
            self.add_error(
                "landing_page_url", _("Where should the button lead? Paste the address, or choose no button.")
            )
        elif link and not button:
            self.add_error("call_to_action", _("Choose the button that leads to this page, or leave the link empty."))
        return cleaned
