"""Words that tell a story in the first person and words that call for a comment, in French and English.

A list of words is a sign, not an understanding: it finds what is said plainly and misses irony. Hashtags, mentions and
addresses are nobody's words and are left out. What is a common word in the other language counts only in its own.
"""

from __future__ import annotations

import re
from typing import Final

_NOT_WORDS: Final = re.compile(r"https?://\S+|[#@]\S+")
_APOSTROPHES: Final = str.maketrans({"’": "'", "ʼ": "'", "‘": "'", "´": "'", "\u00a0": " ", "\u202f": " "})

_FRENCH: Final = re.compile(
    r"\b(?:le|la|les|un|une|des|du|et|est|pour|dans|avec|sur|pas|que|qui|ce|cette|ces|en|au|aux|tu|vous|il|elle|je|mais"
    r"|très|plus|sans|chez|c'est|j'ai|d'un|d'une|qu'on|quand|comment|pourquoi|ça|mon|ma|mes|ton|ta|tes|votre|vos)\b",
    re.IGNORECASE,
)
_ENGLISH: Final = re.compile(
    r"\b(?:the|an|and|is|are|was|for|in|with|of|to|it|this|that|these|you|your|he|she|they|but|very|more|how|why|what"
    r"|when|my|we|our|i|i'm|it's|don't|from|at|be|have|has|do|does|so|just|if|below)\b",
    re.IGNORECASE,
)

_FIRST_FRENCH: Final = re.compile(
    r"\b(?:je|moi|mon|ma|mes|nous|notre|nos)\b|\b[jm]'(?=\w)|\bme\b(?! up\b)",
    re.IGNORECASE,
)
_ON: Final = re.compile(
    r"\bon\s+(?:(?:a|est|va|fait|teste|essaie|adore|y|se|ne|en|avait|était|peut|veut)\b|[sn]'\w)", re.IGNORECASE
)
"""The spoken French *we*; before these words it is not the English *on*."""
_FIRST_ENGLISH: Final = re.compile(
    r"\b(?:my|myself|we|our|ours|ourselves)\b|\bwe'(?:re|ve|ll|d)\b|\bi'(?:m|ve|ll|d)\b|\bme\b|\blet's\b", re.IGNORECASE
)
_I: Final = re.compile(
    r"(?<![\w'.-])(?<!ype )(?<!art )(?<!ar )I(?![\w'.-])"
    r"|(?<![\w'.-])i(?=\s+(?:am|was|have|had|do|did|love|made|tried|think|can)\b)"
)
_US: Final = re.compile(r"\bus\b")
"""Not the country, which is written large."""

_NO_COMMENT: Final = re.compile(r"\b(?:sans|aucun|pas de|no|without)\s+(?:any\s+)?comm\w+", re.IGNORECASE)
_CALL_FRENCH: Final = re.compile(
    r"\b(?:commentaires?|commentez|commenter|en coms?)\b"
    r"|\b(?:dis|dites|raconte|racontez|explique|expliquez|répond|réponds|répondez|écris|écrivez)[- ](?:moi|nous)\b"
    r"|\b(?:et (?:toi|vous))\s*\?"
    r"|\bqu'en (?:penses|pensez)\b|\b(?:tu|vous) en (?:penses|pensez)\b|\bt'en penses\b"
    r"|\b(?:ton|votre) avis\b|\bvos avis\b|\bvotez?\b(?=[^.]{0,40}\b(?:pour|en|dans|ici)\b)"
    r"|\b(?:tague|taguez|identifie|identifiez)\b|\b(?:pose|posez)[- ](?:moi |nous |ta |tes |vos |votre )",
    re.IGNORECASE,
)
_COMMENTE: Final = re.compile(r"\bcommente\b", re.IGNORECASE)
_CALL_ENGLISH: Final = re.compile(
    r"\bcomments\b|\b(?:leave|drop|write|post)\b[^.?!]{0,20}\b(?:comment|below)\b"
    r"|\bcomment (?:below|down|your|if|with|and|what|which)\b"
    r"|\blet (?:me|us) know\b|\btell (?:me|us)\b|\bwhat do you think\b|\bthoughts\s*\?"
    r"|\byour (?:thoughts|opinion|take)\b"
    r"|\b(?:what|how) about you\b|\band you\s*\?|\bask me\b|\btag (?:a|your|someone|somebody)\b|\bdrop (?:a|an|your)\b"
    r"|\bvote (?:below|in|for)\b|\bchange my mind\b|\b(?:agree|right)\s*\?",
    re.IGNORECASE,
)
_ADDRESSED: Final = re.compile(
    r"\b(?:tu|toi|ton|ta|tes|vous|votre|vos|you|your|yours|lequel|laquelle|lesquels|which|who else|qui d'autre)\b|\bt'",
    re.IGNORECASE,
)
_SENTENCES: Final = re.compile(r"[^.!?\n]*[.!?\n]")
_LONGEST_SHOWN: Final = 60


def first_person_of(text: str) -> str | None:
    """Return the first word of a text that tells it in the first person, as it is written there, or None."""
    words = _words(text)
    french = _is_french(words)
    finders = (_FIRST_FRENCH, _ON) if french else (_FIRST_ENGLISH, _I, _US)
    found = [match for finder in finders if (match := finder.search(words))]
    return min(found, key=lambda match: match.start())[0].strip() if found else None


def call_to_comment_of(text: str) -> str | None:
    """Return the words of a text that ask for a comment, or the question that is put to whoever watches, or None."""
    words = _NO_COMMENT.sub(" ", _words(text))
    finders = [_CALL_FRENCH, _CALL_ENGLISH]
    if _is_french(words):
        finders.append(_COMMENTE)
    found = [match for finder in finders if (match := finder.search(words))]
    said = min(found, key=lambda match: match.start())[0].strip() if found else _question_of(words)
    if said is None:
        return None
    return said if len(said) <= _LONGEST_SHOWN else said[: _LONGEST_SHOWN - 1].rstrip() + "…"


def _question_of(words: str) -> str | None:
    """Return the first question of a text that is put to whoever watches, or None."""
    sentences = (found[0].strip() for found in _SENTENCES.finditer(words))
    return next((one for one in sentences if one.endswith("?") and _ADDRESSED.search(one)), None)


def _words(text: str) -> str:
    """Return a text without what is nobody's words, its apostrophes straight."""
    return _NOT_WORDS.sub(" ", text.translate(_APOSTROPHES))


def _is_french(words: str) -> bool:
    """Tell whether a text is French rather than English, by its small words; accents decide when these do not."""
    french, english = len(_FRENCH.findall(words)), len(_ENGLISH.findall(words))
    if french != english:
        return french > english
    return bool(re.search(r"[éèêàçùôîœ]|\b[jldmtscn]'\w", words, re.IGNORECASE))
