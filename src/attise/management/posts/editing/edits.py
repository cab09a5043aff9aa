"""What is done to a video before it is published, as plain values, and the rules of it. Pure.

All places are in the video that was sent, in milliseconds from its beginning: words stay with what they were put over
when the cut moves.
"""

from __future__ import annotations

import unicodedata
from typing import Final, Literal, get_args

import msgspec

from attise.kernel.errors import Refusal
from attise.kernel.gather import Gather
from attise.kernel.text import clean_text
from attise.management.posts.editing.sounds import SOUNDS
from attise.management.posts.errors import (
    EDIT_LEVEL,
    EDIT_OUTSIDE,
    EDIT_SIGN,
    EDIT_SOUND,
    EDIT_TEXT_LINES,
    EDIT_TEXTS,
    EDIT_TOO_SHORT,
)
from attise.management.posts.media.errors import seconds

Place = Literal["top", "middle", "bottom"]
Size = Literal["small", "medium", "large"]
PLACES: tuple[Place, ...] = get_args(Place)
SIZES: tuple[Size, ...] = get_args(Size)
TEXTS: Final = 5
TEXT_CHARACTERS: Final = 80
TEXT_LINES: Final = 3
SHORTEST_MS: Final = 1_000
"""Of what is left of a video, as of any video; and of words, a tenth of it, so that somebody can see them."""
SHORTEST_TEXT_MS: Final = 100
FULL_PERCENT: Final = 100
_DRAWN = (
    (0x20, 0x7E), (0xA0, 0x17F), (0x386, 0x38A), (0x38C, 0x38C), (0x38E, 0x3A1), (0x3A3, 0x3CE), (0x401, 0x45F),
    (0x2010, 0x2027), (0x2030, 0x203A), (0x20AC, 0x20AC), (0x2190, 0x2193),
)  # fmt: skip
"""The signs that the font of ``lettering`` has, from and to; a test asks the font."""
_BREAKS = frozenset("\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u00ad")


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """Words over a part of a video."""

    text: str
    from_ms: int
    to_ms: int
    place: Place = "middle"
    size: Size = "medium"


class Edits(msgspec.Struct, frozen=True, kw_only=True):
    """All that is done to a video; as it stands, nothing is."""

    from_ms: int = 0
    to_ms: int | None = None
    """None: to its end."""
    cover_ms: int | None = None
    """Which moment its cover shows; None: one that is chosen for it."""
    texts: tuple[Text, ...] = ()
    sound: str = ""
    """Of ``sounds.SOUNDS``; empty: none."""
    sound_percent: int = 70
    own_percent: int = FULL_PERCENT
    """How strong the sound, and the video's own, are."""

    @property
    def changes_sound(self) -> bool:
        """Whether its sound is another than before, its length aside."""
        return bool(self.sound) or self.own_percent != FULL_PERCENT


NOTHING = Edits()


def check_edits(edits: Edits, duration_ms: int) -> Edits:
    """Return the edits of a video of some length, with clean words.

    Raises: every refusal of them together: ``edit_outside``, ``edit_too_short``, ``edit_texts``, ``edit_sound``,
    ``edit_level``, ``edit_sign``, ``edit_text_lines``, the refusals of texts; each with its field.
    """
    gather = Gather()
    to_ms = duration_ms if edits.to_ms is None else edits.to_ms
    gather.take(_check_span, edits.from_ms, to_ms, duration_ms)
    is_cut = not gather.found
    if is_cut and edits.cover_ms is not None:
        gather.take(_check_within, "cover_ms", edits.cover_ms, edits.from_ms, to_ms - 1)
    if edits.sound and edits.sound not in SOUNDS:
        gather.add(Refusal(EDIT_SOUND, field="sound", choices=", ".join(SOUNDS)))
    for field, percent in (("sound_percent", edits.sound_percent), ("own_percent", edits.own_percent)):
        if not 0 <= percent <= FULL_PERCENT:
            gather.add(Refusal(EDIT_LEVEL, field=field))
    if len(edits.texts) > TEXTS:
        gather.add(Refusal(EDIT_TEXTS, field="texts", limit=TEXTS))
        gather.tell()
    texts = []
    for number, text in enumerate(edits.texts):
        words = gather.take(clean_words, text.text, f"texts[{number}].text")
        if is_cut:
            gather.take(_check_text_span, text, f"texts[{number}]", edits.from_ms, to_ms)
        texts.append((text, words))
    gather.tell()
    return msgspec.structs.replace(
        edits,
        to_ms=None if to_ms == duration_ms else to_ms,
        texts=tuple(msgspec.structs.replace(text, text=words) for text, words in texts),
    )


def clean_words(value: str, field: str) -> str:
    """Return words that can be drawn. Raises: ``edit_sign``, ``edit_text_lines``, the refusals of texts."""
    text = clean_text(value, field=field, limit=TEXT_CHARACTERS, lines=True)
    lines = [line.strip() for line in text.split("\n")]
    if len(lines) > TEXT_LINES:
        raise Refusal(EDIT_TEXT_LINES, field=field, limit=TEXT_LINES)
    for sign in "".join(lines):
        if not is_drawn(sign):
            raise Refusal(EDIT_SIGN, field=field, sign=sign if unicodedata.category(sign)[0] != "C" else hex(ord(sign)))
    return "\n".join(lines)


def is_drawn(sign: str) -> bool:
    """Tell whether a sign can be drawn over a video."""
    return sign not in _BREAKS and any(low <= ord(sign) <= high for low, high in _DRAWN)


def length_ms(edits: Edits, duration_ms: int) -> int:
    """Return how long a video is once it is cut."""
    return (duration_ms if edits.to_ms is None else edits.to_ms) - edits.from_ms


def _check_span(from_ms: int, to_ms: int, duration_ms: int) -> None:
    _check_within("from_ms", from_ms, 0, duration_ms)
    _check_within("to_ms", to_ms, 0, duration_ms)
    if to_ms - from_ms < SHORTEST_MS:
        raise Refusal(EDIT_TOO_SHORT, field="to_ms", least=seconds(SHORTEST_MS))


def _check_text_span(text: Text, field: str, from_ms: int, to_ms: int) -> None:
    """Refuse words of which nobody would see anything; what is cut off of them is no harm."""
    if min(text.to_ms, to_ms) - max(text.from_ms, from_ms) < SHORTEST_TEXT_MS:
        raise Refusal(EDIT_OUTSIDE, field=f"{field}.to_ms", least=seconds(from_ms), most=seconds(to_ms))


def _check_within(field: str, at_ms: int, least: int, most: int) -> None:
    if not least <= at_ms <= most:
        raise Refusal(EDIT_OUTSIDE, field=field, least=seconds(least), most=seconds(most))
