"""Every drawing, and the file beside the module that it explains. `make drawings` writes them all again."""

from collections.abc import Iterator
from importlib import import_module

from bench import host

from headroom_tools.common.ending import ended
from headroom_tools.common.places import ROOT

# drawing: the module that it explains; the picture lies beside it, under its name
DRAWINGS = {
    "tick": "charger",
    "window": "sense/window",
    "session": "guard/session",
    "fallback": "guard/meter_fallback",
    "resume": "law/dwell",
    "store": "serve/store/store",
}
FIRMWARE = ROOT / "firmware" / "headroom"


def drawn() -> Iterator[tuple[str, str]]:
    """(path of the picture in the repo, its SVG), one after the other."""
    for name, module in DRAWINGS.items():
        host.load()
        path = (FIRMWARE / module).with_suffix(".svg").relative_to(ROOT).as_posix()
        yield path, import_module(f"headroom_tools.drawings.{name}").draw()


def main() -> None:
    """Writes them beside their modules, and says which of them changed."""
    for path, svg in drawn():
        file = ROOT / path
        fresh = file.exists() and file.read_text("utf-8") == svg
        if not fresh:
            file.write_text(svg, encoding="utf-8")
        print(f"{path}: {'as it was' if fresh else 'drawn'}")


if __name__ == "__main__":
    ended(main)
