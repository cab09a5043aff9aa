"""Every ad of the house is stopped at once, or let run again.

Edges read the row itself, twice a second: within two seconds of the answer no decision has an ad, whoever else works.
"""

from __future__ import annotations

import logging

from attise.kernel.actor import Actor
from attise.kernel.errors import Refusal
from attise.kernel.means import Means
from attise.kernel.text import clean_text
from attise.management.outbox.actions import hold_others, unit, verb
from attise.management.policy.actions.recording import record
from attise.management.policy.errors import SETTING_UNCHANGED
from attise.management.policy.queries import find_last_stop, get_policy
from attise.management.policy.rules import ADS_STOPPED, NOTE_CHARACTERS
from attise.management.policy.views import ChangeView
from attise.records import stop as stops
from attise.records.change import ChangeKind

log = logging.getLogger(__name__)


@verb
def set_ads_stopped(means: Means, actor: Actor, *, stopped: bool, note: str) -> ChangeView:
    """Stop every ad, or let them run again; nothing of theirs is altered. Feeds go on without ads.

    Raises: ``field_required`` for the note, the refusals of a text, ``setting_unchanged``.
    """
    note = clean_text(note, field="note", limit=NOTE_CHARACTERS)
    with unit(means) as work:
        hold_others()
        before = get_policy().ads_stopped
        if before == stopped:
            raise Refusal(SETTING_UNCHANGED)
        told = "ads_stopped" if stopped else "ads_resumed"
        record(means, actor, work, ADS_STOPPED, before, stopped, note=note, told=told)
        work.stays(stops.ADS_STOPPED if stopped else stops.ADS_RESUMED, 1)
        work.change(ChangeKind.ADS_SWITCHED, 1)  # so that edges say up to where they have read
        found = find_last_stop()
    if found is None:
        raise AssertionError("the change was just written")
    log.warning("every ad %s by %s", "stopped" if stopped else "runs again", actor)
    return found
