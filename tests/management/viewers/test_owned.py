"""A person's own ads: their record says for whom they act, from the moment their browser is handed a ticket."""

import msgspec
import pytest

from attise.kernel.actor import COMMAND
from attise.management.accounts.actions import add_member
from attise.management.outbox.models import Change
from attise.management.viewers.actions import create_viewer, make_ticket, viewer_of_person
from attise.management.viewers.models import Viewer as Row
from attise.records.viewer import Viewer
from tests.builders import a_business_center, a_creator, a_person, an_advertiser

pytestmark = pytest.mark.django_db


def owned(viewer_id):
    return msgspec.json.decode(Row.objects.get(id=viewer_id).record, type=Viewer).owns


def test_a_record_names_the_creator_and_the_advertisers_that_its_person_acts_for(means):
    person = a_person(means)
    viewer = viewer_of_person(means, person_id=person.id)
    assert owned(viewer.id) == ()
    creator = a_creator(means, person_id=person.id)
    center = a_business_center(means)
    advertisers = [an_advertiser(means, name, center) for name in ("Un", "Deux")]
    an_advertiser(means, "D’une autre maison")
    add_member(means, COMMAND, business_center_id=center.id, person_id=person.id, role="ADMIN")
    before = Change.objects.count()
    make_ticket(means, viewer_id=viewer.id)
    assert owned(viewer.id) == tuple(sorted([creator.id, *(one.id for one in advertisers)]))
    assert Change.objects.count() == before + 1
    make_ticket(means, viewer_id=viewer.id)
    assert Change.objects.count() == before + 1


def test_a_hosts_viewer_owns_nothing_and_its_ticket_changes_nothing(means):
    viewer = create_viewer(means, external_id="u-1")
    before = Change.objects.count()
    make_ticket(means, viewer_id=viewer.id)
    assert (owned(viewer.id), Change.objects.count()) == ((), before)
