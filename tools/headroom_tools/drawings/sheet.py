"""The sheet that every drawing is made on: as wide as a phone shows it, with the repo's own pen."""

import math

from headroom_tools.common.svg_pen import Pen

WIDTH = 600
SIZE = 15  # the smallest letters: at 400 px wide they are ten pixels high
MARGIN = 20
LOOKS = """
.teal { fill: #ccfbf1; stroke: #0f766e; stroke-width: 2 }
.amber { fill: #fef3c7; stroke: #b45309; stroke-width: 2 }
.red { fill: #fee2e2; stroke: #b91c1c; stroke-width: 2 }
.blue { fill: #dbeafe; stroke: #1d4ed8; stroke-width: 2 }
.grey { fill: #f1f5f9; stroke: #64748b; stroke-width: 1.5 }
.axis { fill: none; stroke: #94a3b8; stroke-width: 1.5 }
.curve { fill: none; stroke: #0f766e; stroke-width: 4 }
.other { fill: none; stroke: #b45309; stroke-width: 4; stroke-dasharray: 9 5 }
.sine { fill: none; stroke: #7c4a21; stroke-width: 2 }
.cut { fill: none; stroke: #b91c1c; stroke-width: 2; stroke-dasharray: 5 4 }
.head { fill: #475569; stroke: none }
.warn { fill: #b91c1c }
""".strip()


class Sheet(Pen):
    """A pen with what these drawings need beside: titles, arrows and boxes with words in them."""

    def page(self, height: int, title: str) -> str:
        """The whole picture as SVG text, its title on top."""
        self.text(MARGIN, 32, title, size=20, bold=True)
        return self.svg(WIDTH, height, title).replace("</style>", f"\n{LOOKS}</style>", 1)

    def said(self, x: int, y: int, words: str, anchor: str = "start", look: str = "note", bold: bool = False) -> None:
        """Words in the smallest letters, or none."""
        if words:
            self.text(x, y, words, size=SIZE, anchor=anchor, look=look, bold=bold)

    def lines(self, x: int, y: int, *lines: str, anchor: str = "start", look: str = "note") -> None:
        """Some lines of words, the first baseline at y."""
        for row, words in enumerate(lines):
            self.said(x, y + 20 * row, words, anchor, look)

    def labelled(self, x: int, y: int, width: int, height: int, words: str, look: str = "grey") -> None:
        """A box with words in its middle."""
        self.box(x, y, width, height, look=look, radius=6)
        self.text(x + width // 2, y + height // 2 + 6, words, size=16, anchor="middle", bold=True)

    def arrow(self, *points: tuple[int, int]) -> None:
        """A line through these points with a head at its end."""
        self.wire(*points)
        self._head(points[-2], points[-1])

    def _head(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        turn = math.atan2(end[1] - start[1], end[0] - start[0])
        sides = [
            (round(end[0] - 12 * math.cos(turn + off)), round(end[1] - 12 * math.sin(turn + off)))
            for off in (0.42, -0.42)
        ]
        self.shape(end, *sides, look="head")


def time_of(ms: int) -> str:
    """A duration as a person says it: 59 s, 3 min 56 s, 29.5 s, 30 ms."""
    if ms < 100:
        return f"{ms} ms"
    if ms < 60000:
        return f"{ms / 1000:g} s"
    minutes, rest = divmod(ms // 1000, 60)
    return f"{minutes} min" + (f" {rest} s" if rest else "")


def amps_of(ma: int) -> str:
    """A current in A."""
    return f"{ma / 1000:g} A"
