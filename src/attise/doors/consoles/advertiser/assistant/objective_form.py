"""The first step: what the campaign is for, what counts as a result, and for installs of which app."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from attise.doors.consoles import words
from attise.doors.consoles.advertiser.assistant import goals
from attise.doors.consoles.advertiser.assistant.forms import (
    LINK_CHARACTERS,
    NAME_CHARACTERS,
    REQUIRED,
    StepForm,
)
from attise.doors.site import formats
from attise.kernel.clock import to_datetime
from attise.kernel.ids import parse_id
from attise.management.campaigns.rules.objectives import OBJECTIVES
from attise.management.pixels import queries as pixels
from attise.management.pixels.views import MobileAppView, PixelView
from attise.records.web_events import WEB_EVENTS

PIXELS, APPS_SHOWN = 20, 50
PLATFORMS: Final = {"ANDROID": "Android", "IOS": "iOS"}
"""Names of systems, which no language changes."""
MEANS: Final[dict[str, Promise]] = {
    "TRAFFIC": gettext_lazy("Lead people to your page."),
    "VIDEO_VIEWS": gettext_lazy("Have the video watched for six seconds or more."),
    "REACH": gettext_lazy("Be seen by as many people as possible."),
    "ENGAGEMENT": gettext_lazy("Bring followers to the creator's account."),
    goals.CONVERSIONS: gettext_lazy("Have people buy or sign up on your page."),
    goals.LEADS: gettext_lazy("Have people leave their details in a form of your page."),
    goals.APPS: gettext_lazy("Have your app installed, or used."),
}
RESULTS: Final = tuple(one.type for one in WEB_EVENTS if one.is_goal and not one.is_old and one.type in words.EVENTS)
"""Kinds of events that an ad group can be optimized for."""
_OPTIMIZED_FOR = gettext_lazy("Optimized for")


def _goals(objective: str) -> forms.ChoiceField:
    """Return the choice among the goals of an objective, the usual one first."""
    named = [(goal.name, words.GOALS[goal.name]) for goal in OBJECTIVES[objective].goals]
    return forms.ChoiceField(label=_OPTIMIZED_FOR, required=False, choices=named)


class ObjectiveForm(StepForm):
    """What the campaign is for, towards what, with an event of a pixel or an app where results are told by those."""

    objective = forms.ChoiceField(choices=[(one, one) for one in goals.OFFERED], error_messages=REQUIRED)
    goal_traffic = _goals("TRAFFIC")
    goal_video_views = _goals("VIDEO_VIEWS")
    goal_engagement = _goals("ENGAGEMENT")
    goal_web_conversions = _goals(goals.CONVERSIONS)
    goal_lead_generation = _goals(goals.LEADS)
    goal_app_promotion = _goals(goals.APPS)
    event = forms.ChoiceField(label=gettext_lazy("What counts as a result"), required=False)
    app = forms.ChoiceField(label=gettext_lazy("App"), required=False)
    app_link = forms.CharField(
        label=gettext_lazy("Its page in a store"),
        max_length=LINK_CHARACTERS,
        required=False,
        help_text=gettext_lazy("For an app that is not in the list: the address where people install it."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "url", "placeholder": "https://"}),
    )
    app_event = forms.ChoiceField(
        label=gettext_lazy("Event in the app"),
        required=False,
        choices=[(kind, words.EVENTS[kind]) for kind in RESULTS],
    )
    name = forms.CharField(
        label=gettext_lazy("Name of the campaign"), max_length=NAME_CHARACTERS, error_messages=REQUIRED
    )

    def usual(self) -> dict[str, Any]:
        """Return traffic, and a name of the moment."""
        language = formats.language_of(get_language())
        when = formats.day_and_clock(timezone.localtime(to_datetime(self.visit.means.clock.world_ms())), language)
        return {
            "objective": goals.OFFERED[0],
            "app_event": "SHOPPING",
            "name": _("Campaign of %(when)s") % {"when": when},
        }

    def prepare(self) -> None:
        """Offer the events of the advertiser's pixels, and its apps."""
        advertiser_id = self.visit.advertiser.id
        self.pixels = pixels.page_pixels(advertiser_id, limit=PIXELS).items
        self.fields["event"].choices = [("", _("Choose an event")), *events_of(self.pixels)]
        self.apps = pixels.page_apps(advertiser_id, limit=APPS_SHOWN).items
        named = [(str(one.id), f"{one.name} · {PLATFORMS[one.platform]}") for one in self.apps]
        self.fields["app"].choices = [("", _("Choose an app")), *named]
        self.usual_goals = [self[goals.field_of(one)] for one in goals.OFFERED if goals.field_of(one) in self.fields]

    def clean(self) -> dict[str, Any]:
        """Ask for what tells the results of the goal: an event, a pixel, an app."""
        cleaned = super().clean() or {}
        if "objective" not in cleaned:
            return cleaned
        objective, goal = goals.objective_of(cleaned), goals.goal_of(cleaned)
        if goal.needs_event and not cleaned.get("event") and "event" not in self.errors:
            self.add_error("event", _("Choose the event that counts as a result, or another objective."))
        if objective == goals.LEADS and not goal.needs_event and lead_pixel(self.pixels) is None:
            self.add_error("event", _("Leads need a pixel that tells of forms sent on your page. Make it first."))
        if objective == goals.APPS and not (cleaned.get("app") or cleaned.get("app_link") or "app" in self.errors):
            self.add_error("app", _("Choose the app, or paste the address of its page in a store."))
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
            for one in goals.OFFERED
        ]


def events_of(found: list[PixelView]) -> list[tuple[str, list[tuple[str, Promise]]]]:
    """Return what may count as a result, as choices: ``PIXEL_ID:KIND``, by pixel.

    Why all kinds: pages tell the usual ones by their names, whether or not somebody listed them at the pixel.
    """
    return [(pixel.name, [(f"{pixel.id}:{kind}", words.EVENTS[kind]) for kind in RESULTS]) for pixel in found]


def lead_pixel(found: list[PixelView]) -> PixelView | None:
    """Return the pixel that tells of leads: the newest that names them, else the newest; a paused one tells nothing."""
    told = [one for one in found if not one.is_paused]
    named = [one for one in told if any(event.event_type == goals.LEAD_EVENT for event in one.events)]
    return next(iter(named or told), None)


def app_of(advertiser_id: int, body: dict[str, Any]) -> MobileAppView | None:
    """Return the app that a draft names, or None: it names none, or it is not the advertiser's. Cost: one query."""
    app_id = parse_id(str(body.get("app", "")))
    return None if app_id is None else pixels.find_app(advertiser_id, app_id)
