"""The rules of what is done to a video: whatever is taken can be rendered, and whatever is refused is named."""

from __future__ import annotations

import hashlib
import io
import wave

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageFont

from attise.kernel import fonts
from attise.kernel.errors import Refusal, Refusals
from attise.management.posts.editing.edits import (
    NOTHING,
    PLACES,
    SHORTEST_MS,
    SIZES,
    TEXT_CHARACTERS,
    TEXT_LINES,
    TEXTS,
    Edits,
    Text,
    check_edits,
    is_drawn,
    length_ms,
)
from attise.management.posts.editing.sounds import RATE_HZ, SOUNDS, compute, wav_of

MOMENTS = st.integers(-2_000, 12_000)
DRAWN = st.text(st.characters(codec="utf-8").filter(is_drawn), max_size=TEXT_CHARACTERS + 5)
ANYTHING = st.builds(
    Edits,
    from_ms=MOMENTS,
    to_ms=st.none() | MOMENTS,
    cover_ms=st.none() | MOMENTS,
    texts=st.lists(
        st.builds(
            Text,
            text=DRAWN | st.text(max_size=10),
            from_ms=MOMENTS,
            to_ms=MOMENTS,
            place=st.sampled_from(PLACES),
            size=st.sampled_from(SIZES),
        ),
        max_size=TEXTS + 1,
    ).map(tuple),
    sound=st.sampled_from(["", "no-such-sound", *SOUNDS]),
    sound_percent=st.integers(-1, 101),
    own_percent=st.integers(-1, 101),
)


def refused(edits: Edits, duration_ms: int = 10_000) -> dict[str, str]:
    """Return the codes of what is refused, by field."""
    with pytest.raises((Refusal, Refusals)) as found:
        check_edits(edits, duration_ms)
    items = found.value.items if isinstance(found.value, Refusals) else (found.value,)
    assert all(item.reason.message % item.params for item in items)
    return {str(item.field): item.code for item in items}


@given(edits=ANYTHING, duration_ms=st.integers(1_000, 10_000))
def test_what_is_taken_lies_within_the_video_and_stays_as_it_is(edits, duration_ms):
    try:
        taken = check_edits(edits, duration_ms)
    except (Refusal, Refusals):
        return
    end_ms = duration_ms if taken.to_ms is None else taken.to_ms
    assert 0 <= taken.from_ms < end_ms <= duration_ms
    assert length_ms(taken, duration_ms) == end_ms - taken.from_ms >= SHORTEST_MS
    assert taken.cover_ms is None or taken.from_ms <= taken.cover_ms < end_ms
    for text in taken.texts:
        assert max(text.from_ms, taken.from_ms) < min(text.to_ms, end_ms)
        assert 1 <= len(text.text) <= TEXT_CHARACTERS
        assert text.text.count("\n") < TEXT_LINES
    assert check_edits(taken, duration_ms) == taken
    assert msgspec.convert(msgspec.to_builtins(taken), Edits) == taken


def test_nothing_done_is_taken_for_every_video():
    assert check_edits(NOTHING, 1_000) == NOTHING
    assert check_edits(Edits(to_ms=5_000), 5_000) == NOTHING


def test_all_that_is_wrong_is_named_at_once():
    wrong = Edits(
        from_ms=2_000,
        to_ms=4_000,
        cover_ms=4_000,
        sound="tube",
        own_percent=101,
        texts=(Text(text="", from_ms=0, to_ms=3_000), Text(text="bonjour 😀", from_ms=0, to_ms=2_050)),
    )
    assert refused(wrong) == {
        "cover_ms": "edit_outside",
        "sound": "edit_sound",
        "own_percent": "edit_level",
        "texts[0].text": "field_required",
        "texts[1].text": "edit_sign",
        "texts[1].to_ms": "edit_outside",
    }
    assert refused(Edits(from_ms=9_500)) == {"to_ms": "edit_too_short"}
    assert refused(Edits(texts=(Text(text="a", from_ms=0, to_ms=10_000),) * (TEXTS + 1))) == {"texts": "edit_texts"}
    four = Text(text="a\nb\nc\nd", from_ms=0, to_ms=10_000)
    assert refused(Edits(texts=(four,))) == {"texts[0].text": "edit_text_lines"}


def test_the_font_has_every_sign_that_is_taken():
    face = ImageFont.truetype(fonts.BOLD, 40)
    none = bytes(face.getmask("\U0010fffe"))
    signs = [chr(number) for number in range(0x3000) if is_drawn(chr(number)) and not chr(number).isspace()]
    assert len(signs) > 500
    assert [hex(ord(sign)) for sign in signs if bytes(face.getmask(sign)) == none] == []
    assert all(is_drawn(sign) for sign in "L’été à Nîmes : œufs « frais » 3 € — ça marche…")


@pytest.mark.parametrize("name", SOUNDS)
def test_a_sound_is_the_same_each_time_as_long_as_it_says_and_repeats_without_a_seam(name):
    sound = SOUNDS[name]
    samples = compute(sound)
    assert 15_000 <= sound.duration_ms <= 30_000
    assert len(samples) == pytest.approx(sound.duration_ms * RATE_HZ / 1_000, abs=RATE_HZ / 1_000)
    assert np.abs(samples).max() <= 0.9
    assert np.sqrt(np.square(samples).mean()) == pytest.approx(0.16, abs=0.03)
    seam = abs(samples[0] - samples[-1])
    assert seam <= np.abs(np.diff(samples)).max()
    with wave.open(io.BytesIO(wav_of(name))) as file:
        assert (file.getframerate(), file.getnframes()) == (RATE_HZ, len(samples))
    again = np.round(compute(sound) * 32_767).astype("<i2").tobytes()
    assert hashlib.sha256(again).digest() == hashlib.sha256(wav_of(name)[44:]).digest()


def test_no_two_sounds_are_alike():
    assert len({hashlib.sha256(wav_of(name)).digest() for name in SOUNDS}) == len(SOUNDS) == 6
