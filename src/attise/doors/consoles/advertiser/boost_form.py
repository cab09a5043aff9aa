"""The sheet of a boost: a goal, a budget, some days, and where the ad leads; all but the link is filled."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from attise.doors.consoles import words
from attise.doors.consoles.advertiser.assistant.forms import CALLS, LINK_CHARACTERS, REQUIRED
from attise.doors.consoles.advertiser.assistant.objective_form import PIXELS, events_of
from attise.doors.consoles.advertiser.least_budget import usual_text
from attise.doors.consoles.money_text import read_money
from attise.doors.consoles.visit import AdvertiserVisit
from attise.doors.site import formats
from attise.kernel.ids import parse_id
from attise.kernel.money import format_amount
from attise.management.campaigns.queries import AdWish, page_ads
from attise.management.campaigns.rules.boosting import BOOSTED, BoostWish
from attise.management.campaigns.rules.creative import LEADS_TO_PAGE, LEADS_TO_PROFILE
from attise.management.campaigns.rules.objectives import OBJECTIVES, Goal, check_goal
from attise.management.pixels import queries as pixels
from attise.management.policy.queries import get_policy
from attise.records.lookups import call_to_actions, currencies, regions

DAYS: Final = (3, 7, 14)
GOALS: Final = tuple((objective, goal) for objective in BOOSTED for goal in OBJECTIVES[objective].goals)
"""Every goal that a boost can have, the usual one first."""


class BoostForm(forms.Form):
    """What is asked before a post is boosted; all but the link is filled, and that too once an ad had one."""

    goal = forms.ChoiceField(label=gettext_lazy("Goal"))
    event = forms.ChoiceField(
        label=gettext_lazy("Event of a conversion"),
        required=False,
        help_text=gettext_lazy("Where conversions, or their value, are the goal."),
    )
    landing_page_url = forms.CharField(
        label=gettext_lazy("Link"),
        max_length=LINK_CHARACTERS,
        required=False,
        help_text=gettext_lazy("Not for followers and visits of the profile: those lead to the creator."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "url", "placeholder": "https://"}),
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
    call_to_action = forms.ChoiceField(label=gettext_lazy("Button"))

    def __init__(self, visit: AdvertiserVisit, data: Any = None, *, wish: BoostWish | None = None) -> None:
        """Show what is usual, or what a boost that waits holds; or read what is sent."""
        self.visit = visit
        super().__init__(data, initial=usual(visit) if wish is None else typed_of(wish, visit.advertiser.currency))
        events = events_of(pixels.page_pixels(visit.advertiser.id, limit=PIXELS).items)
        self.fields["event"].choices = [("", _("Choose an event")), *events]
        offered = [one for one in GOALS if events or not one[1].needs_event]
        self.fields["goal"].choices = [
            (f"{objective}:{goal.name}", f"{words.OBJECTIVES[objective]} · {words.GOALS[goal.name]}")
            for objective, goal in offered
        ]
        if not events:
            del self.fields["event"]
        french = formats.language_of(get_language()) == formats.FRENCH
        named = [(code, call_to_actions.get(code)) for code in CALLS]
        self.fields["call_to_action"].choices = [(code, one.name_fr if french else one.name_en) for code, one in named]

    def clean_budget(self) -> int:
        """Return the amount; the room says whether it is enough."""
        micros = read_money(self.cleaned_data["budget"], self.visit.advertiser.currency)
        if micros is None:
            raise forms.ValidationError(_("Type an amount, such as 500 or 500.50."))
        return micros

    def clean(self) -> dict[str, Any]:
        """Ask for a link where the goal leads to a page, and for an event where it is one."""
        given = super().clean() or {}
        if "goal" not in given:
            return given
        goal = _goal_of(given["goal"])
        if goal.name in LEADS_TO_PAGE and not given.get("landing_page_url") and "landing_page_url" not in self.errors:
            self.add_error("landing_page_url", _("Where should the ad lead? Paste the address of your page."))
        if goal.needs_event and not given.get("event") and "event" not in self.errors:
            self.add_error("event", _("Choose the event that counts as a result, or another objective."))
        return given

    def wish(self, post_id: int, name: str) -> BoostWish:
        """Return what is wished, as the room takes it. Call after ``is_valid``."""
        given = self.cleaned_data
        goal = _goal_of(given["goal"])
        pixel, _colon, event = given["event"].partition(":") if goal.needs_event else ("", "", "")
        link = "" if goal.name in LEADS_TO_PROFILE else given["landing_page_url"].strip()
        country = regions.by_iso(self.visit.advertiser.country)
        return BoostWish(
            post_id=post_id,
            name=name,
            objective_type=given["goal"].partition(":")[0],
            optimization_goal=goal.name,
            budget_micros=given["budget"],
            days=given["days"],
            location_ids=() if country is None else (country.id,),
            call_to_action=given["call_to_action"] if link or goal.name in LEADS_TO_PROFILE else "",
            landing_page_url=link,
            pixel_id=parse_id(pixel) if pixel else None,
            optimization_event=event,
        )


def _goal_of(chosen: str) -> Goal:
    """Return the goal of a choice of the sheet."""
    objective, _colon, name = chosen.partition(":")
    return check_goal(objective, name)


def usual(visit: AdvertiserVisit) -> dict[str, Any]:
    """Return what the sheet holds before anybody typed: traffic for a week, with the link and button of the last ad."""
    ads = page_ads(visit.means, advertiser_id=visit.advertiser.id, wish=AdWish(), limit=1).items
    last = ads[0] if ads and ads[0].landing_page_url and ads[0].call_to_action in CALLS else None
    objective, goal = GOALS[0]
    return {
        "goal": f"{objective}:{goal.name}",
        "budget": usual_text(visit.advertiser.currency),
        "days": 7,
        "call_to_action": CALLS[0] if last is None else last.call_to_action,
        "landing_page_url": "" if last is None else last.landing_page_url,
    }


def typed_of(wish: BoostWish, currency: str) -> dict[str, Any]:
    """Return what a boost that waits holds, by field."""
    places = currencies.get(currency).exponent
    amount = format_amount(wish.budget_micros, exponent=places)
    return {
        "goal": f"{wish.objective_type}:{wish.optimization_goal}",
        "event": f"{wish.pixel_id}:{wish.optimization_event}" if wish.pixel_id else "",
        "budget": amount.removesuffix("." + "0" * places) if places else amount,
        "days": wish.days,
        "call_to_action": wish.call_to_action or CALLS[0],
        "landing_page_url": wish.landing_page_url,
    }


def asked_days(days: int) -> int:
    """Return for how long a creator is asked for a post that is boosted for some days: with room for the answer."""
    offered = get_policy().grant_days
    return next((one for one in offered if one >= 2 * days), offered[-1])
