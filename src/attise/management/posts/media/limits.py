"""What a file may be, and what looking at it may cost. Plain values, handed to the child as they are."""

from __future__ import annotations

import msgspec

from attise.kernel.limits import MIB, VIDEO_BYTES


class ProcessLimits(msgspec.Struct, frozen=True, kw_only=True):
    """What a child process may use before the kernel, or its parent, ends it."""

    cpu_s: int = 60
    wall_s: float = 65
    """Under the house's answer timeout, so that a person always reads a reason."""
    memory_bytes: int = 1_536 * MIB
    """Address space, code included."""
    file_bytes: int = VIDEO_BYTES + 32 * MIB
    """The largest file that the child may write: a stored video and a little more."""
    open_files: int = 64
    nice: int = 5


class VideoLimits(msgspec.Struct, frozen=True, kw_only=True):
    """Which videos are taken."""

    max_bytes: int = VIDEO_BYTES
    min_duration_ms: int = 1_000
    max_duration_ms: int = 600_000
    grace_ms: int = 100
    """A sound track ends up to two packets after its pictures: not worth a refusal."""
    max_side_px: int = 4_096
    max_fps: int = 120
    max_audio_streams: int = 2
    max_index_bytes: int = 32 * MIB
    """The index of ten minutes at 120 pictures a second with two sound tracks takes less than 4 MiB."""
    max_packets: int = 1_000_000
    """Sound packets of 2.5 ms over ten minutes, two tracks: under half of it."""
    seen_px: int = 1_500_000_000
    """How much is decoded to believe that a file is a video: 1,600 pictures of 720 × 1280, 90 of 4096 × 4096."""
    frames_px: int = 3_000_000_000
    """How much is decoded for pictures from along a video: 3,200 of 720 × 1280."""
    watched_px: int = 6_000_000_000
    """How much is decoded to look for cuts: 96 s of 1080 × 1920 at 30 pictures a second."""
    watched_frames: int = 6_000
    """How many pictures are looked at for cuts, each kept small: 64 MiB."""
    cover_width_px: int = 1_080
    process: ProcessLimits = ProcessLimits()

    @property
    def max_pixels(self) -> int:
        """Pixels of the largest picture, which decoders are told before they reserve memory."""
        return self.max_side_px * self.max_side_px

    @property
    def max_frames(self) -> int:
        """Pictures in the longest video at the highest rate, and a second more."""
        return self.max_fps * (self.max_duration_ms // 1_000 + 1)

    def cover_sides(self, width: int, height: int) -> tuple[int, int]:
        """Return the sides of a cover of a video of these sides, as displayed."""
        narrow = min(width, self.cover_width_px)
        return narrow, max(height * narrow // width, 1)


class ImageLimits(msgspec.Struct, frozen=True, kw_only=True):
    """Which pictures are taken."""

    max_bytes: int = 20 * MIB
    max_pixels: int = 40_000_000
    process: ProcessLimits = ProcessLimits(file_bytes=256 * MIB)


class EncodingLimits(msgspec.Struct, frozen=True, kw_only=True):
    """How what no browser plays is encoded, and what that may cost; it runs in the worker while nobody waits."""

    max_long_side_px: int = 1_920
    max_fps: int = 60
    constant_rate_factor: int = 23
    max_video_kbps: int = 5_000
    """With the sound, ten minutes stay under the largest stored file."""
    audio_kbps: int = 128
    threads: int = 2
    process: ProcessLimits = ProcessLimits(cpu_s=3_600, wall_s=3_600, memory_bytes=2_560 * MIB, nice=10)


VIDEO_LIMITS = VideoLimits()
FRAMES_LIMITS = VideoLimits(process=ProcessLimits(cpu_s=40, wall_s=45, file_bytes=32 * MIB))
"""For pictures from along a video, for which somebody waits."""
WATCH_LIMITS = VideoLimits(process=ProcessLimits(cpu_s=60, wall_s=65, file_bytes=32 * MIB))
"""For what a video shows and sounds like; the file that may be written is its sound, 19 MB for ten minutes."""
IMAGE_LIMITS = ImageLimits()
ENCODING_LIMITS = EncodingLimits()

if not (ENCODING_LIMITS.max_video_kbps + ENCODING_LIMITS.audio_kbps) * VIDEO_LIMITS.max_duration_ms // 8 < VIDEO_BYTES:
    raise AssertionError("an encoded video of the longest duration must fit the largest stored file")
