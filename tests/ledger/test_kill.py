"""kill -9 at every statement of a batch: all of it or nothing, and once when it is asked again."""

import pytest

from attise.ledger.verify import verify_ledger
from tests.killing import kill_beside
from tests.ledger.payers import EURO, an_envelope, fund


@pytest.mark.django_db(transaction=True)
def test_a_batch_is_whole_or_not_at_all_wherever_it_dies(means):
    fund(means, EURO)
    envelope = an_envelope(means, "campaign:1", EURO)
    seen = kill_beside(__file__, envelope=envelope, decided_at_ms=means.clock.world_ms())
    assert seen["wrong"] == []
    assert seen["kills"] >= 20
    assert seen["rounds"] >= 2, "killed after the commit, and not killed at all"
    assert verify_ledger().difference is None
