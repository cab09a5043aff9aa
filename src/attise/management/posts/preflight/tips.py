"""What is said of each check: its name, its verdict, and one tip for each way it may turn out.

English message ids; the door that shows them translates. No tip promises a result.
"""

from __future__ import annotations

from typing import Final

from attise.kernel.errors import N_
from attise.management.posts.preflight.report import Name, Verdict

TITLES: Final[dict[Name, str]] = {
    "hook": N_("Hook"),
    "first_person": N_("Story in the first person"),
    "natural_setting": N_("Natural setting"),
    "rhythm": N_("Rhythm"),
    "call_to_comment": N_("Call to comment"),
    "duration": N_("Length"),
    "aspect": N_("Picture format"),
    "resolution": N_("Picture size"),
    "loudness": N_("Loudness"),
    "silence": N_("Silence"),
}
VERDICTS: Final[dict[Verdict, str]] = {
    "ok": N_("ok"),
    "look_again": N_("look again"),
    "not_measured": N_("not measured"),
}
TIPS: Final[dict[str, str]] = {
    "hook_spoken": N_("Somebody speaks within the first three seconds. Keep it."),
    "hook_lively": N_(
        "There is sound and movement within the first three seconds. A sentence said to the viewer says more."
    ),
    "hook_silent": N_("Nothing is heard in the first three seconds. Begin with a sentence said to the viewer."),
    "hook_still": N_("Nobody speaks and nothing moves in the first three seconds. Begin with a gesture or a sentence."),
    "hook_late": N_("The first words come after three seconds. Begin with them."),
    "hook_unknown": N_("The sound cannot be read. Check that your first sentence comes within three seconds."),
    "first_person_found": N_("You tell it yourself. Keep it."),
    "first_person_missing": N_("Tell it as you lived it: say “I” or “we” in the caption, or aloud."),
    "first_person_unknown": N_("There are no words to look at. Write a caption that says what you lived."),
    "natural_setting": N_("No machine judges this. Film where you live or work, with the light that is there."),
    "rhythm_lively": N_("The cuts keep it moving. Keep it."),
    "rhythm_slow": N_("There are few cuts. Shorten the shot that begins here, or show something else in it."),
    "rhythm_still": N_("Nothing moves for a while from here. Cut it, or show something else."),
    "rhythm_unknown": N_("The video is too short to have a rhythm."),
    "call_found": N_("You ask your viewers for a word. Keep it, and answer them."),
    "call_missing": N_("Ask your viewers something that they can answer in a comment."),
    "call_unknown": N_("There are no words to look at. Write a caption with a question to your viewers."),
    "duration_good": N_("The length is right."),
    "duration_short": N_("It is short. Between 9 and 15 seconds leave time for a story."),
    "duration_long": N_("It is long. See whether what matters fits in 15 seconds."),
    "duration_very_long": N_("It is over a minute. Keep what matters; 9 to 15 seconds are enough for most stories."),
    "aspect_good": N_("It fills the screen of a phone."),
    "aspect_wide": N_("It does not fill the screen of a phone. Film upright, in 9:16."),
    "aspect_narrow": N_("It is narrower than the screen of a phone. Film upright, in 9:16."),
    "resolution_good": N_("It is sharp enough for a phone."),
    "resolution_small": N_("It will look soft. Export it at 720 × 1280 or more."),
    "loudness_good": N_("The sound is as loud as that of others."),
    "loudness_quiet": N_("The sound is weak. Raise it, or speak nearer to the phone."),
    "loudness_loud": N_("The sound is very loud and may crackle. Lower it a little."),
    "loudness_none": N_("There is no sound to measure. A voice, even without music, tells more than pictures alone."),
    "silence_short": N_("There is no long silence."),
    "silence_long": N_("Nothing is heard for a while from here. Cut it, or fill it."),
    "silence_whole": N_("The video has no sound. Add your voice, or the sound of what you do."),
    "silence_unknown": N_("The sound cannot be read. Export the video again with AAC sound."),
}
