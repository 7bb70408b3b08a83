"""Pictures made ready for encoding: upright, progressive, square pixels, 8 bits, the rung's size."""

from __future__ import annotations  # av's packets are generic for the type checker alone

from fractions import Fraction

from av.error import BlockingIOError as NotYet
from av.error import EOFError as Finished
from av.filter import Graph
from av.filter.context import FilterContext
from av.video.frame import VideoFrame

from watchparty.domain.source import TICKS, VideoTrack
from watchparty.media.nice import nicely
from watchparty.media.tonemap import is_bright, table

_UNSPECIFIED = 2
_MATRICES = {1: "bt709", 4: "fcc", 5: "bt601", 6: "bt601", 7: "smpte240m", 9: "bt2020", 10: "bt2020"}
"""ITU-T H.273 matrix coefficients by the names of the scale filter."""
_MOVING = ("out_color_matrix=bt709:out_range=limited", "yuv420p")
_STILL = ("out_color_matrix=bt601:out_range=full", "yuvj420p")
"""What JPEG expects."""
_TURNS = {90: "clock", 270: "cclock"}


class Filters:
    """The way of one rung's pictures; built anew when the source's frames change in mid-stream.

    Without a track what comes in has been through another's filters, and only its size changes.
    """

    def __init__(self, track: VideoTrack | None, width: int, height: int, nice: int, *, still: bool = False) -> None:
        self._track, self._width, self._height, self._nice = track, width, height, nice
        self._colours = _STILL if still else _MOVING
        self._graph: Graph | None = None
        self._shape: tuple[object, ...] = ()

    def push(self, frame: VideoFrame, at: int) -> list[VideoFrame]:
        """Frames that are ready after `frame`, which is shown `at` ticks; their time base is a tick."""
        if self._track is not None:
            frame.pts, frame.time_base = at, Fraction(1, TICKS)
        shape = (
            *(frame.width, frame.height, frame.format.name),
            *(frame.colorspace, frame.color_range, frame.color_trc),
        )
        ready: list[VideoFrame] = []
        if self._graph is None or shape != self._shape:
            ready = self.finish()
            self._shape = shape
            self._graph = nicely(lambda: self._build(frame), self._nice)
        self._graph.vpush(frame)
        return ready + self._pull()

    def finish(self) -> list[VideoFrame]:
        """What is still inside."""
        if self._graph is None:
            return []
        self._graph.vpush(None)
        ready = self._pull()
        self._graph = None
        return ready

    def _pull(self) -> list[VideoFrame]:
        assert self._graph is not None
        ready: list[VideoFrame] = []
        while True:
            try:
                ready.append(self._graph.vpull())
            except (NotYet, Finished):
                return ready

    def _build(self, frame: VideoFrame) -> Graph:
        graph = Graph()
        colours, pixels = self._colours
        size = f"w={self._width}:h={self._height}:flags=bicubic"
        nodes = [graph.add("buffer", _source(frame))]
        if self._track is None:
            nodes.append(graph.add("scale", size))
        else:
            nodes.extend(self._upright(graph, self._track))
            if is_bright(transfer := _transfer(frame, self._track)):
                nodes.append(graph.add("scale", f"{size}:in_color_matrix={_matrix(frame, 'bt2020')}"))
                # lut3d is twice as fast with 16 bits as with 10, for which it has no vector code.
                nodes.append(graph.add("format", "gbrp16le"))
                nodes.append(graph.add("lut3d", file=str(table(transfer))))
                nodes.append(graph.add("scale", colours))
            else:
                usual = "bt709" if frame.height >= 720 else "bt601"
                nodes.append(graph.add("scale", f"{size}:in_color_matrix={_matrix(frame, usual)}:{colours}"))
        nodes.append(graph.add("setsar", "1"))
        nodes.append(graph.add("format", pixels))
        nodes.append(graph.add("buffersink"))
        graph.link_nodes(*nodes)
        graph.configure()
        return graph

    def _upright(self, graph: Graph, track: VideoTrack) -> list[FilterContext]:
        """Whole pictures instead of fields, and turned as they are to be seen."""
        nodes = [graph.add("bwdif", "mode=send_frame:deint=interlaced")] if track.interlaced else []
        if track.rotation == 180:
            return [*nodes, graph.add("hflip"), graph.add("vflip")]
        if track.rotation in _TURNS:
            return [*nodes, graph.add("transpose", f"dir={_TURNS[track.rotation]}")]
        return nodes


def _transfer(frame: VideoFrame, track: VideoTrack) -> int:
    """The frame's own, or what the file says where frames do not."""
    return track.transfer if frame.color_trc in (0, _UNSPECIFIED) else frame.color_trc


def _matrix(frame: VideoFrame, usual: str) -> str:
    return _MATRICES.get(frame.colorspace, usual)


def _source(frame: VideoFrame) -> str:
    """What goes in. The graph's own short cut forgets the colours."""
    colours = "" if frame.colorspace in (0, _UNSPECIFIED) else f":colorspace={frame.colorspace}"
    span = f":range={frame.color_range}" if frame.color_range in (1, 2) else ""
    return (
        f"video_size={frame.width}x{frame.height}:pix_fmt={frame.format.name}"
        f":time_base=1/{TICKS}:pixel_aspect=1/1{colours}{span}"
    )
