"""Any interleaving of the ledger's verbs agrees with a plain model (``machine``)."""

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.ledger.machine import Books


class Undone(Books):
    """The machine, each run of it undone at its end."""

    def __init__(self):
        self.savepoint = transaction.savepoint()
        super().__init__()

    def teardown(self):
        super().teardown()
        transaction.savepoint_rollback(self.savepoint)


def run(*, examples: int, steps: int) -> None:
    run_state_machine_as_test(
        Undone, settings=settings(max_examples=examples, stateful_step_count=steps, deadline=None)
    )


@pytest.mark.django_db
def test_any_interleaving_of_verbs_agrees_with_the_model():
    run(examples=25, steps=15)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.django_db
def test_many_long_interleavings_agree_with_the_model():
    run(examples=3000, steps=50)
