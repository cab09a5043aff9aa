"""What the operator sets for the whole house, its history, and the switch that stops every ad."""

from __future__ import annotations

from attise.doors.native_api.cursors import read_cursor
from attise.doors.native_api.endpoint import Group
from attise.doors.native_api.gate import Call
from attise.doors.native_api.listing import listing
from attise.doors.native_api.schemas.common import DEFAULT_LIMIT, Cursor, Limit, Listing
from attise.doors.native_api.schemas.settings import (
    AdsSwitchDraft,
    SettingChangeAnswer,
    SettingsAnswer,
    SettingsDraft,
    tell_change,
    tell_settings,
)
from attise.management.policy import actions, queries

group = Group("Settings")


@group.get("/v1/settings", gives=SettingsAnswer)
def get_settings(call: Call) -> SettingsAnswer:  # noqa: ARG001 - every operation takes its call
    """Get what is set for the house."""
    return tell_settings(queries.get_policy())


@group.patch("/v1/settings", gives=SettingsAnswer, refuses=(409,))
def change_settings(call: Call, body: SettingsDraft) -> SettingsAnswer:
    """Set something for the house, with a note. Budgets, grants and approvals of before stay as they are."""
    return tell_settings(actions.set_policy(call.means, call.actor, changes=body.changes(), note=body.note))


@group.get("/v1/settings/changes", gives=Listing[SettingChangeAnswer])
def list_setting_changes(
    call: Call, cursor: Cursor | None = None, limit: Limit = DEFAULT_LIMIT
) -> Listing[SettingChangeAnswer]:
    """List every change of the settings, and every stop of all ads: who, when and why, newest first."""
    page = queries.page_changes(after=read_cursor(call, cursor), limit=limit)
    return listing(call, Listing[SettingChangeAnswer], page, tell_change)


@group.post("/v1/delivery/stop", gives=SettingChangeAnswer)
def stop_all_ads(call: Call, body: AdsSwitchDraft) -> SettingChangeAnswer:
    """Stop every ad of the house within two seconds of the answer; feeds go on without ads. Needs a note."""
    return tell_change(actions.set_ads_stopped(call.means, call.actor, stopped=True, note=body.note))


@group.post("/v1/delivery/resume", gives=SettingChangeAnswer)
def resume_all_ads(call: Call, body: AdsSwitchDraft) -> SettingChangeAnswer:
    """Let ads run again after a stop of all. Needs a note."""
    return tell_change(actions.set_ads_stopped(call.means, call.actor, stopped=False, note=body.note))
