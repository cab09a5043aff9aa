"""A restore does again what was stopped since its backup, in the order in which it was said."""

from __future__ import annotations

import pytest
from django.conf import settings

from attise.doors.cli.restore_stops import stop_again
from attise.kernel.actor import Actor
from attise.management.policy import actions
from attise.management.policy.queries import get_policy
from attise.records.stop import FILE, Stop, read_stops

pytestmark = pytest.mark.django_db


def test_a_stop_of_every_ad_outlives_a_restore_and_so_does_its_end(means):
    stop, resume = Stop(1, "ads_stopped", 1), Stop(2, "ads_resumed", 1)
    assert stop_again(means, settings.HOUSE, [stop]) == {"ads_stopped": 1}
    assert get_policy().ads_stopped
    assert stop_again(means, settings.HOUSE, [stop, resume]) == {"absent": 1, "ads_resumed": 1}
    assert not get_policy().ads_stopped


def test_the_switch_is_in_the_journal_of_stops(means):
    before = len(read_stops(settings.HOUSE.folder / FILE))
    for stopped in (True, False):
        actions.set_ads_stopped(means, Actor("person", 7), stopped=stopped, note="Why.")
    told = read_stops(settings.HOUSE.folder / FILE)[before:]
    assert [one.kind for one in told] == ["ads_stopped", "ads_resumed"]
