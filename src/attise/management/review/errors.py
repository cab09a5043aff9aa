"""What this room refuses."""

from attise.kernel.errors import N_, Reason

NOTE_REQUIRED = Reason(
    "review_note_required",
    N_("The rule “other” says nothing by itself."),
    N_("Say in the note what is wrong and where; the advertiser reads it."),
)
RULE_NOT_TAKEN = Reason(
    "review_rule_not_taken",
    N_("An approval stands on no rule."),
    N_("Leave the rule out, or refuse the ad."),
)
