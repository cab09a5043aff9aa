"""The third step: what the ad shows, and under which name."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attise.doors.consoles.advertiser.assistant import choosing
from attise.doors.consoles.advertiser.assistant.forms import StepForm
from attise.kernel.ids import parse_id


class PostForm(StepForm):
    """A post, or an imported video; the page draws the choices."""

    spark = forms.BooleanField(label=gettext_lazy("Use a creator's account to deliver Spark Ads"), required=False)
    shown = forms.CharField(max_length=40, required=False)
    """The id of a post, or of a video of the library."""
    ads_only = forms.BooleanField(label=gettext_lazy("Only show in ads"), required=False)
    """Of a private post of one's own account: it stays private."""
    account = forms.ChoiceField(label=gettext_lazy("Published on the account"), required=False)
    dark = forms.BooleanField(
        label=gettext_lazy("Only show in ads"),
        required=False,
        help_text=gettext_lazy("The video appears neither on the profile nor in search."),
    )
    """Of a video that is published for the ad."""

    def usual(self) -> dict[str, Any]:
        """Return a Spark Ad; what is imported is shown in ads alone until somebody says otherwise."""
        return {"spark": True, "dark": True}

    def prepare(self) -> None:
        """Offer the accounts on which videos may be published."""
        accounts = [one for one in choosing.accounts_of(self.visit) if one.can_push]
        self.publishers = {one.identity_id: one for one in accounts}
        self.fields["account"].choices = [(one.identity_id, f"@{one.handle}") for one in accounts]

    def clean(self) -> dict[str, Any]:
        """Ask for what goes with the switch: a post or a video on an account, or a video alone."""
        cleaned = super().clean() or {}
        named, is_post = cleaned.get("shown", ""), parse_id(cleaned.get("shown", "")) is not None
        if not cleaned.get("spark"):
            if not named or is_post:
                self.add_error("shown", _("Choose the imported video that the ad shows."))
        elif not named:
            self.add_error("shown", _("Choose the post that the ad shows."))
        elif not is_post and not self.publishers:
            self.add_error("shown", _("A video is published on an account of yours. Link one, or turn Spark Ads off."))
        elif not is_post and not cleaned.get("account"):
            self.add_error("account", _("Choose the account on which the video is published."))
        elif not is_post and self.publishers[cleaned["account"]].ads_only and not cleaned.get("dark"):
            self.add_error("dark", _("This account lets you publish for ads alone."))
        return cleaned
