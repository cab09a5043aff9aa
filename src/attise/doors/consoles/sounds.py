"""The sounds that may go under a video, to listen to: open to everybody, as they are free to use."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from attise.doors.consoles.gate import for_anyone
from attise.management.posts.editing.sounds import SOUNDS, wav_of

_KEPT_S = 86_400


@for_anyone()
def sound_file(_request: HttpRequest, sound: str) -> HttpResponse:
    """Answer a sound as a wav file."""
    if sound not in SOUNDS:
        raise Http404
    return HttpResponse(
        wav_of(sound), content_type="audio/wav", headers={"Cache-Control": f"public, max-age={_KEPT_S}"}
    )
