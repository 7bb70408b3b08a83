"""What is measured with: real pictures where there are some, as a made picture flatters or punishes an encoder."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.films import AAC, FASTSTART, H264, Films, picture, tone

BESIDE = Path(__file__).parents[3] / "shared" / "media"
VP9 = ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-row-mt", "1", "-g", "100")
OPUS = ("-c:a", "libopus", "-b:a", "96k")
X265 = ("-c:v", "libx265", "-preset", "veryfast", "-x265-params", "log-level=error:keyint=100", "-pix_fmt", "yuv420p")


@dataclass(frozen=True)
class Footage:
    """Films of known form made from `clip`, a folder's largest MP4, or from ffmpeg's test picture."""

    films: Films
    clip: Path | None

    @classmethod
    def find(cls, folder: Path) -> Self:
        # Taken out of the environment: the server refuses settings that it does not know.
        named = os.environ.pop("WATCHPARTY_BENCH_MEDIA", None)
        clips = sorted(Path(named or BESIDE).glob("*.mp4"), key=lambda clip: clip.stat().st_size)
        (folder / "films").mkdir()
        return cls(Films(folder / "films"), clips[-1] if clips else None)

    @property
    def told(self) -> str:
        return f"made from {self.clip.name}" if self.clip else "ffmpeg's test picture"

    def h264(self, seconds: int, height: int) -> Path:
        """MP4, H.264 with a key frame every 2 s, AAC, 25 frames a second."""
        return self._made(f"h264-{height}-{seconds}.mp4", seconds, height, *H264, "-g", "50", *FASTSTART)

    def long(self, minutes: int, height: int) -> Path:
        """As `h264`, one minute again and again."""
        source = ("-stream_loop", str(minutes - 1), "-i", str(self.h264(60, height)))
        return self.films.made(f"long-{height}-{minutes}.mp4", *source, "-c", "copy")

    def hevc(self, seconds: int, height: int) -> Path:
        """Matroska, HEVC, AAC, 25 frames a second."""
        return self._made(f"hevc-{height}-{seconds}.mkv", seconds, height, *X265)

    def vp9(self, seconds: int, height: int) -> Path:
        """WebM, VP9, Opus, 25 frames a second."""
        return self._made(f"vp9-{height}-{seconds}.webm", seconds, height, *VP9, sound=OPUS)

    def looped(self, film: Path, size: int = 0, seconds: int = 0) -> Path:
        """The same film over and over, its packets untouched, until it has so many bytes or lasts so long."""
        turns = -(-size // film.stat().st_size)
        length = ("-t", str(seconds)) if seconds else ()
        loop = ("-stream_loop", str(turns or -1), "-i", str(film), *length)
        return self.films.made(f"looped-{film.stem}-{size >> 20}-{seconds}{film.suffix}", *loop, "-c", "copy")

    def _made(self, name: str, seconds: int, height: int, *codec: str, sound: Sequence[str] = AAC) -> Path:
        source: tuple[str, ...]
        shape = ("-vf", f"scale=-2:{height},fps=25", "-t", str(seconds))
        if self.clip:
            source = ("-stream_loop", "-1", "-i", str(self.clip))
        else:
            source = (*picture(seconds, f"{height * 16 // 9 // 2 * 2}x{height}"), *tone(seconds))
        return self.films.made(name, *source, *shape, *codec, *sound)
