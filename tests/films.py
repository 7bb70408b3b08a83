"""Films for tests: made by the system's ffmpeg, once per run, no larger than what is judged needs."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
SUBTITLES = """1
00:00:00,500 --> 00:00:02,000
Good evening.

2
00:00:02,500 --> 00:00:04,000
Is anybody <i>there</i>?
"""


@dataclass(frozen=True)
class Films:
    """Each property is the path of a film, made when first asked for."""

    folder: Path

    @property
    def h264(self) -> Path:
        """MP4, H.264 640x360 at 25 frames a second, key frame every 2 s, stereo AAC, 20 s."""
        return self.made("h264.mp4", *picture(20), *tone(20), *H264, "-g", "50", *AAC, *FASTSTART)

    @property
    def long_h264(self) -> Path:
        """As `h264`, 150 s: long enough to stay in while others come, pause and seek."""
        return self.made("long.mp4", *picture(150), *tone(150), *H264, "-g", "50", *AAC, *FASTSTART)

    @property
    def hevc(self) -> Path:
        """Matroska, HEVC 640x360, AAC, 12 s: no browser here plays it as it is."""
        codec = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error", "-pix_fmt", "yuv420p")
        return self.made("hevc.mkv", *picture(12), *tone(12), *codec, *AAC)

    @property
    def vp9(self) -> Path:
        """WebM, VP9 320x180, Opus, 8 s."""
        codec = ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus")
        return self.made("vp9.webm", *picture(8, "320x180"), *tone(8), *codec)

    @property
    def clapper(self) -> Path:
        """Matroska, H.264 640x480, 60 s, black and silent but for a white frame and a knock of 40 ms at 1, 3, 5 ... s.

        Two sound tracks (English, German) that knock alike, captions in both languages.
        """
        flash = "drawbox=color=white:thickness=fill:enable='between(mod(t,2),0.99,1.03)'"
        black = ("-f", "lavfi", "-i", f"color=black:size=640x480:rate=25:duration=60,{flash}")
        knock = "if(between(mod(t,2),1,1.04),0.5*sin(1000*2*PI*t),0)"
        knocks = ("-f", "lavfi", "-i", f"aevalsrc='{knock}|{knock}':d=60:s=48000")
        words = self.folder / "clapper.srt"
        words.write_text("1\n00:00:00,500 --> 00:00:59,000\nListen.\n")
        tracks = [word for track in ("0:v", "1:a", "1:a", "2:s", "2:s") for word in ("-map", track)]
        names = [
            word
            for kind in ("a", "s")
            for place, language in enumerate(("eng", "ger"))
            for word in (f"-metadata:s:{kind}:{place}", f"language={language}")
        ]
        coded = (*tracks, *names, *H264, "-g", "50", *AAC, "-c:s", "srt")
        return self.made("clapper.mkv", *black, *knocks, "-i", str(words), *coded)

    @property
    def subtitled(self) -> Path:
        """Matroska, H.264 640x360, two AAC tracks (English, German), English text subtitles, 12 s."""
        words = self.folder / "words.srt"
        words.write_text(SUBTITLES)
        tracks = ("-map", "0:v", "-map", "1:a", "-map", "2:a", "-map", "3:s", *H264, "-g", "50", *AAC, "-c:s", "srt")
        names = (
            "-metadata:s:a:0",
            "language=eng",
            "-metadata:s:a:1",
            "language=ger",
            "-metadata:s:s:0",
            "language=eng",
        )
        return self.made(
            "subtitled.mkv", *picture(12), *tone(12), *tone(12, 660), "-i", str(words), *tracks, *names, "-t", "12"
        )

    @property
    def chaptered(self) -> Path:
        """Matroska, H.264 640x360: red, green and blue for 10 s each, a chapter each, no sound; key frame every 1 s."""
        words = self.folder / "chapters.txt"
        names = ("The <red> one", "", "Blue & last")
        marks = (f"[CHAPTER]\nTIMEBASE=1/1\nSTART={i}0\nEND={i + 1}0\ntitle={name}\n" for i, name in enumerate(names))
        words.write_text(";FFMETADATA1\n" + "".join(marks))
        colours = [f"color={name}:size=640x360:rate=25:duration=10" for name in ("red", "lime", "blue")]
        inputs = [word for colour in colours for word in ("-f", "lavfi", "-i", colour)]
        joined = ("-filter_complex", "[0][1][2]concat=n=3", "-map_chapters", "3", *H264, "-g", "25")
        return self.made("chaptered.mkv", *inputs, "-i", str(words), *joined)

    @property
    def covered(self) -> Path:
        """MP3 with a cover of 600x600, 6 s."""
        cover = self.made("cover.png", *picture(0.04, "600x600"), "-frames:v", "1")
        attached = ("-map", "0", "-map", "1", "-c:v", "copy", "-disposition:v", "attached_pic")
        return self.made("covered.mp3", *tone(6), "-i", str(cover), *attached, "-c:a", "libmp3lame")

    @property
    def silent(self) -> Path:
        """MP4, H.264 320x180, no sound, 6 s."""
        return self.made("silent.mp4", *picture(6, "320x180"), *H264, "-g", "50", *FASTSTART)

    @property
    def sound_alone(self) -> Path:
        """M4A, AAC, no picture, 6 s."""
        return self.made("sound.m4a", *tone(6), *AAC)

    def made(self, name: str, *arguments: str) -> Path:
        """The film of this name, made by ffmpeg with these arguments unless it is there already."""
        path = self.folder / name
        if not path.exists():
            # Under a name of its own until it is whole: another process may want the same film at this moment.
            draft = path.with_name(f"{os.getpid()}-{name}")
            ffmpeg(*arguments, str(draft))
            draft.replace(path)
        return path


AAC = ("-c:a", "aac", "-b:a", "96k")
FASTSTART = ("-movflags", "+faststart")


def picture(seconds: float, size: str = "640x360") -> tuple[str, ...]:
    """A moving test picture with its time written in it, as ffmpeg's input."""
    return ("-f", "lavfi", "-i", f"testsrc2=size={size}:rate=25:duration={seconds}")


def tone(seconds: float, hertz: int = 440) -> tuple[str, ...]:
    """A stereo tone, as ffmpeg's input."""
    return ("-f", "lavfi", "-i", f"aevalsrc=0.2*sin({hertz}*2*PI*t)|0.2*sin({hertz}*2*PI*t):d={seconds}:s=48000")


def ffmpeg(*arguments: str) -> str:
    """Runs ffmpeg; answers what it said on its error channel at level warning, raises when it fails."""
    found = shutil.which("ffmpeg")
    assert found, "The tests make their films with ffmpeg, and there is none on the PATH. `make test` installs it."
    done = subprocess.run(
        [found, "-nostdin", "-hide_banner", "-loglevel", "warning", "-y", *arguments], capture_output=True, text=True
    )
    assert done.returncode == 0, f"ffmpeg failed: {done.stderr}"
    return done.stderr
