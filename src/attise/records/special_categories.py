"""Words that tell of health, belief, politics, unions, orientation or origin: what nobody may be targeted by.

Place: beside the look-up tables, whose rows a test holds against these words; rooms hold names that people give against
them. A match is a reason to look, not a verdict: *Black Friday* has nothing to do with origin. What may be targeted at
all is decided by the tables, which have no such row.

Source: article 26(3) of Regulation (EU) 2022/2065, by article 9(1) of Regulation (EU) 2016/679.
"""

from __future__ import annotations

import re
import unicodedata

_BEGINNINGS = (
    # health
    "health|sante|medic|malad|disease|illness|diabet|cancer|handicap|disab|pregnan|grossesse|enceinte|therap|mental"
    "|depress|addict|weight|minceur|regime|obes|fertil|hiv|vih|allerg|vaccin|"
    # religion and belief
    "relig|church|eglise|mosque|synagog|islam|muslim|musulman|christian|chretien|catholi|protestant|jewish|juif|bible"
    "|coran|quran|ramadan|halal|kosher|casher|bouddh|buddh|hindou|hindu|athe[ei]|vegan|"
    # politics and unions
    "politi|election|vote|parti\\b|party|activis|militant|syndic|union|greve|strike|gauche|droite|"
    # orientation and sex life
    "gay|lesb|lgbt|homosex|bisex|trans\\b|queer|pride|fierte|sexual|dating|rencontre|celibat|"
    # origin
    "ethni|racial|race\\b|origin|migrant|immigr|refugee|refugie|afro|black|noir|arab|asian|asiat|latino|roma\\b|rom\\b"
    "|gitan|diaspora"
)
_WORDS = re.compile(rf"\b(?:{_BEGINNINGS})")


def names_special_category(text: str) -> bool:
    """Tell whether a text has a word, in French or English, that tells of a special category of data.

    Cost: one pass over the text; a slug's underscores are spaces here.
    """
    letters = unicodedata.normalize("NFD", text.casefold().replace("_", " "))
    return _WORDS.search("".join(sign for sign in letters if not unicodedata.combining(sign))) is not None
