"""Opens a hostile video for reading, and says which of its tracks count.

Runs in the child. The reader is forced, reads one open file through Python, knows no protocol, and may open nothing
else. Decoders are an allow-list: codecs that nobody sends are code that nobody needs to attack.
"""

from __future__ import annotations

from typing import Any, BinaryIO, NamedTuple, NoReturn, TypeVar

import av
import av.container
from av.audio.stream import AudioStream
from av.stream import Disposition, Stream
from av.video.stream import VideoStream

from attise.management.posts.media.errors import CODEC, DIMENSIONS, STREAMS, UNREADABLE, MediaRefused
from attise.management.posts.media.limits import VideoLimits
from attise.management.posts.media.messages import StoredFormat
from attise.management.posts.media.sniff import VideoContainer

_VIDEO_CODECS = frozenset(
    {"h264", "hevc", "vp8", "vp9", "av1", "mpeg4", "mpeg2video", "mpeg1video", "prores", "dnxhd", "mjpeg", "h263"}
)
_AUDIO_CODECS = frozenset(
    {"aac", "mp3", "opus", "vorbis", "flac", "alac", "ac3", "eac3", "mp2", "amrnb", "amrwb", "pcm_mulaw", "pcm_alaw"}
    | {"pcm_u8", "pcm_s8", "pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s24be", "pcm_s32le", "pcm_s32be"}
    | {"pcm_f32le", "pcm_f32be"}
)
_DECODERS = _VIDEO_CODECS | _AUDIO_CODECS | {"libdav1d", "libvpx", "libvpx-vp9", "mp3float", "amr_nb", "amr_wb"}
_NAMES = {"libdav1d": "av1", "libvpx": "vp8", "libvpx-vp9": "vp9", "mp3float": "mp3"}
_NOT_PICTURES_IN_TIME = Disposition.attached_pic | Disposition.timed_thumbnails
_READ_BYTES = 1 << 18
_MAX_TRACKS = 64

_PLAIN_PIXELS = {"h264": ("yuv420p", "yuvj420p"), "vp8": ("yuv420p",), "vp9": ("yuv420p",), "av1": ("yuv420p",)}
"""Pictures that every browser plays: these codecs, in eight bits, with halved colour."""
_MP4_SOUNDS = (None, "aac", "mp3", "opus")
_WEBM_SOUNDS = (None, "opus", "vorbis")

AnyStream = TypeVar("AnyStream", bound=Stream)


class Tracks(NamedTuple):
    """The tracks of a file that count: its one video and the sound that is kept."""

    video: VideoStream
    audio: AudioStream | None
    audio_track: int

    @property
    def kept(self) -> tuple[Stream, ...]:
        """The video, and the sound if there is one."""
        return (self.video,) if self.audio is None else (self.video, self.audio)


def open_video(file: BinaryIO, container: VideoContainer, limits: VideoLimits) -> av.container.InputContainer:
    """Open the file with the reader that its bytes called for.

    Raises: MediaRefused(media_unreadable).
    """
    file.seek(0)
    options = {
        "protocol_whitelist": "",
        "codec_whitelist": ",".join(sorted(_DECODERS)),
        "max_pixels": str(limits.max_pixels),
        "max_streams": str(_MAX_TRACKS),
        "threads": "1",
    }
    if container == "mov":
        options |= {"enable_drefs": "0", "use_absolute_path": "0"}
    try:
        return av.open(
            file,
            "r",
            format=container,
            options=options,
            buffer_size=_READ_BYTES,
            metadata_errors="replace",
            io_open=_open_nothing,
        )
    except (av.FFmpegError, ValueError) as error:
        raise _unreadable(error) from error


def find_tracks(source: av.container.InputContainer, limits: VideoLimits) -> Tracks:
    """Return the tracks that count. Cover pictures, captions, data and attachments are not tracks that count.

    Raises: MediaRefused (media_streams, media_codec, media_unreadable, media_dimensions).
    """
    videos = [stream for stream in source.streams.video if not stream.disposition & _NOT_PICTURES_IN_TIME]
    sounds = list(source.streams.audio)
    if len(videos) != 1 or len(sounds) > limits.max_audio_streams:
        raise MediaRefused(STREAMS, video=len(videos), audio=len(sounds), limit=limits.max_audio_streams)
    video = videos[0]
    if codec_of(video) not in _VIDEO_CODECS:
        raise MediaRefused(CODEC, found=codec_of(video) or "?")
    if not video.width or not video.height:
        raise MediaRefused(UNREADABLE)
    check_sides(video.width, video.height, limits)
    for track, sound in enumerate(sounds):
        if codec_of(sound) in _AUDIO_CODECS and sound.rate:
            return Tracks(video, sound, track)
    return Tracks(video, None, 0)


def check_sides(width: int, height: int, limits: VideoLimits) -> None:
    """Refuse a picture with a side longer than allowed.

    Raises: MediaRefused(media_dimensions).
    """
    if max(width, height) > limits.max_side_px:
        raise MediaRefused(DIMENSIONS, measured=f"{width} x {height}", limit=limits.max_side_px)


def format_as_it_is(tracks: Tracks, container: VideoContainer) -> StoredFormat | None:
    """Return the container in which every browser plays these tracks unchanged, or None when there is none."""
    if not plays(tracks.video):
        return None
    pictures = codec_of(tracks.video)
    sound = None if tracks.audio is None else codec_of(tracks.audio)
    if pictures != "h264" and sound in _WEBM_SOUNDS and (container == "matroska" or pictures == "vp8"):
        return "webm"
    if pictures != "vp8" and sound in _MP4_SOUNDS:
        return "mp4"
    if pictures != "h264" and sound in _WEBM_SOUNDS:
        return "webm"
    return None


def plays(video: VideoStream) -> bool:
    """Tell whether every browser plays these pictures."""
    return video.codec_context.pix_fmt in _PLAIN_PIXELS.get(codec_of(video), ())


def codec_of(stream: Stream) -> str:
    """Return the name of a stream's codec, whichever library decodes it; empty when nothing here decodes it."""
    context = stream.codec_context
    return "" if context is None else _NAMES.get(context.name, context.name)


def _open_nothing(*_arguments: Any) -> NoReturn:
    """Refuse whatever else a file asks to be opened."""
    raise PermissionError("a video may not open another file")


def _unreadable(error: Exception) -> Exception:
    """Return a memory shortage as what it is, everything else as a refusal."""
    return error if isinstance(error, MemoryError) else MediaRefused(UNREADABLE)
