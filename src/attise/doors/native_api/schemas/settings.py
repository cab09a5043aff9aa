"""Shapes of what the operator sets for the whole house."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ConfigDict, Field

from attise.doors.native_api.schemas.campaigns import Word, one_of
from attise.doors.native_api.schemas.common import Given, Micros, Told, ToldId, ToldMoment
from attise.kernel.clock import rfc3339
from attise.management.policy.rules import FEE_PPM_MOST, NAMES, NOTE_CHARACTERS, REVIEWS, Policy
from attise.management.policy.views import ChangeView

Days = Annotated[list[int], Field(max_length=10, description="Of 7, 30, 60 and 365: what creators choose from.")]
Languages = Annotated[list[Word], Field(max_length=10, description="Of fr and en: what pages are offered in.")]
Note = Annotated[str, Field(max_length=4 * NOTE_CHARACTERS, description="Why; kept with the change.")]
Review = Annotated[
    Word,
    one_of(REVIEWS),
    Field(description="Who looks at an ad first: as the mode of the house has it, a person, nobody."),
]
Fee = Annotated[int, Field(description=f"The platform's part of each charge, per million; at most {FEE_PPM_MOST}.")]


class SettingsDraft(Given):
    """What is set anew; what is left out stays."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"fee_ppm": 100_000, "note": "The price list of January."}]}
    )
    note: Note
    least_budget_micros: Annotated[Micros | None, Field(description="Whole euros, for each day.")] = None
    grant_days: Days | None = None
    review: Review | None = None
    fee_ppm: Fee | None = None
    languages: Languages | None = None

    def changes(self) -> dict[str, Any]:
        """Return what is named, as the room takes it."""
        return {name: value for name, value in self.model_dump(exclude={"note"}).items() if value is not None}


class SettingsAnswer(Told):
    """What is set for the house."""

    least_budget_micros: Annotated[Micros, Field(description="Of a campaign, in euros, for each day.")]
    grant_days: Days
    review: Review
    fee_ppm: Fee
    languages: Languages
    ads_stopped: Annotated[bool, Field(description="Whether no ad is shown at all.")]


class SettingChangeAnswer(Told):
    """One change of one setting; kept as it was made."""

    change_id: ToldId
    name: Annotated[Word, one_of(NAMES)]
    before: Annotated[Any, Field(description="As the settings tell it.")]
    after: Annotated[Any, Field(description="As the settings tell it.")]
    note: str
    actor: Annotated[str, Field(description="Who: `host:ID` or `person:ID`.")]
    changed_at: ToldMoment


class AdsSwitchDraft(Given):
    """Why every ad is stopped, or let run again."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"note": "A fault in our prices."}]})
    note: Note


def tell_settings(policy: Policy) -> SettingsAnswer:
    """Return what is set as callers see it."""
    return SettingsAnswer(
        least_budget_micros=policy.least_budget_micros,
        grant_days=list(policy.grant_days),
        review=policy.review,
        fee_ppm=policy.fee_ppm,
        languages=list(policy.languages),
        ads_stopped=policy.ads_stopped,
    )


def tell_change(view: ChangeView) -> SettingChangeAnswer:
    """Return a change as callers see it."""
    return SettingChangeAnswer(
        change_id=str(view.id),
        name=view.name,
        before=view.before,
        after=view.after,
        note=view.note,
        actor=view.actor,
        changed_at=rfc3339(view.at_ms),
    )
