"""The label of a board that passed: SVG with the words for a person and a QR code for the scanner."""

from html import escape

from headroom_tools.common.errors import BadInput
from headroom_tools.jig.serials import Label

WIDTH_MM, HEIGHT_MM = 60, 25
QUIET = 4  # modules of white around a QR code: ISO/IEC 18004


def svg(label: Label, version: str) -> str:
    """One label, 60 x 25 mm."""
    try:
        import segno
    except ImportError:
        raise BadInput("segno is not installed: .venv/bin/pip install -e '.[jig]', then the same again") from None
    rows = [list(row) for row in segno.make_qr(label.text(), error="m").matrix]
    module_mm = (HEIGHT_MM - 2) / (len(rows) + 2 * QUIET)
    dark = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, bit in enumerate(row) if bit)
    place = f"translate({1 + QUIET * module_mm:.3f} {1 + QUIET * module_mm:.3f}) scale({module_mm:.4f})"
    texts = (
        (7, 4.2, "bold", label.number),
        (12, 3, "normal", f"{label.board}  hardware {label.hardware}"),
        (16.5, 3, "normal", f"built {label.built}"),
        (21, 3, "normal", f"headroom {version}"),
    )
    lines = [
        f'<text x="{HEIGHT_MM + 1}" y="{y}" font-size="{size}" font-weight="{weight}">{escape(words)}</text>'
        for y, size, weight, words in texts
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH_MM}mm" height="{HEIGHT_MM}mm" '
        f'viewBox="0 0 {WIDTH_MM} {HEIGHT_MM}" font-family="DejaVu Sans, Verdana, sans-serif">\n'
        f"<title>{escape(label.text())}</title>\n"
        f'<rect width="{WIDTH_MM}" height="{HEIGHT_MM}" fill="#ffffff"/>\n'
        f'<path transform="{place}" d="{dark}" fill="#000000"/>\n' + "\n".join(lines) + "\n</svg>\n"
    )
