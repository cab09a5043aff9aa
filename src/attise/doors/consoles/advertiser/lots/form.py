"""The sheet of a draw: which posts, how many of them are boosted, and what each boost is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attise.doors.consoles import pictures
from attise.doors.consoles.advertiser.assistant.choosing import accounts_of
from attise.doors.consoles.advertiser.assistant.forms import REQUIRED
from attise.doors.consoles.advertiser.boost_form import BoostForm
from attise.doors.consoles.visit import AdvertiserVisit
from attise.kernel.limits import LOT_POSTS_LEAST, LOT_POSTS_MOST
from attise.management.authorizations.queries import find_usable, list_bound_posts
from attise.management.campaigns.queries import taken_posts
from attise.management.campaigns.rules.drawing import LotWish
from attise.management.posts import queries as posts
from attise.management.posts.views import PostView

OFFERED_MOST: Final = 60
"""Posts that can be chosen, the newest of those that may be used."""
USUAL_PROMOTED: Final = 3


class LotForm(BoostForm):
    """Posts, how many of them are boosted, and the boost of each."""

    posts = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Posts"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least two posts.")},
    )
    promoted = forms.IntegerField(
        label=gettext_lazy("How many of them are boosted"),
        min_value=1,
        max_value=LOT_POSTS_MOST - 1,
        error_messages=REQUIRED,
        help_text=gettext_lazy(
            "With 3 of 8 posts, or 2 of 10, a draw can tell by itself what ads bring; with fewer it tells together "
            "with your other draws."
        ),
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    field_order = ("posts", "promoted", "goal", "event", "landing_page_url", "budget", "days", "call_to_action")

    def __init__(self, visit: AdvertiserVisit, data: Any = None, *, wish: LotWish | None = None) -> None:
        """Offer the posts that may be drawn; what is usual is filled in, or what a draw that was told holds."""
        super().__init__(visit, data, wish=None if wish is None else wish.boost)
        self.offered = offered(visit)
        self.fields["posts"].choices = [(one.id, pictures.first_line(one)) for one in self.offered]
        self.fields["budget"].label = _("Budget a day of each post boosted")
        there = {one.id for one in self.offered}
        self.initial["posts"] = [] if wish is None else [one for one in wish.post_ids if one in there]
        self.initial["promoted"] = USUAL_PROMOTED if wish is None else wish.promoted

    @property
    def rows(self) -> list[tuple[Any, PostView, str]]:
        """The posts with their boxes and their pictures."""
        boxes = list(self["posts"])
        return [
            (box, post, pictures.cover_of(self.visit.means, post))
            for box, post in zip(boxes, self.offered, strict=True)
        ]

    def clean_posts(self) -> list[int]:
        """Return the posts; the room says the rest."""
        chosen: list[int] = self.cleaned_data["posts"]
        if len(chosen) < LOT_POSTS_LEAST:
            raise forms.ValidationError(_("Choose at least two posts."))
        if len(chosen) > LOT_POSTS_MOST:
            raise forms.ValidationError(_("Choose at most %(most)s posts.") % {"most": LOT_POSTS_MOST})
        return chosen

    def clean(self) -> dict[str, Any]:
        """Ask for one post at least that is left out: it is what the others are compared with."""
        given = super().clean() or {}
        chosen, promoted = given.get("posts"), given.get("promoted")
        if chosen and promoted and promoted >= len(chosen):
            self.add_error("promoted", _("Leave at least one post out: it is what the others are compared with."))
        return given

    def lot(self, name: str) -> LotWish:
        """Return what is wished, as the room takes it. Call after ``is_valid``."""
        boost = replace(self.wish(0, name), post_id=0)
        return LotWish(post_ids=tuple(self.cleaned_data["posts"]), promoted=self.cleaned_data["promoted"], boost=boost)


def offered(visit: AdvertiserVisit) -> list[PostView]:
    """Return the newest posts that an advertiser may use and shows in no ad. Cost: about twenty queries."""
    owner = visit.advertiser.id
    bound = list_bound_posts(visit.means, advertiser_id=owner, page_size=OFFERED_MOST).items
    found = {one.post.id: one.post for one in bound}
    for account in accounts_of(visit):
        if account.can_pull:
            page = posts.list_posts_of_creator(
                account.creator_id, limit=OFFERED_MOST, only_public=True, states=["live"]
            )
            found |= {one.id: one for one in page.items}
    usable = find_usable(visit.means, advertiser_id=owner, post_ids=list(found))
    taken = taken_posts(visit.means, advertiser_id=owner, post_ids=usable)
    left = [one for one in found.values() if one.id in usable and one.id not in taken and one.is_public]
    return sorted(left, key=lambda one: (-one.published_at_ms, one.id))[:OFFERED_MOST]
