"""What a new creator does first, each ticked once it is done: a post, an authorization, where to be paid."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from attise.doors.consoles.visit import CreatorVisit
from attise.management.earnings import queries as earnings


def steps(visit: CreatorVisit, *, has_post: bool, has_grant: bool) -> list[dict[str, Any]]:
    """Return the first steps; none once there is a post and an authorization of one. Cost: one statement at most."""
    if has_post and has_grant:
        return []
    told = (
        (
            has_post,
            _("Publish a first video"),
            _("Publish it, and read here what works."),
            reverse("publish"),
            _("Publish"),
        ),
        (
            has_grant,
            _("Authorize a post for brands"),
            _("Open a post, then switch its ad authorization on: you choose for how long, and end it when you like."),
            reverse("creator_posts"),
            pgettext("creator", "My posts"),
        ),
        (
            earnings.find_account(visit.account.id) is not None,
            _("Say where you are paid"),
            _("What brands pay for showing your posts goes to the account that you name."),
            reverse("creator_earnings"),
            _("Name an account"),
        ),
    )
    return [
        {"done": done, "title": title, "text": text, "url": url, "action": action, "allowed": True}
        for done, title, text, url, action in told
    ]
