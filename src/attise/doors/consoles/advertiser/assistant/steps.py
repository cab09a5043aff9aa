"""The five steps: the words of their addresses, their names, their forms."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from django.forms import BooleanField
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from attise.doors.consoles.advertiser.assistant.audience_form import LISTS, AudienceForm
from attise.doors.consoles.advertiser.assistant.forms import LINK_CHARACTERS, AdForm, StepForm
from attise.doors.consoles.advertiser.assistant.objective_form import ObjectiveForm
from attise.doors.consoles.advertiser.assistant.post_form import PostForm
from attise.doors.consoles.visit import AdvertiserVisit


class Step(NamedTuple):
    """A step that asks something."""

    name: Promise
    form: type[StepForm]


CHECK: Final = "verifier"
"""The word of the last step, which asks nothing more."""
STEPS: Final[dict[str, Step]] = {
    "objectif": Step(_("Objective"), ObjectiveForm),
    "audience": Step(_("Audience and budget"), AudienceForm),
    "publication": Step(pgettext_lazy("noun", "Post"), PostForm),
    "annonce": Step(pgettext_lazy("noun", "Ad"), AdForm),
}
"""By the word of the address, in their order."""
WORDS: Final = (*STEPS, CHECK)
_OF_ROOMS: Final = {
    "campaign.name": "objectif",
    "campaign.objective_type": "objectif",
    "name": "objectif",
    "pixel_id": "objectif",
    "app_id": "objectif",
    "optimization_goal": "objectif",
    "optimization_event": "objectif",
    "budget_micros": "audience",
    "bid_micros": "audience",
    "conversion_bid_micros": "audience",
    "creatives[0].call_to_action": "annonce",
    "creatives[0].landing_page_url": "annonce",
    "creatives[0].ad_text": "annonce",
    "display_name": "annonce",
}


def of_room(field: str | None) -> str:
    """Return the step that a refusal of the rooms is about, by the field that it names."""
    found = _OF_ROOMS.get(field or "")
    if found is not None:
        return found
    return "publication" if (field or "").startswith("creatives") else "audience"


def after(word: str) -> str:
    """Return the step after another."""
    return WORDS[min(WORDS.index(word) + 1, len(WORDS) - 1)]


def before(word: str) -> str:
    """Return the step before another; empty before the first."""
    place = WORDS.index(word)
    return WORDS[place - 1] if place else ""


def typed(visit: AdvertiserVisit, word: str) -> dict[str, Any]:
    """Return what was sent of a step's fields, as it was typed, cut where nothing so long is taken.

    NUL, which nobody types, is left out: PostgreSQL keeps no JSON with it.
    """
    given = visit.request.POST
    found: dict[str, Any] = {}
    for name, field in STEPS[word].form.base_fields.items():
        if name in LISTS:
            found[name] = [_kept(one) for one in given.getlist(name)]
        elif isinstance(field, BooleanField):
            found[name] = name in given  # a box that is not ticked is not sent
        elif name in given:
            found[name] = _kept(given[name].strip())
    return found


def _kept(text: str) -> str:
    return text.replace("\x00", "")[:LINK_CHARACTERS]


def missing(visit: AdvertiserVisit, body: dict[str, Any]) -> list[str]:
    """Return the steps that are not complete, in their order."""
    return [word for word, step in STEPS.items() if not step.form(visit, body, data_of(body)).is_valid()]


def data_of(body: dict[str, Any]) -> QueryDict:
    """Return what a draft holds as a form reads it."""
    data = QueryDict(mutable=True)
    for name, value in body.items():
        if value is not False:
            data.setlist(name, value if isinstance(value, list) else ["on" if value is True else value])
    return data
