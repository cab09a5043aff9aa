"""What a text may hold: one set of rules for names, captions and comments, whichever door it came through."""

from __future__ import annotations

import re
import unicodedata

from attise.kernel.errors import FIELD_REQUIRED, N_, Reason, Refusal

TEXT_TOO_LONG = Reason(
    "text_too_long",
    N_("This text has %(got)s characters; at most %(limit)s are taken."),
    N_("Shorten the text."),
)
TEXT_CHARACTERS = Reason(
    "text_characters",
    N_("This text holds a character that is not taken: %(character)s."),
    N_("Remove control characters, direction marks and invisible signs."),
)
TEXT_FORM = Reason(
    "text_form",
    N_("This text does not have the expected form: %(rule)s."),
    N_("Correct the text and send again."),
)
NAME_EMOJI = Reason(
    "name_emoji",
    N_("A name holds no emoji: %(character)s."),
    N_("Remove the emoji."),
)

_EMOJI = re.compile(
    "["
    "\u231a\u231b\u23e9-\u23ec\u23f0\u23f3\u25fd\u25fe\u2614\u2615\u2648-\u2653\u267f\u2693\u26a1\u26aa\u26ab\u26bd"
    "\u26be\u26c4\u26c5\u26ce\u26d4\u26ea\u26f2\u26f3\u26f5\u26fa\u26fd\u2705\u270a\u270b\u2728\u274c\u274e"
    "\u2753-\u2755\u2757\u2763\u2764\u2795-\u2797\u27b0\u27bf\u2b1b\u2b1c\u2b50\u2b55"
    "\u200d\u20e3\ufe0f\U0001f000-\U0001faff\U000e0020-\U000e007f"
    "]"
)
"""What devices draw as emoji by themselves, and the marks that make emoji of other signs.

Signs that are text until such a mark follows (©, ™, →, ★) are text here.
"""
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_JOINER = "\u200d"
_INVISIBLE = frozenset(
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u2060\u2061\u2062\u2063\u2064\u3164\ufeff\uffa0"
)
_BLANK = "\u2800"
"""A Braille cell without dots: captions space their lines with it, a name of it is nobody's."""
_HANDLE = re.compile(r"[a-z0-9](?:[a-z0-9._]*[a-z0-9])?")


def plain(text: str | None) -> str | None:
    """Return a text as people look for it: in small letters, without the marks that letters bear; None stays None."""
    if text is None:
        return None
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign)).lower()


def clean_text(value: str, *, field: str, limit: int, lines: bool = False, empty: bool = False) -> str:
    """Return ``value`` in NFC, trimmed, or refuse it.

    ``limit`` counts characters (code points) after trimming; bytes are bounded by four times that. ``lines`` lets line
    feeds through, as in a caption; ``empty`` lets an empty text through. Raises: ``field_required``,
    ``text_too_long``, ``text_characters``.
    """
    if len(value) > 8 * limit + 64:  # bounded before any work on it
        raise Refusal(TEXT_TOO_LONG, field=field, got=len(value), limit=limit)
    if lines:
        value = value.replace("\r\n", "\n")
    for place, character in enumerate(value):
        if not _is_taken(value, place, character, lines=lines):
            raise Refusal(TEXT_CHARACTERS, field=field, character=f"U+{ord(character):04X}")
    text = unicodedata.normalize("NFC", value).strip()
    if not text and not empty:
        raise Refusal(FIELD_REQUIRED, field=field)
    if len(text) > limit:
        raise Refusal(TEXT_TOO_LONG, field=field, got=len(text), limit=limit)
    return text


def clean_plain_name(value: str, *, field: str, limit: int) -> str:
    """Return a name as ``clean_text`` does, without emoji. Raises: the refusals of texts, ``name_emoji``."""
    if _BLANK in value:
        raise Refusal(TEXT_CHARACTERS, field=field, character=f"U+{ord(_BLANK):04X}")
    emoji = find_emoji(value[: 8 * limit])
    if emoji is not None:
        raise Refusal(NAME_EMOJI, field=field, character=f"U+{ord(emoji):04X}")
    return clean_text(value, field=field, limit=limit)


def find_emoji(text: str) -> str | None:
    """Return the first emoji of a text, or None."""
    found = _EMOJI.search(text)
    return None if found is None else found[0]


def clean_handle(value: str, *, field: str, limit: int) -> str:
    """Return a creator's handle: ``a-z 0-9 . _``, not starting or ending with a sign; an ``@`` before it is dropped."""
    text = clean_text(value, field=field, limit=limit + 1).removeprefix("@").lower()
    if len(text) > limit:
        raise Refusal(TEXT_TOO_LONG, field=field, got=len(text), limit=limit)
    if len(text) < 2 or not _HANDLE.fullmatch(text):  # noqa: PLR2004 - two characters is the shortest handle
        raise Refusal(TEXT_FORM, field=field, rule=N_("2 or more of a-z, 0-9, dot and underscore"))
    return text


def is_storable(value: str) -> bool:
    """Tell whether a database can hold a text at all; what it cannot hold need not be looked for in it."""
    return "\0" not in value and not any("\ud800" <= character <= "\udfff" for character in value)


def _is_taken(value: str, place: int, character: str, *, lines: bool) -> bool:
    """Tell whether one character of ``value`` may stand where it stands."""
    if character == "\n":
        return lines
    if character == _JOINER:  # joins emoji; between letters it only hides
        return place > 0 and unicodedata.category(value[place - 1]) in {"So", "Sk", "Mn", "Me"}
    if character in _BIDI or character in _INVISIBLE:
        return False
    return unicodedata.category(character) not in {"Cc", "Cs", "Co", "Zl", "Zp"}
