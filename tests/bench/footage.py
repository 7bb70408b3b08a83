"""What is measured with: real pictures where there are some, as a made picture flatters or punishes an encoder."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.films import AAC, FASTSTART, H264, Films, picture, tone

BESIDE = Path(__file__).parents[3] / "shared" / "media"
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

    def hevc(self, seconds: int, height: int) -> Path:
        """Matroska, HEVC, AAC, 25 frames a second."""
        return self._made(f"hevc-{height}-{seconds}.mkv", seconds, height, *X265)

    def _made(self, name: str, seconds: int, height: int, *codec: str) -> Path:
        source: tuple[str, ...]
        shape = ("-vf", f"scale=-2:{height},fps=25", "-t", str(seconds))
        if self.clip:
            source = ("-stream_loop", "-1", "-i", str(self.clip))
        else:
            source = (*picture(seconds, f"{height * 16 // 9 // 2 * 2}x{height}"), *tone(seconds))
        return self.films.made(name, *source, *shape, *codec, *AAC)
