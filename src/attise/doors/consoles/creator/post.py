"""One post of the creator: its player, its caption and visibility, and its ad settings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from attise.doors.consoles import comments, frame, pictures, promoted, scouted, telling, three_counts, words
from attise.doors.consoles.creator.ad_settings import fresh_code, panel_of
from attise.doors.consoles.creator.ads import on_post
from attise.doors.consoles.creator.circles import circle_of
from attise.doors.consoles.creator.grant_form import GrantForm
from attise.doors.consoles.gate import for_creator
from attise.doors.consoles.video_advice import told_of
from attise.doors.consoles.visit import CreatorVisit
from attise.kernel.errors import Refusal, Refusals
from attise.kernel.limits import CAPTION_CHARACTERS
from attise.management.posts import actions
from attise.management.posts import queries as posts
from attise.management.posts.rules import LAST_MS, is_caption_locked
from attise.management.posts.views import PostView
from attise.measurement.scout import queries as scout

_NOT_YET = 204


class CaptionForm(forms.Form):
    """The words of a post."""

    caption = forms.CharField(
        label=gettext_lazy("Caption"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": CAPTION_CHARACTERS}),
    )


@for_creator("GET")
def preflight(visit: CreatorVisit, post_id: int) -> HttpResponse:
    """Answer the page's own question: nothing while the video is looked over, then the advice."""
    post = own_post(visit, post_id)
    advice = _advice_of(visit, post)
    if advice is not None and advice["state"] == "waiting":
        return HttpResponse(status=_NOT_YET)
    return render(visit.request, "consoles/parts/video/preflight.html", {"advice": advice})


def _advice_of(visit: CreatorVisit, post: PostView) -> dict[str, Any] | None:
    """Return what the page shows of the advice on a post; None when there is nothing to look at. One query."""
    player = pictures.player_of(visit.means, post)
    return told_of(posts.find_preflight(post), reverse("post_preflight", args=[post.id]), player)


@for_creator("GET")
def export_counts(visit: CreatorVisit, post_id: int) -> HttpResponseBase:
    """Answer what the counts of a post are counted from, as CSV."""
    post = own_post(visit, post_id)
    form = "fr" if get_language() == "fr" else "intl"
    return three_counts.export(post.id, form=form, day=three_counts.day_of(visit.means.clock.world_ms()))


def own_post(visit: CreatorVisit, post_id: int) -> PostView:
    """Return a post of the creator; another's, or a deleted one, does not exist."""
    post = posts.find_post(post_id)
    if post is None or post.creator_id != visit.account.id or post.state == "deleted":
        raise Http404
    return post


@for_creator("GET")
def post_page(visit: CreatorVisit, post_id: int) -> HttpResponse:
    """Show a post; ``?dialog=`` opens one of its dialogs without scripts."""
    return show(visit, own_post(visit, post_id))


def show(
    visit: CreatorVisit,
    post: PostView,
    *,
    grant_form: GrantForm | None = None,
    caption_form: CaptionForm | None = None,
    dialog: str = "",
    status: int = 200,
) -> HttpResponse:
    """Draw the page, with forms as they were sent when something in them is refused."""
    locked = is_caption_locked(post.locked_until_ms, visit.means.clock.world_ms())
    if caption_form is None:
        caption_form = CaptionForm(initial={"caption": post.caption})
    caption_form.fields["caption"].disabled = locked
    context: dict[str, Any] = {
        "post": post,
        "name": pictures.first_line(post),
        "player": pictures.player_of(visit.means, post),
        "counters": pictures.counters_of(post.id),
        "format": words.FORMATS[post.format],
        "visibility": words.VISIBILITIES[post.visibility],
        "state": words.POST_STATES[post.state],
        "visibilities": [
            {
                "value": value,
                "label": words.VISIBILITIES[value],
                "detail": words.VISIBILITY_MEANS[value],
                "checked": value == post.visibility,
            }
            for value in words.VISIBILITIES
        ],
        "caption_form": caption_form,
        "locked": locked,
        "locked_until_ms": None if post.locked_until_ms > LAST_MS else post.locked_until_ms,
        "dialog": dialog or visit.request.GET.get("dialog", ""),
        "panel": panel_of(visit, post, grant_form),
        "ads": on_post(visit, post.id),
        "circle": circle_of(post),
        "comments": comments.comments_of(post.id, with_hidden=True),
        "scout": _scouted(visit, post),
        "advice": _advice_of(visit, post),
        "export_url": reverse("export_post_counts", args=[post.id]),
        **three_counts.of(post.id),
        **promoted.of(post, now_ms=visit.means.clock.world_ms(), zone=get_current_timezone_name()),
    }
    if visit.request.method == "GET":
        context["fresh"] = fresh_code(visit, post)
    return frame.page(visit, "creator/post.html", "creator_posts", context, status=status)


def _scouted(visit: CreatorVisit, post: PostView) -> dict[str, Any] | None:
    """Return what the scout says of a young public post, None where it says nothing."""
    one = scout.find_standing(post.id) if post.is_public else None
    return None if one is None else scouted.card(one, visit.means.clock.world_ms(), get_current_timezone_name())


@for_creator("POST")
def caption(visit: CreatorVisit, post_id: int) -> HttpResponse:
    """Change the words; refused while an authorization lives."""
    post = own_post(visit, post_id)
    form = CaptionForm(visit.request.POST)
    form.is_valid()
    try:
        actions.edit_post(
            visit.means,
            visit.actor,
            post_id=post.id,
            creator_id=visit.account.id,
            caption=form.cleaned_data.get("caption", ""),
        )
    except (Refusal, Refusals) as refused:
        status = telling.put_into(form, refused)
        return show(visit, post, caption_form=form, status=status)
    messages.success(visit.request, _("Caption saved."))
    return HttpResponseRedirect(reverse("creator_post", args=[post.id]))


@for_creator("POST")
def visibility(visit: CreatorVisit, post_id: int) -> HttpResponse:
    """Change who may see the post."""
    post = own_post(visit, post_id)
    after = actions.edit_post(
        visit.means,
        visit.actor,
        post_id=post.id,
        creator_id=visit.account.id,
        visibility=visit.request.POST.get("visibility", ""),
    )
    messages.success(
        visit.request, _("Your video is now: %(visibility)s.") % {"visibility": words.VISIBILITIES[after.visibility]}
    )
    opens = "?dialog=autoriser" if "authorize" in visit.request.POST else ""
    return HttpResponseRedirect(reverse("creator_post", args=[post.id]) + opens)


@for_creator("POST")
def moderate(visit: CreatorVisit, post_id: int, comment_id: int) -> HttpResponse:
    """Hide a comment under the post, or show it again."""
    post = own_post(visit, post_id)
    is_hidden = visit.request.POST.get("state", "") == "hidden"
    actions.moderate_comment(
        visit.means,
        visit.actor,
        post_id=post.id,
        comment_id=comment_id,
        is_hidden=is_hidden,
        creator_id=visit.account.id,
    )
    messages.success(visit.request, _("Comment hidden.") if is_hidden else _("Comment shown again."))
    return HttpResponseRedirect(f"{reverse('creator_post', args=[post.id])}#said")


@for_creator("POST")
def delete(visit: CreatorVisit, post_id: int) -> HttpResponse:
    """Delete the post for good; the page asked before."""
    from django.conf import settings

    post = own_post(visit, post_id)
    actions.delete_post(visit.means, visit.actor, house=settings.HOUSE, post_id=post.id, creator_id=visit.account.id)
    messages.success(visit.request, _("Post deleted. Ads on it stop."))
    return HttpResponseRedirect(reverse("creator_posts"))
