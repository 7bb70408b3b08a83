"""A film's sound alone, as a file of its own."""

from collections.abc import Iterator, Sequence

from av.container import OutputContainer

from watchparty.domain.source import AudioTrack, Source, Unplayable
from watchparty.media.export import Track, check, export
from watchparty.media.export_sound import CopiedSound, EncodedSound, copies
from watchparty.media.opening import opened

_CONTAINERS = {"m4a": "ipod", "mp3": "mp3", "opus": "ogg", "flac": "flac", "wav": "wav"}


def extract(path: str, source: Source, wanted: str, out: str) -> Iterator[float]:
    """Writes the main sound track to `out` as m4a, mp3, opus, flac or wav; yields the seconds done, often.

    Sound that is of the wanted kind already is taken over as it is. Raises Unplayable, or OSError when the disk fails.
    """
    track = _main(source)
    codec, done = "aac" if wanted == "m4a" else wanted, 0.0
    copied = copies(track, codec)
    with opened(path) as container:

        def build(output: OutputContainer) -> Sequence[Track]:
            if copied:
                return [CopiedSound(output, container, track, source)]
            return [EncodedSound(output, container, track, source, codec)]

        for done in export(out, _CONTAINERS[wanted], build):
            yield done
    # Only sound that is encoded, and AAC, is filled up with silence where it ends before the film.
    check(out, done if copied and codec != "aac" else source.duration, pictured=False, sounds=1)


def _main(source: Source) -> AudioTrack:
    if not source.audios:
        raise Unplayable("This film has no sound.")
    return next((track for track in source.audios if track.default), source.audios[0])
