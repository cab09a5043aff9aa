"""The rules that an ad may be refused by: a fixed list, so that refusals can be stated, counted, appealed. Pure.

Source: the statement of reasons that a refusal owes its addressee (Regulation (EU) 2022/2065, article 17).
"""

from __future__ import annotations

from attise.kernel.errors import N_

OTHER = "other"
"""Goes with a note that says what it is."""
RULES: dict[str, str] = {
    "misleading_claim": N_("It promises or claims what is not shown to be true."),
    "landing_page": N_("The landing page does not work, or is not what the ad announces."),
    "prohibited_product": N_("What it advertises may not be advertised here."),
    "missing_mention": N_("A mention that the law asks for is missing."),
    "hidden_advertising": N_("It hides that it is an advertisement, or on whose behalf."),
    "minors": N_("It addresses children, or shows them, in a way that is not allowed."),
    "health_claim": N_("It claims an effect on health that may not be claimed."),
    "hate_or_violence": N_("It shows or calls for hate or violence."),
    "adult_content": N_("It shows sexual content."),
    "imitation": N_("It imitates a brand, a person or a part of the interface."),
    "others_rights": N_("It uses what belongs to others without their permission."),
    "unreadable": N_("Its text, picture or sound cannot be understood."),
    OTHER: N_("It breaks a rule that the note tells."),
}
"""Sentences that its advertiser reads, by code."""


def sentence_of(rule: str) -> str:
    """Return the sentence of a rule; what is not in the list any more is told as it was kept."""
    return RULES.get(rule, rule)
