"""What the forms of the assistant's steps share, and the form of the ad: its words, its button, where it leads."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from attise.doors.consoles import telling
from attise.doors.consoles.advertiser.assistant import goals
from attise.doors.consoles.visit import AdvertiserVisit
from attise.doors.site import formats
from attise.kernel.errors import Refusal
from attise.kernel.ids import parse_id
from attise.kernel.limits import NAME_CHARACTERS as PERSON_CHARACTERS
from attise.kernel.text import find_emoji
from attise.kernel.urls import LOOPBACK
from attise.management.campaigns.rules.addresses import clean_public_url
from attise.management.campaigns.rules.creative import AD_TEXT_CHARACTERS
from attise.records.lookups import call_to_actions

CALLS: Final = (
    *("LEARN_MORE", "SHOP_NOW", "ORDER_NOW", "SIGN_UP", "DOWNLOAD_NOW", "INSTALL_NOW"),
    *("BOOK_NOW", "GET_QUOTE", "CONTACT_US", "SUBSCRIBE", "VIEW_NOW", "APPLY_NOW"),
)
"""Buttons, the mildest first."""
USUAL_CALLS: Final = {goals.LEADS: "SIGN_UP", goals.APPS: "INSTALL_NOW"}
"""The button that is chosen before anybody chose, where it is not the mildest."""
REQUIRED: Final = {"required": gettext_lazy("This field is required.")}
LINK_CHARACTERS: Final = 2_048
NAME_CHARACTERS: Final = 512


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


class AdForm(StepForm):
    """The words of a video that is no post yet, the button, and where it leads."""

    display_name = forms.CharField(
        label=gettext_lazy("Name that viewers see"), max_length=PERSON_CHARACTERS, error_messages=REQUIRED
    )
    ad_text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=AD_TEXT_CHARACTERS,
        error_messages=REQUIRED,
        help_text=gettext_lazy("Up to 100 characters, without emoji."),
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": AD_TEXT_CHARACTERS}),
    )
    call_to_action = forms.ChoiceField(label=gettext_lazy("Button"), required=False)
    landing_page_url = forms.CharField(
        label=gettext_lazy("Link"),
        max_length=LINK_CHARACTERS,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "url", "placeholder": "https://"}),
    )

    def usual(self) -> dict[str, Any]:
        """Return the mildest button where it leads somewhere: to the page that is asked for, or to the profile."""
        leads_on = goals.needs_link(self.body) or goals.leads_to_profile(self.body) or goals.leads_to_app(self.body)
        usual = USUAL_CALLS.get(goals.objective_of(self.body), CALLS[0])
        return {"call_to_action": usual if leads_on else "", "display_name": self.visit.advertiser.name}

    def prepare(self) -> None:
        """Call buttons as the reader's language does; leave out what this ad has not: words, a link."""
        if parse_id(str(self.body.get("shown", ""))) is not None:
            del self.fields["ad_text"]  # of a post, its caption
        if self.body.get("spark", True):
            del self.fields["display_name"]
        french = formats.language_of(get_language()) == formats.FRENCH
        named = [(code, call_to_actions.find(code)) for code in CALLS]
        buttons = [(code, one.name_fr if french else one.name_en) for code, one in named if one is not None]
        needs_link, to_app = goals.needs_link(self.body), goals.leads_to_app(self.body)
        self.fields["call_to_action"].choices = buttons if needs_link or to_app else [("", _("No button")), *buttons]
        self.fields["call_to_action"].required = needs_link or to_app
        if goals.leads_to_profile(self.body) or to_app:
            del self.fields["landing_page_url"]
            return
        self.fields["landing_page_url"].required = needs_link
        self.fields["landing_page_url"].error_messages["required"] = _(
            "Where should the ad lead? Paste the address of your page."
        )

    def clean_ad_text(self) -> str:
        """Refuse what viewers are not shown in an ad's text."""
        typed = str(self.cleaned_data["ad_text"])
        if find_emoji(typed) is not None:
            raise forms.ValidationError(_("The text of an ad has no emoji."))
        return typed

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
