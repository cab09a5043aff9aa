"""The grounds of a decision: which are complete. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from attise.kernel.errors import FIELD_REQUIRED, Refusal
from attise.kernel.gather import Gather
from attise.kernel.text import clean_text
from attise.management.campaigns.rules.choices import check_choice
from attise.management.campaigns.rules.review import OTHER, RULES
from attise.management.review.errors import NOTE_REQUIRED, RULE_NOT_TAKEN

APPROVED, REJECTED = VERDICTS = ("approved", "rejected")
NOTE_CHARACTERS = 500
KEPT, HIDDEN, REMOVED = RULINGS = ("kept", "hidden", "removed")
"""What is decided of a reported post."""
COMMENT_RULINGS = (KEPT, HIDDEN)
"""What is decided of a reported comment."""
LIMITED = "limited"
AD_RULINGS = (KEPT, LIMITED, REMOVED)
"""What is decided of a reported ad."""
UNSAID = "unsaid"
SAID_REASONS = ("misleading", "scam", "dangerous", "offensive", "adult", "other")
"""What somebody may say is wrong with an ad."""
AD_REASONS = (*SAID_REASONS, UNSAID)
"""With what is kept of a report that came as an event, and says nothing more."""
OF_NOBODY = "decision:"
"""How a reporter begins who has no memory here: then follows the decision by which they were shown the ad."""
STATES = {KEPT: "live", HIDDEN: "hidden", REMOVED: "removed"}
"""What a post is put to by each."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """A verdict with what it stands on."""

    verdict: str
    rule: str = ""
    note: str = ""


def clean_grounds(verdict: str, rule: str, note: str) -> Grounds:
    """Return the grounds of a decision, or refuse all that is wrong with them.

    Raises: ``choice_unknown``, ``field_required`` for a refusal without a rule, ``review_note_required``,
    ``review_rule_not_taken``, the refusals of a text.
    """
    gather = Gather()
    gather.take(check_choice, verdict, VERDICTS, field="verdict")
    if rule:
        gather.take(check_choice, rule, RULES, field="rule")
    note = gather.take(clean_text, note, field="note", limit=NOTE_CHARACTERS, lines=True, empty=True)
    if verdict == REJECTED and not rule:
        gather.add(Refusal(FIELD_REQUIRED, field="rule"))
    if verdict == APPROVED and rule:
        gather.add(Refusal(RULE_NOT_TAKEN, field="rule"))
    if rule == OTHER and not note:
        gather.add(Refusal(NOTE_REQUIRED, field="note"))
    gather.tell()
    return Grounds(verdict, rule, note)
