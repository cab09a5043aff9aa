"""The pages of the assistant: each step, what is kept of it, and what is sent at the end."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from attise.doors.consoles import frame, telling
from attise.doors.consoles.advertiser.assistant import choosing, goals, plan, preview, steps
from attise.doors.consoles.advertiser.assistant.forms import StepForm
from attise.doors.consoles.advertiser.assistant.gauge import gauge_of
from attise.doors.consoles.advertiser.assistant.importing import waiting_for
from attise.doors.consoles.advertiser.assistant.objective_form import app_of
from attise.doors.consoles.advertiser.assistant.steps import CHECK, STEPS
from attise.doors.consoles.advertiser.assistant.told import blocks_of
from attise.doors.consoles.advertiser.tree import said
from attise.doors.consoles.gate import for_member
from attise.doors.consoles.visit import AdvertiserVisit
from attise.kernel.errors import Refusal, Refusals
from attise.kernel.ids import parse_id
from attise.kernel.limits import DAY_MS
from attise.management.accounts.rules import Permission
from attise.management.campaigns import actions, queries
from attise.management.campaigns.views import AdView, DraftView
from attise.management.pixels import actions as measuring
from attise.management.pixels.errors import APP_TAKEN

FIRST = "objectif"
KEEP = "garder"
"""What a form that is left says: keep what is typed, ask nothing."""
BEGUN_FROM = "publication"
"""By what the address of a new campaign says which post it is begun from."""
SEEN = "seen"
"""The field by which the last page says which state of the draft it showed."""


@for_member(Permission.EDIT_CAMPAIGNS, "GET", "POST")
def begin(visit: AdvertiserVisit) -> HttpResponse:
    """Show the first step of a new campaign, beside the drafts; a draft is made with the first answer.

    ``?publication=`` names the post that it is begun from, which the third step has chosen then.
    """
    if visit.request.method == "GET":
        return _show(visit, None, FIRST, STEPS[FIRST].form(visit, {}))
    typed = steps.typed(visit, FIRST)
    form = STEPS[FIRST].form(visit, {}, visit.request.POST)
    if not form.is_valid() or not _add_app(visit, form, typed):
        return _show(visit, None, FIRST, form, status=422)
    post_id = parse_id(visit.request.GET.get(BEGUN_FROM, ""))
    if post_id is not None and choosing.post_of(visit, post_id) is not None:
        typed["shown"] = str(post_id)
    draft = actions.save_draft(visit.means, advertiser_id=visit.advertiser.id, body=typed)
    return HttpResponseRedirect(_address(draft.id, steps.after(FIRST)))


@for_member(Permission.EDIT_CAMPAIGNS, "GET", "POST")
def step(visit: AdvertiserVisit, draft_id: int, word: str) -> HttpResponse:
    """Show a step, or keep what is typed in it and go on."""
    draft = queries.find_draft(advertiser_id=visit.advertiser.id, draft_id=draft_id)
    if draft is None or word not in steps.WORDS:
        raise Http404
    if word == CHECK:
        return _send(visit, draft) if visit.request.method == "POST" else _show(visit, draft, CHECK, None)
    if visit.request.method == "GET":
        return _show(visit, draft, word, STEPS[word].form(visit, draft.body))
    typed = steps.typed(visit, word)
    draft = actions.save_draft(visit.means, advertiser_id=visit.advertiser.id, draft_id=draft.id, body=typed)
    if visit.request.GET.get("act") == KEEP:
        return _kept(visit, draft, word)
    form = STEPS[word].form(visit, draft.body, visit.request.POST)
    if not form.is_valid() or not _add_app(visit, form, typed):
        return _show(visit, draft, word, form, status=422)
    if any(draft.body.get(name) != value for name, value in typed.items()):
        actions.save_draft(visit.means, advertiser_id=visit.advertiser.id, draft_id=draft.id, body=typed)
    return HttpResponseRedirect(_address(draft.id, steps.after(word)))


def _add_app(visit: AdvertiserVisit, form: StepForm, typed: dict[str, Any]) -> bool:
    """Register the app whose store page was pasted, and put it where it would have been chosen; False: it is refused.

    An app that is registered already is the one that is meant.
    """
    link = typed.get("app_link")
    if not link or typed.get("app") or typed.get("objective") != goals.APPS:
        return True
    try:
        made = measuring.register_app(visit.means, visit.actor, advertiser_id=visit.advertiser.id, download_url=link)
        app_id = str(made.id)
    except (Refusal, Refusals) as refused:
        known = next((one.params["app_id"] for one in telling.items_of(refused) if one.code == APP_TAKEN.code), None)
        if known is None:
            telling.put_into(form, refused, {"download_url": "app_link"})
            return False
        app_id = known
    typed |= {"app": app_id, "app_link": ""}
    return True


@for_member(Permission.EDIT_CAMPAIGNS, "POST")
def drop(visit: AdvertiserVisit, draft_id: int) -> HttpResponse:
    """Let go of a draft."""
    actions.drop_draft(visit.means, advertiser_id=visit.advertiser.id, draft_id=draft_id)
    messages.success(visit.request, _("Draft deleted."))
    return HttpResponseRedirect(reverse("assistant"))


def _send(visit: AdvertiserVisit, draft: DraftView) -> HttpResponse:
    """Make the campaign, or say what is in its way, each with the step where it is mended.

    What is sent is what the page showed: a draft that changed since is shown anew, with what it costs now.
    """
    if visit.request.POST.get(SEEN, str(draft.modified_at_ms)) != str(draft.modified_at_ms):
        text = _("This draft was changed meanwhile, in another tab or by somebody else.")
        changed = {"text": text, "next": _("Look at what it says now, then send it."), "url": visit.request.path}
        return _show(visit, draft, CHECK, None, wrong=[changed], status=422)
    chosen = choosing.chosen(visit, draft.body)
    if steps.missing(visit, draft.body) or chosen is None:
        return _show(visit, draft, CHECK, None, status=422)
    try:
        made = actions.send_draft(
            visit.means,
            visit.actor,
            house=settings.HOUSE,
            advertiser_id=visit.advertiser.id,
            draft_id=draft.id,
            campaign=plan.campaign_of(visit, draft.body),
            adgroup=plan.adgroup_of(visit, draft.body),
            creative=plan.creative_of(draft.body, chosen),
            display_name=draft.body.get("display_name", "") if chosen.kind == choosing.STANDARD else "",
        )
    except (Refusal, Refusals) as refused:
        wrong = [
            {
                "text": telling.sentence(one),
                "next": telling.next_step(one),
                "url": _address(draft.id, steps.of_room(one.field)),
            }
            for one in telling.items_of(refused)
        ]
        return _show(visit, draft, CHECK, None, wrong=wrong, status=422)
    messages.success(visit.request, _sent_words(visit, made.ad))
    return HttpResponseRedirect(reverse("ad", args=[made.ad.id]))


def _sent_words(visit: AdvertiserVisit, ad: AdView) -> str:
    """Return what became of an ad that was just sent: what its page says, which is shown next."""
    key = said.of_ad(ad, visit.means.clock.world_ms()).key
    if key in said.RUNNING:
        return _("Sent and approved: it takes part in auctions from now on.")
    if key == "review":
        return _("Sent. The ad is in review, usually for less than 24 hours.")
    return _("Sent. See below what is still in its way.")


def _kept(visit: AdvertiserVisit, draft: DraftView, word: str) -> HttpResponse:
    """Answer a field that was left: with the figures of the audience and the budget, or the preview, as it is now."""
    if word == "audience":
        currency = visit.advertiser.currency
        context = {"gauge": gauge_of(visit, draft.body), "swapped": True}
        context |= {"money": plan.money_of(draft.body, currency), "currency": currency}
        return render(visit.request, "consoles/advertiser/assistant/figures.html", context)
    chosen = choosing.chosen(visit, draft.body) if word in {"publication", "annonce"} else None
    if chosen is None:
        return HttpResponse(status=204)
    context = {"reel": preview.preview_of(visit, chosen, draft.body), "swapped": True}
    return render(visit.request, "consoles/advertiser/assistant/phone.html", context)


def _address(draft_id: int, word: str) -> str:
    return reverse("assistant_step", args=[draft_id, word])


def _show(
    visit: AdvertiserVisit,
    draft: DraftView | None,
    word: str,
    form: StepForm | None,
    *,
    wrong: list[dict[str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Draw a step, with the preview and the most that is spent beside it."""
    body = {} if draft is None else draft.body
    currency = visit.advertiser.currency
    seen = body if form is None or word == FIRST else form.initial | body
    money = plan.money_of(seen, currency)
    chosen = choosing.chosen(visit, body) if body.get("shown") else None
    context: dict[str, Any] = {
        "word": word,
        "at": steps.WORDS.index(word) + 1,
        "names": [*(one.name for one in STEPS.values()), _("Check")],
        "form": form,
        "draft": draft,
        "here": visit.request.get_full_path() if draft is None else visit.request.path,
        "back": "" if draft is None or not steps.before(word) else _address(draft.id, steps.before(word)),
        "currency": currency,
        "money": money,
        "reel": None if chosen is None else preview.preview_of(visit, chosen, body),
        "drafts": _drafts(visit) if draft is None else [],
        "gauge": None if word == FIRST else gauge_of(visit, seen),
    }
    if word == "publication":
        ends_ms = visit.means.clock.world_ms() + money.days * DAY_MS if money.days else None
        typed = {} if form is None else {"shown": form["shown"].value()}
        context |= choosing.offered(visit, body | typed, ends_ms)
        context |= {"waiting": [] if draft is None else waiting_for(visit, draft)}
    if word == "annonce":
        context |= {"app": app_of(visit.advertiser.id, body) if goals.leads_to_app(body) else None}
    if word == CHECK and draft is not None:
        missing = steps.missing(visit, body)
        context |= {
            "blocks": [
                {"name": STEPS[one].name, "url": _address(draft.id, one), "lines": lines}
                for one, lines in blocks_of(visit, body, chosen).items()
            ],
            "missing": [(STEPS[one].name, _address(draft.id, one)) for one in missing],
            "wrong": wrong or [],
            "can_send": not missing and chosen is not None,
            "post_gone": bool(body.get("shown")) and chosen is None,
        }
    return frame.page(visit, "advertiser/assistant/step.html", "campaigns", context, status=status)


def _drafts(visit: AdvertiserVisit) -> list[dict[str, Any]]:
    """Return the drafts with where each goes on: its first step that is not complete."""
    return [
        {
            "view": one,
            "name": one.body.get("name", ""),
            "url": _address(one.id, next(iter(steps.missing(visit, one.body)), CHECK)),
        }
        for one in queries.list_drafts(advertiser_id=visit.advertiser.id)
    ]
