"""The two dialogs that draft a test: the same video in two formats, and any two ad groups or campaigns."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from attise.doors.consoles import pictures
from attise.doors.consoles.advertiser.assistant.forms import REQUIRED
from attise.doors.consoles.visit import AdvertiserVisit
from attise.kernel.limits import NAME_CHARACTERS, NAME_SIGNS
from attise.management.campaigns import queries
from attise.management.campaigns.rules.pairing import PairWish
from attise.management.campaigns.rules.splitting import ADGROUP, CAMPAIGN, USUAL_DAYS, SplitDraft
from attise.management.campaigns.views import AdView
from attise.management.library.queries import search_videos

DAYS: Final = (7, 14, 28, 56)
MOST: Final = 100
"""Ads, videos, ad groups or campaigns that are offered, the newest first."""


def _days() -> list[tuple[int, str]]:
    return [(one, ngettext("%(count)s day", "%(count)s days", one) % {"count": one}) for one in DAYS]


class FormatsForm(forms.Form):
    """The same video in two formats."""

    ad = forms.TypedChoiceField(label=gettext_lazy("Spark ad"), coerce=int, error_messages=REQUIRED)
    video = forms.ChoiceField(
        label=gettext_lazy("The same video, in your library"),
        required=False,
        help_text=gettext_lazy("A creator lets you show the post, not copy its file: they give you the video."),
    )
    display_name = forms.CharField(
        label=gettext_lazy("Name on the standard ad"), max_length=NAME_CHARACTERS, error_messages=REQUIRED
    )
    days = forms.TypedChoiceField(
        label=pgettext_lazy("test", "Runs for"), coerce=int, choices=_days, initial=USUAL_DAYS
    )

    def __init__(self, visit: AdvertiserVisit, data: Any = None) -> None:
        """Offer the Spark ads and the videos there are; the video that is the same file is chosen."""
        self._ads = _spark_ads(visit)
        videos = search_videos(visit.advertiser.id, page_size=MOST).items
        marks = {ad.post.media.signature_md5 for ad in self._ads if ad.post is not None and ad.post.media is not None}
        same = [one for one in videos if one.media.signature_md5 in marks]
        initial = {"display_name": visit.advertiser.name, "video": same[0].video_id if same else ""}
        super().__init__(data, initial=initial)
        self.fields["ad"].choices = [(ad.id, _of_ad(ad)) for ad in self._ads]
        named = [(one.video_id, one.file_name) for one in videos if one not in same]
        self.fields["video"].choices = [
            ("", _("The file below")),
            *((one.video_id, _("%(name)s (the same file)") % {"name": one.file_name}) for one in same),
            *named,
        ]

    @property
    def can_begin(self) -> bool:
        """Whether there is a Spark ad to compare."""
        return bool(self._ads)

    def wish(self, video_id: str) -> PairWish:
        """Return the wish. Call after ``is_valid``."""
        given = self.cleaned_data
        (ad,) = [one for one in self._ads if one.id == given["ad"]]
        name = _("Two formats: %(name)s") % {"name": ad.name}
        return PairWish(
            name=name[:NAME_SIGNS],
            ad_id=ad.id,
            video_id=video_id,
            display_name=given["display_name"],
            days=given["days"],
        )


class SidesForm(forms.Form):
    """Any two ad groups, or two campaigns."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=NAME_SIGNS, error_messages=REQUIRED)
    first = forms.ChoiceField(label=gettext_lazy("First side"), error_messages=REQUIRED)
    second = forms.ChoiceField(
        label=gettext_lazy("Second side"),
        error_messages=REQUIRED,
        help_text=gettext_lazy("Two ad groups or two campaigns, alike in all but what you want to compare."),
    )
    days = forms.TypedChoiceField(
        label=pgettext_lazy("test", "Runs for"), coerce=int, choices=_days, initial=USUAL_DAYS
    )

    def __init__(self, visit: AdvertiserVisit, data: Any = None) -> None:
        """Offer what there is, the newest first."""
        super().__init__(data, auto_id="side_%s")
        where = {"advertiser_id": visit.advertiser.id, "limit": MOST}
        groups = queries.page_adgroups(visit.means, **where).items
        campaigns = queries.page_campaigns(visit.means, **where).items
        choices = [
            ("", _("Choose")),
            (_("Ad groups"), [(f"{ADGROUP}:{one.id}", f"{one.name} · {one.campaign_name}") for one in groups]),
            (_("Campaigns"), [(f"{CAMPAIGN}:{one.id}", one.name) for one in campaigns]),
        ]
        self.fields["first"].choices = self.fields["second"].choices = choices
        self.fields["name"].initial = _("Comparison")

    def clean(self) -> dict[str, Any]:
        """Refuse an ad group beside a campaign."""
        given: dict[str, Any] = super().clean() or {}
        levels = {given[name].partition(":")[0] for name in ("first", "second") if given.get(name)}
        if len(levels) > 1:
            self.add_error("second", _("Compare two ad groups, or two campaigns."))
        return given

    def draft(self) -> SplitDraft:
        """Return the draft. Call after ``is_valid``."""
        given = self.cleaned_data
        (level, _colon, first), (_level, _colon, second) = (given[name].partition(":") for name in ("first", "second"))
        return SplitDraft(
            name=given["name"], level=level, first_id=int(first), second_id=int(second), days=given["days"]
        )


def _spark_ads(visit: AdvertiserVisit) -> list[AdView]:
    page = queries.page_ads(visit.means, advertiser_id=visit.advertiser.id, limit=MOST)
    return [one for one in page.items if one.kind == "spark" and one.post is not None]


def _of_ad(ad: AdView) -> str:
    title = "" if ad.post is None else pictures.first_line(ad.post)
    return " · ".join(one for one in (ad.name, title, f"@{ad.creator_handle}") if one)
