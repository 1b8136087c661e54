"""Puts the firmware, a board and the fakes on one import path, under CPython and under the MicroPython VM alike.

``load(board)`` must run before anything of the firmware is imported. Under CPython the fakes stand in ``sys.modules``
only while firmware is being imported, so that pytest and the rest keep the real ``time``.
"""

import sys

MICROPYTHON = sys.implementation.name == "micropython"
FAKES = ("machine", "esp32", "time", "micropython", "board") + (() if MICROPYTHON else ("gc",))
LATE = [  # of the firmware, read while it runs, by what needs the chip: CPython finds the fakes only while it loads
    "headroom.grouping",
    "headroom.ports",
    "headroom.sense.meters.finder",
    "headroom.sense.meters.metered",
    "headroom.sense.meters.p1",
    "headroom.sense.meters.poll",
]
fakes = {}  # name: module, as the firmware loaded last sees them


def _here():
    path = __file__.replace("\\", "/")
    return path[: path.rfind("/")] if "/" in path else "."


ROOT = _here() + "/../.."


def load(board="reference", entry="headroom.charger", fresh=True):
    """Import the firmware afresh on ``board`` (or go on with what is loaded); returns the module ``entry``."""
    if fresh:
        forget()
        fakes.clear()  # or the last one's board would be found by what this entry does not import
    elif entry in ("boot", "main"):
        sys.modules.pop(entry, None)  # they run anew each time, as after a reset
    paths = [_here() + "/chip/fakes", ROOT + "/firmware", ROOT + "/boards/" + board]
    sys.path[:0] = paths
    kept = {name: sys.modules.pop(name) for name in FAKES if name in sys.modules}
    try:
        if not MICROPYTHON:
            _install_fakes(fresh)
        module = __import__(entry, None, None, ("*",))
        if not MICROPYTHON and entry == "headroom.charger":
            for late in LATE:
                __import__(late)
        fakes.update({name: sys.modules[name] for name in FAKES if name in sys.modules})
    finally:
        if not MICROPYTHON:
            for name in FAKES:
                sys.modules.pop(name, None)
            sys.modules.update(kept)
        del sys.path[: len(paths)]
    if MICROPYTHON and paths[0] not in sys.path:
        sys.path.append(paths[0])  # and with them what of the chip nothing else needs: esp32
    if paths[1] not in sys.path:
        sys.path.append(paths[1])  # parts of the firmware are read while it runs (headroom.serve.loader)
    return module


def forget():
    """Drop every module of the firmware: the next ``load`` runs them again, as a reset does."""
    for name in [n for n in sys.modules if n == "headroom" or n.startswith("headroom.") or n in ("boot", "main")]:
        del sys.modules[name]
    if MICROPYTHON:
        sys.modules.pop("board", None)


def _install_fakes(fresh):
    """CPython finds its built-in ``time`` before any path, so the fakes are loaded by hand."""
    import builtins
    import importlib.util
    import traceback

    sys.print_exception = traceback.print_exception
    for name in ("ptr8", "ptr16", "ptr32", "uint"):
        if not hasattr(builtins, name):
            setattr(builtins, name, int)
    if not fresh:
        sys.modules.update(fakes)
        return
    for name in ("time", "machine", "esp32", "micropython", "gc"):
        folder = "/chip/fakes/" if name in ("time", "machine", "esp32") else "/chip/fakes_cpython/"
        spec = importlib.util.spec_from_file_location(name, _here() + folder + name + ".py")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
