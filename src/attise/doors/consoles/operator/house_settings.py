"""What the operator sets for the whole house, and every change of it with who, when and why."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from attise.doors.consoles import frame, telling
from attise.doors.consoles.gate import for_operator
from attise.doors.consoles.money_text import read_money, read_percent, typed_percent
from attise.doors.consoles.operator.policy_words import LANGUAGES, NAMES, REVIEWS, in_words
from attise.doors.consoles.visit import Visit
from attise.doors.site import formats
from attise.kernel.errors import Refusal, Refusals
from attise.kernel.ids import parse_id
from attise.kernel.limits import GRANT_DAYS
from attise.kernel.money import format_amount
from attise.management.accounts import queries as accounts
from attise.management.policy import actions, queries
from attise.management.policy.rules import NOTE_CHARACTERS, Policy
from attise.management.policy.views import ChangeView

SHOWN: Final = 50
SPELLED: Final = {"least_budget_micros": "least_budget", "fee_ppm": "fee"}
_PLACES: Final = 2


class SettingsForm(forms.Form):
    """What may be set; the note says why."""

    least_budget = forms.CharField(
        label=NAMES["least_budget_micros"],
        help_text=gettext_lazy(
            "Of a campaign, in whole euros; other currencies are converted. An ad group needs two fifths of it. "
            "Budgets of before stay."
        ),
        max_length=30,
        error_messages={"required": gettext_lazy("This field is required.")},
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    fee = forms.CharField(
        label=NAMES["fee_ppm"],
        help_text=gettext_lazy(
            "In percent of each charge, from 0 to 50, kept apart in the ledger. Ads shown from then on carry it; what "
            "a creator is paid by their terms comes first."
        ),
        max_length=12,
        error_messages={"required": gettext_lazy("This field is required.")},
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    grant_days = forms.TypedMultipleChoiceField(
        label=NAMES["grant_days"],
        help_text=gettext_lazy("What creators may choose from. Authorizations of before stay."),
        choices=[(days, days) for days in GRANT_DAYS],
        coerce=int,
        error_messages={"required": gettext_lazy("Choose at least one.")},
        widget=forms.CheckboxSelectMultiple,
    )
    languages = forms.MultipleChoiceField(
        label=NAMES["languages"],
        help_text=gettext_lazy("What pages are offered in. Programs are answered in the language they ask for."),
        choices=list(LANGUAGES.items()),
        error_messages={"required": gettext_lazy("Choose at least one.")},
        widget=forms.CheckboxSelectMultiple,
    )
    review = forms.ChoiceField(
        label=NAMES["review"],
        choices=[(name, label) for name, (label, _detail) in REVIEWS.items()],
        error_messages={"required": gettext_lazy("This field is required.")},
    )
    note = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("Kept beside the change; other operators read it."),
        max_length=NOTE_CHARACTERS,
        error_messages={"required": gettext_lazy("Say why: every change is kept with its reason.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["grant_days"].choices = [(days, _("%(days)s days") % {"days": days}) for days in GRANT_DAYS]

    def clean_least_budget(self) -> int:
        """Return micros of euros."""
        micros = read_money(self.cleaned_data["least_budget"], "EUR")
        if micros is None:
            raise forms.ValidationError(_("Type an amount, such as 500 or 500.50."))
        return micros

    def clean_fee(self) -> int:
        """Return parts per million."""
        ppm = read_percent(self.cleaned_data["fee"])
        if ppm is None:
            raise forms.ValidationError(_("Type a percentage, such as 10 or 12.5."))
        return ppm

    def changes(self) -> dict[str, Any]:
        """Return what was typed as the room takes it."""
        given = self.cleaned_data
        return {
            "least_budget_micros": given["least_budget"],
            "grant_days": given["grant_days"],
            "review": given["review"],
            "fee_ppm": given["fee"],
            "languages": given["languages"],
        }


@for_operator("GET", "POST")
def house_settings(visit: Visit) -> HttpResponse:
    """Show what is set and what was changed; POST: set it."""
    if visit.request.method != "POST":
        return _show(visit, SettingsForm(initial=_typed(queries.get_policy())))
    form, status = SettingsForm(visit.request.POST), 422
    if form.is_valid():
        try:
            actions.set_policy(
                visit.means,
                visit.actor,
                changes=form.changes(),
                note=form.cleaned_data["note"],
                seen=parse_id(visit.request.POST.get("seen", "")) or 0,
            )
        except (Refusal, Refusals) as refused:
            status = telling.put_into(form, refused, SPELLED)
        else:
            messages.success(visit.request, _("Set. It holds from now on."))
            return HttpResponseRedirect(reverse("house_settings"))
    return _show(visit, form, status=status)


def _typed(policy: Policy) -> dict[str, Any]:
    """Return what is set as the form holds it."""
    language = formats.language_of(get_language())
    return {
        "least_budget": format_amount(policy.least_budget_micros, exponent=_PLACES).removesuffix(".00"),
        "fee": typed_percent(policy.fee_ppm, language),
        "grant_days": list(policy.grant_days),
        "languages": list(policy.languages),
        "review": policy.review,
    }


def _show(visit: Visit, form: SettingsForm, *, status: int = 200) -> HttpResponse:
    chosen = form["review"].value()
    page = queries.page_changes(after=parse_id(visit.request.GET.get("apres", "")), limit=SHOWN)
    context = {
        "form": form,
        "reviews": [
            {"value": name, "label": label, "detail": detail, "checked": name == chosen}
            for name, (label, detail) in REVIEWS.items()
        ],
        "seen": queries.count_changes(),
        "changes": rows_of(page.items),
        "next": page.after,
    }
    return frame.page(visit, "operator/house_settings.html", "house_settings", context, status=status)


def rows_of(changes: list[ChangeView]) -> list[dict[str, Any]]:
    """Return changes in words. Cost: at most three queries."""
    who = accounts.names_of_actors({one.actor for one in changes})
    return [
        {
            "name": NAMES[one.name],
            "before": in_words(one.name, one.before),
            "after": in_words(one.name, one.after),
            "note": one.note,
            "who": who[one.actor],
            "at_ms": one.at_ms,
        }
        for one in changes
    ]
