"""Draw a circuit as SVG: wires, texts and the IEC 60617 symbols that a wiring picture needs.

Coordinates are pixels; the text of the same calls is the same, byte for byte.
"""

from html import escape

STYLE = """
text { font-family: "DejaVu Sans", Verdana, sans-serif; fill: #1e293b }
.wire { fill: none; stroke: #475569; stroke-width: 1.8 }
.link { fill: none; stroke: #475569; stroke-width: 1.4; stroke-dasharray: 5 4 }
.part { fill: #ffffff; stroke: #1e293b; stroke-width: 1.6 }
.ring { fill: #ffffff; stroke: #0f766e; stroke-width: 3 }
.open { fill: none }
.fill { fill: #0f766e }
.frame { fill: none; stroke: #1e293b; stroke-width: 1.6 }
.group { fill: #ffffff; stroke: #cbd5e1; stroke-width: 1 }
.board { fill: #f1f5f9; stroke: #0f766e; stroke-width: 2.4 }
.chip { fill: #1e293b; stroke: #0f172a; stroke-width: 1.6 }
.chip-text { fill: #f8fafc }
.chip-note { fill: #94d8cf }
.note { fill: #475569 }
.gap { fill: #ffffff; stroke: none }
.dot { fill: #1e293b }
.terminal { fill: #d1fae5; stroke: #0f766e; stroke-width: 1.6 }
.L1 { stroke: #7c4a21 } .L2 { stroke: #171717 } .L3 { stroke: #8b8f94 } .N { stroke: #2472d8 } .PE { stroke: #2f9e44 }
.mains { fill: none; stroke-width: 4 }
.stripe { fill: none; stroke: #f2d024; stroke-width: 4; stroke-dasharray: 12 12 }
""".strip()


class Pen:
    """Collects the picture; `svg` gives it out."""

    def __init__(self) -> None:
        """An empty picture."""
        self.parts: list[str] = []

    def svg(self, width: int, height: int, title: str) -> str:
        """The whole picture as SVG text."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        )
        paper = f'<rect x="0" y="0" width="{width}" height="{height}" fill="#ffffff"/>'
        lines = [head, f"<title>{escape(title)}</title>", f"<style>{STYLE}</style>", paper]
        return "\n".join([*lines, *self.parts, "</svg>"]) + "\n"

    def text(
        self, x: int, y: int, words: str, size: int = 13, anchor: str = "start", bold: bool = False, look: str = ""
    ) -> None:
        """Words on one line, their baseline at y."""
        weight = ' font-weight="bold"' if bold else ""
        look = f' class="{look}"' if look else ""
        self.parts.append(
            f'<text x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}"{weight}{look}>{escape(words)}</text>'
        )

    def wire(self, *points: tuple[int, int], look: str = "wire") -> None:
        """A line through these points."""
        path = " L ".join(f"{x} {y}" for x, y in points)
        self.parts.append(f'<path class="{look}" d="M {path}"/>')

    def box(self, x: int, y: int, width: int, height: int, look: str = "part", radius: int = 0) -> None:
        """A rectangle from its upper left corner."""
        self.parts.append(f'<rect class="{look}" x="{x}" y="{y}" width="{width}" height="{height}" rx="{radius}"/>')

    def dot(self, x: int, y: int) -> None:
        """Wires joined here."""
        self.parts.append(f'<circle class="dot" cx="{x}" cy="{y}" r="3.5"/>')

    def circle(self, x: int, y: int, radius: int) -> None:
        """A contact of a connector."""
        self.parts.append(f'<circle class="part" cx="{x}" cy="{y}" r="{radius}"/>')

    def shape(self, *points: tuple[int, int], look: str = "part") -> None:
        """A closed outline through these points."""
        path = " ".join(f"{x},{y}" for x, y in points)
        self.parts.append(f'<polygon class="{look}" points="{path}"/>')

    def terminal(self, x: int, y: int) -> None:
        """A screw terminal."""
        self.box(x - 6, y - 6, 12, 12, look="terminal", radius=2)

    def ground(self, x: int, y: int) -> None:
        """0 V hanging at this point."""
        for half, down in ((11, 0), (7, 4), (3, 8)):
            self.wire((x - half, y + down), (x + half, y + down))

    def rail(self, x: int, y: int, words: str) -> None:
        """A supply rail above this point."""
        self.wire((x - 10, y), (x + 10, y))
        self.text(x, y - 5, words, size=12, anchor="middle")

    def resistor_across(self, x: int, y: int, words: str) -> None:
        """Lying on a horizontal wire, value above."""
        self.box(x - 18, y - 6, 36, 12)
        self.text(x, y - 11, words, size=12, anchor="middle")

    def resistor_down(self, x: int, top: int, bottom: int, words: str = "") -> None:
        """Standing between two levels, value to its right."""
        middle = (top + bottom) // 2
        self.wire((x, top), (x, bottom))
        self.box(x - 6, middle - 15, 12, 30)
        if words:
            self.text(x + 12, middle + 4, words, size=12)

    def capacitor_down(self, x: int, top: int, words: str) -> None:
        """From a level to 0 V, value to its left."""
        self.wire((x, top), (x, top + 14))
        self.wire((x - 10, top + 14), (x + 10, top + 14))
        self.wire((x - 10, top + 19), (x + 10, top + 19))
        self.wire((x, top + 19), (x, top + 34))
        self.ground(x, top + 34)
        self.text(x - 15, top + 21, words, size=12, anchor="end")

    def pull_up(self, x: int, level: int, rail_words: str, words: str) -> None:
        """A resistor from this level up to a rail, 50 above."""
        self.resistor_down(x, level - 50, level, words)
        self.rail(x, level - 50, rail_words)
        self.dot(x, level)

    def pole(self, x: int, y: int, mark: str) -> None:
        """A switching contact in a mains conductor: `mark` is "breaker" or "contactor"."""
        self.box(x - 20, y - 8, 40, 16, look="gap")
        self.wire((x - 20, y), (x + 14, y - 15), look="wire")
        if mark == "breaker":
            self.wire((x + 15, y - 5), (x + 25, y + 5))
            self.wire((x + 15, y + 5), (x + 25, y - 5))
        else:
            self.parts.append(f'<path class="wire" d="M {x + 20} {y - 6} A 6 6 0 0 0 {x + 20} {y + 6}"/>')

    def contact_down(self, x: int, top: int, bottom: int) -> None:
        """A push-button's make contact between two levels."""
        middle = (top + bottom) // 2
        self.wire((x, top), (x, middle - 9))
        self.wire((x, bottom), (x, middle + 9))
        self.wire((x, middle + 9), (x - 10, middle - 9))
