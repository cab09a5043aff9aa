"""The tips of advice on a video, in the words for an advertiser: French says *vous* to them, *tu* to creators."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

TIPS: Final[Mapping[str, Promise]] = {
    "hook_spoken": pgettext_lazy("advertiser", "Somebody speaks within the first three seconds. Keep it."),
    "hook_lively": pgettext_lazy(
        "advertiser",
        "There is sound and movement within the first three seconds. A sentence said to the viewer says more.",
    ),
    "hook_silent": pgettext_lazy(
        "advertiser",
        "Nothing is heard in the first three seconds. Begin with a sentence said to the viewer.",
    ),
    "hook_still": pgettext_lazy(
        "advertiser",
        "Nobody speaks and nothing moves in the first three seconds. Begin with a gesture or a sentence.",
    ),
    "hook_late": pgettext_lazy("advertiser", "The first words come after three seconds. Begin with them."),
    "hook_unknown": pgettext_lazy(
        "advertiser",
        "The sound cannot be read. Check that your first sentence comes within three seconds.",
    ),
    "first_person_found": pgettext_lazy("advertiser", "You tell it yourself. Keep it."),
    "first_person_missing": pgettext_lazy(
        "advertiser",
        "Tell it as you lived it: say “I” or “we” in the caption, or aloud.",
    ),
    "first_person_unknown": pgettext_lazy(
        "advertiser",
        "There are no words to look at. Write a caption that says what you lived.",
    ),
    "natural_setting": pgettext_lazy(
        "advertiser",
        "No machine judges this. Film where you live or work, with the light that is there.",
    ),
    "rhythm_lively": pgettext_lazy("advertiser", "The cuts keep it moving. Keep it."),
    "rhythm_slow": pgettext_lazy(
        "advertiser",
        "There are few cuts. Shorten the shot that begins here, or show something else in it.",
    ),
    "rhythm_still": pgettext_lazy("advertiser", "Nothing moves for a while from here. Cut it, or show something else."),
    "rhythm_unknown": pgettext_lazy("advertiser", "The video is too short to have a rhythm."),
    "call_found": pgettext_lazy("advertiser", "You ask your viewers for a word. Keep it, and answer them."),
    "call_missing": pgettext_lazy("advertiser", "Ask your viewers something that they can answer in a comment."),
    "call_unknown": pgettext_lazy(
        "advertiser",
        "There are no words to look at. Write a caption with a question to your viewers.",
    ),
    "duration_good": pgettext_lazy("advertiser", "The length is right."),
    "duration_short": pgettext_lazy("advertiser", "It is short. Between 9 and 15 seconds leave time for a story."),
    "duration_long": pgettext_lazy("advertiser", "It is long. See whether what matters fits in 15 seconds."),
    "duration_very_long": pgettext_lazy(
        "advertiser",
        "It is over a minute. Keep what matters; 9 to 15 seconds are enough for most stories.",
    ),
    "aspect_good": pgettext_lazy("advertiser", "It fills the screen of a phone."),
    "aspect_wide": pgettext_lazy("advertiser", "It does not fill the screen of a phone. Film upright, in 9:16."),
    "aspect_narrow": pgettext_lazy("advertiser", "It is narrower than the screen of a phone. Film upright, in 9:16."),
    "resolution_good": pgettext_lazy("advertiser", "It is sharp enough for a phone."),
    "resolution_small": pgettext_lazy("advertiser", "It will look soft. Export it at 720 × 1280 or more."),
    "loudness_good": pgettext_lazy("advertiser", "The sound is as loud as that of others."),
    "loudness_quiet": pgettext_lazy("advertiser", "The sound is weak. Raise it, or speak nearer to the phone."),
    "loudness_loud": pgettext_lazy("advertiser", "The sound is very loud and may crackle. Lower it a little."),
    "loudness_none": pgettext_lazy(
        "advertiser",
        "There is no sound to measure. A voice, even without music, tells more than pictures alone.",
    ),
    "silence_short": pgettext_lazy("advertiser", "There is no long silence."),
    "silence_long": pgettext_lazy("advertiser", "Nothing is heard for a while from here. Cut it, or fill it."),
    "silence_whole": pgettext_lazy(
        "advertiser",
        "The video has no sound. Add your voice, or the sound of what you do.",
    ),
    "silence_unknown": pgettext_lazy("advertiser", "The sound cannot be read. Export the video again with AAC sound."),
}
"""By the outcome of a check, as ``posts.preflight.tips``."""
