"""The operator sets something for the whole house, and says why."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from attise.kernel.actor import Actor
from attise.kernel.errors import FIELD_UNKNOWN, Refusal
from attise.kernel.gather import Gather
from attise.kernel.means import Means
from attise.kernel.text import clean_text
from attise.management.outbox.actions import hold_others, unit, verb
from attise.management.policy.actions.recording import record
from attise.management.policy.errors import SETTING_CHANGED_MEANWHILE, SETTING_UNCHANGED
from attise.management.policy.queries import count_changes, get_policy
from attise.management.policy.rules import CLEANERS, NOTE_CHARACTERS, Policy
from attise.records.change import ChangeKind

log = logging.getLogger(__name__)


@verb
def set_policy(means: Means, actor: Actor, *, changes: Mapping[str, Any], note: str, seen: int | None = None) -> Policy:
    """Set what ``changes`` names, and return all that is set now. What is running already keeps what it was made with.

    A budget, a grant or an approval of before stays; only the fee, which decisions carry, is followed by every ad.
    ``seen``: how many changes there were as the settings were looked at; None: whatever they are.
    Raises: ``field_required`` for the note, the refusals of a text, ``field_unknown``, ``field_invalid``, together;
    ``setting_unchanged``, ``setting_changed_meanwhile``.
    """
    gather = Gather()
    clean = {}
    for name, value in changes.items():
        if name in CLEANERS:
            clean[name] = gather.take(CLEANERS[name], value)
        else:
            gather.add(Refusal(FIELD_UNKNOWN, field=name))
    note = gather.take(clean_text, note, field="note", limit=NOTE_CHARACTERS)
    gather.tell()
    with unit(means) as work:
        hold_others()
        if seen is not None and seen != count_changes():
            raise Refusal(SETTING_CHANGED_MEANWHILE)
        now = get_policy()
        differ = {name: value for name, value in clean.items() if value != getattr(now, name)}
        if not differ:
            raise Refusal(SETTING_UNCHANGED)
        for name, value in differ.items():
            record(means, actor, work, name, getattr(now, name), value, note=note, told="setting_changed")
        if "fee_ppm" in differ:
            work.change(ChangeKind.FEE_CHANGED, 1)
        policy = get_policy()
    log.info("%s set by %s", ", ".join(differ), actor)
    return policy
